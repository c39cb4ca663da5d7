"""The engine that the tests of this folder share, each file its own."""

import pytest

from kartograph.tables.engine import Engine


@pytest.fixture(scope="module")
def engine():
    with Engine() as opened:
        yield opened

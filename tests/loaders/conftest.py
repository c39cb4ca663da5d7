"""What the tests of loaders have in common."""

import pytest

from kartograph.loaders.interactions import InteractionOptions


@pytest.fixture
def options(tmp_path):
    return lambda **more: InteractionOptions(rejects=tmp_path / "rejects.csv", **more)

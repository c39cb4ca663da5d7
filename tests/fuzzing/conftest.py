"""Counts the inputs of each fuzzing test."""

import pytest
from tests.fuzzing.mutation import INPUTS


@pytest.fixture(autouse=True)
def counted(record_property):
    """Tell the run how many inputs of each kind the test was tried with."""
    INPUTS.clear()
    yield
    for kind, count in INPUTS.items():
        record_property(f"fuzzing inputs, {kind}", count)

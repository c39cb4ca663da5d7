from dataclasses import dataclass

import pytest

from kartograph.models.changed_options import with_changes
from kartograph.models.registry import declaration
from kartograph.tables.errors import BadInput


@dataclass(frozen=True)
class _Options:
    decay: float | None = 0.5
    size: int = 8


def test_an_option_that_may_be_nothing_can_be_set_to_nothing_and_back():
    without = with_changes(_Options(), {"decay": None}, "mine")

    assert without.decay is None
    assert with_changes(without, {"decay": 2.0}, "mine").decay == 2.0


def test_an_option_that_has_to_be_something_cannot_be_set_to_nothing():
    with pytest.raises(BadInput, match="'size' of \"mine\" is None"):
        with_changes(_Options(), {"size": None}, "mine")


def test_the_published_form_of_sr_gnn_can_be_chosen():
    assert with_changes(declaration("sr-gnn").make(0).options, {"temperature": None}, "sr-gnn").temperature is None

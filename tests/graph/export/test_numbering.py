"""Tests of the mapping between ids and row numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartograph.graph.export.numbering import Numbering
from kartograph.tables.errors import BadInput


@given(st.sets(st.text(min_size=1, max_size=5), min_size=1), st.randoms())
def test_ids_and_rows_lead_to_each_other(ids, random):
    numbering = Numbering("Item", tuple(sorted(ids)))
    some = random.choices(numbering.ids, k=7)
    assert numbering.ids_of(numbering.rows(some)).tolist() == some


def test_an_unknown_id_is_named():
    with pytest.raises(BadInput, match=r"no Item of the export has the id '9'; .* holds 2 of them"):
        Numbering("Item", ("1", "2")).rows(["1", "9"])


def test_a_row_beyond_the_last_is_refused():
    with pytest.raises(BadInput, match="Item has the rows 0 to 1, not 0 to 2"):
        Numbering("Item", ("1", "2")).ids_of([0, 2])

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kartograph.models.groups import groups_of, offsets_of


def test_groups_begin_where_those_before_end_and_may_be_empty():
    assert offsets_of(np.array([0, 0, 2]), 4).tolist() == [0, 2, 2, 3, 3]
    assert offsets_of(np.array([], dtype=np.int64), 0).tolist() == [0]


@given(st.lists(st.integers(0, 9)).map(sorted))
def test_the_groups_come_back_from_their_offsets(groups):
    offsets = offsets_of(np.array(groups, dtype=np.int64), 10)

    assert offsets.dtype == np.int64
    assert groups_of(offsets).tolist() == groups

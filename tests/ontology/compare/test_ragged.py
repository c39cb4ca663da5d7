"""Columns of sets."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kartograph.ontology.compare.ragged import distinct, ragged

SETS = st.lists(st.sets(st.integers(0, 9)), max_size=12)


def of(sets: list[set[int]]):
    pairs = [(row, atom) for row, members in enumerate(sets) for atom in sorted(members, reverse=True)] * 2
    columns = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return ragged(columns[:, 0], columns[:, 1], len(sets))


def back(sets) -> list[list[int]]:
    return [sets.atoms[a:b].tolist() for a, b in zip(sets.starts, sets.starts[1:], strict=False)]


@given(SETS)
def test_repeats_and_order_of_the_pairs_do_not_matter(sets):
    assert back(of(sets)) == [sorted(members) for members in sets]


@given(SETS)
def test_equal_sets_have_one_code_and_empty_ones_none(sets):
    codes, unique = distinct(of(sets))
    assert [back(unique)[code] if code >= 0 else [] for code in codes] == [sorted(members) for members in sets]
    assert len(unique) == len({frozenset(members) for members in sets if members})


@given(SETS, st.data())
def test_taking_gives_the_sets_in_the_order_asked_for(sets, data):
    indices = data.draw(st.lists(st.integers(0, len(sets) - 1), max_size=5)) if sets else []
    taken = of(sets).take(np.array(indices, dtype=np.int64))
    assert back(taken) == [sorted(sets[i]) for i in indices]

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kartograph.models.patterns.databases import SequenceDatabase
from kartograph.models.patterns.gsp import MiningOptions, mine
from kartograph.tables.errors import BadInput

Sequence = list[tuple[int, frozenset[int]]]


def database(*written: Sequence) -> SequenceDatabase:
    rows = [(owner, item, at) for owner, one in enumerate(written) for at, items in one for item in items]
    owners, items, elements = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return SequenceDatabase.of(owners, items, elements, len(written))


def words(*written: str) -> SequenceDatabase:
    """A sequence per word, elements by dots, an item a letter: "ab.c" is a and b together, then c."""
    return database(*[[(at, frozenset(map(ord, part))) for at, part in enumerate(word.split("."))] for word in written])


def letters(patterns) -> dict[str, int]:
    return {
        ".".join("".join(map(chr, element)) for element in patterns.elements(one)): int(patterns.support[one])
        for one in range(len(patterns))
    }


def contains(sequence: Sequence, pattern: tuple, gap: float, window: float) -> bool:
    """Whether any choice of elements fits: every combination is tried."""
    return any(
        all(set(part) <= items for part, (_, items) in zip(pattern, chosen, strict=True))
        and all(later - earlier <= gap for (earlier, _), (later, _) in pairwise(chosen))
        and chosen[-1][0] - chosen[0][0] <= window
        for chosen in combinations(sequence, len(pattern))
    )


def candidates(items: list[int], max_length: int):
    """Every pattern of so many items, element by element."""
    parts = [part for size in range(1, max_length + 1) for part in combinations(items, size)]

    def longer(pattern, left):
        if pattern:
            yield pattern
        for part in parts:
            if len(part) <= left:
                yield from longer((*pattern, part), left - len(part))

    yield from longer((), max_length)


sequence = st.lists(
    st.tuples(st.integers(0, 6), st.frozensets(st.integers(0, 3), min_size=1, max_size=3)), max_size=5
).map(lambda rows: sorted({at: items for at, items in rows}.items()))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(sequence, min_size=1, max_size=5),
    st.integers(1, 3),
    st.sampled_from([None, 1, 2]),
    st.sampled_from([None, 1, 3]),
)
def test_patterns_and_supports_are_those_of_trying_everything(written, support, gap, window):
    result = mine(database(*written), MiningOptions(support, 3, gap, window))

    expected = {}
    for pattern in candidates([0, 1, 2, 3], 3):
        count = sum(contains(one, pattern, gap or 99, window or 99) for one in written)
        if count >= support:
            expected[pattern] = count
    assert {result.elements(one): int(result.support[one]) for one in range(len(result))} == expected


def test_a_gap_is_kept_from_every_end_not_from_the_first_alone():
    # After the first a, c comes too late; after the second it does not.
    result = mine(words("a.b.a.c"), MiningOptions(support=1, max_gap=1))

    assert "a.c" in letters(result)
    assert "b.c" not in letters(result)


def test_a_pattern_knows_the_pattern_without_its_last_element():
    result = mine(words("a.bc", "a.bc"), MiningOptions(support=2))
    numbers = {name: number for number, name in enumerate(letters(result))}

    assert result.left[numbers["a.bc"]] == numbers["a"]
    assert result.left[numbers["bc"]] == -1


def test_items_that_end_patterns_are_not_followed():
    result = mine(words("a.b.c", "a.b.c"), MiningOptions(support=2), last=np.arange(128) == ord("b"))

    assert letters(result) == {"a": 2, "a.b": 2, "a.c": 2, "b": 2, "c": 2}


def test_an_empty_database_has_no_patterns():
    assert len(mine(database([], [], []))) == 0


def test_too_many_patterns_are_an_error():
    with pytest.raises(BadInput, match="more than 3 patterns have a support of 1: ask for a higher support"):
        mine(words("a.b.c"), MiningOptions(support=1, max_patterns=3))

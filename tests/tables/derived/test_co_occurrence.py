"""Pairs that occur together: worked by hand, against a brute force, and counted on the real sessions."""

from collections import defaultdict
from itertools import combinations
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kartograph.tables.derived.co_occurrence import CoOccurrenceOptions, category_co_occurrence, item_co_occurrence
from kartograph.tables.errors import BadInput

EVERYTHING = CoOccurrenceOptions(min_sessions=1, top_k=None, window=None)
Pairs = dict[tuple[str, str], tuple[Any, int]]


def clicks(*sessions: str) -> ir.Table:
    """Sessions whose clicks are single letters, which are also their categories; "-" has none."""
    rows = [
        {"session_id": str(s), "item_id": letter, "position": p, "category_id": None if letter == "-" else letter}
        for s, letters in enumerate(sessions)
        for p, letter in enumerate(letters)
    ]
    schema = {"session_id": "string", "item_id": "string", "position": "int64", "category_id": "string"}
    return ibis.memtable(rows, schema=schema)


def pairs(table: ir.Table) -> Pairs:
    return {(row["a"], row["b"]): (row["weight"], row["sessions"]) for row in table.to_pyarrow().to_pylist()}


def brute_force(sessions: list[str], options: CoOccurrenceOptions) -> Pairs:
    weight: dict[tuple[str, str], float] = defaultdict(float)
    count: dict[tuple[str, str], int] = defaultdict(int)
    for letters in sessions:
        distances = defaultdict(list)
        for p, q in combinations(range(len(letters)), 2):
            if letters[p] != letters[q] and (options.window is None or q - p <= options.window):
                distances[min(letters[p], letters[q]), max(letters[p], letters[q])].append(q - p)
        for pair, result in distances.items():
            by_weighting = {
                "distance": sum(1 / d for d in result),
                "nearest": len(result) / min(result),
                "frequency": len(result),
            }
            weight[pair] += by_weighting[options.weighting]
            count[pair] += 1
    kept = {pair for pair in weight if count[pair] >= options.min_sessions}
    if options.top_k is not None:
        order = sorted(kept, key=lambda pair: (-round(weight[pair], 9), -count[pair], pair))
        ends = {end for pair in kept for end in pair}
        kept = {pair for end in ends for pair in [pair for pair in order if end in pair][: options.top_k]}
    return {pair: (pytest.approx(weight[pair]), count[pair]) for pair in kept}


def test_the_weight_is_the_sum_of_inverse_distances_over_all_position_pairs() -> None:
    assert pairs(item_co_occurrence(clicks("abac"), EVERYTHING)) == {
        ("a", "b"): (1 / 1 + 1 / 1, 1),
        ("a", "c"): (pytest.approx(1 / 3 + 1 / 1), 1),
        ("b", "c"): (1 / 2, 1),
    }


def test_both_orders_add_to_the_one_edge_from_the_smaller_id_and_sessions_are_counted_once() -> None:
    assert pairs(item_co_occurrence(clicks("ab", "ba", "bab"), EVERYTHING)) == {("a", "b"): (1 + 1 + 2, 3)}


@pytest.mark.parametrize(("weighting", "weight"), [("distance", 1 / 2 + 1 / 1), ("nearest", 2 / 1), ("frequency", 2)])
def test_a_weighting_says_what_one_session_adds(weighting, weight: float) -> None:
    options = CoOccurrenceOptions(min_sessions=1, weighting=weighting)
    assert pairs(item_co_occurrence(clicks("aab"), options)) == {("a", "b"): (weight, 1)}


def test_pairs_of_too_few_sessions_are_left_out_by_default() -> None:
    assert pairs(item_co_occurrence(clicks("abc", "ab"))) == {("a", "b"): (2, 2)}


def test_the_window_bounds_the_distance_and_no_pair_inside_it_is_lost_at_the_edge_of_a_block() -> None:
    inside = CoOccurrenceOptions(min_sessions=1, top_k=None, window=2)
    assert set(pairs(item_co_occurrence(clicks("abcde"), inside))) == {
        *(("a", "b"), ("b", "c"), ("c", "d"), ("d", "e")),
        *(("a", "c"), ("b", "d"), ("c", "e")),
    }


def test_a_pair_stays_when_it_is_among_the_strongest_of_one_of_its_ends() -> None:
    # a has b (2 sessions), c and d; c and d have nobody but a, so their only pair is their strongest.
    best = CoOccurrenceOptions(min_sessions=1, top_k=1)
    assert set(pairs(item_co_occurrence(clicks("ab", "ab", "ac", "ad"), best))) == {("a", "b"), ("a", "c"), ("a", "d")}
    # b-c is neither b's nor c's strongest.
    assert set(pairs(item_co_occurrence(clicks("ab", "ab", "cd", "cd", "bc"), best))) == {("a", "b"), ("c", "d")}


def test_events_without_a_category_are_left_out_but_keep_their_place() -> None:
    assert pairs(category_co_occurrence(clicks("a-b"), EVERYTHING)) == {("a", "b"): (1 / 2, 1)}


def test_no_sessions_give_no_pairs() -> None:
    assert pairs(item_co_occurrence(clicks())) == {}
    assert pairs(item_co_occurrence(clicks("a", "bb"), EVERYTHING)) == {}


@given(
    sessions=st.lists(st.text("abcdef", max_size=12), max_size=5),
    min_sessions=st.integers(1, 2),
    top_k=st.none() | st.integers(1, 3),
    window=st.none() | st.integers(1, 6),
    weighting=st.sampled_from(["distance", "nearest", "frequency"]),
)
@settings(max_examples=40, deadline=None)
def test_the_expression_equals_the_brute_force(sessions, min_sessions, top_k, window, weighting) -> None:
    options = CoOccurrenceOptions(min_sessions, top_k, window, weighting)
    assert pairs(item_co_occurrence(clicks(*sessions), options)) == brute_force(sessions, options)


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ({"window": 0}, r"option window is 0; it has to be 1 or more"),
        ({"top_k": -1}, r"option top_k is -1"),
        ({"weighting": "near"}, r'weighting is "near"; allowed are "distance", "nearest" and "frequency"'),
    ],
)
def test_an_option_that_means_nothing_is_refused(option, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        CoOccurrenceOptions(**option)


@pytest.mark.slow
def test_the_real_sessions_hold_the_known_number_of_pairs(real_data: Path) -> None:
    engine = ibis.duckdb.connect()
    rows = engine.read_csv(real_data / "retailrocket" / "session_clicks.csv.gz", all_varchar=True)
    sessions = rows.mutate(position=rows.position.cast("int64"))
    assert item_co_occurrence(sessions, EVERYTHING).count().to_pyarrow().as_py() == 1_673_718
    twice = CoOccurrenceOptions(min_sessions=2, top_k=None, window=None)
    assert item_co_occurrence(sessions, twice).count().to_pyarrow().as_py() == 193_003

"""Tests of the sessions whose events are in several categories, read of all and again of some."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from kartograph.graph.enrichment.pairs.mixed_sessions import MixedSessions
from kartograph.tables.derived.co_occurrence import CoOccurrenceOptions

SHOP = st.dictionaries(st.sampled_from("stuvwx"), st.lists(st.sampled_from("abcdé"), max_size=6))


def mixed(shop: dict[str, list[str]]) -> MixedSessions:
    """As the server says it: a page of sessions, one of the others, none of a single category."""
    of_several = {session: categories for session, categories in shop.items() if len(set(categories)) > 1}
    sessions = sorted(of_several)
    pages = [
        (some, [list(range(len(of_several[one]))) for one in some], [of_several[one] for one in some])
        for some in (sessions[:2], sessions[2:])
    ]
    return MixedSessions.of_lists(pages)


def events(of: MixedSessions) -> list[tuple[str, int, str]]:
    rows = zip(of.sessions.to_pylist(), of.positions.tolist(), of.categories.to_pylist(), strict=True)
    return sorted(rows)


@given(SHOP)
def test_what_is_kept_comes_back(shop):
    read = mixed(shop)
    assert len(events(read)) == sum(len(categories) for categories in shop.values() if len(set(categories)) > 1)
    assert events(MixedSessions.kept(read.arrays())) == events(read)


@given(SHOP, SHOP)
def test_read_again_of_those_that_changed_it_is_what_is_read_of_all(before, since):
    now = before | {session: before.get(session, []) + categories for session, categories in since.items()}
    again = mixed({session: now[session] for session in since})
    actual = mixed(before).with_again(pa.array(sorted(since), pa.large_string()), again)
    assert events(actual) == events(mixed(now))


def test_pairs_are_counted_with_what_stands_between_them():
    # s: a at 0, b at 2 (distance 2), t: b at 0, a at 1 (distance 1): w = 1/2 + 1 in two sessions.
    read = MixedSessions.of_lists([(["s", "t"], [[0, 2], [0, 1]], [["a", "b"], ["b", "a"]])])
    assert read.pairs(CoOccurrenceOptions()).to_numpy().tolist() == [["a", "b", 1.5, 2]]
    assert MixedSessions.of_lists([]).pairs(CoOccurrenceOptions()).empty

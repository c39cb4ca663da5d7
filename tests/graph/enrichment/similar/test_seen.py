"""Tests of what users have seen, read of all and again of some."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from kartograph.graph.enrichment.similar.seen import Seen

SHOP = st.dictionaries(st.sampled_from("uvwxyz"), st.lists(st.sampled_from("abcdé"), max_size=6))


def seen(shop: dict[str, list[str]]) -> Seen:
    """Two items at least, as the server says it: a page of users, one of the others."""
    users = sorted(shop)
    pages = [
        (some, [len(shop[user]) for user in some], [shop[user] for user in some]) for some in (users[:2], users[2:])
    ]
    return Seen.of_lists(pages, 2)


def by_user(of: Seen) -> dict[str, set[str]]:
    items = of.items.texts.to_pylist()
    rows = (of.matrix.indices[begin:end] for begin, end in zip(of.matrix.indptr, of.matrix.indptr[1:], strict=False))
    return {user: {items[row] for row in own} for user, own in zip(of.users.to_pylist(), rows, strict=True)}


@given(SHOP)
def test_users_of_two_items_or_more_are_kept_with_each_item_once(shop):
    actual = seen(shop)
    assert by_user(actual) == {user: set(items) for user, items in shop.items() if len(set(items)) > 1}
    assert actual.matrix.nnz == sum(len(items) for items in by_user(actual).values())
    assert by_user(Seen.kept(actual.arrays())) == by_user(actual)


@given(SHOP, SHOP)
def test_read_again_of_those_who_did_something_it_is_what_is_read_of_all(before, since):
    now = {user: before.get(user, []) + since.get(user, []) for user in before.keys() | since.keys()}
    again = seen({user: now[user] for user in since})
    actual = seen(before).with_again(pa.array(sorted(since), pa.large_string()), again)
    assert by_user(actual) == by_user(seen(now))
    assert actual.items.texts.to_pylist() == sorted(actual.items.texts.to_pylist())

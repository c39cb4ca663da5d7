import pandas as pd
import pytest

from kartograph.evaluation.contest import Contest, entrants_of
from kartograph.evaluation.protocols.cold import (
    CATEGORY,
    CLICK,
    NEW_CATEGORY,
    NEW_ITEM,
    NO_EVENTS,
    ColdStart,
)
from kartograph.evaluation.shop_tables import ShopTables
from kartograph.models.registry import declaration
from kartograph.tables.errors import BadInput

DAY = 86_400_000
SERVED = {
    "a history": {CLICK},
    "anyone": {NO_EVENTS, CLICK},
    "anyone, new items": {NO_EVENTS, CATEGORY, CLICK, NEW_ITEM, NEW_CATEGORY},
}
"""What each kind of model promises to serve."""


def _tables() -> ShopTables:
    """Two old users; on the last days `new` sees a, b and the new item n, and `old` the item m of a new category."""
    rows = [
        *[("old", "a", 0), ("old", "b", 0.01), ("old2", "a", 1), ("old2", "b", 1.01), ("old2", "c", 1.02)],
        *[("new", "a", 20), ("new", "b", 20.01), ("new", "n", 20.02), ("old", "c", 20.5), ("old", "m", 21)],
    ]
    events = pd.DataFrame(rows, columns=["user_id", "item_id", "day"])
    events = events.assign(timestamp=(events["day"] * DAY).astype("int64"), event="view", session_id=events["user_id"])
    categories = pd.DataFrame(
        {"item_id": list("abcnm"), "category_id": ["x", "x", "y", "x", "z"], "since": None, "until": None}
    )
    tree = pd.DataFrame({"category_id": ["top", "x", "y", "z"], "parent_id": [None, "top", "top", "top"]})
    return ShopTables("made", events, categories, tree)


COLD = ColdStart(test_days=7).cases(_tables())


def _asked(kind: str) -> tuple[str, str]:
    """The history and the right answers of the only case of a kind."""
    cases = COLD.cases[kind]
    assert len(cases) == 1
    names = COLD.data.items.external
    return "".join(names[cases.queries.items]), "".join(names[cases.truth.items])


def test_new_users_are_asked_with_nothing_a_category_or_a_click_for_what_they_meet():
    assert _asked(NO_EVENTS) == ("", "ab")
    assert _asked(CATEGORY) == ("", "b")
    assert _asked(CLICK) == ("a", "b")
    assert COLD.data.categories is not None
    assert COLD.data.categories.ids.external[COLD.categories].tolist() == ["x"]


def test_what_happened_at_the_moment_that_is_asked_for_is_not_known():
    tables = _tables()
    at_once = tables.events["timestamp"].mask(tables.events["user_id"] == "new", 20 * DAY)
    together = ColdStart(7).cases(ShopTables("made", tables.events.assign(timestamp=at_once), *_others(tables)))
    two = at_once.mask(tables.events["item_id"].eq("n"), 20 * DAY + 1)
    then = ColdStart(7).cases(ShopTables("made", tables.events.assign(timestamp=two), *_others(tables)))

    assert set(together.cases) == {NO_EVENTS, NEW_CATEGORY}  # nothing follows, and n was seen together with a and b
    assert CLICK not in then.cases
    assert then.cases[NEW_ITEM].queries.lengths.tolist() == [2]


def test_new_items_are_asked_of_users_by_what_they_met_before():
    assert _asked(NEW_ITEM) == ("ab", "n")
    assert _asked(NEW_CATEGORY) == ("abc", "m")


@pytest.mark.parametrize("name", ["popularity", "category-popularity", "item-knn", "walk", "markov", "als", "bpr"])
def test_a_model_serves_what_its_preset_promises_and_nothing_else(name):
    measured = ColdStart(7).measure(_tables(), Contest(entrants_of(name), seed=0), 3).parts

    promised = SERVED[declaration(name).serves]
    served = {kind: found["served"] for kind, found in measured["cold"][name].items()}
    assert served == {kind: float(kind in promised) for kind in served}
    assert len(served) == 5
    assert measured["figures"][name]["cases"] == 5


def test_a_model_of_categories_is_right_about_the_new_item():
    contest = Contest(entrants_of("category-popularity"), seed=0)
    result = ColdStart(7).measure(_tables(), contest, 3).parts["cold"]["category-popularity"]

    # After a and b, n is the third item of their category.
    assert (result[NEW_ITEM]["HR@3"], result[NEW_ITEM]["MRR@3"]) == (1, pytest.approx(1 / 3))


def test_a_shop_without_anything_new_says_so():
    old = _tables()

    with pytest.raises(BadInput, match="no new user and no new item"):
        ColdStart(7).cases(
            ShopTables("made", old.events[old.events["user_id"] != "new"].query("item_id != 'm'"), *_others(old))
        )


def _others(tables: ShopTables) -> tuple[pd.DataFrame, pd.DataFrame]:
    return tables.item_categories, tables.category_tree

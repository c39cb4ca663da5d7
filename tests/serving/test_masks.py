"""Filters on the present state: the same as the contract's, also after changes, and never left behind by them."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.serving.bundles import bundle

from kartograph.models.data import Ids
from kartograph.models.item_categories import ItemCategories
from kartograph.models.where.conditions import Where, where
from kartograph.models.where.filters import mask
from kartograph.serving.catalogue.masks import Masks
from kartograph.serving.catalogue.present import Catalogue

PARENTS = {"pots": "kitchen", "kitchen": "home", "books": "shop"}
item_fields = st.fixed_dictionaries(
    {
        "available": st.sampled_from([None, True, False]),
        "price": st.sampled_from([float("nan"), 0.0, 5.0, 20.0]),
        "brand": st.sampled_from([None, "Acme", "Bolt"]),
        "category": st.sampled_from([None, "pots", "kitchen", "books"]),
    }
)
filters = st.builds(
    Where,
    available=st.sampled_from([None, True, False]),
    category=st.sampled_from([None, ("home",), ("kitchen", "books")]),
    price_min=st.sampled_from([None, 1.0]),
    price_max=st.sampled_from([None, 10.0]),
    brands=st.sampled_from([None, ("Acme",), ("None",)]),
    include=st.sampled_from([None, ("i0", "i2", "nothing")]),
    exclude=st.sampled_from([None, ("i1",)]),
)


def expected(items: list[dict], only: Where) -> list[str]:
    """What `models.where.filters.mask` allows."""
    frame = pd.DataFrame(items)
    ids = Ids(pd.Index(frame["item_id"]))
    placed = frame[["item_id", "category"]].rename(columns={"category": "category_id"})
    tree = pd.DataFrame({"category_id": list(PARENTS), "parent_id": list(PARENTS.values())})
    allowed = mask(only, frame, ItemCategories.of(ids, placed, tree))
    return frame["item_id"][allowed].tolist()


def served(catalogue: Catalogue, masks: Masks, only: Where) -> list[str]:
    return [catalogue.id(row) for row in np.flatnonzero(masks.allowed(only)).tolist()]


@settings(max_examples=60, deadline=None)
@given(st.lists(item_fields, min_size=3, max_size=6), st.lists(st.tuples(st.integers(0, 7), item_fields)), filters)
def test_a_mask_is_that_of_the_contract_before_and_after_changes(first, changes, only) -> None:
    items = {f"i{number}": {"item_id": f"i{number}", **fields} for number, fields in enumerate(first)}
    catalogue = Catalogue(bundle(list(items.values()), parents=PARENTS))
    masks = Masks(catalogue)
    assert served(catalogue, masks, only) == expected(list(items.values()), only)
    for number, fields in changes:
        change = {**fields, "price": None if np.isnan(fields["price"]) else fields["price"]}
        masks.mend(catalogue.apply([(f"i{number}", change)]))
        items[f"i{number}"] = {"item_id": f"i{number}", **fields}
        assert sorted(served(catalogue, masks, only)) == sorted(expected(list(items.values()), only))


def test_more_new_items_than_there_is_room_for_are_taken() -> None:
    catalogue = Catalogue(bundle([{"item_id": "a"}]))
    masks = Masks(catalogue)
    before = catalogue.capacity
    masks.allowed(where())
    masks.mend(catalogue.apply((f"n{number}", {"price": number}) for number in range(before + 10)))
    assert (catalogue.count, catalogue.capacity > before) == (before + 11, True)
    assert masks.allowed(where(price_min=before)).sum() == 10
    assert catalogue.id(catalogue.row("n7")) == "n7"

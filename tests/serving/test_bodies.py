"""What a change of an item may say."""

import pytest
from pydantic import ValidationError

from kartograph.serving.api.bodies import ItemChange


def test_a_change_keeps_apart_what_is_missing_and_what_is_null() -> None:
    change = ItemChange.model_validate({"item_id": "a", "price": None, "attributes": {"year": 1999}})
    assert change.model_dump(exclude_unset=True) == {"item_id": "a", "price": None, "attributes": {"year": 1999}}


@pytest.mark.parametrize(
    "attributes", [{"id": "b"}, {"popularity": 9}, {"price_at": 1}, {"two words": 1}, {"a": []}, {"a": float("nan")}]
)
def test_what_the_graph_keeps_itself_is_no_attribute(attributes) -> None:
    with pytest.raises(ValidationError):
        ItemChange.model_validate({"item_id": "a", "attributes": attributes})

"""Events that make a pair of user and item a positive one."""

import pandas as pd

from kartograph.models.columns import ITEM, USER
from kartograph.tables.errors import BadInput
from kartograph.tables.events import EVENTS

POSITIVES: dict[str, tuple[str, ...]] = {
    "any": EVENTS,
    "cart": ("cart", "buy", "borrow"),
    "buy": ("buy", "borrow"),
}
"""Readings of "positive": any event, cart or purchase, purchase only; a borrowed book counts as bought."""


def positive_pairs(events: pd.DataFrame, positive: str) -> pd.DataFrame:
    """`user_id, item_id` of the positive events, each pair once, in order of first appearance.

    Raises `BadInput` for a reading that is not in `POSITIVES`.
    """
    if positive not in POSITIVES:
        raise BadInput(f"{positive!r} is no reading of a positive. Allowed are {', '.join(POSITIVES)}.")
    chosen = events[events["event"].isin(POSITIVES[positive])]
    return chosen[[USER, ITEM]].drop_duplicates().reset_index(drop=True)


def without(pairs: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """The pairs that are not among the known ones; both have `user_id, item_id`."""
    there = pd.MultiIndex.from_frame(pairs[[USER, ITEM]]).isin(pd.MultiIndex.from_frame(known[[USER, ITEM]]))
    return pairs[~there].reset_index(drop=True)

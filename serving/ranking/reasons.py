"""Why an item is in a list, in words: what of the history it occurs with in the shop's sessions, directly or over one
item between them, else its category.

What is said holds in the graph (CO_OCCURS, IN_CATEGORY), whichever model ranked by the history: `/v1/explanations`
takes the score of the model apart, which costs as much as some answers do. A model whose list is the same for everybody
has one reason for all of its items.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from kartograph.models.reasons import DONE, OF_ITEMS, POPULAR, common_reason
from kartograph.serving.ranking.cut import Listed
from kartograph.serving.ranking.fallbacks import ATTRIBUTES
from kartograph.serving.ranking.question import Past
from kartograph.serving.ranking.reasons_kernels import strongest_links
from kartograph.tables.events import EVENTS, RELATIONSHIP_OF_EVENT

if TYPE_CHECKING:
    from kartograph.serving.view import View

ITEMS_BEHIND = 20
"""Latest items of a history that reasons are looked for in."""
EVENTS_BEHIND = 100
"""Latest events of a history among which these items are."""
TRENDING = "many look at it these days"
FRESH = "new in the shop"
LIKE = "like {} by its attributes"


def reasons(view: "View", listed: Sequence[Listed], history: list[Past], of_user: bool) -> list[str]:
    """A sentence for each item; with `of_user` it says what the user did with the item behind."""
    recent = _latest(history)
    rows = np.array([item.row for item in listed], np.int64)
    seen, near = np.empty_like(rows), np.empty_like(rows)
    arrays = view.bundle.arrays
    strongest_links(
        arrays["met.offsets"], arrays["met.items"], arrays["met.weights"],
        np.array([past.row for past in recent], np.int64), rows, seen, near,
    )  # fmt: skip
    past = [*recent, None]  # so that -1 is nothing
    categories = {one: past for past in recent for one in view.catalogue.categories_of(past.row)[:1]}
    return [
        _sentence(view, item, recent, (past[direct], past[over]), categories, of_user)
        for item, direct, over in zip(listed, seen.tolist(), near.tolist(), strict=True)
    ]


def _latest(history: list[Past]) -> list[Past]:
    """The latest items of a history, oldest first, each with the strongest of its latest events."""
    latest: dict[int, Past] = {}
    for past in reversed(history[-EVENTS_BEHIND:]):
        known = latest.get(past.row)
        if (known is None and len(latest) < ITEMS_BEHIND) or (known is not None and known.kind < past.kind):
            latest[past.row] = past
    return [*latest.values()][::-1]


def _sentence(
    view: "View",
    item: Listed,
    recent: list[Past],
    behind: tuple[Past | None, Past | None],
    categories: dict[int, Past],
    of_user: bool,
) -> str:
    seen, near = behind
    model = view.bundle.by_name.get(item.served_by)
    if item.served_by == ATTRIBUTES:
        return LIKE.format(_called(view, recent[-1], of_user))
    unexplained = model is not None and model.explains == "none"
    for_everybody = unexplained or (model is not None and model.common_reason != "")
    if seen is not None and not for_everybody:
        return OF_ITEMS["sessions"].format(_called(view, seen, of_user))
    if near is not None and model is not None and not for_everybody:
        return OF_ITEMS["walk"].format(_called(view, near, of_user))
    if item.served_by == "trending":
        return TRENDING
    own = view.catalogue.categories_of(item.row)
    if own and own[0] in categories and not unexplained:
        return OF_ITEMS["same-category"].format(_called(view, categories[own[0]], of_user))
    if item.row >= view.bundle.items:
        return FRESH
    return common_reason(model) if model is not None and (recent or for_everybody) else POPULAR


def _called(view: "View", past: Past, of_user: bool) -> str:
    name, title = view.catalogue.id(past.row), view.catalogue.title(past.row)
    shown = f"{title} ({name})" if title else f"item {name}"
    return f"{shown}, which {DONE[RELATIONSHIP_OF_EVENT[EVENTS[past.kind]]]}" if of_user else shown

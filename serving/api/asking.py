"""From a request to a question, and from a list to an answer."""

from collections.abc import Sequence
from typing import Any

import orjson
from fastapi import Request, Response

from kartograph.models.where.conditions import Where, for_people, where
from kartograph.serving.bundle.opened import ServedModel
from kartograph.serving.exposures.answers import Assignment, answer_id
from kartograph.serving.ranking.cut import Listed
from kartograph.serving.ranking.question import Past
from kartograph.serving.ranking.reasons import reasons
from kartograph.serving.state import ServingState
from kartograph.serving.view import View

NOBODY = "nobody"
"""`served_by` of an empty list."""


def state_of(request: Request) -> ServingState:
    """The state of the worker."""
    return request.app.state.serving


def filters_of(text: str | None) -> Where:
    """The filter of a query parameter, a JSON object. Raises `BadInput` for one that is none."""
    return where() if not text else Where.from_json(text)


def completed(where: Where, state: ServingState) -> Where:
    """The filter with what holds where the request does not say otherwise."""
    return for_people(where) if state.config.filters.available else where


def answer(
    state: ServingState,
    view: View,
    served: ServedModel | None,
    listed: Sequence[Listed],
    history: list[Past],
    place: str,
    with_reasons: bool = True,
    of_user: bool = False,
    assignment: Assignment | None = None,
) -> Response:
    """The answer with a list; `place` is where it stands on the shop's pages."""
    words: Sequence[str | None] = [None] * len(listed)
    if with_reasons and listed:
        words = reasons(view, listed, history, of_user)
    ids = view.catalogue.ids([item.row for item in listed])
    items: list[dict[str, Any]] = [
        {
            "item_id": id,
            "score": item.score,
            "rank": rank,
            "reason": word,
            "served_by": item.served_by,
        }
        for rank, (id, item, word) in enumerate(zip(ids, listed, words, strict=True), 1)
    ]
    version = None if served is None else served.version
    served_by = listed[0].served_by if listed else NOBODY
    state.metrics.listed(served_by)
    body = {
        "recommendation_id": answer_id(version, place, assignment),
        "model": None if served is None else served.name,
        "version": version,
        "experiment": None if assignment is None else assignment.experiment,
        "arm": None if assignment is None else assignment.arm,
        "served_by": served_by,
        "items": items,
    }
    return Response(orjson.dumps(body), media_type="application/json")

"""Changes of items: on the disk, and known to every worker, before they are acknowledged."""

import asyncio
import sqlite3
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Body, Query, Request, Response
from pydantic import ValidationError

from kartograph.serving.api.asking import state_of
from kartograph.serving.api.bodies import Accepted, ItemChange
from kartograph.serving.api.errors import no_field, refusal
from kartograph.serving.bundle.texts import NONE
from kartograph.serving.catalogue.changes import Change
from kartograph.serving.catalogue.present import NO, Catalogue
from kartograph.tables.errors import BadInput, refusal_of

router = APIRouter(prefix="/v1", tags=["items"])
Changes = Annotated[list[Any], Body(json_schema_extra={"items": ItemChange.model_json_schema()})]
RETRY = {"Retry-After": "5"}
SHRINK = 0.5
"""A feed with less than this share of the items that are available now is refused."""


@router.patch("/items", response_model=Accepted)
async def patch_items(request: Request, items: Changes) -> Response:
    """Change items, and create those that are new: what a change does not name stays, null takes a value away.

    After the answer no list of any worker holds an item that was set unavailable, also while Neo4j is down.
    """
    changes, rejected = _checked(items)
    return await _logged(request, changes, len(changes), rejected)


@router.put("/items", response_model=Accepted)
async def put_items(
    request: Request,
    items: Changes,
    allow_shrink: Annotated[bool, Query(description="Take a feed with less than half of the available items.")] = False,
) -> Response:
    """Replace the catalogue by a whole feed: items that are not in it become unavailable, those in it available.

    An item in the feed that is refused keeps its state.
    """
    state = state_of(request)
    catalogue = state.view.catalogue
    changes, rejected = await asyncio.to_thread(_checked, items)
    named = {one["item_id"] for one in items if isinstance(one, dict) and isinstance(one.get("item_id"), str)}
    before = int((catalogue.available[: catalogue.count] != NO).sum())
    if len(changes) < SHRINK * before and not allow_shrink:
        raise BadInput(
            f"the feed has {len(changes):,} items and {before:,} are available now: a feed that loses more than half "
            "of the shop is taken with allow_shrink=true only"
        )
    different = await asyncio.to_thread(_different, catalogue, changes, named)
    return await _logged(request, different, len(changes), rejected)


def _checked(items: list[Any]) -> tuple[list[tuple[str, Change]], list[dict[str, int | str]]]:
    changes, rejected = [], []
    for position, item in enumerate(items):
        try:
            change = ItemChange.model_validate(item)
        except ValidationError as error:
            wrong = error.errors(include_url=False)[0]
            name = ".".join(str(part)[:60] for part in wrong["loc"])
            reason = f"{name}: {refusal_of(wrong)}" if name else refusal_of(wrong)
            if wrong["type"] == "extra_forbidden":
                reason = no_field(name, ItemChange.model_fields)
            rejected.append({"position": position, "reason": reason})
        else:
            changes.append((change.item_id, change.model_dump(exclude_unset=True, exclude={"item_id"})))
    return changes, rejected


def _different(catalogue: Catalogue, feed: list[tuple[str, Change]], named: set[str]) -> list[tuple[str, Change]]:
    """What the feed says that is not so already, and the end of what it does not name."""
    changes = []
    for item, change in feed:
        row, values = catalogue.row(item), {"available": True, **change}
        known = {} if row == NONE else catalogue.fields(row)
        different = {name: value for name, value in values.items() if name not in known or known[name] != value}
        if different:
            changes.append((item, different))
    for row in range(catalogue.count):
        if catalogue.available[row] != NO and (item := catalogue.id(row)) not in named:
            changes.append((item, {"available": False}))
    return changes


async def _logged(
    request: Request, changes: list[tuple[str, Change]], accepted: int, rejected: list[dict[str, int | str]]
) -> Response:
    state = state_of(request)
    try:
        if changes:
            await asyncio.to_thread(state.changes.append, changes)
    except sqlite3.Error:
        return refusal(503, "the changes could not be written: send them again later", **RETRY)
    return Response(orjson.dumps({"accepted": accepted, "rejected": rejected}), media_type="application/json")

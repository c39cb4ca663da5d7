"""How a value that the database returns is written in a cell of a table."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from math import isnan
from typing import Any


def cell(value: Any) -> str:
    """Return a value as text: strings as they are, null as nothing, lists and maps as JSON, a path as an arrow chain.

    >>> cell(["a", 1, None])
    '["a", 1, null]'
    >>> cell(None), cell(True), cell(0.5)
    ('', 'true', '0.5')
    """
    if value is None or (isinstance(value, float) and isnan(value)):
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if hasattr(value, "relationships") and hasattr(value, "start_node"):
        return _path(value)
    iso_format = getattr(value, "iso_format", None)  # the driver's own dates, times and durations
    if iso_format is not None:
        return iso_format()
    return json.dumps(plain(value), ensure_ascii=False)


def plain(value: Any) -> Any:
    """Return a value as JSON knows it: maps and lists go deep, dates and paths become text, null stays None."""
    if isinstance(value, float):
        return None if isnan(value) else float(value)
    if hasattr(value, "items"):  # a map, a node or a relationship
        # In order of their names: the database returns them in one that depends on what else it holds.
        return {str(key): plain(inner) for key, inner in sorted(value.items())}
    if isinstance(value, Iterable) and not isinstance(value, str) and not hasattr(value, "start_node"):
        return [plain(inner) for inner in value]
    item = getattr(value, "item", None)  # NumPy scalars, which JSON does not know
    if item is not None:
        return item()
    return value if isinstance(value, str | int | float | bool | None) else cell(value)


def _path(path: Any) -> str:
    text = f"({path.start_node.get('id')})"
    before = path.start_node
    for link in path.relationships:
        forward = link.start_node.element_id == before.element_id
        before = link.end_node if forward else link.start_node
        text += f"{'-' if forward else '<-'}{link.type}{'->' if forward else '-'}({before.get('id')})"
    return text

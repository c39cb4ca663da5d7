"""One JSON value that is a whole table becomes a list of objects, one for each row.

The shapes are those in which programs write tables:

- columns of values, as pandas writes them: `{"user": {"0": 1, …}, "item": {"0": 2, …}}`, or with a list for each;
- names apart from rows: `{"columns": ["user", "item"], "data": [[1, 2], …]}`, or lists, the first with the names;
- objects by their ids, as Firebase exports them: `{"-Nx1": {"user": 1, "item": 2}, …}`, at the top or further in, also
  ids below ids. The id is the value `key` of the row, and rows below an id are its list `records`;
- lists of plain values by ids: `{"u1": ["a", "b"], "u2": ["a"]}` has the rows `{"key": "u1", "value": "a"}`, ….
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

KEY, VALUE, BELOW = "key", "value", "records"
_NAMES = ("columns", "fields", "cols", "headers", "header")
_ROWS = ("data", "rows", "values", "records")
_DEPTH = 3
"""Levels below the top at which names and rows are looked for."""
_ID = re.compile(r"\d|^\W|[@ ]")
"""What stands in an id and hardly in the name of a column."""


def as_rows(value: Any) -> Any:
    """The rows of a value, or the value with its objects by ids as lists; None where it has none of the shapes."""
    rows_below = _apart(value) or _by_columns(value)
    if rows_below:
        return rows_below
    listed = _lists_by_ids(value) or _listed(value)
    return None if listed == value else listed


def _apart(value: Any) -> list[dict[str, Any]]:
    """Rows whose names stand apart from them."""
    if isinstance(value, list):
        return _below_header(value)
    for one in _objects(value, _DEPTH):
        names = next((one[name] for name in _NAMES if isinstance(one.get(name), list)), [])
        rows = next((one[name] for name in _ROWS if isinstance(one.get(name), list)), [])
        if not rows or not all(isinstance(row, list) for row in rows[:2]):
            continue
        texts = [str(name.get("name") if isinstance(name, dict) else name) for name in names]
        apart = _zipped(texts, rows) if texts else _below_header(rows)
        if apart:
            return apart
    return []


def _below_header(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Lists of which the first has the names."""
    names = rows[0] if rows else None
    if not isinstance(names, list) or len(names) < 2 or len(rows) < 2:
        return []
    texts = [name for name in names if isinstance(name, str)]
    return _zipped(texts, rows[1:]) if len(set(texts)) == len(names) else []


def _zipped(names: Sequence[str], rows: Sequence[Any]) -> list[dict[str, Any]]:
    return [dict(zip(names, row, strict=False)) for row in rows if isinstance(row, list)]


def _objects(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    """The object and those in it, outer ones first."""
    if isinstance(value, dict):
        yield value
        if depth:
            for one in value.values():
                yield from _objects(one, depth - 1)


def _by_columns(value: Any) -> list[dict[str, Any]]:
    """Rows of an object that holds a list, or an object by row numbers, for each column."""
    columns = list(value.values()) if isinstance(value, dict) else []
    if columns and all(isinstance(one, dict) for one in columns):
        places = list(columns[0])
        numbered = all(position.isdecimal() for position in places) and all(list(one) == places for one in columns)
        if numbered and not any(isinstance(one, dict) for one in columns[0].values()):
            return [{name: one[position] for name, one in value.items()} for position in places]
    alike = len(columns) > 1 and all(map(_is_plain_list, columns)) and len({len(one) for one in columns}) == 1
    if alike and not all(map(_ID.search, value)):
        return [dict(zip(value, row, strict=True)) for row in zip(*columns, strict=True)]
    return []


def _lists_by_ids(value: Any) -> list[dict[str, Any]]:
    """Rows of lists of plain values by ids, where each name has the look of one."""
    if isinstance(value, dict) and value and all(map(_ID.search, value)) and all(map(_is_plain_list, value.values())):
        return [{KEY: key, VALUE: one} for key, many in value.items() for one in many]
    return []


def _listed(value: Any) -> Any:
    """The value with its objects by ids as lists of objects that have their id as `key`."""
    if not isinstance(value, dict):
        return value
    if _is_by_ids(value):
        return [{KEY: key, **_record(one)} for key, one in value.items()]
    return {name: _listed(one) for name, one in value.items()}


def _record(value: dict[str, Any]) -> dict[str, Any]:
    listed = _listed(value)
    return listed if isinstance(listed, dict) else {BELOW: listed}


def _is_by_ids(value: dict[str, Any]) -> bool:
    """Whether the names of an object are ids: objects alike in their names, or such objects by ids again, stand below.

    A name that has the look of an id shows it, or many more names than the objects below have.
    """
    below = list(value.values())
    if not below or not all(isinstance(one, dict) and one for one in below):
        return False
    names = Counter(name for one in below for name in one)
    alike = names.most_common(1)[0][1] > len(below) / 2
    if alike and (any(map(_ID.search, value)) or len(below) > 2 * len(names) + 3):
        return True
    if len(below) < 2 or not all(map(_is_by_ids, below)):
        return False
    inner = Counter(name for one in below for name in next(iter(one.values())))
    return inner.most_common(1)[0][1] > len(below) / 2


def _is_plain_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and not any(isinstance(one, list | dict) for one in value)

"""The SELECT that makes rows of nested JSON records.

Values in objects become columns `a.b`. A list of objects becomes a row for each, with the values around it; a list of
names and values, `[{"key": "size", "value": 7}, …]`, becomes columns. Where some records hold such a list and others
the item itself, as orders and views of one tracker do, both are rows.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import duckdb

from kartograph.tables.formats.nested.json_lists import ITEMS, LISTS, OTHER_NAMES, kinds_of, lists_of_rows, plain_name

_VALUES = ("items", "itemids", "products", "productids", "skus", "aids", "articles", "articleids")
"""Names of lists of plain values whose values are the rows; any other such list is left out."""
_BESIDE = ("times", "timestamps", "ts", "types", "events", "actions", "quantities", "ratings")
"""Names of lists that run along with one of them."""
_TYPES = ("S", "N", "BOOL", "stringValue", "integerValue", "doubleValue", "timestampValue", "booleanValue")
"""Types that DynamoDB and Firestore write around plain values."""
_MONGO = re.compile(r"\$(date|oid|uuid|symbol|code|ref|number\w+|binary|timestamp|regularExpression)")
"""Those of MongoDB; other names with `$` are a tracker's own, as `$user_id` of Mixpanel."""
_MOST_NAMES = 500
"""Names in a list of names and values; with more of them it is left out."""


@dataclass(frozen=True)
class _Pairs:
    """A list of names and values."""

    path: tuple[str, ...]
    name: str
    values: tuple[tuple[str, ...], ...]
    """The paths that may hold a value; the first that does counts."""


@dataclass
class _Level:
    """One level of nesting: the columns that it gives and the list in it whose objects are the next level."""

    paths: list[tuple[str, ...]] = field(default_factory=list)
    mixed: set[tuple[str, ...]] = field(default_factory=set)
    """Those of them that hold plain values in some rows and structures in others."""
    descent: tuple[str, ...] | None = None
    scalars: list[tuple[str, ...]] = field(default_factory=list)
    """Lists of plain values side by side."""
    pairs: list[_Pairs] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def rows_of(database: duckdb.DuckDBPyConnection, structure: dict[str, Any], line: str) -> tuple[str, list[str]]:
    """The SELECT that makes rows of `records (line, j)`, empty where nothing is a value, and what it leaves out."""
    known: set[str] = set()
    levels = [_level(structure, known)]
    inner: Any = structure
    while levels[-1].descent:
        for name in levels[-1].descent:
            inner = inner[name]
        inner = inner[0]
        levels.append(_level(inner, known))
    left_out = [f"the list {name!r}" for level in levels for name in level.left_out]
    source = "SELECT line, 0 AS place, j AS j0 FROM records"
    values: list[list[tuple[str, str]]] = []
    for depth, level in enumerate(levels):
        pairs, without = _named_values(database, level, depth, source)
        around = _around(levels[depth - 1], level) if depth else {}
        values.append([*_own_values(level, depth, around), *pairs])
        left_out += without
        if level.descent:
            stand_ins = [path for name, path in _around(level, levels[depth + 1]).items() if plain_name(name) in ITEMS]
            source, missing = _descended(database, source, depth, level.descent, stand_ins)
            left_out += missing
    columns: dict[str, str] = {}
    for depth in reversed(range(len(levels))):
        prefix = ".".join((levels[depth - 1].descent or ()) if depth else ())
        for name, sql in values[depth]:
            free = name.lower() not in {one.lower() for one in columns}
            columns[name if free else f"{prefix or 'record'}.{name}"] = sql
        for path in levels[depth].scalars:
            columns[".".join(path)] = f"unnest(CAST(json_extract(j{depth}, {_path(path)}) AS VARCHAR[]))"
    if len(levels) > 1 and "position" not in {name.lower() for name in columns}:
        columns["position"] = "CAST(place AS VARCHAR)"
    if not columns:
        return "", left_out
    chosen = ", ".join(f"{sql} AS {_name(name)}" for name, sql in columns.items())
    return f"SELECT {chosen}, line AS {_name(line)} FROM ({source})", left_out


def _own_values(level: _Level, depth: int, around: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    """The plain values of a level, name and SQL; where its object is none, those `around` it of the same names."""
    own: dict[str, list[str]] = {}
    for path in level.paths:
        name = ".".join(_without_types(path))
        value = f"json_extract_string(j{depth}, {_path(path)})"
        if path in level.mixed:
            value = f"CASE WHEN json_type(j{depth}, {_path(path)}) NOT IN ('OBJECT', 'ARRAY') THEN {value} END"
        if len(path) == 1 and path[0].lower() in around:
            outer = f"json_extract_string(j{depth - 1}, {_path(around[path[0].lower()])})"
            value = f"CASE WHEN j{depth} IS NULL THEN {outer} ELSE {value} END"
        own.setdefault(name, []).append(value)
    return [(name, values[0] if len(values) == 1 else f"coalesce({', '.join(values)})") for name, values in own.items()]


def _without_types(path: tuple[str, ...]) -> tuple[str, ...]:
    """The path without the types that databases write around plain values, as `{"$date": …}` and `{"S": …}`."""
    plain = tuple(part for part in path if not _MONGO.fullmatch(part))
    return (plain[:-1] if len(plain) > 1 and plain[-1] in _TYPES else plain) or path


def _named_values(
    database: duckdb.DuckDBPyConnection, level: _Level, depth: int, source: str
) -> tuple[list[tuple[str, str]], list[str]]:
    """The values in lists of names and values, name and SQL, and the lists with too many names in words."""
    pairs: list[tuple[str, str]] = []
    left_out = []
    for one in level.pairs:
        entries = f"CAST(json_extract(j{depth}, {_path(one.path)}) AS JSON[])"
        name_of = f"json_extract_string({{}}, {_path((one.name,))})"
        names = database.execute(
            f"SELECT DISTINCT {name_of.format('e')} AS name FROM (SELECT unnest({entries}) AS e FROM ({source})) "
            f"WHERE name IS NOT NULL ORDER BY name LIMIT {_MOST_NAMES + 1}"
        ).fetchall()
        if len(names) > _MOST_NAMES:
            left_out.append(f"the list {'.'.join(one.path)!r} (more than {_MOST_NAMES} names)")
            continue
        value = f"coalesce({', '.join(f'json_extract_string(e, {_path(path)})' for path in one.values)}, NULL)"
        for (name,) in names:
            is_it = f"{name_of.format('e')} = {_literal(name)}"
            sql = f"list_transform(list_filter({entries}, lambda e: {is_it}), lambda e: {value})[1]"
            pairs.append((".".join((*one.path, name)), sql))
    return pairs, left_out


def _around(level: _Level, below: _Level) -> dict[str, tuple[str, ...]]:
    """The values beside the list of the next level whose names its objects have too, by those names in small letters.

    Empty unless one of them names an item: then records without such a list hold the item themselves.
    """
    beside = {path[-1].lower(): path for path in level.paths if path[:-1] == (level.descent or ())[:-1]}
    beside |= {OTHER_NAMES[name]: path for name, path in beside.items() if name in OTHER_NAMES}
    names = {path[0].lower() for path in below.paths if len(path) == 1}
    same = {name: path for name, path in beside.items() if name in names}
    return same if any(plain_name(name) in ITEMS for name in same) else {}


def _descended(
    database: duckdb.DuckDBPyConnection,
    source: str,
    depth: int,
    path: tuple[str, ...],
    stand_ins: list[tuple[str, ...]],
) -> tuple[str, list[str]]:
    """The source with a row for each object of a list, and how many of its rows have none, in words.

    A row with an empty list or none stays where it holds one of the `stand_ins`.
    """
    kept = ", ".join(f"j{above}" for above in range(depth + 1))
    children = f"CAST(json_extract(j{depth}, {_path(path)}) AS JSON[])"
    is_empty = f"coalesce(len({children}), 0) = 0"
    if stand_ins:
        held = ", ".join(f"json_extract_string(j{depth}, {_path(one)})" for one in stand_ins)
        is_held = f"coalesce({held}, NULL) IS NOT NULL"
        children = f"CASE WHEN {is_empty} AND {is_held} THEN [CAST(NULL AS JSON)] ELSE {children} END"
        is_empty = f"{is_empty} AND NOT ({is_held})"
    missing = database.execute(f"SELECT count(*) FROM ({source}) WHERE {is_empty}").fetchall()[0][0]
    words = [f"objects whose list {'.'.join(path)!r} is empty or missing: {missing:,}"] if missing else []
    below = (
        f"SELECT line, {kept}, unnest({children}) AS j{depth + 1}, generate_subscripts({children}, 1) AS place "
        f"FROM ({source})"
    )
    return below, words


def _level(structure: dict[str, Any], known: set[str]) -> _Level:
    """What one level gives: the paths of plain values, and the list whose objects come next.

    `known` is what the levels above name, to which this one adds.
    """
    level = _Level()
    lists: list[tuple[str, ...]] = []
    for path, kind in _leaves(structure, ()):
        if not isinstance(kind, list):
            level.paths.append(path)
            if kind == "JSON":
                level.mixed.add(path)
        elif kind and isinstance(kind[0], dict):
            pairs = _pairs(path, kind[0])
            if pairs:
                level.pairs.append(pairs)
            else:
                lists.append(path)
        elif kind and isinstance(kind[0], str):
            level.scalars.append(path)
        else:
            level.left_out.append(".".join(path))
    named = {path: plain_name(path[-1]) for path in level.scalars}
    rows = any(name in _VALUES for name in named.values())
    kept = [path for path, name in named.items() if rows and name in (*_VALUES, *_BESIDE)]
    level.left_out += [".".join(path) for path in level.scalars if path not in kept]
    level.scalars = kept
    known |= kinds_of(level.paths)
    rows_below = lists_of_rows(lists, structure, known)
    if rows_below:
        level.descent = rows_below[0]
        level.left_out += [".".join(path) for path in level.scalars]
        level.scalars = []
    level.left_out += [".".join(path) for path in lists if path != level.descent]
    return level


def _pairs(path: tuple[str, ...], entry: dict[str, Any]) -> _Pairs | None:
    """How a list whose objects are names and values holds them, None where it is a list of rows.

    A value may be an object of values by type, as Google Analytics has it: `{"string_value": …, "int_value": …}`.
    """
    names = {name.lower(): name for name in entry}
    name, value = names.get("key", names.get("name")), names.get("value")
    if len(entry) != 2 or name is None or value is None or plain_name(path[-1]) in LISTS:
        return None
    if not isinstance(entry[name], str) or isinstance(entry[value], list):
        return None
    if not isinstance(entry[value], dict):
        return _Pairs(path, name, ((value,),))
    typed = tuple((value, kind) for kind, what in entry[value].items() if kind.endswith("value"))
    return _Pairs(path, name, typed) if typed else None


def _leaves(structure: dict[str, Any], above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, kind in structure.items():
        if isinstance(kind, dict):
            yield from _leaves(kind, (*above, name))
        else:
            yield (*above, name), kind


def _path(names: tuple[str, ...]) -> str:
    """A JSON pointer as an SQL text."""
    return _literal("".join("/" + name.replace("~", "~0").replace("/", "~1") for name in names))


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'

"""JSON and JSON lines become rows: nested objects become columns `a.b`, a list of objects becomes a row for each.

Of a file that is nested as `{"session": 1, "events": [{"aid": 2}, …]}` the rows are the events, each with the values
around it. The values stay text. A line that is no JSON is a reject; a file that is one value has to be whole.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from kartograph.tables.errors import BadInput

MOST_NAMES = 5_000
"""Names in one object: one with more of them is a table by its columns or a dictionary, and no row."""
JSON_SUFFIXES = (".json", ".jsonl", ".ndjson")
_KIND = "CASE WHEN json_valid(l) THEN json_type(l) END"
_BARE = "trim(l, ' \t\r')"
_LINE = f"CASE WHEN {_BARE} IN ('[', ']', '],', '') THEN NULL WHEN json_valid(l) THEN l ELSE rtrim({_BARE}, ',') END"
"""A line without the brackets and commas of a list that is spread over lines."""
_LISTS = ("events", "items", "interactions", "products", "lineitems", "orders", "actions", "clicks", "hits", "data")
"""Names of lists whose objects are the rows, the likelier first, where one object holds several lists."""
_VALUES = ("items", "itemids", "products", "productids", "skus", "aids", "articles", "articleids")
"""Names of lists of plain values whose values are the rows; any other such list is left out."""
_BESIDE = ("times", "timestamps", "ts", "types", "events", "actions", "quantities", "ratings")
"""Names of lists that run along with one of them."""


@dataclass
class _Level:
    """One level of nesting: the columns that it gives and the list in it whose objects are the next level."""

    paths: list[tuple[str, ...]] = field(default_factory=list)
    mixed: set[tuple[str, ...]] = field(default_factory=set)
    """Those of them that hold plain values in some rows and structures in others."""
    descent: tuple[str, ...] | None = None
    scalars: list[tuple[str, ...]] = field(default_factory=list)
    """Lists of plain values side by side."""
    left_out: list[str] = field(default_factory=list)


def flattened(shown: Path, data: Path, folder: Path, line: str) -> tuple[Path, list[tuple[int, str]], list[str]]:
    """Write the rows of a JSON file as a Parquet file of text with the column `line`, the physical line.

    Returns the file, the lines that are no JSON (number and text), and what was left out in words: lists, and values
    whose name came before. Raises `BadInput` where nothing in the file is JSON, or no object.
    """
    try:
        return _flattened(shown, data, folder, line)
    except duckdb.Error as error:
        deep = "recursion depth" in str(error)
        why = "its values are nested too deeply" if deep else str(error).splitlines()[0][:200]
        raise BadInput(
            f'{shown} is no JSON that can be read: {why}. A row is an object such as {{"user": 1, "item": 2}}.'
        ) from error


def _flattened(shown: Path, data: Path, folder: Path, line: str) -> tuple[Path, list[tuple[int, str]], list[str]]:
    target = folder / f"{len(list(folder.iterdir()))}-json.parquet"
    with duckdb.connect() as database:
        database.execute("SET preserve_insertion_order = true")
        bad = _load(database, shown, data)
        _turn_columns(database)
        most, twice = database.execute(
            "SELECT max(len(k)), count(*) FILTER (len(k) > len(list_distinct(k))) "
            "FROM (SELECT json_keys(j) AS k FROM records WHERE json_type(j) = 'OBJECT')"
        ).fetchone()  # pyright: ignore[reportGeneralTypeIssues]
        if (most or 0) > MOST_NAMES:
            raise BadInput(
                f"{shown} holds an object with {most:,} names, which is no row. Rows are objects in a list, or on a "
                'line of their own, such as {"user": 1, "item": 2}.'
            )
        structure = json.loads(
            database.execute("SELECT CAST(json_group_structure(j) AS VARCHAR) FROM records").fetchone()[0]  # pyright: ignore[reportOptionalSubscript]
            or "null"
        )
        if isinstance(structure, list) and structure:
            database.execute(
                "CREATE TABLE below AS SELECT line, unnest(CAST(j AS JSON[])) AS j FROM records; "
                "DROP TABLE records; ALTER TABLE below RENAME TO records"
            )
            structure = structure[0]
        if not isinstance(structure, dict):
            raise BadInput(f'{shown} holds no JSON objects. A row is an object such as {{"user": 1, "item": 2}}.')
        sql, left_out = _rows(structure, line)
        if not sql:
            raise BadInput(f'{shown} holds no plain values. A row is an object such as {{"user": 1, "item": 2}}.')
        database.execute(f"COPY ({sql}) TO {_literal(str(target))} (FORMAT parquet)")
    left_out = [f"the list {name!r}" for name in left_out]
    return target, bad, [*left_out, *([f"in {twice:,} objects a name that comes again"] if twice else [])]


def _load(database: duckdb.DuckDBPyConnection, shown: Path, data: Path) -> list[tuple[int, str]]:
    """Fill the table `records (line, j)`; return the lines at fault."""
    source = (
        f"read_csv({_literal(str(data))}, header = false, columns = {{'l': 'VARCHAR'}}, delim = '\x01', quote = '', "
        "escape = '', auto_detect = false, new_line = '\\n', max_line_size = 200000000)"
    )
    try:
        database.execute(
            f"CREATE TABLE lines AS SELECT line, {_LINE} AS l FROM "
            f"(SELECT row_number() OVER () AS line, l FROM {source})"
        )
        lines, objects, lists = database.execute(
            "SELECT count(l), count(*) FILTER (k = 'OBJECT'), count(*) FILTER (k = 'ARRAY') "
            f"FROM (SELECT l, {_KIND} AS k FROM lines)"
        ).fetchone()  # pyright: ignore[reportGeneralTypeIssues]
    except duckdb.Error:
        lines, objects, lists = 0, 0, 0
    row, good = ("OBJECT", objects) if objects else ("ARRAY", lists)
    by_line = bool(good) and good >= lines / 2
    if not by_line or (good < lines and _is_one_value(database, data)):
        _whole(database, shown, data)
        return []
    is_row = f"coalesce({_KIND} = '{row}', false)"
    database.execute(f"CREATE TABLE records AS SELECT line, CAST(l AS JSON) AS j FROM lines WHERE {is_row}")
    return database.execute(f"SELECT line, l FROM lines WHERE l IS NOT NULL AND NOT {is_row} ORDER BY line").fetchall()


def _is_one_value(database: duckdb.DuckDBPyConnection, data: Path) -> bool:
    """Whether a file is one value, whatever single lines of it look like."""
    try:
        return database.execute(f"SELECT count(*) FROM {_values(data)}").fetchone() == (1,)
    except duckdb.Error:
        return False


def _values(data: Path) -> str:
    """The values of a file, as a table of SQL."""
    return f"read_json_objects({_literal(str(data))}, format = 'auto', maximum_object_size = 500000000)"


def _turn_columns(database: duckdb.DuckDBPyConnection) -> None:
    """Turn a single object that is a whole table, in the two shapes that pandas writes, into rows.

    By columns, `{"user": {"0": 1, …}, "item": {"0": 2, …}}`, or split, `{"columns": ["user"], "data": [[1], …]}`.
    """
    found = database.execute("SELECT j FROM records LIMIT 2").fetchall()
    try:
        whole = json.loads(found[0][0]) if len(found) == 1 else None
    except (ValueError, RecursionError):  # DuckDB bears a comma at the end of a list, and any depth
        return
    if not isinstance(whole, dict):
        return
    names, data = whole.get("columns"), whole.get("data")
    numbers = {tuple(one) for one in whole.values() if isinstance(one, dict)}
    if isinstance(names, list) and isinstance(data, list):
        rows = [dict(zip(map(str, names), one, strict=False)) for one in data if isinstance(one, list)]
    elif len(numbers) == 1 and all(isinstance(one, dict) for one in whole.values()):
        places = next(iter(numbers))
        rows = [{name: one[at] for name, one in whole.items()} for at in places if at.isdecimal()]
    else:
        rows = []
    if not rows:
        return
    table = pa.table({"j": pa.array(map(json.dumps, rows), pa.string())})
    database.register("turned", table)
    database.execute(
        "CREATE OR REPLACE TABLE records AS SELECT row_number() OVER () AS line, CAST(j AS JSON) AS j FROM turned"
    )


def _whole(database: duckdb.DuckDBPyConnection, shown: Path, data: Path) -> None:
    """Fill `records` from a file that is one value, or several over lines; a record's number is its line."""
    try:
        database.execute(f"CREATE TABLE records AS SELECT row_number() OVER () AS line, json AS j FROM {_values(data)}")
    except duckdb.Error as error:
        try:
            json.loads(data.read_bytes())
        except UnicodeDecodeError as wrong:
            raise BadInput(f"{shown} is not UTF-8: byte {wrong.start:,} cannot be read.") from error
        except RecursionError as wrong:
            raise BadInput(f"{shown} is no JSON that can be read: its values are nested too deeply.") from wrong
        except ValueError as wrong:
            raise BadInput(f"{shown} is no JSON that can be read: {wrong}. Correct it there.") from error
        raise BadInput(f"{shown} is no JSON that can be read: {error}") from error


def _rows(structure: dict[str, Any], line: str) -> tuple[str, list[str]]:
    """The SELECT that makes rows of `records`, empty where nothing is a value, and the lists that it leaves out."""
    levels = [_level(structure)]
    inner: Any = structure
    while levels[-1].descent:
        for name in levels[-1].descent:
            inner = inner[name]
        inner = inner[0]
        levels.append(_level(inner))
    source = "SELECT line, 0 AS place, j AS j0 FROM records"
    for depth, level in enumerate(levels[:-1]):
        kept = ", ".join(f"j{above}" for above in range(depth + 1))
        children = f"CAST(json_extract(j{depth}, {_path(level.descent or ())}) AS JSON[])"
        source = (
            f"SELECT line, {kept}, unnest({children}) AS j{depth + 1}, "
            f"generate_subscripts({children}, 1) AS place FROM ({source})"
        )
    columns: dict[str, str] = {}
    left_out = [name for level in levels for name in level.left_out]
    for depth in reversed(range(len(levels))):
        prefix = ".".join((levels[depth - 1].descent or ()) if depth else ())
        for path in levels[depth].paths:
            # Exports of MongoDB write {"$date": …} and {"$oid": …} for plain values.
            name = ".".join(part for part in path if not part.startswith("$")) or ".".join(path)
            name = name if name.lower() not in {one.lower() for one in columns} else f"{prefix or 'record'}.{name}"
            value = f"json_extract_string(j{depth}, {_path(path)})"
            if path in levels[depth].mixed:
                value = f"CASE WHEN json_type(j{depth}, {_path(path)}) NOT IN ('OBJECT', 'ARRAY') THEN {value} END"
            columns[name] = value
        for path in levels[depth].scalars:
            columns[".".join(path)] = f"unnest(CAST(json_extract(j{depth}, {_path(path)}) AS VARCHAR[]))"
    if len(levels) > 1 and "position" not in {name.lower() for name in columns}:
        columns["position"] = "CAST(place AS VARCHAR)"
    if not columns:
        return "", left_out
    chosen = ", ".join(f"{sql} AS {_name(name)}" for name, sql in columns.items())
    return f"SELECT {chosen}, line AS {_name(line)} FROM ({source})", left_out


def _level(structure: dict[str, Any]) -> _Level:
    """What one level gives: the paths of plain values, and the list whose objects come next."""
    level = _Level()
    lists: list[tuple[str, ...]] = []
    for path, kind in _leaves(structure, ()):
        if not isinstance(kind, list):
            level.paths.append(path)
            if kind == "JSON":
                level.mixed.add(path)
        elif kind and isinstance(kind[0], dict):
            lists.append(path)
        elif kind and isinstance(kind[0], str):
            level.scalars.append(path)
        else:
            level.left_out.append(".".join(path))
    named = {path: "".join(letter for letter in path[-1].lower() if letter.isalpha()) for path in level.scalars}
    rows = any(name in _VALUES for name in named.values())
    kept = [path for path, name in named.items() if rows and name in (*_VALUES, *_BESIDE)]
    level.left_out += [".".join(path) for path in level.scalars if path not in kept]
    level.scalars = kept
    if lists:
        ranked = sorted(lists, key=lambda path: _rank(path[-1]))
        level.descent = ranked[0]
        level.left_out += [".".join(path) for path in (*ranked[1:], *level.scalars)]
        level.scalars = []
    return level


def _rank(name: str) -> int:
    plain = "".join(letter for letter in name.lower() if letter.isalpha())
    return _LISTS.index(plain) if plain in _LISTS else len(_LISTS)


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

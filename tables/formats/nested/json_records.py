"""JSON and JSON lines become rows: nested objects become columns `a.b`, a list of objects becomes a row for each.

Of a file that is nested as `{"session": 1, "events": [{"aid": 2}, …]}` the rows are the events, each with the values
around it. The values stay text. A line that is no JSON is a reject; a file that is one value has to be whole.
"""

import json
from pathlib import Path

import duckdb
import pyarrow as pa

from kartograph.tables.errors import BadInput
from kartograph.tables.formats.containers.copies import new_file
from kartograph.tables.formats.nested.json_rows import rows_of
from kartograph.tables.formats.nested.json_shapes import as_rows

MOST_NAMES = 5_000
"""Names in one object: one with more of them is no row."""
JSON_SUFFIXES = (".json", ".jsonl", ".ndjson")
_KIND = "CASE WHEN json_valid(l) THEN json_type(l) END"
_BARE = "trim(l, ' \t\r')"
_LINE = f"CASE WHEN {_BARE} IN ('[', ']', '],', '') THEN NULL WHEN json_valid(l) THEN l ELSE rtrim({_BARE}, ',') END"
"""A line without the brackets and commas of a list that is spread over lines."""
_ACTION = " OR ".join(
    f"(json_keys(j) = ['{name}'] AND json_type(j, '/{name}') = 'OBJECT')" for name in ("index", "create")
)
"""A line of Elasticsearch's bulk format that says what the next one is for."""


def flattened(shown: Path, data: Path, folder: Path, line: str) -> tuple[Path, list[tuple[int, str]], list[str]]:
    """Write the rows of a JSON file as a Parquet file of text with the column `line`, the physical line.

    Returns the file, the lines that are no JSON (number and text), and what was left out in words: lists, objects
    without any row, and values whose name came before. Raises `BadInput` where nothing in the file is JSON, or no
    object.
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
    target = new_file(folder, "json.parquet")
    with duckdb.connect() as database:
        database.execute("SET preserve_insertion_order = true")
        bad = _load(database, shown, data)
        _reshape(database)
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
        sql, left_out = rows_of(database, structure, line)
        if not sql:
            raise BadInput(f'{shown} holds no plain values. A row is an object such as {{"user": 1, "item": 2}}.')
        database.execute(f"COPY ({sql}) TO {_literal(str(target))} (FORMAT parquet)")
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


def _reshape(database: duckdb.DuckDBPyConnection) -> None:
    """Put rows in the place of a single value that is a whole table, and leave out what is said of rows."""
    kept = database.execute(
        "SELECT j, json_type(j) = 'ARRAY' AND json_type(j, '/0') = 'OBJECT' FROM records LIMIT 2"
    ).fetchall()
    if len(kept) > 1:
        database.execute(f"DELETE FROM records WHERE json_type(j) = 'OBJECT' AND ({_ACTION})")
    if len(kept) != 1 or kept[0][1]:
        return
    try:
        rows = as_rows(json.loads(kept[0][0], parse_float=str, parse_constant=lambda _: None))
    except (ValueError, RecursionError):  # DuckDB bears a comma at the end of a list, and any depth
        return
    if rows is None:
        return
    rows = rows if isinstance(rows, list) else [rows]
    database.register("reshaped", pa.table({"j": pa.array(map(json.dumps, rows), pa.string())}))
    database.execute(
        "CREATE OR REPLACE TABLE records AS SELECT row_number() OVER () AS line, CAST(j AS JSON) AS j FROM reshaped"
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


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"

"""Any table of interactions, one row for what a user did with an item.

CSV of any dialect, JSON, Parquet or a workbook, packed or not; one file, a folder or a pattern. Columns are named, or
guessed where their names are usual. Without a column of events all rows are views; without times the order is the
position's, where there is one.

    python -m kartograph.loaders.interactions clicks.csv --user visitor --item sku --time when
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import ibis

from kartograph.loaders.batch import Batch
from kartograph.loaders.declared import PARTS, InteractionColumns, arguments
from kartograph.loaders.guess import EVENT_WORDS, guess_columns, guess_date
from kartograph.loaders.load import loads
from kartograph.loaders.options import ReadOptions, events_only, open_reader
from kartograph.tables import fields
from kartograph.tables.engine import Rows
from kartograph.tables.errors import BadInput
from kartograph.tables.fields import Field
from kartograph.tables.files import require_columns
from kartograph.tables.prepare import TableFile
from kartograph.tables.progress import Progress, silent
from kartograph.tables.read import Reader, RowFault
from kartograph.tables.schema import Source

NAME = InteractionColumns.name


@dataclass(frozen=True)
class InteractionOptions(InteractionColumns, ReadOptions):
    """What is said of a table of interactions, and how it is read."""


def read(path: str | Path, options: InteractionOptions | None = None, progress: Progress = silent) -> Source:
    """Read the file, folder or pattern at `path`.

    Raises:
        BadInput: a file or a column is missing, neither users nor sessions are there, or too many rows are bad.
    """
    options = options or InteractionOptions()
    reader = open_reader(options.name, options, progress)
    files = reader.open(path)
    found, first = files[0].layout.columns, files[0].shown
    said = {part: getattr(options, part) for part in PARTS}
    require_columns(first, found, [column for column in said.values() if column is not None])
    columns = guess_columns(found, said)
    _require_parts(files[0], columns)
    if "time" in columns and "date" not in columns and _holds_clocks(reader, files[0], columns["time"]):
        columns |= {"date": date} if (date := guess_date(found, columns)) else {}
    reader.report.columns.update(columns)
    rows: Rows = reader.table("interactions", files, _fields(columns, options), row_faults=_faults(columns), part=True)
    absent = {
        "user_id": ibis.null("string"),
        "event": ibis.literal("view"),
        "timestamp": ibis.null("int64"),
        "session_id": ibis.null("string"),
        "position": ibis.null("int64"),
    }
    rows = rows.mutate(**{name: value for name, value in absent.items() if name not in rows.columns})
    return events_only(options.name, rows, reader.report)


load = loads(read)


def _require_parts(table: TableFile, columns: Mapping[str, str]) -> None:
    """Refuse a table in which there is no item, or nobody who does something with it."""
    shown = ", ".join(map(repr, table.layout.columns))
    if "item" in columns and ("user" in columns or "session" in columns):
        return
    if table.looks_like_data is not None:
        raise BadInput(
            f"{table.shown} seems to have no header: its first line is {table.looks_like_data!r}. Name its columns in "
            "order with --columns, as user_id,item_id,event,timestamp; - skips one that is not needed."
        )
    if "item" not in columns:
        raise BadInput(
            f"No column of {table.shown} has a usual name for items; its columns are {shown}. Name it with --item."
        )
    raise BadInput(
        f"No column of {table.shown} has a usual name for users or sessions; its columns are {shown}. "
        "Name one of them with --user or --session."
    )


def _fields(columns: Mapping[str, str], options: InteractionOptions) -> dict[str, Field]:
    """How each column is read."""
    both = "user" in columns and "session" in columns
    made: dict[str, Field] = {"item_id": fields.identifier(columns["item"])}
    if "user" in columns:
        made["user_id"] = fields.identifier(columns["user"], required=not both)
    if "session" in columns:
        made["session_id"] = fields.identifier(columns["session"], required=not both)
    if "event" in columns:
        made["event"] = fields.event(columns["event"], EVENT_WORDS)
    if "time" in columns or "date" in columns:
        day, clock = (columns["date"], columns.get("time")) if "date" in columns else (columns["time"], None)
        made["timestamp"] = fields.time(day, rule=options.times, clock=clock)
    if "position" in columns:
        made["position"] = fields.order(columns["position"])
    return made


def _holds_clocks(reader: Reader, table: TableFile, column: str) -> bool:
    """Whether a column holds times of day without days, as far as its first rows show."""
    texts = reader.peek(table, [column])[column].dropna()
    return bool(len(texts)) and bool(texts.str.fullmatch(r"\s*\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*([AaPp][Mm])?\s*").all())


def _faults(columns: Mapping[str, str]) -> list[RowFault]:
    """A row may lack its user or its session, not both."""
    user, session = columns.get("user"), columns.get("session")
    if user is None or session is None:
        return []
    return [RowFault(lambda rows: rows[user].isnull() & rows[session].isnull(), user, f"no {user} and no {session}")]


if __name__ == "__main__":
    sys.exit(Batch(NAME, __doc__ or "", read, InteractionOptions, arguments(InteractionColumns)).main())

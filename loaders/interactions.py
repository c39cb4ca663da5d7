"""How is any table of interactions read, one row for what a user did with an item?

CSV (packed or not) or Parquet, one file, a folder or a pattern. Columns are named, or guessed where their names are
usual. Without a column of events all rows are views; without times the order is the position's, where there is one.

    python -m kartograph.loaders.interactions clicks.csv --user visitor --item sku --time when
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import ibis

from kartograph.loaders.batch import Batch
from kartograph.loaders.guess import EVENT_WORDS, guess_columns
from kartograph.loaders.load import loads
from kartograph.loaders.options import ReadOptions, events_only, open_reader
from kartograph.tables import fields
from kartograph.tables.engine import Rows
from kartograph.tables.errors import BadInput
from kartograph.tables.fields import Field
from kartograph.tables.files import require_columns
from kartograph.tables.progress import Progress, silent
from kartograph.tables.read import RowFault
from kartograph.tables.schema import Source

NAME = "interactions"


@dataclass(frozen=True)
class InteractionOptions(ReadOptions):
    """Which column is what; a column that is not said is guessed by its name."""

    user: str | None = None
    item: str | None = None
    event: str | None = None
    time: str | None = None
    session: str | None = None
    position: str | None = None
    """The order within a session, where there are no times."""
    name: str = NAME
    """What the source is called; two sources with events of the same users need two names."""


def read(path: str | Path, options: InteractionOptions | None = None, progress: Progress = silent) -> Source:
    """Read the file, folder or pattern at `path`.

    Raises:
        BadInput: a file or a column is missing, neither users nor sessions are there, or too many rows are bad.
    """
    options = options or InteractionOptions()
    reader = open_reader(options.name, options, progress)
    files = reader.open(path)
    found, first = files[0].layout.columns, files[0].shown
    said = {part: getattr(options, part) for part in ("user", "item", "event", "time", "session", "position")}
    require_columns(first, found, [column for column in said.values() if column is not None])
    columns = guess_columns(found, said)
    _require_parts(first, found, columns)
    reader.report.columns.update(columns)
    rows: Rows = reader.table("interactions", files, _fields(columns), row_faults=_faults(columns), part=True)
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


def _require_parts(file: Path, found: Sequence[str], columns: Mapping[str, str]) -> None:
    """Refuse a file in which there is no item, or nobody who does something with it."""
    shown = ", ".join(map(repr, found))
    if "item" not in columns:
        raise BadInput(f"No column of {file} has a usual name for items; its columns are {shown}. Name it with --item.")
    if "user" not in columns and "session" not in columns:
        raise BadInput(
            f"No column of {file} has a usual name for users or sessions; its columns are {shown}. "
            "Name one of them with --user or --session."
        )


def _fields(columns: Mapping[str, str]) -> dict[str, Field]:
    """How each column is read."""
    both = "user" in columns and "session" in columns
    made: dict[str, Field] = {"item_id": fields.identifier(columns["item"])}
    if "user" in columns:
        made["user_id"] = fields.identifier(columns["user"], required=not both)
    if "session" in columns:
        made["session_id"] = fields.identifier(columns["session"], required=not both)
    if "event" in columns:
        made["event"] = fields.event(columns["event"], EVENT_WORDS)
    if "time" in columns:
        made["timestamp"] = fields.time(columns["time"])
    if "position" in columns:
        made["position"] = fields.order(columns["position"])
    return made


def _faults(columns: Mapping[str, str]) -> list[RowFault]:
    """A row may lack its user or its session, not both."""
    user, session = columns.get("user"), columns.get("session")
    if user is None or session is None:
        return []
    return [RowFault(lambda rows: rows[user].isnull() & rows[session].isnull(), user, f"no {user} and no {session}")]


def _arguments(parser: argparse.ArgumentParser) -> None:
    for part in ("user", "item", "event", "time", "session", "position"):
        parser.add_argument(f"--{part}", help=f"the column of the {part} (default: guessed by its name)")
    parser.add_argument("--name", default=NAME, help="what the source is called (default: interactions)")


if __name__ == "__main__":
    sys.exit(Batch(NAME, __doc__ or "", read, InteractionOptions, _arguments).main())

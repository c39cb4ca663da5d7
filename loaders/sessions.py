"""Reads files of sessions: clicks in order, without users or times.

CSV or Parquet with `session_id, position, item_id`; every click is a view.

    python -m kartograph.loaders.sessions session_clicks.csv.gz
"""

import sys
from pathlib import Path

import ibis

from kartograph.loaders.shared.begin import events_only, open_reader
from kartograph.loaders.shared.options import TableOptions
from kartograph.loaders.specifications.sessions import COLUMNS, LOADER
from kartograph.tables.engine import Rows
from kartograph.tables.formats import fields
from kartograph.tables.formats.files import require_columns
from kartograph.tables.progress import Progress, silent
from kartograph.tables.schema import Source

WITHOUT_POSITION = (
    "Positions are the order of the clicks in a session: add them, or load the file with `kartograph load "
    "interactions`, which takes other names of columns and orders clicks by their times."
)
"""What to do about a file that has none."""


def read(path: str | Path, options: TableOptions | None = None, progress: Progress = silent) -> Source:
    """Read the file, folder or pattern at `path`.

    Raises:
        BadInput: a file or a column is missing, or too many rows are bad.
    """
    reader = open_reader(LOADER.name, options or TableOptions(), progress)
    files = reader.open(path)
    for file in files:
        require_columns(file.shown, file.layout.columns, [COLUMNS["position"]], WITHOUT_POSITION)
    rows: Rows = reader.table(
        "clicks",
        files,
        {
            "session_id": fields.identifier(COLUMNS["session_id"]),
            "position": fields.order(COLUMNS["position"]),
            "item_id": fields.identifier(COLUMNS["item_id"]),
        },
    )
    rows = rows.mutate(user_id=ibis.null("string"), event=ibis.literal("view"), timestamp=ibis.null("int64"))
    return events_only(LOADER.name, rows, reader.report)


load = LOADER.load


if __name__ == "__main__":
    sys.exit(LOADER.main())

"""Reads files of sessions: clicks in order, without users or times.

CSV or Parquet with `session_id, position, item_id`; every click is a view.

    python -m kartograph.loaders.sessions session_clicks.csv.gz
"""

import sys
from pathlib import Path

import ibis

from kartograph.loaders.batch import Batch
from kartograph.loaders.shared.declared import TableOptions, arguments
from kartograph.loaders.shared.load import loads
from kartograph.loaders.shared.options import ReadOptions, events_only, open_reader
from kartograph.tables.engine import Rows
from kartograph.tables.formats import fields
from kartograph.tables.progress import Progress, silent
from kartograph.tables.schema import Source

NAME = "sessions"


def read(path: str | Path, options: ReadOptions | None = None, progress: Progress = silent) -> Source:
    """Read the file, folder or pattern at `path`.

    Raises:
        BadInput: a file or a column is missing, or too many rows are bad.
    """
    reader = open_reader(NAME, options or ReadOptions(), progress)
    rows: Rows = reader.table(
        "clicks",
        reader.open(path),
        {
            "session_id": fields.identifier("session_id"),
            "position": fields.order("position"),
            "item_id": fields.identifier("item_id"),
        },
    )
    rows = rows.mutate(user_id=ibis.null("string"), event=ibis.literal("view"), timestamp=ibis.null("int64"))
    return events_only(NAME, rows, reader.report)


load = loads(read)


if __name__ == "__main__":
    sys.exit(Batch(NAME, __doc__ or "", read, ReadOptions, arguments(TableOptions)).main())

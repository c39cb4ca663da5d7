"""Sessions: clicks in order, without users or times."""

from kartograph.loaders.registry import Loader
from kartograph.loaders.shared.options import TableOptions
from kartograph.loaders.shared.recognizing.recognize import has_columns

COLUMNS = {"session_id": "session_id", "position": "position", "item_id": "item_id"}
LOADER = Loader(
    "sessions",
    "Load sessions: clicks in order, without users or times; `load interactions` takes those with times.",
    path="CSV or Parquet with session_id, position, item_id: a file, a folder or a pattern.",
    example="session_clicks.csv.gz",
    options=TableOptions,
    read="kartograph.loaders.sessions:read",
    recognize=has_columns(COLUMNS.values(), only=True),
)

"""Event files of REES46: multi-category store, electronics, cosmetics."""

from kartograph.loaders.registry import Loader
from kartograph.loaders.shared.recognizing.recognize import has_columns

COLUMNS = {
    "user_id": "user_id",
    "item_id": "product_id",
    "event": "event_type",
    "timestamp": "event_time",
    "session_id": "user_session",
    "category_id": "category_id",
    "code": "category_code",
    "brand": "brand",
    "price": "price",
}
"""The columns of the file by what they hold."""
LOADER = Loader(
    "rees46",
    "Load event files of REES46.",
    example="2019-Oct.csv.gz",
    read="kartograph.loaders.rees46:read",
    recognize=has_columns(COLUMNS.values()),
)

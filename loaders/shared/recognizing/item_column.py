"""The column of a table of items that holds the ids of the events.

Shops call a product by number, by SKU and by handle, and tables of items have all of these.
"""

from collections.abc import Mapping, Sequence

import ibis
import pandas as pd

from kartograph.loaders.shared.doubts.id_damage import mended
from kartograph.loaders.shared.recognizing.guess import USUAL, plain_names
from kartograph.tables.engine import Rows, store

_MORE = ("variantsku", "variantid", "variantbarcode", "barcode", "mpn")
"""Names of ids in tables of items that are never the first choice."""


def items_held(events: Rows, sample: pd.DataFrame, repair: bool = False) -> dict[str, int]:
    """By column, how many values among some rows of a table are items of the events, mended with `repair`."""
    texts = pd.concat({name: sample[name].astype("object") for name in sample}).dropna()
    values = pd.DataFrame({"column": texts.index.get_level_values(0), "item_id": texts.to_numpy()}).drop_duplicates()
    if values.empty:
        return {}
    backend = events.get_backend()
    asked: Rows = store("asked", ibis.memtable(values, schema={"column": "string", "item_id": "string"}), backend)
    asked = asked.mutate(item_id=mended(asked.item_id)).distinct() if repair else asked
    held = asked.semi_join(events, "item_id").group_by("column").agg(items=ibis._.count()).to_pyarrow().to_pylist()
    return dict.fromkeys(sample.columns, 0) | {row["column"]: row["items"] for row in held}


def item_column(guessed: str, names: Sequence[str], held: Mapping[str, int]) -> str:
    """The guessed column, or another one with a usual name of which more values are items of the events.

    `names` are usual in tables of items.
    """
    plain = plain_names(list(held))
    usual = {plain[name] for name in (*USUAL["item"], *names, *_MORE) if name in plain}
    return max([guessed, *sorted(usual)], key=lambda column: (held.get(column, 0), column == guessed))

"""Reads the event files of REES46 (multi-category store, electronics, cosmetics).

One file or many (`2019-Oct.csv`, packed or not) with `event_time, event_type, product_id, category_id, category_code,
brand, price, user_id, user_session`. Dotted category codes (`appliances.kitchen.refrigerators`) give the tree: each
category hangs below the category of its code's beginning. An item's brand and price are those of its last event.
Rows of the kind `remove_from_cart` are left out and counted, the graph holds nothing of the kind.

    python -m kartograph.loaders.rees46 2019-Oct.csv.gz
"""

import sys
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pandas as pd

from kartograph.loaders.shared.begin import open_reader
from kartograph.loaders.shared.options import ReadOptions
from kartograph.loaders.specifications.rees46 import COLUMNS, LOADER
from kartograph.tables.contents.categories import category_history
from kartograph.tables.engine import Rows, count_rows, latest, store
from kartograph.tables.formats import fields
from kartograph.tables.progress import Progress, silent
from kartograph.tables.schema import CATEGORIES, CATEGORY_TREE, INTERACTIONS, Source

EVENT_WORDS = {"view": "view", "cart": "cart", "purchase": "buy"}
LEFT_OUT = "remove_from_cart"


def read(path: str | Path, options: ReadOptions | None = None, progress: Progress = silent) -> Source:
    """Read the file, folder or pattern at `path`.

    Raises:
        BadInput: a file or a column is missing, or too many rows are bad.
    """
    options = options or ReadOptions()
    reader = open_reader(LOADER.name, options, progress)
    rows: Rows = reader.table(
        "events",
        reader.open(path),
        {
            "user_id": fields.identifier(COLUMNS["user_id"]),
            "item_id": fields.identifier(COLUMNS["item_id"]),
            "event": fields.event(COLUMNS["event"], EVENT_WORDS | {LEFT_OUT: LEFT_OUT}),
            "timestamp": fields.time(COLUMNS["timestamp"], rule=options.times),
            "session_id": fields.identifier(COLUMNS["session_id"], required=False),
            "category_id": fields.identifier(COLUMNS["category_id"], required=False),
            "code": fields.text(COLUMNS["code"]),
            "brand": fields.text(COLUMNS["brand"]),
            "price": fields.price(COLUMNS["price"]),
        },
    )
    reader.report.note(f"{LEFT_OUT} events, left out", count_rows(rows.filter(rows.event == LEFT_OUT)))
    rows = rows.filter(rows.event != LEFT_OUT)
    in_category = rows.filter(rows.category_id.notnull())
    codes = store(
        "codes",
        in_category.group_by("category_id").agg(code=in_category.code.min()),
    )
    tree, categories = tree_of_codes(codes)
    items: Rows = rows.select("item_id").distinct()
    for value in ("price", "brand"):
        of_item = latest(rows, "item_id", value, "timestamp").rename(item="item_id")
        items = items.left_join(of_item, items.item_id == of_item.item).drop("item")
    backend = reader.engine.backend
    return Source(
        name=LOADER.name,
        interactions=rows.mutate(position=ibis.null("int64")).select(*INTERACTIONS),
        items=items.mutate(title=ibis.null("string"), available=ibis.null("boolean")),
        item_categories=category_history(in_category.select("item_id", "category_id", "timestamp"), reader.report),
        category_tree=store("tree", ibis.memtable(tree, schema=CATEGORY_TREE), backend),
        categories=store("category_codes", ibis.memtable(categories, schema=CATEGORIES), backend),
        report=reader.report,
    )


load = LOADER.load


def tree_of_codes(codes: ir.Table) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The category tree and the codes that follow from `category_id, code`.

    A category with the code `a.b.c` hangs below the category `a.b`, which hangs below `a`; these have their code as
    id. A category without a code is a root.
    """
    own = codes.to_pyarrow().to_pandas()
    parents = {prefix for code in own["code"].dropna() for prefix in _above(code)}
    above = pd.DataFrame({"category_id": sorted(parents), "code": sorted(parents)}, dtype="object")
    every = pd.concat([own.sort_values("category_id"), above], ignore_index=True)
    every["parent_id"] = [None if pd.isna(code) or not _above(code) else _above(code)[-1] for code in every["code"]]
    every["level"] = None
    return every[["category_id", "parent_id"]], every[["category_id", "code", "level"]]


def _above(code: str) -> list[str]:
    """The codes above a code, from the root down: `a.b.c` has `a` and `a.b`."""
    words = code.split(".")
    return [".".join(words[:depth]) for depth in range(1, len(words))]


if __name__ == "__main__":
    sys.exit(LOADER.main())

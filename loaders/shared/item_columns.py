"""What rows say of their items: titles, prices, brands, categories, from the events or from a table of items."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import ibis
import pandas as pd

from kartograph.loaders.shared.doubts.event_columns import MOST_COLUMNS
from kartograph.loaders.shared.doubts.id_damage import mended, tell_damage
from kartograph.loaders.shared.doubts.notations import notations
from kartograph.loaders.shared.doubts.products import tell_contradictions, tell_missing
from kartograph.loaders.shared.doubts.witness import fields_of, heard, unused_columns
from kartograph.loaders.shared.recognizing.guess import guess_columns
from kartograph.loaders.shared.recognizing.item_column import item_column, items_held
from kartograph.loaders.shared.variants import family_fields, inherited, nameless
from kartograph.tables.contents.categories import category_history
from kartograph.tables.engine import Rows, empty, latest, store
from kartograph.tables.errors import OptionNeeded
from kartograph.tables.formats import fields
from kartograph.tables.formats.fields import Field
from kartograph.tables.formats.files import require_columns
from kartograph.tables.formats.read import Reader
from kartograph.tables.schema import CATEGORIES, CATEGORY_TREE, INTERACTIONS, ITEM_CATEGORIES, ITEMS, Source

STEP = " > "
"""What stands between the categories of a path."""
_BETWEEN = r"\s*[>»›]+\s*"
"""How shops write it; a category with `<` holds tags of HTML, whose `>` divides nothing."""
_LIST = r"\[\s*[\"'].*[\"']\s*\]"
PROPERTIES = ("title", "price", "brand", "available")
SAID = ("title", "price", "brand", "category")
"""Parts of items whose columns a person can name."""
_SHOWN = 20
"""Columns that are named at most."""
NAMES_IN_TABLE = {
    "item": ("id", "handle", "key"),
    "title": ("name", "label", "description", "handle"),
    "category": (
        "categories", "type", "producttype", "standardproducttype", "customproducttype", "genre", "genres",
    ),
    "brand": ("vendor", "manufacturer", "brands"),
    "price": ("regularprice", "currentprice", "listprice"),
    "available": (
        "available", "availability", "instock", "isavailable", "stockstatus", "stock", "stockquantity", "stocklevel",
        "quantityinstock", "inventoryquantity", "variantinventoryqty",
    ),
}  # fmt: skip
"""Names that are usual in tables of items beside those that are usual everywhere."""


def property_fields(columns: Mapping[str, str], decimal_comma: bool = False) -> dict[str, Field]:
    """How the properties of items are read that have a column; what is no price is none, the row stays."""
    kinds = {
        "title": fields.text,
        "price": lambda column: fields.amount(column, decimal_comma),
        "brand": fields.text,
        "available": fields.flag,
        "category": lambda column: fields.identifier(column, required=False),
    }
    return {part: kind(columns[part]) for part, kind in kinds.items() if part in columns}


def read_items(
    reader: Reader,
    path: str | Path,
    at: int,
    events: Rows,
    said: Mapping[str, str | None],
    elsewhere: Collection[str] = (),
    repair: bool = False,
    decimal_comma: bool = False,
) -> Rows:
    """A table of items that holds at a time: `item_id, timestamp` and the properties that it has.

    What it lacks of the items of `events`, and what it says of one item in several ways, goes into the report. `said`
    are the columns that a person has named, as far as this table has them; those of the parts `elsewhere` no other
    table has. With `repair` ids and categories are mended as those of the events are. `decimal_comma` says how
    prices are written.

    Raises `BadInput` where no column holds the items, or one of the latter is missing.
    """
    tables = reader.open(path)
    present = tables[0].layout.columns
    require_columns(tables[0].shown, present, [column for part in elsewhere if (column := said[part]) is not None])
    columns = guess_columns(present, {part: one for part, one in said.items() if one in present}, NAMES_IN_TABLE)
    if "item" not in columns:
        raise OptionNeeded(
            f"No column of {tables[0].shown} has a usual name for items; its columns are "
            f"{', '.join(map(repr, present))}. Call it item_id, or as --item names it in the events."
        )
    name = Path(path).name
    others = unused_columns(tables[:1], {"item": columns["item"]})[:MOST_COLUMNS]
    sample = reader.peek(tables[0], [columns["item"], *others])
    held = items_held(events, sample, repair)
    if said["item"] not in present:
        columns["item"] = item_column(columns["item"], NAMES_IN_TABLE["item"], held)
    families = family_fields(present, columns["item"])
    identity = fields.identifier(columns["item"], required=not families)
    fields_read = {"item_id": identity, **property_fields(columns, decimal_comma)}
    witnesses = notations(columns, decimal_comma)
    reader.report.columns.update(
        {f"items: {part}": columns[part] for part in ("item", *fields_read) if part in columns}
    )
    products = dict.fromkeys(column for one in families.values() for column in one.columns)
    if products:
        reader.report.columns["items: product"] = ", else ".join(products)
    if unused := unused_columns(tables, columns | {column: column for column in products}):
        reader.report.note(f"columns of {name} that are not used: {', '.join(unused[:_SHOWN])}", len(unused))
    rows: Rows = reader.table(
        "items", tables, fields_read | families | fields_of(witnesses), row_faults=nameless(families, columns["item"])
    )
    rows = heard(rows, witnesses, reader.report)
    rows = inherited(rows, families, columns["item"], name, reader.report)
    if repair:
        rows = rows.mutate(**{part: mended(rows[part]) for part in ("item_id", "category") if part in rows.columns})
    tell_damage(rows, {"item_id": f"item in {name}"}, repair, reader.report)
    tell_missing(events, rows, columns["item"], name, held, reader.report)
    tell_contradictions(rows, [name for name in PROPERTIES if name in rows.columns], reader.report)
    return rows.mutate(timestamp=ibis.literal(at, "int64"))


def with_items(source: str, events: Rows, tables: list[Rows], reader: Reader) -> Source:
    """The source of events and of rows on items, `item_id, timestamp` and properties; the latest value holds."""
    backend = events.get_backend()
    kinds: dict[str, Any] = {name: ITEMS[name] for name in PROPERTIES} | {"category": "string"}
    known = [name for name in kinds if any(name in table.columns for table in tables)]
    said: Rows = ibis.union(
        *[
            table.select(
                item_id=table.item_id.cast("string"),
                timestamp=table.timestamp.fill_null(0).cast("int64"),
                **{
                    name: (table[name] if name in table.columns else ibis.null(kinds[name])).cast(kinds[name])
                    for name in known
                },
            )
            for table in (*tables, tables[0].limit(0))
        ]
    )
    items: Rows = said.select("item_id").distinct()
    for name in PROPERTIES:
        if name not in known:
            items = items.mutate(**{name: ibis.null(kinds[name])})
            continue
        of_item = latest(said, "item_id", name, "timestamp").rename(item="item_id")
        items = items.left_join(of_item, items.item_id == of_item.item).drop("item")
    history = empty("item_categories", ITEM_CATEGORIES, backend)
    tree = empty("category_tree", CATEGORY_TREE, backend)
    if "category" in known:
        said = _with_one_path(said, reader)
        bare = said.category.strip().nullif("[]")
        named = ibis.ifelse(bare.contains("<"), bare, bare.re_replace(_BETWEEN, STEP).strip())
        observed = said.filter(named.notnull()).select("item_id", "timestamp", category_id=named)
        history = category_history(observed, reader.report)
        categories = history.select("category_id").distinct().to_pyarrow().to_pandas()["category_id"]
        _tell_other_paths(categories, reader)
        edges = path_edges(categories)
        if len(edges):
            reader.report.note("categories of paths such as A > B, each below the one before it", len(edges))
            tree = store("paths_of_categories", ibis.memtable(edges, schema=CATEGORY_TREE), backend)
    return Source(
        name=source,
        interactions=events.select(*INTERACTIONS, *({"quantity"} & set(events.columns))),
        items=store("items", items, backend) if known else empty("items", _schema(), backend),
        item_categories=history,
        category_tree=tree,
        categories=empty("categories", CATEGORIES, backend),
        report=reader.report,
    )


def _with_one_path(said: Rows, reader: Reader) -> Rows:
    """The rows with the deepest of several paths in one value: `Home, Home > Light` or `Home > Light, Sale`.

    A comma alone may be part of a name: one of the paths has to stand above another, or in other rows.
    """
    listed = _distinct(said.filter(said.category.contains(",") & said.category.contains(">")))
    if not listed:
        return said
    alone = {text.strip() for text in _distinct(said.filter(~said.category.contains(",")))}
    paths: dict[str, str] = {}
    for text in listed:
        parts = [part.strip() for part in text.split(",")]
        if not alone.isdisjoint(parts) or any(other.startswith(f"{part}{STEP}") for part in parts for other in parts):
            paths[text] = max(parts, key=lambda part: (part.count(STEP), part))
    if not paths:
        return said
    words = f"categories that are several, such as {min(paths)!r}: the deepest holds"
    reader.report.note(words, len(paths))
    return said.mutate(category=said.category.substitute(paths))


def _distinct(said: Rows) -> list[str]:
    return said.select("category").distinct().to_pyarrow()["category"].to_pylist()


def _tell_other_paths(categories: pd.Series, reader: Reader) -> None:
    """Say where categories look like paths with another sign: a list of genres is written so too, and is none."""
    above = categories.str.extract(r"^(.*[^\s/|])\s*([/|])\s*[^\s/|][^/|]*$")
    below = categories[above[0].isin(categories) & categories.str.contains(r"[/|]")]
    if len(below):
        words = f"categories such as {below.min()!r}, each one name: write A > B where B lies below A"
        reader.report.note(words, len(below))
    lists = categories[categories.str.fullmatch(_LIST)]
    if len(lists):
        words = f"categories that are lists, such as {lists.min()!r}, each one name: write A > B, or one category"
        reader.report.remark(words, len(lists))


def path_edges(categories: pd.Series) -> pd.DataFrame:
    """The tree `category_id, parent_id` of categories that are paths, `A > B > C` below `A > B` below `A`."""
    level = categories[categories.str.contains(STEP, regex=False)].astype("object")
    edges: list[pd.DataFrame] = []
    while len(level):
        above = level.str.rpartition(STEP)[0]
        edges.append(pd.DataFrame({"category_id": level, "parent_id": above.where(above != "", None)}))
        level = above[above != ""].drop_duplicates()
    return pd.concat(edges, ignore_index=True).drop_duplicates() if edges else pd.DataFrame()


def _schema() -> ibis.Schema:
    return ibis.schema({column: kind for column, kind in ITEMS.items() if column != "popularity"})

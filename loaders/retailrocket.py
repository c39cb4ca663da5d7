"""Reads the RetailRocket e-commerce data set.

A folder holds `events.csv` (`timestamp, visitorid, event, itemid, transactionid`), the item properties, in one file or
in parts (`timestamp, itemid, property, value`; `item_properties_part1.csv` …), and `category_tree.csv` (`categoryid,
parentid`); each may be packed (`.csv.gz`). In the properties `categoryid` and `available` stand in clear, all other
names and words are hashed, and numbers are written `n123.000`.

    python -m kartograph.loaders.retailrocket FOLDER
"""

import sys
from pathlib import Path

import ibis
import ibis.expr.types as ir

from kartograph.loaders.shared.begin import open_reader
from kartograph.loaders.shared.folders import folder_of
from kartograph.loaders.specifications.retailrocket import EVENTS, LOADER, RetailRocketOptions
from kartograph.tables.contents.categories import category_history
from kartograph.tables.engine import Engine, Expression, Rows, count_rows, empty
from kartograph.tables.errors import BadInput
from kartograph.tables.formats import fields
from kartograph.tables.formats.plan import RowFault
from kartograph.tables.formats.read import Reader
from kartograph.tables.progress import Progress, silent
from kartograph.tables.schema import CATEGORIES, CATEGORY_TREE, INTERACTIONS, Source

EVENT_WORDS = {"view": "view", "addtocart": "cart", "transaction": "buy"}
CATEGORY, AVAILABLE = "categoryid", "available"
_NUMBER = r"^n(-?[0-9]+(\.[0-9]+)?)$"


def read(path: str | Path, options: RetailRocketOptions | None = None, progress: Progress = silent) -> Source:
    """Read the folder at `path`, or a zip archive of it.

    Raises:
        BadInput: a file or a column is missing, or too many rows are bad.
    """
    with folder_of(path, "RetailRocket's events.csv") as folder:
        return _read(folder, options or RetailRocketOptions(), progress)


def _read(folder: Path, options: RetailRocketOptions, progress: Progress) -> Source:
    events_files, property_files, tree_files = (
        _files(folder, "events"),
        _files(folder, "item_properties*"),
        _files(folder, "category_tree"),
    )
    reader = open_reader(LOADER.name, options, progress)
    events = reader.table(
        "events",
        events_files,
        {
            "user_id": fields.identifier(EVENTS["user_id"]),
            "item_id": fields.identifier(EVENTS["item_id"]),
            "event": fields.event(EVENTS["event"], EVENT_WORDS),
            "timestamp": fields.time(EVENTS["timestamp"]),
        },
    )
    tree = reader.table(
        "category tree",
        tree_files,
        {"category_id": fields.identifier("categoryid"), "parent_id": fields.identifier("parentid", required=False)},
    )
    properties = _properties(reader, property_files, options)
    return Source(
        name=LOADER.name,
        interactions=events.mutate(session_id=ibis.null("string"), position=ibis.null("int64")).select(*INTERACTIONS),
        items=_items(reader.engine, properties, options),
        item_categories=category_history(
            properties.filter(properties.property == CATEGORY).select(
                "item_id", "timestamp", category_id=properties.value
            ),
            reader.report,
        ),
        category_tree=tree.select(*CATEGORY_TREE),
        categories=_category_names(reader, folder),
        report=reader.report,
    )


def property_history(
    path: str | Path, options: RetailRocketOptions | None = None, progress: Progress = silent
) -> ir.Table:
    """Every dated value of the clear properties: `item_id, timestamp, property, value`.

    `property` is category_id, price or available; prices are numbers without RetailRocket's leading n. What `read`
    makes of them holds the latest price and availability only.
    """
    options = options or RetailRocketOptions()
    rows: Rows = _properties(
        open_reader(LOADER.name, options, progress), _files(Path(path), "item_properties*"), options
    )
    names = {CATEGORY: "category_id", AVAILABLE: AVAILABLE} | (
        {options.price_property: "price"} if options.price_property else {}
    )
    clear = rows.filter(rows.property.isin(list(names)))
    value = ibis.ifelse(
        clear.property == (options.price_property or ""), _number(clear.value).cast("string"), clear.value
    )
    return clear.select("item_id", "timestamp", property=clear.property.substitute(names), value=value)


load = LOADER.load


def _files(folder: Path, stem: str) -> list[Path]:
    """The files of one table, packed or not; a file that lies there both ways is taken once."""
    by_name = {file.name.removesuffix(".gz"): file for file in sorted(folder.glob(f"{stem}.csv*"), reverse=True)}
    files_read = [file for name, file in sorted(by_name.items()) if name.endswith(".csv")]
    if not files_read:
        names = sorted(file.name for file in folder.iterdir())
        there = ", ".join(names[:10] + (["…"] if len(names) > 10 else [])) or "nothing"
        raise BadInput(f"{folder} has no {stem}.csv or {stem}.csv.gz; there is {there}. Name RetailRocket's folder.")
    return files_read


def _category_names(reader: Reader, folder: Path) -> ir.Table:
    """What categories are called, where the folder says it: RetailRocket's own does not."""
    if not any(folder.glob("category_names.csv*")):
        return empty("categories", CATEGORIES, reader.engine.backend)
    names = reader.table(
        "category names",
        _files(folder, "category_names"),
        {"category_id": fields.identifier("categoryid"), "code": fields.text("name")},
    )
    return names.mutate(level=ibis.null("int64")).select(*CATEGORIES)


def _properties(reader: Reader, files: list[Path], options: RetailRocketOptions) -> Rows:
    """Rows of the wanted properties: `item_id, timestamp, property, value`."""
    names = list(dict.fromkeys([CATEGORY, AVAILABLE, *options.clear.values(), *options.properties]))

    def of(name: str, bad: Expression, rows: Rows) -> Expression:
        return (rows.property == name) & (rows.value.isnull() | bad)

    faults = [
        RowFault(lambda rows: of(CATEGORY, rows.value.isnull(), rows), "value", "no category"),
        RowFault(lambda rows: of(AVAILABLE, rows.value.notin(["0", "1"]), rows), "value", "available is not 0 or 1"),
    ]
    if options.price_property:
        faults += [
            RowFault(
                lambda rows: of(options.price_property or "", _number(rows.value).isnull(), rows),
                "value",
                "price is no number such as n123.000",
            ),
            RowFault(
                lambda rows: of(options.price_property or "", _number(rows.value) < 0, rows),
                "value",
                "price is negative",
            ),
        ]
    return reader.table(
        "item properties",
        files,
        {
            "item_id": fields.identifier("itemid"),
            "timestamp": fields.time("timestamp"),
            "property": fields.identifier("property"),
            "value": fields.text("value"),
        },
        keep=lambda rows: rows.property.isin(names) | rows.property.isnull(),
        row_faults=faults,
    )


def _items(engine: Engine, properties: Rows, options: RetailRocketOptions) -> ir.Table:
    """One row for each item with the latest value of each property; of several at one instant the greatest.

    `<property>_at` is the time of the value.
    """
    kept = properties.filter(properties.property != CATEGORY)
    at_time = kept.group_by("item_id", "property", "timestamp").agg(value=kept.value.max())
    latest = at_time.group_by("item_id", "property").agg(
        value=at_time.value.argmax(at_time.timestamp), at=at_time.timestamp.max()
    )
    names = {"available": AVAILABLE, **{f"property_{name}": name for name in options.properties}, **options.clear}
    values: dict[str, Expression] = {
        column: latest.value.max(where=latest.property == name) for column, name in names.items()
    }
    times = {f"{column}_at": latest["at"].max(where=latest.property == name) for column, name in names.items()}
    items: Rows = engine.store("retailrocket_items", latest.group_by("item_id").agg(**values, **times))
    numbers = {
        name: ibis.ifelse(items[name].isnull(), ibis.null("float64"), _number(items[name]))
        for name in names
        if name.startswith("property_")
        and not count_rows(items.filter(items[name].notnull() & _number(items[name]).isnull()))
    }
    return items.mutate(
        title=items.title if options.title_property else ibis.null("string"),
        price=_number(items.price) if options.price_property else ibis.null("float64"),
        brand=items.brand if options.brand_property else ibis.null("string"),
        available=items.available == "1",
        **numbers,
    )


def _number(value: Expression) -> Expression:
    """A value that is one number, `n123.000`, else null."""
    return value.re_extract(_NUMBER, 1).nullif("").try_cast("float64")


if __name__ == "__main__":
    sys.exit(LOADER.main())

"""What every loader of events begins and ends with."""

import ibis

from kartograph.loaders.shared.options import FileOptions
from kartograph.tables.engine import Engine, Rows, empty
from kartograph.tables.formats.read import Reader
from kartograph.tables.progress import Progress
from kartograph.tables.rejects import Rejects
from kartograph.tables.report import Report
from kartograph.tables.schema import CATEGORIES, CATEGORY_TREE, INTERACTIONS, ITEM_CATEGORIES, ITEMS, Source


def open_reader(source: str, options: FileOptions, progress: Progress) -> Reader:
    """Begin a load: an empty database, rejects file and report."""
    rejects = Rejects(options.rejects, options.limit)
    return Reader(Engine(options.engine), Report(source=source), rejects, progress, options.nulls, options.dialect)


def events_only(name: str, events: Rows, report: Report) -> Source:
    """A source that knows nothing of items but what was done with them."""
    items = ibis.schema({column: kind for column, kind in ITEMS.items() if column != "popularity"})
    backend = events.get_backend()
    return Source(
        name=name,
        interactions=events.select(*INTERACTIONS),
        items=empty("items", items, backend),
        item_categories=empty("item_categories", ITEM_CATEGORIES, backend),
        category_tree=empty("category_tree", CATEGORY_TREE, backend),
        categories=empty("categories", CATEGORIES, backend),
        report=report,
    )

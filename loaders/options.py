"""What can be said to every loader?"""

from dataclasses import dataclass, field
from pathlib import Path

import ibis

from kartograph.tables.engine import Engine, EngineOptions, Rows, empty
from kartograph.tables.progress import Progress
from kartograph.tables.read import Reader
from kartograph.tables.rejects import RejectLimit, Rejects
from kartograph.tables.report import Report
from kartograph.tables.schema import CATEGORIES, CATEGORY_TREE, INTERACTIONS, ITEM_CATEGORIES, ITEMS, Source


@dataclass(frozen=True)
class ReadOptions:
    """How files are read, whatever is in them."""

    rejects: Path = Path("rejects.csv")
    """Where bad rows go; the file is made when there is one."""
    limit: RejectLimit = field(default_factory=RejectLimit)
    """How many bad rows the load bears."""
    engine: EngineOptions = field(default_factory=EngineOptions)
    """How much of the machine it may use."""


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


def open_reader(source: str, options: ReadOptions, progress: Progress) -> Reader:
    """Begin a load: an empty database, rejects file and report."""
    rejects = Rejects(options.rejects, options.limit)
    return Reader(Engine(options.engine), Report(source=source), rejects, progress)

"""The options of every loader, and what it begins and ends with."""

from dataclasses import dataclass, field
from pathlib import Path

import ibis

from kartograph.loaders.shared.declared import TimedOptions
from kartograph.tables.engine import Engine, EngineOptions, Rows, empty
from kartograph.tables.formats.dialect import Dialect
from kartograph.tables.formats.read import Reader
from kartograph.tables.progress import Progress
from kartograph.tables.rejects import RejectLimit, Rejects
from kartograph.tables.report import Report
from kartograph.tables.schema import CATEGORIES, CATEGORY_TREE, INTERACTIONS, ITEM_CATEGORIES, ITEMS, Source
from kartograph.tables.times import TimeRule

MISSING_WORDS = (
    "", "#n/a", "#n/a n/a", "#na", "-1.#ind", "-1.#qnan", "-nan", "1.#ind", "1.#qnan", "<na>", "<nil>", "n/a", "na",
    "nan", "nat", "nil", "none", "null", "\\n", "(null)", "(none)", "(not set)", "undefined",
)  # fmt: skip
"""Words that stand for a missing value, in any case of letters: those of pandas, SQL, JavaScript and analytics; the
empty one stands for blanks."""


@dataclass(frozen=True)
class ReadOptions(TimedOptions):
    """How files are read, whatever is in them."""

    rejects: Path = Path("rejects.csv")
    """Where bad rows go; the file is made when there is one."""
    limit: RejectLimit = field(default_factory=RejectLimit)
    """How many bad rows the load bears."""
    engine: EngineOptions = field(default_factory=EngineOptions)
    """How much of the machine it may use."""

    @property
    def dialect(self) -> Dialect:
        """What was said of how text tables are written."""
        return Dialect(_unescaped(self.delimiter), names(self.columns), encoding=self.encoding)

    @property
    def times(self) -> TimeRule:
        """What was said of times."""
        return TimeRule(self.timezone, self.time_format, self.earliest)

    @property
    def nulls(self) -> tuple[str, ...]:
        """The words for a missing value, in lower case."""
        words = list(MISSING_WORDS)
        for word in self.null:
            words = [*words, word.strip().lower()] if word else []
        return tuple(dict.fromkeys(words))


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
    return Reader(Engine(options.engine), Report(source=source), rejects, progress, options.nulls, options.dialect)


def names(listed: str | None) -> tuple[str, ...]:
    """The names in a list with commas."""
    return tuple(name.strip() for name in listed.split(",")) if listed else ()


def _unescaped(delimiter: str | None) -> str | None:
    """A delimiter as people can type it: `\\t` is a tab."""
    return delimiter.replace("\\t", "\t") if delimiter else None

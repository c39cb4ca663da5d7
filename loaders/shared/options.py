"""The options that loaders share, each once; light to import, for the command line makes its flags from them."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kartograph.loaders.shared.declared import option
from kartograph.tables.engine_options import EngineOptions
from kartograph.tables.formats.dates.counted import COUNTS
from kartograph.tables.formats.delimited.dialect import Dialect
from kartograph.tables.rejects import RejectLimit

if TYPE_CHECKING:
    from kartograph.tables.times import TimeRule

MISSING_WORDS = (
    "", "#n/a", "#n/a n/a", "#na", "-1.#ind", "-1.#qnan", "-nan", "1.#ind", "1.#qnan", "<na>", "<nil>", "n/a", "na",
    "nan", "nat", "nil", "none", "null", "\\n", "(null)", "(none)", "(not set)", "(no genres listed)", "undefined", "-",
    "?", "00000000-0000-0000-0000-000000000000",
)  # fmt: skip
"""Words that stand for a missing value, in any case of letters: those of pandas, SQL, JavaScript and analytics, and
the UUID of nobody; the empty one stands for blanks."""


@dataclass(frozen=True)
class FileOptions:
    """How files are read, whatever is in them; a command makes these of `EventLoadOptions`."""

    rejects: Path = Path("rejects.csv")
    """Where bad rows go; the file is made when there is one."""
    limit: RejectLimit = field(default_factory=RejectLimit)
    """How many bad rows the load bears."""
    engine: EngineOptions = field(default_factory=EngineOptions)
    """How much of the machine it may use."""

    @property
    def dialect(self) -> Dialect:
        """What was said of how text tables are written."""
        return Dialect()

    @property
    def nulls(self) -> tuple[str, ...]:
        """The words for a missing value, in lower case."""
        return MISSING_WORDS


@dataclass(frozen=True)
class TableOptions(FileOptions):
    """How tables are written, whatever they hold."""

    delimiter: str | None = option(None, "Separator of the values, such as ';' or '::'.", "seen in the file")
    columns: str | None = option(
        None, "Names for a file without a header, as user_id,item_id,-,timestamp; - skips a column.", "the first line"
    )
    encoding: str | None = option(None, "Text encoding: latin-1, cp1252, utf-16 …", "UTF-8")
    null: tuple[str, ...] = option(
        (), "A further word for a missing value; an empty one clears all words before it.", "NA, NULL, nan, None …"
    )

    @property
    def dialect(self) -> Dialect:
        """What was said of how text tables are written; a delimiter as people can type it, `\\t` is a tab."""
        delimiter = self.delimiter.replace("\\t", "\t") if self.delimiter else None
        return Dialect(delimiter, names(self.columns), encoding=self.encoding)

    @property
    def nulls(self) -> tuple[str, ...]:
        """The words for a missing value, in lower case."""
        words = list(MISSING_WORDS)
        for word in self.null:
            words = [*words, word.strip().lower()] if word else []
        return tuple(dict.fromkeys(words))


@dataclass(frozen=True)
class ReadOptions(TableOptions):
    """How tables with times are read."""

    timezone: str | None = option(None, "The zone of times that name none, as Europe/Berlin or +02:00.", "UTC")
    time_format: str | None = option(
        None, f"{', '.join(COUNTS)}, or a pattern as '%d.%m.%Y %H:%M'.", "all usual shapes"
    )
    earliest: str = option("1995-01-01", "The first plausible day; the last one is tomorrow.")

    @property
    def times(self) -> "TimeRule":
        """What was said of times."""
        from kartograph.tables.times import TimeRule

        return TimeRule(self.timezone, self.time_format, self.earliest)


@dataclass(frozen=True)
class RunOptions:
    """How any load runs from the command line."""

    dry_run: bool = option(False, "Read and check only: what is there, and whether it would load.")
    json: bool = option(False, "Print the summary as JSON, for scripts.")


@dataclass(frozen=True)
class EventLoadOptions(RunOptions):
    """How a load of events runs from the command line."""

    live: bool = option(False, "Load on top of what a running database holds, each event once.")
    rejects: Path | None = option(None, "File for rejected rows.", "loads/ in the shop's folder")
    max_rejects: str = option("10%", "Maximum rejected rows: a percentage (10%) or a count (500).")
    allow_empty: bool = option(False, "Load a source without any event.")
    allow_shrink: bool = option(False, "Load less than half of what the shop holds of this source.")
    session_gap: float = option(30.0, "Minutes without an event after which a user begins a new session.")
    memory: str = option("3GB", "Memory that the tables may take before they spill to disk.")
    threads: int = option(2, "Number of threads.")

    @property
    def limit(self) -> RejectLimit:
        """How many bad rows the load bears."""
        return RejectLimit.parse(self.max_rejects)

    def reading(self, rejects: Path) -> dict[str, object]:
        """The fields of `FileOptions`; a dry run reads every row, `rejects` holds where nothing else is said."""
        return {
            "rejects": self.rejects or rejects,
            "limit": EVERY_ROW if self.dry_run else self.limit,
            "engine": EngineOptions(memory=self.memory, threads=self.threads),
        }


EVERY_ROW = RejectLimit(share=1)
"""What a dry run is read with: it tells of all bad rows, and of the limit that the load has."""


def names(listed: str | None) -> tuple[str, ...]:
    """The names in a list with commas."""
    return tuple(name.strip() for name in listed.split(",")) if listed else ()

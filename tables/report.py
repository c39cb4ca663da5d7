"""Report of a load: rows read, good and refused by reason, what was put right on the way, and the time it took."""

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def counted(count: int, noun: str) -> str:
    """A count with its noun, such as `1 line` and `2,000 lines`; nouns that take an s alone."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


@dataclass
class FileReport:
    """One table of a source, read from one file or several."""

    files: list[Path]
    rows: int
    """Rows read, good and bad; rows that were not asked for do not count."""
    rejected: dict[str, int]
    """Rows refused, by reason."""

    @property
    def good(self) -> int:
        """Rows that went on."""
        return self.rows - sum(self.rejected.values())


@dataclass
class Report:
    """The summary of a load; loaders and derivation add to it as they go."""

    source: str = ""
    reads: dict[str, FileReport] = field(default_factory=dict)
    """What was read, by the table's name: `events`, `properties` …"""
    notes: dict[str, int] = field(default_factory=dict)
    """What was put right or is odd, in words, and how often."""
    remarks: list[str] = field(default_factory=list)
    """What a person should look at, a sentence each."""
    columns: dict[str, str] = field(default_factory=dict)
    """Which column of the file was taken for what, where that was guessed."""
    counts: dict[str, int] = field(default_factory=dict)
    """Rows of the tables that came out."""
    data: dict[str, Any] = field(default_factory=dict)
    """Figures of the data itself, where they were asked for."""
    steps: dict[str, float] = field(default_factory=dict)
    """Seconds of each step."""
    refusals: list[str] | None = None
    """Of a dry run: why the load would be refused; none where it would go through."""
    rejects_file: Path | None = None
    """Where the bad rows stand; none where there was none."""
    started: float = field(default_factory=time.monotonic)
    seconds: float | None = None

    def note(self, words: str, count: int) -> None:
        """Remember that `words` happened `count` times; nothing is noted for 0."""
        if count:
            self.notes[words] = self.notes.get(words, 0) + int(count)

    def remark(self, words: str, count: int) -> None:
        """Note what harms without a word, and so stands among the remarks too."""
        if count:
            self.remarks.append(words)
            self.note(words, count)

    def finish(self) -> None:
        """Stop the clock."""
        self.seconds = time.monotonic() - self.started

    @property
    def rows(self) -> int:
        """Rows read from all files."""
        return sum(read.rows for read in self.reads.values())

    @property
    def files(self) -> list[Path]:
        """All files that were read."""
        return [file for read in self.reads.values() for file in read.files]

    @property
    def rejected(self) -> dict[str, int]:
        """Rows refused from all files, by reason."""
        total: dict[str, int] = {}
        for read in self.reads.values():
            for reason, count in read.rejected.items():
                total[reason] = total.get(reason, 0) + count
        return total

    @property
    def rejects(self) -> "pd.DataFrame":
        """The rejected rows, as the rejects file has them: `file, line, column, value, reason`."""
        import pandas as pd

        from kartograph.tables.rejects import COLUMNS

        if self.rejects_file is None or not self.rejects_file.is_file():
            return pd.DataFrame(columns=list(COLUMNS))
        return pd.read_csv(self.rejects_file, dtype={"column": str, "value": str}, keep_default_na=False)

    @property
    def verdict(self) -> str:
        """Of a dry run: what the load would come to."""
        return "this load would be refused: " + " ".join(self.refusals) if self.refusals else "this would be loaded"

    def in_words(self) -> str:
        """The report for a person, a line for each thing found."""
        lines = [f"{self.source}: {counted(self.rows, 'row')}, {sum(self.rejected.values()):,} of them rejected"]
        lines += [f"  rejected: {reason}: {count:,}" for reason, count in sorted(self.rejected.items())]
        if self.rejects_file is not None:
            lines.append(f"  the rejected rows: {self.rejects_file}")
        lines += [f"  {part}: column {column}" for part, column in self.columns.items()]
        lines += [f"  note: {words}" for words in self.remarks]
        lines += [f"  {words}: {count:,}" for words, count in self.notes.items()]
        lines += [f"  {name}: {value}" for name, value in self.data.items()]
        lines += [f"  {name}: {count:,}" for name, count in self.counts.items()]
        if self.seconds is not None:
            steps = ", ".join(f"{name} {seconds:.1f}" for name, seconds in self.steps.items())
            lines.append(f"  {self.seconds:.1f} s" + (f": {steps}" if steps else ""))
        if self.refusals is not None:
            lines.append(f"  verdict: {self.verdict}")
        return "\n".join(lines)

    def as_dict(self) -> dict[str, Any]:
        """The report for a script: plain values that JSON can hold."""
        return {
            "source": self.source,
            "rows": self.rows,
            "good": self.rows - sum(self.rejected.values()),
            "rejected": self.rejected,
            "reads": {
                name: {
                    "files": [str(file) for file in read.files],
                    "rows": read.rows,
                    "good": read.good,
                    "rejected": read.rejected,
                }
                for name, read in self.reads.items()
            },
            "columns": self.columns,
            "notes": self.notes,
            "remarks": self.remarks,
            "data": self.data,
            "tables": self.counts,
            "verdict": None
            if self.refusals is None
            else {"exit_code": 1 if self.refusals else 0, "refused_because": self.refusals},
            "rejects_file": None if self.rejects_file is None else str(self.rejects_file),
            "steps": self.steps,
            "seconds": None if self.seconds is None else round(self.seconds, 3),
        }

"""The journal of a run: what each step did, kept as a file after every step, so that a killed run goes on.

    <shop's folder>/pipeline/runs/<run>.json     the journal
    <shop's folder>/pipeline/runs/<run>/         what steps left for later ones

The files are what counts: a bulk load makes a new database, into which `record` writes the runs again.
"""

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from kartograph.tables.errors import ServerError
from kartograph.tables.whole import write_whole

Status = Literal["running", "done", "stopped", "failed", "abandoned"]
"""`stopped`: the checks refused what the sources brought. `abandoned`: killed, and never taken up again."""
SUCCESS: tuple[Status, ...] = ("done",)
FAILURE: tuple[Status, ...] = ("stopped", "failed", "abandoned")


@dataclass
class StepRecord:
    """What one step did."""

    state: Literal["running", "done", "failed"] = "running"
    started: int = 0
    """Milliseconds UTC."""
    seconds: float = 0.0
    note: str = ""
    """What it did, in a sentence."""
    figures: dict[str, Any] = field(default_factory=dict)


@dataclass
class Journal:
    """One run."""

    id: str
    shop: str
    key: str
    """Equal for runs of the same declaration on the same files: only such a run is taken up again."""
    started: int
    status: Status = "running"
    finished: int | None = None
    verdict: str = ""
    """What came of it, in a sentence."""
    attempts: int = 1
    """How often it was begun."""
    steps: dict[str, StepRecord] = field(default_factory=dict)
    published: dict[str, Any] | None = None
    """`model, options, version` of what this run has published."""
    board: list[dict[str, Any]] = field(default_factory=list)
    """The leaderboard of the night, a row for each model and part of the cases."""

    def is_done(self, step: str) -> bool:
        """Whether a step has ended."""
        return step in self.steps and self.steps[step].state == "done"

    def figures(self, step: str) -> dict[str, Any]:
        """What a step left for later ones."""
        return self.steps[step].figures if step in self.steps else {}


class Journals:
    """The journals of a shop, below its folder."""

    def __init__(self, folder: Path) -> None:
        """Keep the folder; nothing is created."""
        self.folder = folder

    def write(self, journal: Journal) -> None:
        """Write a journal whole, in place of what it was before."""
        self.folder.mkdir(parents=True, exist_ok=True)
        write_whole(self.folder / f"{journal.id}.json", json.dumps(asdict(journal), indent=1))

    def remove(self, journal: Journal) -> None:
        """Remove a journal and what its steps left."""
        shutil.rmtree(self.work_folder(journal), ignore_errors=True)
        (self.folder / f"{journal.id}.json").unlink(missing_ok=True)

    def all(self) -> list[Journal]:
        """All journals, the earliest first. Raises `ServerError` for a file that is none."""
        return sorted(self._read(), key=lambda journal: (journal.started, journal.id))

    def last(self) -> Journal | None:
        """The latest journal."""
        return next(reversed(self.all()), None)

    def published(self) -> dict[str, Any] | None:
        """What the latest run that published something has published."""
        return next((one.published for one in reversed(self.all()) if one.published), None)

    def last_success(self) -> Journal | None:
        """The latest run that got through."""
        return next((one for one in reversed(self.all()) if one.status in SUCCESS), None)

    def failures_in_a_row(self) -> int:
        """How many of the latest runs failed without one between them that got through."""
        count = 0
        for journal in reversed(self.all()):
            if journal.status in SUCCESS:
                break
            count += journal.status in FAILURE
        return count

    def work_folder(self, journal: Journal) -> Path:
        """The folder for what steps leave for later ones."""
        return self.folder / journal.id

    def _read(self) -> Iterator[Journal]:
        for file in self.folder.glob("*.json"):
            try:
                yield _journal(json.loads(file.read_text("utf-8")))
            except (OSError, ValueError, TypeError) as error:
                raise ServerError(f"{file} is no journal of a run: {error}. Remove it, and run again.") from None


def _journal(content: Mapping[str, Any]) -> Journal:
    steps = {name: StepRecord(**one) for name, one in content["steps"].items()}
    return Journal(**{**content, "steps": steps})

"""The next click of sessions, of two parts that somebody divided: clicks in order, without users and times."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from kartograph.evaluation.cases import asked_items, sequence_cases
from kartograph.evaluation.metrics.beyond import ItemFacts
from kartograph.evaluation.overlap import low_overlap, overlap
from kartograph.evaluation.protocols.base import RankingProtocol
from kartograph.evaluation.protocols.parts import Parts, read_parts
from kartograph.evaluation.tasks import Task
from kartograph.models.columns import ITEM
from kartograph.models.data import TrainingData
from kartograph.tables.contents.sequences import read_sequences
from kartograph.tables.progress import Progress, silent

SESSION = "session_id"


@dataclass(frozen=True)
class NextClicks(RankingProtocol):
    """A test session is one case: see `cases.sequence_cases`."""

    name: ClassVar[str] = "sequences"
    all_prefixes: bool = False
    """Make a case of every prefix, not one of each session."""

    def read(self, data: Any, progress: Progress = silent) -> Parts:
        """Both parts: files as `tables.sequences.read_sequences` takes them, or frames in the order of the clicks."""
        return read_parts(data, read_sequences, read_sequences, (SESSION, ITEM))

    def tasks(self, source: Parts) -> Iterator[Task]:
        """The one task."""
        data = TrainingData.from_table(source.train, SESSION)
        note = low_overlap(overlap("items", asked_items(source.test), data.items))
        cases = sequence_cases(source.test, data.items, self.all_prefixes)
        yield Task(data, cases, ItemFacts.of(data), notes=(note,) if note else ())

    def options(self, k: int) -> dict[str, Any]:
        """The command's options."""
        return {"protocol": self.name, "k": k, "all_prefixes": self.all_prefixes}

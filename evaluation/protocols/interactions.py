"""Held-out items of users, of two parts that somebody divided."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from kartograph.evaluation.cases import interaction_cases
from kartograph.evaluation.metrics.beyond import ItemFacts
from kartograph.evaluation.overlap import low_overlap, overlap
from kartograph.evaluation.protocols.base import RankingProtocol
from kartograph.evaluation.protocols.parts import Parts, read_parts
from kartograph.evaluation.tasks import Task
from kartograph.models.columns import ITEM, USER
from kartograph.models.data import TrainingData
from kartograph.tables.contents.interactions import read_interactions, read_user_items
from kartograph.tables.progress import Progress, silent


@dataclass(frozen=True)
class KeptBackItems(RankingProtocol):
    """A user of the test part is one case: see `cases.interaction_cases`."""

    name: ClassVar[str] = "interactions"
    mask: str = "bought"
    """Training items that are left out of a user's list: `bought`, `seen` or `none`."""

    def read(self, data: Any, progress: Progress = silent) -> Parts:
        """Both parts: files as `tables.interactions` reads them, or frames with `user_id, item_id` and, to learn from,
        `event` and `timestamp` where they are known.
        """
        return read_parts(data, read_interactions, read_user_items, (USER, ITEM))

    def tasks(self, source: Parts) -> Iterator[Task]:
        """The one task."""
        data = TrainingData.from_table(source.train, USER)
        cases = interaction_cases(source.test, data, self.mask)
        note = low_overlap(
            overlap("users", source.test[USER], data.owners), overlap("items", source.test[ITEM], data.items)
        )
        yield Task(data, cases, ItemFacts.of(data), "users", notes=(note,) if note else ())

    def options(self, k: int) -> dict[str, Any]:
        """The command's options."""
        return {"protocol": self.name, "k": k, "mask": self.mask}

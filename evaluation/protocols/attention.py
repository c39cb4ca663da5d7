"""What each part of the attention model is worth: its variants on the same cut, with intervals and paired tests.

Of a file of sessions the latest `sessions` are taken and a tenth of these held out, every prefix of two or more clicks
is a case; of a shop the last days are asked for, as `last-week` does. All items are ranked. The variant `fastrp-gds`
loads the training part into a server of its own and begins with the embeddings that are computed there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd

from kartograph.evaluation.cases import sequence_cases
from kartograph.evaluation.contest import Entrant, Models, names_in
from kartograph.evaluation.metrics.beyond import ItemFacts
from kartograph.evaluation.protocols.base import RankingProtocol
from kartograph.evaluation.protocols.cuts import latest_sessions
from kartograph.evaluation.protocols.session_cuts import SESSION, ClickOptions, LastDays
from kartograph.evaluation.record import sha256
from kartograph.evaluation.shop_tables import ShopTables, holds_sessions, shop_tables
from kartograph.evaluation.tasks import Task
from kartograph.models.data import TrainingData
from kartograph.tables.contents.sequences import read_sequences
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent


@dataclass(frozen=True)
class Clicks:
    """A file of sessions without users and times."""

    name: str
    sums: dict[str, str]
    table: pd.DataFrame


@dataclass(frozen=True)
class AttentionParts(RankingProtocol):
    """The variants of `papers.preaddl.variants`."""

    name: ClassVar[str] = "attention"
    sessions: int = 10_000
    """The latest sessions of a file of sessions."""
    test_days: float = 7
    """Days at the end of a shop's events."""
    item_events: int = 5
    """Clicks that an item of a shop needs in the training part."""

    def entrants(self, models: Models) -> Mapping[str, Entrant]:
        """The variants by name, all where none is named."""
        from kartograph.evaluation.papers.preaddl.variants import VARIANTS, entrant

        names = names_in(models) or list(VARIANTS)
        if wrong := [name for name in names if name not in VARIANTS]:
            raise BadInput(f"There is no variant {wrong[0]!r}. Names are {', '.join(VARIANTS)}.")
        return {name: entrant(name) for name in names}

    def read(self, data: Any, progress: Progress = silent) -> Clicks | ShopTables:
        """A file of sessions, or whatever else holds events."""
        if isinstance(data, str | Path) and Path(data).is_file() and holds_sessions(Path(data)):
            file = Path(data)
            return Clicks(file.name, {"sha256": sha256(file)}, read_sequences(file))
        return shop_tables(data, progress)

    def tasks(self, source: Clicks | ShopTables) -> Iterable[Task]:
        """One cut."""
        if isinstance(source, ShopTables):
            return LastDays(self.test_days, ClickOptions(item_events=self.item_events)).tasks(source)
        codes = pd.factorize(source.table[SESSION])[0]
        late = source.table[codes > codes.max() - self.sessions]
        train, test = latest_sessions(late, min(self.sessions, int(codes.max()) + 1) // 10)
        data = TrainingData.from_table(train, SESSION)
        return [Task(data, sequence_cases(test, data.items, all_prefixes=True, shortest=2), ItemFacts.of(data))]

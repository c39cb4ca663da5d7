"""The protocol of PRE-ADDL: its paper's tables, with the paper's baselines, on data of one's own.

`labels="event"` asks the question of the paper's Table 4, whether an event is a view; `sampled` the honest one, whether
a visitor has an event on an item or it was sampled.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from kartograph.evaluation.contest import Contest, Entrant, Models, names_in
from kartograph.evaluation.protocols.base import Protocol, Results
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent

CHOICES = {
    "labels": ("sampled", "event"),
    "split": ("time", "random"),
    "positive": ("any", "cart", "buy"),
    "negatives": ("uniform", "popularity", "hard"),
    "pairing": ("visitor", "moment", "none"),
    "loss": ("bce", "weighted", "focal"),
}
"""Allowed values, by option."""


@dataclass(frozen=True)
class PreaddlTables(Protocol):
    """Labelled pairs with numeric features, divided 80 to 20, and the paper's baselines on the same pairs."""

    name: ClassVar[str] = "preaddl"
    labels: str = "sampled"
    """What is asked: `sampled`, event against sampled item, or `event`, view against other events."""
    split: str = "time"
    """`time`, or `random`, which leaks and is named so."""
    positive: str = "any"
    negatives: str = "uniform"
    per_positive: int = 1
    pairing: str = "visitor"
    """What a sampled item shares with positives: the visitor, the visitor's moment too, or none."""
    balanced: bool = False
    """With the labels `event`, whether models learn as many views as other events."""
    loss: str = "bce"
    """Of PRE-ADDL."""
    features: bool = True
    """Whether pairs have numeric features."""
    epochs: int = 5
    """Of PRE-ADDL."""
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse values that are not allowed."""
        for option, allowed in CHOICES.items():
            if getattr(self, option) not in allowed:
                raise BadInput(f"{option} is {getattr(self, option)!r}. Allowed are {', '.join(allowed)}.")

    @property
    def record_name(self) -> str:
        """Whether the division leaks stands in it."""
        asked = "preaddl-event" if self.labels == "event" else "preaddl"
        return f"{asked}-time" if self.split == "time" else f"{asked}-random-leaking"

    def entrants(self, models: Models) -> Mapping[str, Entrant]:
        """The paper's models of pairs by name, all where none is named."""
        from kartograph.evaluation.papers.preaddl.compare import names_for

        known = names_for(self.labels)
        names = names_in(models) or list(known)
        if wrong := [name for name in names if name not in known]:
            raise BadInput(f"There is no model {wrong[0]!r} of pairs. Names are {', '.join(known)}.")
        return {name: Entrant(name, "any", _no_recommender) for name in names}

    def read(self, data: Any, progress: Progress = silent) -> Any:
        """The events of a file or folder: see `papers.preaddl.shop.read_shop`."""
        from kartograph.evaluation.papers.preaddl.shop import read_shop

        if not isinstance(data, str | Path):
            raise BadInput(f"The protocol preaddl takes a file or a folder, not {type(data).__name__}.")
        return Path(data), read_shop(Path(data), progress)

    def label(self, data: Any, source: Any) -> str:
        """The file's or folder's name."""
        return source[0].absolute().name

    def sums(self, source: Any) -> dict[str, str]:
        """Of the file or folder."""
        from kartograph.evaluation.record import sha256

        return {"sha256": sha256(source[0])}

    def options(self, k: int) -> dict[str, Any]:
        """Those of the pairs and of PRE-ADDL."""
        return {"pairs": asdict(self._pairs()), "preaddl": asdict(self._paper())}

    def measure(self, source: Any, contest: Contest, k: int, progress: Progress = silent) -> Results:
        """Fit the models and compare their calls."""
        from kartograph.evaluation.papers.preaddl import compare, tables
        from kartograph.models.preaddl.baselines import BaselineOptions
        from kartograph.models.preaddl.bert import BertOptions
        from kartograph.models.preaddl.pairs import without_features
        from kartograph.models.preaddl.preparation import prepare
        from kartograph.models.preaddl.training import Training

        _, shop = source
        prepared = prepare(shop, self._pairs(), progress)
        _refuse_one_answer(prepared)
        prepared = prepared if self.features else without_features(prepared)
        graph = compare.GraphOptions(training=Training(epochs=6, learning_rate=2e-3, patience=0, seed=self.seed))
        options = (self._paper(), graph, BaselineOptions(seed=self.seed), BertOptions(seed=self.seed), progress)
        compared = {}
        for name in contest.running:
            compared |= contest.guarded(name, partial(compare.compare, prepared, (name,), *options)) or {}
        contest.require_any()
        return Results(tables.as_record(compared, prepared), details=(shop, prepared, compared))

    def _pairs(self) -> Any:
        from kartograph.models.preaddl.pairs import PairOptions
        from kartograph.models.preaddl.paper.variants import RECENT

        return PairOptions(
            self.labels,  # pyright: ignore[reportArgumentType]
            self.positive,  # pyright: ignore[reportArgumentType]
            self.negatives,  # pyright: ignore[reportArgumentType]
            self.per_positive,
            self.pairing,  # pyright: ignore[reportArgumentType]
            self.balanced,
            self.split,  # pyright: ignore[reportArgumentType]
            recent=RECENT,
            seed=self.seed,
        )

    def _paper(self) -> Any:
        from kartograph.models.preaddl.paper.model import PaperOptions
        from kartograph.models.preaddl.paper.variants import training_of

        training = training_of(self.seed, self.epochs)
        return PaperOptions(pairs=self._pairs(), training=training, loss=self.loss)  # pyright: ignore[reportArgumentType]


def _refuse_one_answer(prepared: Any) -> None:
    """Raise `BadInput` where a part has pairs of one answer only: its visitors have seen every item."""
    for part, pairs in (("training", prepared.train), ("test", prepared.test)):
        yes = int(pairs.labels.sum())
        if yes in (0, len(pairs)):
            raise BadInput(
                f"Of {len(pairs):,} pairs of the {part} part {yes:,} are positive: there is nothing to classify. "
                f"Visitors with events on all of the {len(prepared.items):,} items leave no negative to sample; give "
                "more data."
            )


def _no_recommender(seed: int) -> Any:
    raise BadInput("Models of pairs are made by the protocol.")

"""The leaderboard of one shop: which model is best, for whom, at what cost, and how that changed over the runs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from kartograph.evaluation.report import numbers

SHOWN_RUNS = 14
"""Runs in the table over time, the latest ones."""
COSTS = {
    "fit_s": ("fit", numbers.seconds),
    "ms_p50": ("an answer, ms", numbers.milliseconds),
    "peak_mib": ("memory, MiB", numbers.count),
    "coverage": ("catalogue shown, %", numbers.percent),
}
"""What a model costs, by its key: the heading and how it is written."""


@dataclass(frozen=True)
class Night:
    """One run of the pipeline."""

    began: str
    status: str
    verdict: str
    rows: Sequence[dict[str, Any]]
    """`model, part, cases, measure, value`, and the costs where the part is `all`; none where nothing was measured."""


@dataclass(frozen=True)
class ShopBoard:
    """What the runs of a shop's pipeline came to, the earliest first; one of them at least."""

    shop: str
    nights: Sequence[Night] = field(repr=False)

    @property
    def latest(self) -> Night | None:
        """The latest run that has measured something."""
        return next((night for night in reversed(self.nights) if night.rows), None)

    @property
    def measure(self) -> str:
        """The measure of the latest run."""
        return self.latest.rows[0]["measure"] if self.latest else ""

    @property
    def models(self) -> list[str]:
        """The models of the latest run, the best first."""
        whole = [row for row in self.latest.rows if row["part"] == "all"] if self.latest else []
        return [row["model"] for row in sorted(whole, key=lambda row: (-row["value"], row["model"]))]

    @property
    def parts(self) -> list[tuple[str, int]]:
        """The parts of the cases in the latest run, each with its number of cases."""
        rows = self.latest.rows if self.latest else []
        return list({row["part"]: row["cases"] for row in rows}.items())

    @property
    def headings(self) -> list[str]:
        """The headings of the parts, with their cases."""
        return [f"{part} ({numbers.count(cases)})" for part, cases in self.parts]

    @property
    def by_part(self) -> list[list[str]]:
        """A row for each model: its name, then the measure on each part, a star beside the best."""
        rows = self.latest.rows if self.latest else []
        values = {(row["model"], row["part"]): row["value"] for row in rows}
        best = {part: max(values[model, part] for model in self.models) for part, _ in self.parts}

        def cell(model: str, part: str) -> str:
            value = values[model, part]
            return numbers.percent(value) + (" *" if value == best[part] and value > 0 else "")

        return [[model, *(cell(model, part) for part, _ in self.parts)] for model in self.models]

    @property
    def best_of_part(self) -> list[tuple[str, str]]:
        """Each part with the model that is best on it."""
        rows = self.latest.rows if self.latest else []
        candidates = []
        for part, _ in self.parts[1:]:
            best = max((row for row in rows if row["part"] == part), key=lambda row: row["value"])
            candidates.append((part, best["model"]))
        return candidates

    @property
    def cost_headings(self) -> list[str]:
        """The headings of `costs`."""
        return ["Model", *(heading for heading, _ in COSTS.values())]

    @property
    def costs(self) -> list[list[str]]:
        """A row for each model: its name, then what it costs."""
        rows = {row["model"]: row for row in self.latest.rows if row["part"] == "all"} if self.latest else {}
        return [[model, *(write(rows[model][cost]) for cost, (_, write) in COSTS.items())] for model in self.models]

    @property
    def over_time(self) -> list[list[str]]:
        """A row for each of the last runs, the latest first: when, the measure of each model, what came of it."""
        return [
            [night.began, *(self._value(night, model) for model in self.models), f"{night.status}: {night.verdict}"]
            for night in reversed(self.nights[-SHOWN_RUNS:])
        ]

    def _value(self, night: Night, model: str) -> str:
        values = [
            row["value"]
            for row in night.rows
            if (row["model"], row["part"], row["measure"]) == (model, "all", self.measure)
        ]
        return numbers.percent(values[0]) if values else numbers.MISSING

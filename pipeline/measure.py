"""What recipes reach on the last days of the shop's own events, and for whom.

Each recipe is fitted anew on the events before these days and asked for the next events of the sessions in them: the
protocol `last-week`. What it reached is kept in two files, so that a killed run measures only what is missing:

    FOLDER/<recipe>.json       the record of the evaluation
    FOLDER/<recipe>.parquet    a row for each case: `unit, served, new_user, length, tail` and the measures
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kartograph.evaluation.protocols.session_cuts import SESSION, ClickOptions, LastDays
from kartograph.evaluation.record import write_record
from kartograph.evaluation.runner import Evaluation, evaluate
from kartograph.evaluation.shop_tables import ShopTables
from kartograph.models.columns import USER
from kartograph.models.data import NONE
from kartograph.pipeline.declaration import Gate
from kartograph.pipeline.gate import Measured
from kartograph.pipeline.recipes import Recipe
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent
from kartograph.tables.whole import whole_file

SHORT = 2
"""Events before the answer, up to which a session is short."""
HEAD = 0.2
"""Share of the items, the most popular ones, that are the head; all others are the tail."""
PARTS = ("all", "known users", "new users", "short sessions", "long sessions", "head items", "tail items")
"""The parts of the cases in a leaderboard."""


@dataclass(frozen=True)
class Kept:
    """What one recipe reached."""

    recipe: Recipe
    record: dict[str, Any]
    cases: pd.DataFrame

    def measured(self, gate: Gate) -> Measured:
        """The figures that the gate compares."""
        figures = self.record["figures"][self.recipe.model]
        return Measured(
            self.cases.groupby("unit", sort=True)[gate.measured].sum().to_numpy(dtype=float),
            self.cases["served"].to_numpy(),
            float(figures[f"Coverage@{gate.k}"]),
            float(figures.get(f"Popularity@{gate.k}", 0.0)),
        )

    def board(self, gate: Gate) -> list[dict[str, Any]]:
        """A row of the leaderboard for each part of the cases that has any."""
        cases, timings = self.cases, self.record["timings"][self.recipe.model]
        parts = {
            "all": np.ones(len(cases), dtype=bool),
            "known users": ~cases["new_user"],
            "new users": cases["new_user"],
            "short sessions": cases["length"] <= SHORT,
            "long sessions": cases["length"] > SHORT,
            "head items": ~cases["tail"],
            "tail items": cases["tail"],
        }
        cost = {name: timings[name] for name in ("fit_s", "ms_p50", "peak_mib")}
        cost["coverage"] = self.record["figures"][self.recipe.model][f"Coverage@{gate.k}"]
        return [
            {
                "model": str(self.recipe),
                "part": name,
                "cases": int(there.sum()),
                "measure": gate.measured,
                "value": float(cases.loc[there, gate.measured].mean()),
            }
            | (cost if name == "all" else {})
            for name, there in parts.items()
            if there.any()
        ]


def protocol_of(gate: Gate) -> LastDays:
    """The protocol with what the gate declares."""
    return LastDays(gate.days, ClickOptions(None if gate.event == "all" else gate.event, gate.item_events))


def users_asked(tables: ShopTables, gate: Gate) -> tuple[int, str]:
    """How many users there are in the measured days, and why nothing can be measured where there are none."""
    try:
        split = next(protocol_of(gate).splits(tables.events))
    except BadInput as error:
        return 0, str(error)
    return int(split.test[USER].fillna(split.test[SESSION]).nunique()), ""


def measure(
    tables: ShopTables, recipe: Recipe, gate: Gate, seed: int, folder: Path, progress: Progress = silent
) -> Kept:
    """Measure a recipe, or open what a former call has kept.

    Raises `BadInput` where the model fails on these data.
    """
    record_file, cases_file = _files(recipe, folder)
    if not record_file.is_file():
        evaluation = evaluate(tables, {recipe.model: recipe.make(seed)}, protocol_of(gate), gate.k, progress=progress)
        folder.mkdir(parents=True, exist_ok=True)
        with whole_file(cases_file) as file:
            _cases(evaluation, recipe.model, tables).to_parquet(file, index=False)
        write_record(record_file, evaluation.record)  # the last: where it is, the cases are
    return open_kept(recipe, folder)


def open_kept(recipe: Recipe, folder: Path) -> Kept:
    """What `measure` has kept of a recipe."""
    record_file, cases_file = _files(recipe, folder)
    return Kept(recipe, json.loads(record_file.read_text("utf-8")), pd.read_parquet(cases_file))


def _files(recipe: Recipe, folder: Path) -> tuple[Path, Path]:
    name = f"{recipe.model}-{hashlib.sha256(recipe.key.encode()).hexdigest()[:8]}"
    return folder / f"{name}.json", folder / f"{name}.parquet"


def _cases(evaluation: Evaluation, model: str, tables: ShopTables) -> pd.DataFrame:
    """The measures of every case with what the case is like; of several answers the most popular one counts."""
    task, outcome = evaluation.results.tasks[0], evaluation.results.outcomes[model][0]
    table = evaluation.cases
    assert table is not None  # a protocol that ranks has cases
    sessions = table["case"].str.rpartition(":")
    cut = (
        int(tables.events["timestamp"].max())
        + 1
        - int(evaluation.record["options"]["division"]["test_days"] * 86_400_000)
    )
    events = tables.events.assign(**{USER: tables.events[USER].fillna(tables.events[SESSION])})
    user_of = events.drop_duplicates(SESSION).set_index(SESSION)[USER]
    users = sessions[0].map(user_of)
    known = set(events.loc[events["timestamp"] < cut, USER])
    truth, popularity = task.cases.truth, task.facts.events
    answered = np.where(truth.items == NONE, 0, popularity[truth.items])
    most = np.maximum.reduceat(answered, truth.offsets[:-1])
    head = np.sort(popularity)[::-1][: max(1, int(HEAD * len(popularity)))].min()
    kept = table.drop(columns=["model", "task", "case", "unit"])
    return kept.assign(
        unit=users.to_numpy(dtype=str),
        served=~outcome.top.unserved,
        new_user=~users.isin(known).to_numpy(),
        length=sessions[2].astype(int).to_numpy(),
        tail=most < head,
    )

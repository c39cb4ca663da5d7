"""The experiments of a shop as they stand, for the command and the report."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import pandas as pd

from kartograph import queries
from kartograph.evaluation.report import numbers
from kartograph.evaluation.report.exposure_tables import ShownTable
from kartograph.evaluation.statistics.arms import Arm, Comparison, compared
from kartograph.graph.connection import Graph
from kartograph.tables.errors import NothingThere

DID = {"clicked": "clickers", "bought": "buyers"}
"""The count of an arm by the measure that decides."""


@dataclass(frozen=True)
class Experiment:
    """An experiment and what it has come to."""

    name: str
    measure: str
    """`clicked` or `bought`: the share of users who did so decides."""
    planned: int
    """Users of each arm at which it is decided."""
    comparison: Comparison


def experiments_of(graph: Graph) -> list[Experiment]:
    """All experiments of a graph, the latest first."""
    rows = graph.query(queries.load("exposures/experiments")).to_dict("records")
    experiments = []
    for name, grouped in groupby(rows, lambda row: str(row["experiment"])):
        arms = list(grouped)
        measure, planned = str(arms[0]["measure"]), int(arms[0]["planned"])
        counted = [Arm(row["arm"], row["share"], int(row["users"]), int(row[DID[measure]])) for row in arms]
        experiments.append(Experiment(name, measure, planned, compared(counted, planned)))
    return experiments


def named(experiments: Sequence[Experiment], name: str | None) -> Experiment:
    """The experiment of a name, the first without one. Raises `NothingThere` where there is none."""
    if not experiments:
        raise NothingThere("no experiment has run: name one in [experiment] of serve.toml and serve with --config")
    chosen = next((one for one in experiments if name in (None, one.name)), None)
    if chosen is None:
        raise NothingThere(f'no experiment "{name}" has run; there are {", ".join(one.name for one in experiments)}')
    return chosen


def compared_arms(experiment: Experiment) -> pd.DataFrame:
    """A row for each arm, as it is shown."""
    rows = [
        {
            "Arm": arm.name,
            "Users": numbers.count(arm.users),
            f"{experiment.measure.capitalize()}": numbers.count(arm.did),
            "Share, %": _percent(arm.rate),
            "95 % interval": f"{_percent(arm.low)}–{_percent(arm.high)}" if arm.users else numbers.MISSING,
            "Lift, %": _percent(arm.lift),
            "p": numbers.MISSING if arm.p is None else f"{arm.p:.2g}",
        }
        for arm in experiment.comparison.arms
    ]
    return pd.DataFrame(rows)


def experiment_tables(graph: Graph) -> list[ShownTable]:
    """A table for each experiment of a graph, titled by what it has come to."""
    tables = []
    for one in experiments_of(graph):
        frame, p = compared_arms(one), one.comparison.split_p
        split = "" if p is None else f" (p of the split {p:.2g})"
        title = f"Experiment {one.name}: {one.comparison.verdict}{split}"
        tables.append(ShownTable(title, list(frame.columns), frame.to_numpy().tolist()))
    return tables


def _percent(share: float | None) -> str:
    return numbers.MISSING if share is None else numbers.percent(share)

"""What the answers of several models say together: means, intervals, differences, and where each is good."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float
from numpy import ndarray

from kartograph.evaluation.measuring import Outcome
from kartograph.evaluation.metrics.breakdown import LENGTHS, POPULARITIES, found_answers, parts
from kartograph.evaluation.statistics.intervals import UnitSums, bootstrap
from kartograph.evaluation.statistics.significance import compare
from kartograph.evaluation.tasks import Task

ADDED = ("cases", "unserved")
"""Figures that are counts: of several parts they are added up, all others averaged."""


def compare_models(tasks: Sequence[Task], outcomes: Mapping[str, Sequence[Outcome]], seed: int) -> dict[str, Any]:
    """The parts of a record that follow from the answers.

    `figures`, `intervals` (95 %, bootstrap over sessions or users), `significance` (between all models, for each
    accuracy measure), `by_length` and `by_popularity`; with several tasks also `splits`, the figures of each. Every
    task weighs the same in means, intervals and tests, whatever its number of cases. `outcomes` has one outcome a task
    for each model.
    """
    k = next(iter(outcomes.values()))[0].top.items.shape[1]
    columns = {name: _columns(parts_of, k) for name, parts_of in outcomes.items()}
    measures = list(next(iter(columns.values())))
    units, weights = _units(tasks)
    values = np.column_stack([columns[name][measure] for name in outcomes for measure in measures])
    sums = UnitSums.of(values, units, weights)
    low, high = (ends.reshape(len(outcomes), len(measures)).tolist() for ends in bootstrap(sums, seed))
    by_model = sums.sums.reshape(-1, len(outcomes), len(measures))
    lengths = np.concatenate([task.cases.queries.lengths for task in tasks])
    results: dict[str, Any] = {
        "figures": {name: _mean_figures(parts_of) for name, parts_of in outcomes.items()},
        "intervals": {
            name: {measure: [low[row][position], high[row][position]] for position, measure in enumerate(measures)}
            for row, name in enumerate(outcomes)
        },
        "significance": {
            measure: compare({name: by_model[:, row, position] for row, name in enumerate(outcomes)})
            for position, measure in enumerate(measures)
        },
        "by_length": {name: parts(columns[name], lengths, LENGTHS) for name in outcomes},
        "by_popularity": {name: _by_popularity(tasks, parts_of) for name, parts_of in outcomes.items()},
    }
    if len(tasks) > 1:
        results["splits"] = {name: [outcome.figures for outcome in parts_of] for name, parts_of in outcomes.items()}
    return results


def case_table(tasks: Sequence[Task], outcomes: Mapping[str, Sequence[Outcome]]) -> pd.DataFrame:
    """The measures of every case: `model, task, case, unit` (its session or user) and a column for each measure.

    With it models of different runs on the same data can be compared in pairs.
    """
    tables = []
    for name, parts_of in outcomes.items():
        for number, (task, outcome) in enumerate(zip(tasks, parts_of, strict=True)):
            units = np.arange(len(task.cases)) if task.cases.units is None else task.cases.units
            columns = outcome.cases.columns(outcome.top.items.shape[1])
            named = {"model": name, "task": number, "case": task.cases.ids, "unit": units}
            tables.append(pd.DataFrame(named | {key: value.astype(np.float32) for key, value in columns.items()}))
    return pd.concat(tables, ignore_index=True)


def mean_timings(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """The timings of one model over its tasks: means, and the highest peak of memory."""
    listed = [vars(outcome.timings) for outcome in outcomes]
    means = {name: float(np.mean([timings[name] for timings in listed])) for name in listed[0]}
    return means | {"peak_mib": max(timings["peak_mib"] for timings in listed)}


def _columns(outcomes: Sequence[Outcome], k: int) -> dict[str, Float[ndarray, " cases"]]:
    each = [outcome.cases.columns(k) for outcome in outcomes]
    return {measure: np.concatenate([columns[measure] for columns in each]) for measure in each[0]}


def _units(tasks: Sequence[Task]) -> tuple[ndarray, ndarray]:
    """Numbers of the units, different in each task, and a weight for each case that makes tasks count alike."""
    numbers, weights, used = [], [], 0
    for task in tasks:
        size = len(task.cases)
        units = np.arange(size) if task.cases.units is None else task.cases.units
        numbers.append(used + units)
        weights.append(np.full(size, 1.0 if len(tasks) == 1 else 1 / size))
        used += int(units.max()) + 1
    return np.concatenate(numbers), np.concatenate(weights)


def _by_popularity(tasks: Sequence[Task], outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    each = [
        found_answers(outcome.top, task.cases.truth, task.facts.events)
        for task, outcome in zip(tasks, outcomes, strict=True)
    ]
    measures = {name: np.concatenate([found[name] for found, _ in each]) for name in each[0][0]}
    return parts(measures, np.concatenate([popularity for _, popularity in each]), POPULARITIES)


def _mean_figures(outcomes: Sequence[Outcome]) -> dict[str, float | int]:
    """Means over the tasks in which a figure is defined; figures that are defined in none are left out."""
    means: dict[str, float | int] = {}
    for name in dict.fromkeys(name for outcome in outcomes for name in outcome.figures):
        values = [value for outcome in outcomes if (value := outcome.figures.get(name)) is not None]
        if name in ADDED:
            means[name] = int(sum(values))
        elif values:
            means[name] = float(np.mean(values))
    return means

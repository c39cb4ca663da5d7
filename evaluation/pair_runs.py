"""What do recommenders reach under the protocols of labelled pairs: PRE-ADDL's division, MCPRHRec's folds?

A recommender tells pairs apart by `pair_scores`, with the threshold that is right most often on the validation pairs.
`always-yes` is a row of every table.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from kartograph.evaluation.cases import Cases, interaction_cases
from kartograph.evaluation.metrics.beyond import ItemFacts
from kartograph.evaluation.pair_scores import pair_scores
from kartograph.evaluation.protocols.pair_split import PairSplit
from kartograph.evaluation.protocols.pairs import PairFigures, Pairs, always_yes, best_threshold, pair_figures
from kartograph.evaluation.protocols.user_folds import UserFold
from kartograph.evaluation.runner import Outcome, measure
from kartograph.evaluation.shop_tables import ShopTables
from kartograph.evaluation.statistics.comparison import Task, judge, mean_timings
from kartograph.models.base import NONE, USER, Recommender, TrainingData
from kartograph.tables.progress import Progress, silent

ALWAYS_YES = "always-yes"
CONFUSION = ("true_positives", "false_positives", "true_negatives", "false_negatives")


def run_folds(
    tables: ShopTables,
    folds: Iterable[UserFold],
    models: Mapping[str, Recommender],
    k: int,
    seed: int,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Pairs and full rankings of every fold; figures are means over the folds, `cold` tells new users from warm ones.

    Bought items are left out of the lists.
    """
    tasks: list[Task] = []
    outcomes: dict[str, list[Outcome]] = {name: [] for name in models}
    told: dict[str, list[PairFigures]] = {ALWAYS_YES: [], **{name: [] for name in models}}
    for fold in folds:
        data = tables.training(fold.train, USER)
        task = Task(data, _user_cases(fold, data), ItemFacts.of(data))
        tasks.append(task)
        told[ALWAYS_YES].append(always_yes(fold.test.labels))
        for name, model in models.items():
            progress(f"Measuring {name}, fold {fold.number + 1}")
            outcomes[name].append(measure(model, data, task.cases, k, progress, task.facts))
            told[name].append(judged_pairs(model, data, fold.validation, fold.test))
            model.close()
    judged = judge(tasks, outcomes, seed)
    for name, found in told.items():
        judged["figures"].setdefault(name, {})
        judged["figures"][name] = mean_pair_figures(found) | judged["figures"][name]
    return judged | {
        "confusion": {name: confusion(found) for name, found in told.items()},
        "cold": {name: _warm_and_new(tasks, found, k) for name, found in outcomes.items()},
        "timings": {name: mean_timings(found) for name, found in outcomes.items()},
    }


def run_pairs(
    tables: ShopTables, split: PairSplit, models: Mapping[str, Recommender], progress: Progress = silent
) -> dict[str, Any]:
    """The pairs of one division: figures of all, and in `cold` those of users without a training event and others."""
    before = None if split.name.endswith("leaking") else int(split.train["timestamp"].max()) + 1
    data = tables.training(split.train, USER, before)
    figures = {ALWAYS_YES: always_yes(split.test.labels)}
    cold: dict[str, dict[str, Any]] = {}
    for name, model in models.items():
        progress(f"Measuring {name}")
        model.fit(data, progress)
        scores, threshold = pair_scores(model, data, split.test), _threshold(model, data, split.validation)
        model.close()
        figures[name] = pair_figures(scores, split.test.labels, threshold)
        cold[name] = {
            kind: {"served": float(np.isfinite(scores[chosen]).mean())}
            | mean_pair_figures([pair_figures(scores[chosen], split.test.labels[chosen], threshold)])
            for kind, chosen in (("warm users", ~split.cold), ("new users", split.cold))
            if chosen.any()
        }
    return {
        "figures": {name: mean_pair_figures([found]) for name, found in figures.items()},
        "confusion": {name: confusion([found]) for name, found in figures.items()},
        "cold": cold,
    }


def judged_pairs(model: Recommender, data: TrainingData, validation: Pairs, test: Pairs) -> PairFigures:
    """The figures of a fitted model on test pairs, with the threshold of the validation pairs."""
    return pair_figures(pair_scores(model, data, test), test.labels, _threshold(model, data, validation))


def mean_pair_figures(found: Sequence[PairFigures]) -> dict[str, float | int]:
    """Means over folds, by the names that records have; `pairs` are added up, an AUC that is not defined left out."""
    areas = [figures.auc for figures in found if figures.auc is not None]
    return {
        "accuracy": float(np.mean([figures.accuracy for figures in found])),
        "precision": float(np.mean([figures.precision for figures in found])),
        "recall": float(np.mean([figures.recall for figures in found])),
        "F1": float(np.mean([figures.f1 for figures in found])),
        "pairs": sum(confusion(found).values()),
    } | ({"AUC": float(np.mean(areas))} if areas else {})


def confusion(found: Sequence[PairFigures]) -> dict[str, int]:
    """The confusion matrices of all folds added up."""
    return {name: sum(getattr(figures, name) for figures in found) for name in CONFUSION}


def _threshold(model: Recommender, data: TrainingData, validation: Pairs) -> float:
    return best_threshold(pair_scores(model, data, validation), validation.labels)


def _user_cases(fold: UserFold, data: TrainingData) -> Cases:
    return interaction_cases(fold.wanted, data, "bought", all_new=True)


def _warm_and_new(tasks: Sequence[Task], outcomes: Sequence[Outcome], k: int) -> dict[str, dict[str, Any]]:
    """HR, NDCG and the share of served cases, for users with a history and without."""
    parts = []
    for task, outcome in zip(tasks, outcomes, strict=True):
        columns = outcome.cases.columns(k)
        parts.append(
            pd.DataFrame(
                {
                    "new": task.cases.owners == NONE,
                    "served": ~outcome.top.unserved,
                    f"HR@{k}": columns[f"HR@{k}"],
                    f"NDCG@{k}": columns[f"NDCG@{k}"],
                }
            )
        )
    cases = pd.concat(parts)
    found = {}
    for kind, chosen in (("warm users", cases[~cases["new"]]), ("new users", cases[cases["new"]])):
        if len(chosen):
            means = chosen.drop(columns="new").mean().to_dict()
            found[kind] = {name: float(value) for name, value in means.items()} | {"cases": len(chosen)}
    return found

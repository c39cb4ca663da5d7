"""What recommenders come to on labelled pairs: PRE-ADDL's division, MCPRHRec's folds.

A recommender tells pairs apart by `pair_scores`, with the threshold that is right most often on the validation pairs.
`always-yes` is a row of every table.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kartograph.evaluation.measuring import Outcome
from kartograph.evaluation.pairs.pair_scores import pair_scores
from kartograph.evaluation.pairs.pairs import PairFigures, Pairs, best_threshold, pair_figures
from kartograph.evaluation.tasks import Task
from kartograph.models.array_model import ArrayModel
from kartograph.models.data import NONE, TrainingData

ALWAYS_YES = "always-yes"
CONFUSION = ("true_positives", "false_positives", "true_negatives", "false_negatives")


def pair_results(model: ArrayModel, data: TrainingData, validation: Pairs, test: Pairs) -> PairFigures:
    """The figures of a fitted model on test pairs, with the threshold of the validation pairs."""
    return pair_figures(pair_scores(model, data, test), test.labels, threshold_of(model, data, validation))


def mean_pair_figures(folds: Sequence[PairFigures]) -> dict[str, float | int]:
    """Means over folds, by the names that records have; `pairs` are added up, an AUC that is not defined left out."""
    areas = [figures.auc for figures in folds if figures.auc is not None]
    return {
        "accuracy": float(np.mean([figures.accuracy for figures in folds])),
        "precision": float(np.mean([figures.precision for figures in folds])),
        "recall": float(np.mean([figures.recall for figures in folds])),
        "F1": float(np.mean([figures.f1 for figures in folds])),
        "pairs": sum(confusion(folds).values()),
    } | ({"AUC": float(np.mean(areas))} if areas else {})


def confusion(folds: Sequence[PairFigures]) -> dict[str, int]:
    """The confusion matrices of all folds added up."""
    return {name: sum(getattr(figures, name) for figures in folds) for name in CONFUSION}


def share_of_positives(folds: Sequence[PairFigures]) -> float:
    """The share of positive pairs in all folds together: the accuracy of calling every pair positive."""
    counts = confusion(folds)
    return (counts["true_positives"] + counts["false_negatives"]) / max(sum(counts.values()), 1)


def threshold_of(model: ArrayModel, data: TrainingData, validation: Pairs) -> float:
    """The threshold that is right most often on the validation pairs."""
    return best_threshold(pair_scores(model, data, validation), validation.labels)


def warm_and_new(tasks: Sequence[Task], outcomes: Sequence[Outcome], k: int) -> dict[str, dict[str, Any]]:
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
    figures = {}
    for kind, chosen in (("warm users", cases[~cases["new"]]), ("new users", cases[cases["new"]])):
        if len(chosen):
            means = chosen.drop(columns="new").mean().to_dict()
            figures[kind] = {name: float(value) for name, value in means.items()} | {"cases": len(chosen)}
    return figures

"""Tells pairs of user and item that belong together from pairs that do not.

    figures = pair_figures(scores, pairs.labels, best_threshold(validation_scores, validation.labels))

A pair is called positive where its score is at least the threshold. With TP, FP, TN, FN the pairs called right and
wrong:

    accuracy  = (TP + TN) / all         precision = TP / (TP + FP)
    recall    = TP / (TP + FN)          F1        = 2 TP / (2 TP + FP + FN)

and AUC the share of (positive, negative) couples in which the positive has the higher score, ties counted half. The
first four depend on the share of positives: `always_yes` has recall 1 and F1 = 2p / (1 + p) at a share of p, which is
why it is a row of every table of this kind.
"""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray
from sklearn.metrics import roc_auc_score

from kartograph.tables.errors import BadInput


@dataclass(frozen=True)
class Pairs:
    """Pairs of a user and an item, by their external ids."""

    users: ndarray
    """(pairs,) user ids."""
    items: ndarray
    """(pairs,) item ids."""
    labels: Bool[ndarray, " pairs"]
    """Whether the pair is a positive one."""

    def __len__(self) -> int:
        """How many pairs there are."""
        return len(self.labels)

    def select(self, chosen: ndarray) -> "Pairs":
        """The pairs at these places, or where this mask is true."""
        return Pairs(self.users[chosen], self.items[chosen], self.labels[chosen])


@dataclass(frozen=True)
class PairFigures:
    """The four figures, the area under the ROC curve, and the confusion matrix."""

    accuracy: float
    precision: float
    """0 where nothing is called positive."""
    recall: float
    f1: float
    auc: float | None
    """None where the pairs are all positive or all negative: then it is not defined."""
    true_positives: int
    false_positives: int
    true_negatives: int
    false_negatives: int
    threshold: float | None
    """Scores from here on are called positive; None for `always_yes`, which has no scores."""

    def as_record(self) -> dict[str, Any]:
        """The figures by name, as JSON takes them."""
        return asdict(self)


def pair_figures(
    scores: Float[ndarray, " scores"], labels: Bool[ndarray, " labels"], threshold: float = 0.5
) -> PairFigures:
    """The figures of scores, larger for pairs that rather belong together; -inf for a pair that cannot be scored.

    Take the threshold from other pairs (`best_threshold`), never from these: chosen here it would fit their labels.
    Raises `BadInput` where there are no pairs, as many scores as labels are not given, or a score is not a number.
    """
    scores, labels = _checked(scores, labels)
    both = labels.any() and not labels.all()
    # sklearn takes no infinite scores; ranks give the same area.
    ranks = np.unique(scores, return_inverse=True)[1]
    auc = float(roc_auc_score(labels, ranks)) if both else None
    return _figures(scores >= threshold, labels, auc, threshold)


def always_yes(labels: Bool[ndarray, " pairs"]) -> PairFigures:
    """The figures of calling every pair positive; the AUC of a constant is one half."""
    labels = np.asarray(labels, dtype=bool)
    both = labels.any() and not labels.all()
    return _figures(np.ones(len(labels), dtype=bool), labels, 0.5 if both else None, None)


def best_threshold(scores: Float[ndarray, " pairs"], labels: Bool[ndarray, " pairs"]) -> float:
    """The score from which on calling pairs positive gives the highest accuracy on these (validation) pairs.

    Of several equally good ones the highest. It is one of the scores, or infinity where calling nothing positive is
    best. Raises `BadInput` as `pair_figures` does.
    """
    scores, labels = _checked(scores, labels)
    order = np.argsort(-scores, kind="stable")
    ranked, right = scores[order], labels[order]
    # Calling the first n positive is right for the positives among them and the negatives after them.
    correct = np.cumsum(right) + (~right).sum() - np.cumsum(~right)
    ends = np.r_[ranked[1:] != ranked[:-1], True] & (ranked > -np.inf)
    if not ends.any() or correct[ends].max() < (~right).sum():
        return float("inf")
    places = np.flatnonzero(ends)
    return float(ranked[places[correct[places].argmax()]])


def _checked(scores: ndarray, labels: ndarray) -> tuple[ndarray, ndarray]:
    scores, labels = np.asarray(scores, dtype=np.float64), np.asarray(labels, dtype=bool)
    if len(labels) == 0:
        raise BadInput("There are no pairs to evaluate. Give at least one pair with its label.")
    if scores.shape != labels.shape:
        raise BadInput(f"There are {len(scores)} scores for {len(labels)} pairs. Every pair needs one score.")
    if np.isnan(scores).any():
        raise BadInput(
            f"{np.isnan(scores).sum()} of {len(scores)} scores are no numbers. A pair that cannot be scored has -inf."
        )
    return scores, labels


def _figures(called: ndarray, labels: ndarray, auc: float | None, threshold: float | None) -> PairFigures:
    hits, alarms = int((called & labels).sum()), int((called & ~labels).sum())
    rejected, missed = int((~called & ~labels).sum()), int((~called & labels).sum())
    return PairFigures(
        accuracy=(hits + rejected) / max(len(labels), 1),
        precision=hits / max(hits + alarms, 1),
        recall=hits / max(hits + missed, 1),
        f1=2 * hits / max(2 * hits + alarms + missed, 1),
        auc=auc,
        true_positives=hits,
        false_positives=alarms,
        true_negatives=rejected,
        false_negatives=missed,
        threshold=threshold,
    )

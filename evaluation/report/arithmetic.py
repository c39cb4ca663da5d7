"""What reported figures imply: arithmetic on accuracy, precision, recall and F1 that no test set can escape.

With p the share of positives, A accuracy, P precision, R recall: the wrong cases are the missed positives p(1-R) and
the false alarms pR(1-P)/P, so

    1 - A = p (1 - R) + p R (1 - P) / P      hence      p = (1 - A) / (1 - R + R (1/P - 1))

F1 = 2PR / (P + R). Of the negatives the share S = 1 - p R (1/P - 1) / (1 - p) is called right (the specificity), and
(R + S) / 2, the balanced accuracy, is 1/2 for every classifier that looks at nothing. A classifier that always says yes
has A = P = p, R = 1, S = 0 and F1 = 2p / (1 + p).
"""

from dataclasses import dataclass
from itertools import product

from kartograph.evaluation.report.reported import ReportedRow


def implied_positives(accuracy: float, precision: float, recall: float) -> float:
    """The share of positives p that the three figures imply, 1 at most; 1 where they allow no negatives.

    Raises `ZeroDivisionError` where precision is 0, and where precision and recall are both 1, which fits every share.
    """
    return min((1 - accuracy) / (1 - recall + recall * (1 / precision - 1)), 1.0)


def implied_range(
    accuracy: float, precision: float, recall: float, decimals: tuple[int, int, int] = (4, 4, 4)
) -> tuple[float, float]:
    """The least and greatest share of positives that figures, rounded to so many decimals each, allow."""
    halves = (0.5 * 10**-places for places in decimals)
    corners = product(
        *(
            (max(value - half, half), min(value + half, 1 - 1e-9))
            for value, half in zip((accuracy, precision, recall), halves, strict=True)
        )
    )
    shares = [implied_positives(*corner) for corner in corners]
    return min(shares), max(shares)


def specificity(positives: float, precision: float, recall: float) -> float:
    """The share of the negatives that are called right, 0 … 1."""
    return min(max(1 - positives * recall * (1 / precision - 1) / (1 - positives), 0.0), 1.0)


def f1(precision: float, recall: float) -> float:
    """The harmonic mean of precision and recall, 0 where both are 0."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def always_yes_f1(positives: float) -> float:
    """F1 of a classifier that always says yes, at a share of positives."""
    return 2 * positives / (1 + positives)


@dataclass(frozen=True)
class Implied:
    """What one reported row implies."""

    model: str
    accuracy: float
    precision: float
    recall: float
    positives: float
    low: float
    high: float
    specificity: float
    f1_reported: float
    f1_computed: float
    f1_always_yes: float

    @property
    def balanced_accuracy(self) -> float:
        """Mean of recall and specificity."""
        return (self.recall + self.specificity) / 2


def implied(row: ReportedRow) -> Implied:
    """Work one reported row of the four figures out."""
    accuracy, precision, recall = (row.figures[name] for name in ("accuracy", "precision", "recall"))
    share = implied_positives(accuracy, precision, recall)
    decimals = (row.decimals.get("accuracy", 4), row.decimals.get("precision", 4), row.decimals.get("recall", 4))
    low, high = implied_range(accuracy, precision, recall, decimals)
    return Implied(
        row.model,
        accuracy,
        precision,
        recall,
        share,
        low,
        high,
        specificity(share, precision, recall),
        row.figures["F1"],
        f1(precision, recall),
        always_yes_f1(share),
    )

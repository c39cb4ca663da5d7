"""What do reported figures imply? Arithmetic on accuracy, precision, recall and F1 that no test set can escape.

With p the share of positives, A accuracy, P precision, R recall: the wrong cases are the missed positives p(1-R) and
the false alarms pR(1-P)/P, so

    1 - A = p (1 - R) + p R (1 - P) / P      hence      p = (1 - A) / (1 - R + R (1 - P) / P)

F1 = 2PR / (P + R). A classifier that always says yes has A = P = p, R = 1 and F1 = 2p / (1 + p).
"""

from dataclasses import dataclass
from itertools import product


def implied_positives(accuracy: float, precision: float, recall: float) -> float:
    """The share of positives p that the three figures imply, 1 at most; 1 where they allow no negatives.

    Raises `ZeroDivisionError` where precision is 0, and where precision and recall are both 1, which fits every share.
    """
    return min((1 - accuracy) / (1 - recall + recall * (1 - precision) / precision), 1.0)


def implied_range(accuracy: float, precision: float, recall: float, digits: int = 4) -> tuple[float, float]:
    """The least and greatest share of positives that figures rounded to `digits` decimals allow."""
    half = 0.5 * 10**-digits
    corners = product(
        *((max(value - half, half), min(value + half, 1 - 1e-9)) for value in (accuracy, precision, recall))
    )
    shares = [implied_positives(*corner) for corner in corners]
    return min(shares), max(shares)


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
    positives: float
    low: float
    high: float
    f1_reported: float
    f1_computed: float
    f1_always_yes: float


def implied(model: str, figures: dict[str, float], precision: float | None = None) -> Implied:
    """Work one reported row out; `precision` replaces the printed one where that cannot be right."""
    precision = figures["precision"] if precision is None else precision
    share = implied_positives(figures["accuracy"], precision, figures["recall"])
    low, high = implied_range(figures["accuracy"], precision, figures["recall"])
    return Implied(
        model,
        figures["accuracy"],
        share,
        low,
        high,
        figures["F1"],
        f1(precision, figures["recall"]),
        always_yes_f1(share),
    )

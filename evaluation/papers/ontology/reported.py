"""Figures that the paper on the ontology-based relational recommender reported.

All figures are *reported* ones: success in percent of suggesting books of an online bookshop. What the copies of the
paper at hand have lost (all values for one suggestion, all of the genetic algorithm but its deviations) is absent.
"""

from collections.abc import Mapping

THREE_SUGGESTIONS: Mapping[str, float] = {"CS": 17, "ECS": 26, "ED": 34, "EED-1": 44, "EED-1 purity": 62}
"""Success of three suggestions; the first four without weights."""

DEVIATIONS: Mapping[str, tuple[float, float]] = {
    "Markov 1": (2.34, 3.12),
    "Markov 2": (2.91, 4.02),
    "EED-1 genetic": (1.08, 1.39),
    "EED-1 purity": (1.37, 3.87),
    "ECS genetic": (0.67, 1.34),
    "ECS purity": (1.09, 1.16),
    "EED-1 genetic, last two": (1.75, 2.43),
    "EED-1 purity, last two": (2.09, 4.77),
}
"""Standard deviations over ten folds for one and for three suggestions, in percentage points."""

SECOND_ORDER_BEHIND_FIRST = 15
"""The second-order chain is this much less successful than the first-order one, in percent."""

CLUSTERS: Mapping[int, tuple[float, float]] = {5: (-28, -63), 10: (-40, -71)}
"""By number of clusters the change of success and of the search space, in percent."""

DATA: Mapping[str, float] = {
    "days": 55,
    "sessions": 4317,
    "sessions of two or more": 2791,
    "mean length of these": 3.18,
    "sessions of three or more": 1240,
    "books": 2222,
    "authors": 925,
    "books per author": 2.4,
    "year of reference": 2020,
}

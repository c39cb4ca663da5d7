"""Accuracy in buckets: by length of the history and by popularity of the target.

A part is a row `from, to, cases` and the means of its measures; `to` is None for the last, open one. Parts without a
case are left out.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

from kartograph.evaluation.cases import Truth
from kartograph.models.data import NONE
from kartograph.models.groups import groups_of
from kartograph.models.scoring.ranking import TopK

LENGTHS = (0, 1, 2, 3, 4, 6, 10, 20)
"""Where parts begin, by the number of known events in a case's history."""
POPULARITIES = (0, 1, 3, 6, 11, 21, 51, 101)
"""Where parts begin, by the training events on the right answer; 0 are answers that training does not know."""


def found_answers(
    top: TopK, truth: Truth, events: Int[ndarray, " items"]
) -> tuple[dict[str, Float[ndarray, " answers"]], Int[ndarray, " answers"]]:
    """How well each right answer is found, and its training events.

    Every right answer counts by itself: HR@k is 1 where it stands in its case's list, MRR@k one over its rank there,
    both 0 where it is missing.
    """
    k = top.items.shape[1]
    case = groups_of(truth.offsets)
    known = truth.items != NONE
    right = (top.items[case] == truth.items[:, None]) & known[:, None]
    hit = right.any(axis=1)
    measures = {
        f"HR@{k}": hit.astype(float),
        f"MRR@{k}": np.where(hit, 1 / (right.argmax(axis=1) + 1), 0.0),
    }
    return measures, np.where(known, events[truth.items], 0)


def parts(
    measures: Mapping[str, Float[ndarray, " n"]], values: Int[ndarray, " n"], starts: tuple[int, ...]
) -> list[dict[str, Any]]:
    """The means of each measure where the values lie from one start up to the next."""
    part = np.searchsorted(starts, values, side="right") - 1
    ends = [*(start - 1 for start in starts[1:]), None]
    return [
        {"from": starts[number], "to": ends[number], "cases": int((part == number).sum())}
        | {name: float(column[part == number].mean()) for name, column in measures.items()}
        for number in np.unique(part).tolist()
    ]

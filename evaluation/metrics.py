"""How good are ranked lists? Hit rate, reciprocal rank, NDCG and recall at k, and how much of the catalogue is shown.

With `L` the k items of a case, `T` its right answers, `r(i)` the rank of item i in L, best is 1:

    HR@k     = 1 if L ∩ T is not empty, else 0
    MRR@k    = 1 / min r(i) over i ∈ L ∩ T, 0 if that is empty
    NDCG@k   = Σ_{i ∈ L ∩ T} 1 / log2(1 + r(i))  /  Σ_{r = 1 … min(k, |T|)} 1 / log2(1 + r)
    Recall@k = |L ∩ T| / |T|

each averaged over the cases. With one right answer a case, HR and Recall are the same. Coverage@k is the share of the
catalogue that stands in at least one list. These are the definitions of ranx with binary relevance; ranx is the
reference in the tests, the array form here is what scales to catalogues and many models.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from kartograph.evaluation.cases import Truth
from kartograph.models.base import NONE, TopK


@dataclass(frozen=True)
class CaseFigures:
    """One number a case for each measure."""

    hit_rate: Float[ndarray, " cases"]
    reciprocal_rank: Float[ndarray, " cases"]
    ndcg: Float[ndarray, " cases"]
    recall: Float[ndarray, " cases"]


def case_figures(top: TopK, truth: Truth) -> CaseFigures:
    """The measures of every case at the k of `top`; a case without right answers has 0 everywhere."""
    n, k = top.items.shape
    span = max(int(top.items.max(initial=0)), int(truth.items.max(initial=0))) + 1
    sizes = np.diff(truth.offsets)
    cases = np.repeat(np.arange(n), sizes)
    known = truth.items != NONE
    right = np.isin(np.arange(n)[:, None] * span + top.items, cases[known] * span + truth.items[known])
    right &= top.items != NONE
    found = right.any(axis=1)
    gains = 1 / np.log2(np.arange(2, k + 2))
    ideal = np.r_[0.0, np.cumsum(gains)][np.minimum(sizes, k)]
    return CaseFigures(
        hit_rate=found.astype(float),
        reciprocal_rank=np.where(found, 1 / (right.argmax(axis=1) + 1), 0.0),
        ndcg=(right * gains).sum(axis=1) / np.where(ideal > 0, ideal, 1),
        recall=right.sum(axis=1) / np.maximum(sizes, 1),
    )


def summary(top: TopK, truth: Truth, catalogue: int) -> dict[str, float | int]:
    """The means of the measures, the number of cases and of cases without any answer, and the coverage."""
    k = top.items.shape[1]
    figures = case_figures(top, truth)
    shown = np.unique(top.items[top.items != NONE])
    return {
        f"HR@{k}": float(figures.hit_rate.mean()),
        f"MRR@{k}": float(figures.reciprocal_rank.mean()),
        f"NDCG@{k}": float(figures.ndcg.mean()),
        f"Recall@{k}": float(figures.recall.mean()),
        f"Coverage@{k}": len(shown) / max(catalogue, 1),
        "cases": len(truth),
        "unserved": int(top.unserved.sum()),
    }

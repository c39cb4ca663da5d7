"""Accuracy of ranked lists: hit rate, reciprocal rank, NDCG, recall, precision and average precision at k.

With `L` the k items of a case, `T` its right answers, `r(i)` the rank of item i in L, best is 1:

    HR@k     = 1 if L ∩ T is not empty, else 0
    MRR@k    = 1 / min r(i) over i ∈ L ∩ T, 0 if that is empty
    NDCG@k   = Σ_{i ∈ L ∩ T} 1 / log2(1 + r(i))  /  Σ_{r = 1 … min(k, |T|)} 1 / log2(1 + r)
    Recall@k = |L ∩ T| / |T|
    Precision@k = |L ∩ T| / k, also where a list is shorter than k
    MAP@k    = Σ_{i ∈ L ∩ T} |{j ∈ L ∩ T : r(j) ≤ r(i)}| / r(i)  /  |T|

each averaged over the cases. With one right answer a case, HR and Recall are the same, and so are MRR and MAP. These
are the definitions of trec_eval with binary relevance; trec_eval is the reference in the tests, the array form here is
what scales to catalogues and many models.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from kartograph.evaluation.cases import Truth
from kartograph.models.data import NONE
from kartograph.models.scoring.ranking import TopK


@dataclass(frozen=True)
class CaseFigures:
    """One number a case for each measure."""

    hit_rate: Float[ndarray, " cases"]
    reciprocal_rank: Float[ndarray, " cases"]
    ndcg: Float[ndarray, " cases"]
    recall: Float[ndarray, " cases"]
    precision: Float[ndarray, " cases"]
    average_precision: Float[ndarray, " cases"]

    def columns(self, k: int) -> dict[str, Float[ndarray, " cases"]]:
        """The measures by the names that the means have."""
        return {
            f"HR@{k}": self.hit_rate,
            f"MRR@{k}": self.reciprocal_rank,
            f"NDCG@{k}": self.ndcg,
            f"Recall@{k}": self.recall,
            f"Precision@{k}": self.precision,
            f"MAP@{k}": self.average_precision,
        }


def case_figures(top: TopK, truth: Truth) -> CaseFigures:
    """The measures of every case at the k of `top`; a case without right answers has 0 everywhere."""
    n, k = top.items.shape
    span = max(int(top.items.max(initial=0)), int(truth.items.max(initial=0))) + 1
    sizes = np.diff(truth.offsets)
    cases = np.repeat(np.arange(n), sizes)
    known = truth.items != NONE
    right = np.isin(np.arange(n)[:, None] * span + top.items, cases[known] * span + truth.items[known])
    right &= top.items != NONE
    hit = right.any(axis=1)
    gains = 1 / np.log2(np.arange(2, k + 2))
    ideal = np.r_[0.0, np.cumsum(gains)][np.minimum(sizes, k)]
    return CaseFigures(
        hit_rate=hit.astype(float),
        reciprocal_rank=np.where(hit, 1 / (right.argmax(axis=1) + 1), 0.0),
        ndcg=(right * gains).sum(axis=1) / np.where(ideal > 0, ideal, 1),
        recall=right.sum(axis=1) / np.maximum(sizes, 1),
        precision=right.sum(axis=1) / k,
        average_precision=(right * right.cumsum(axis=1) / np.arange(1, k + 1)).sum(axis=1) / np.maximum(sizes, 1),
    )


def summary(top: TopK, truth: Truth, catalogue: int) -> dict[str, float | int]:
    """The means of the measures, the number of cases and of cases without any answer, and the coverage.

    Coverage@k is the share of the catalogue that stands in at least one list.
    """
    k = top.items.shape[1]
    shown = np.unique(top.items[top.items != NONE])
    return {
        **{name: float(values.mean()) for name, values in case_figures(top, truth).columns(k).items()},
        f"Coverage@{k}": len(shown) / max(catalogue, 1),
        "cases": len(truth),
        "unserved": int(top.unserved.sum()),
    }

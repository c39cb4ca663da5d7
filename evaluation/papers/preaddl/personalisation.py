"""Whether a model of pairs tells visitors apart: how alike the orders are into which it brings the same items for them.

    ρ = mean over couples of visitors u ≠ v of Spearman's rank correlation of P(yes | u, ·) and P(yes | v, ·)

over the same items at the same moment. 1 is one order for everybody: then the visitor changes nothing that is shown.
"""

from typing import Any

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.stats import rankdata

from kartograph.models.preaddl.pairs import Prepared
from kartograph.models.preaddl.preparation import candidates

VISITORS, ITEMS = 30, 400
"""At most so many of each are sampled; visitors are of the training part."""
REASON = (
    "The rank correlation between visitors is 1 where all get the same order of items. In PRE-ADDL's deep branch, "
    "w · [E_v ; E_i] + b, the visitor adds the same number to every item: it can order items alike for everybody only. "
    "Visitor and item meet in the attention alone, whose part is small beside that branch."
)


def scored(model: Any, prepared: Prepared, seed: int = 0) -> Float[ndarray, "visitors items"]:
    """P(yes) of some visitors for some items by a fitted classifier, all at the moment after the training part."""
    random = np.random.default_rng(seed)
    visitors = np.sort(random.permutation(len(prepared.visitors))[:VISITORS])
    items = np.sort(random.permutation(len(prepared.items))[:ITEMS])
    scores = np.asarray(model.probabilities(candidates(prepared, visitors, items)))
    return scores.reshape(len(visitors), len(items))


def rank_correlation(scores: Float[ndarray, "visitors items"]) -> float | None:
    """ρ; None with fewer than two visitors or items, or where an order is all ties."""
    if min(scores.shape) < 2:
        return None
    ranks = rankdata(scores, axis=1)
    ranks -= ranks.mean(axis=1, keepdims=True)
    lengths = np.linalg.norm(ranks, axis=1, keepdims=True)
    if not lengths.all():
        return None
    couples = np.triu_indices(len(scores), 1)
    return float(((ranks / lengths) @ (ranks / lengths).T)[couples].mean())

"""Measures beyond accuracy: novelty, diversity, popularity bias and coverage of lists.

With L the k items of a case, `n_i` the owners (sessions or users) of the training part who have seen item i, out of
n, `e_i` the events on i, and `f_i` the number of lists that hold i:

    Novelty@k    = mean over the items shown of -log2(max(n_i, 1) / n), in bits; one more bit is half as well known
    Diversity@k  = 1 - mean over the pairs i, j of a list of n_ij / sqrt(n_i n_j), n_ij owners who have seen both
    CategoryDiversity@k = share of the pairs of a list that are of different categories
    Popularity@k = mean over the items shown of e_i
    Gini@k       = Σ_j (2j - m - 1) f_(j) / (m Σ f) over the m items of the catalogue by rising f: 0 shows all alike

Lists of fewer than two items have no diversity and are left out of it.

Sources: Zhou et al., "Solving the Apparent Diversity-Accuracy Dilemma of Recommender Systems" (2010): novelty; Ziegler
et al., "Improving Recommendation Lists Through Topic Diversification" (2005): diversity inside a list; Castells, Hurley
and Vargas, "Novelty and Diversity in Recommender Systems" (2015).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray
from scipy.sparse import csr_array, triu

from kartograph.evaluation.cases import Cases
from kartograph.models.data import NONE, TrainingData
from kartograph.models.groups import groups_of
from kartograph.models.neighbours.voting import last_occurrences
from kartograph.models.scoring.ranking import TopK

LONGEST = 200
"""Events of an owner, the latest ones, that count for what occurs together: its cost grows with their square."""
PAIRS_AT_ONCE = 1_000_000
"""Pairs of items of lists that are held in memory at once."""
MOST_PAIRS = 20_000_000
"""Pairs that are looked at in all; where lists have more, those of as many cases, spread evenly, stand for all."""


@dataclass(frozen=True)
class ItemFacts:
    """What the training part tells of its items."""

    events: Int[ndarray, " items"]
    owners: Int[ndarray, " items"]
    """Different sessions or users who have seen the item."""
    owner_count: int
    pairs: Int[ndarray, " pairs"]
    """Items that occur together, `smaller row · items + larger row`, ascending."""
    cosines: Float[ndarray, " pairs"]
    categories: Int[ndarray, " items"] | None = None
    """A number for the category of each item, `NONE` where it is unknown."""

    @classmethod
    def of(cls, data: TrainingData) -> "ItemFacts":
        """Count events, owners, and what occurs together; of several categories of an item the first counts."""
        count = len(data.items)
        distinct = last_occurrences(data.histories)
        recent = distinct.matrix((distinct.ages < LONGEST).astype(np.float32), count)
        recent.eliminate_zeros()
        seen = np.asarray(recent.sum(axis=0), dtype=np.float64)
        together = csr_array(triu(csr_array(recent.T) @ recent, k=1))
        together.sort_indices()
        rows = np.repeat(np.arange(count), np.diff(together.indptr))
        columns = together.indices.astype(np.int64)
        return cls(
            np.bincount(data.histories.items, minlength=count),
            np.bincount(distinct.items, minlength=count),
            len(data.owners),
            rows * count + columns,
            (together.data / np.sqrt(seen[rows] * seen[columns])).astype(np.float32),
            None if data.categories is None else data.categories.first,
        )


def beyond_accuracy(top: TopK, cases: Cases, facts: ItemFacts) -> dict[str, float | None]:
    """The figures above, and how many of the cold were served; None for what is not defined here.

    `ColdUsersServed` is the share of cases with an empty history that got a list, `ColdItemsServed@k` the share of
    the right answers without a training event that stand in their case's list.
    """
    k = top.items.shape[1]
    shown = top.items[top.items != NONE]
    cold = cases.queries.lengths == 0
    figures: dict[str, float | None] = {
        f"Novelty@{k}": _mean(-np.log2(np.maximum(facts.owners[shown], 1) / facts.owner_count)),
        f"Diversity@{k}": _mean(1 - list_similarity(top.items, facts)),
        f"Popularity@{k}": _mean(facts.events[shown]),
        f"Gini@{k}": gini(np.bincount(shown, minlength=len(facts.events))),
        "ColdUsersServed": _mean(~top.unserved[cold]),
        f"ColdItemsServed@{k}": _mean(_cold_items_served(top, cases, facts)),
    }
    if facts.categories is not None:
        figures[f"CategoryDiversity@{k}"] = _mean(1 - _same_category(top.items, facts.categories))
    return figures


def gini(counts: Int[ndarray, " items"]) -> float | None:
    """How unevenly the counts are spread: 0 where all are alike, `1 - 1 / items` where one item has all."""
    total, size = counts.sum(), len(counts)
    if total == 0:
        return None
    return float(((2 * np.arange(1, size + 1) - size - 1) * np.sort(counts)).sum() / (size * total))


def list_similarity(items: Int[ndarray, "cases k"], facts: ItemFacts) -> Float[ndarray, " lists"]:
    """The mean cosine between the items of each list of two or more, other lists left out."""
    similarities = []
    for left, right, there in _pairs_of(items):
        keys = np.minimum(left, right) * len(facts.events) + np.maximum(left, right)
        position = np.minimum(np.searchsorted(facts.pairs, keys), max(len(facts.pairs) - 1, 0))
        known = there & (facts.pairs[position] == keys) if len(facts.pairs) else np.zeros_like(there)
        cosines = np.where(known, facts.cosines[position] if len(facts.pairs) else 0, 0).sum(axis=1)
        sizes = there.sum(axis=1)
        similarities.append(cosines[sizes > 0] / sizes[sizes > 0])
    return np.concatenate(similarities)


def _same_category(items: ndarray, categories: ndarray) -> Float[ndarray, " lists"]:
    """The share of the pairs of each list that are of one category; pairs with an unknown one are left out."""
    shares = []
    for left, right, there in _pairs_of(np.where(items == NONE, NONE, categories[items])):
        sizes = there.sum(axis=1)
        shares.append((there & (left == right)).sum(axis=1)[sizes > 0] / sizes[sizes > 0])
    return np.concatenate(shares)


def _pairs_of(values: ndarray) -> Iterator[tuple[ndarray, ndarray, Bool[ndarray, "cases pairs"]]]:
    """Both sides of every pair of places in each row, and whether neither is `NONE`; some rows at a time."""
    one, other = np.triu_indices(values.shape[1], k=1)
    pairs = max(len(one), 1)
    rows = np.unique(np.linspace(0, len(values) - 1, min(len(values), max(1, MOST_PAIRS // pairs)), dtype=int))
    for part in np.array_split(rows, max(1, len(rows) * pairs // PAIRS_AT_ONCE)):
        left, right = values[part][:, one], values[part][:, other]
        yield left, right, (left != NONE) & (right != NONE)


def _cold_items_served(top: TopK, cases: Cases, facts: ItemFacts) -> Bool[ndarray, " answers"]:
    answers = cases.truth.items
    case = groups_of(cases.truth.offsets)
    cold = (answers == NONE) | (facts.events[answers] == 0)
    return (top.items[case[cold]] == np.where(answers[cold] == NONE, NONE - 1, answers[cold])[:, None]).any(axis=1)


def _mean(values: ndarray) -> float | None:
    return float(values.mean()) if len(values) else None

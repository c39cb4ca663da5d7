"""A learned blend: what several models say of an item, weighed into one score.

Every component offers its `candidates` best items; an item that any of them offers is scored by a weighted sum of

    log NAME      ln(v / max v + 0.001) of the component's score v, 0 where it did not offer the item; of a component
                  that answers in log-probabilities these themselves, one below its lowest where it did not
    share NAME    v / Σ v over what the component offered; of log-probabilities exp(v)
    age 0 … 3, 4+ 1 where the item is in the history and was touched last so many clicks before the end
    popularity    ln(1 + events on the item)

The weights maximise the likelihood of the right items on validation cases, each case a choice among its candidates
(`learn_weights`): a conditional logit, McFadden, "Conditional Logit Analysis of Qualitative Choice Behavior" (1974).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray
from scipy.optimize import minimize
from scipy.sparse import csr_array

from kartograph.models.base import NONE, Histories, Recommender, TopK, TrainingData
from kartograph.models.neighbours import last_occurrences
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent

AGES = ("age 0", "age 1", "age 2", "age 3", "age 4+")


@dataclass(frozen=True)
class BlendOptions:
    """How the components are weighed."""

    weights: Mapping[str, float]
    """By name of the feature; features without a weight count nothing."""
    log_probabilities: tuple[str, ...] = ()
    """Components that answer in log-probabilities."""
    candidates: int = 100
    """Items that each component offers."""


@dataclass(frozen=True)
class Candidates:
    """The items that are offered for each query, with their features."""

    offsets: Int[ndarray, " queries_plus_one"]
    items: Int[ndarray, " candidates"]
    """Item rows, rising within a query."""
    features: Float[ndarray, "candidates features"]

    def part(self, kept: Bool[ndarray, " queries"]) -> Self:
        """The candidates of some of the queries."""
        sizes = np.diff(self.offsets)
        rows = np.repeat(kept, sizes)
        return type(self)(np.r_[0, np.cumsum(sizes[kept])], self.items[rows], self.features[rows])

    def scores(self, names: list[str], weights: Mapping[str, float], items: int) -> csr_array:
        """Queries × items: the weighted sum of the features, named in the order of their columns."""
        values = self.features @ np.array([weights.get(name, 0.0) for name in names])
        return csr_array((values, self.items, self.offsets), shape=(len(self.offsets) - 1, items))


class Blend(Recommender):
    """Components and the weights that join them."""

    def __init__(self, components: Mapping[str, Recommender], options: BlendOptions) -> None:
        """Keep components and options; a weight for a feature that the components do not give is refused."""
        self.components, self.options = dict(components), options
        self.names = [f"{kind} {name}" for name in components for kind in ("log", "share")] + [*AGES, "popularity"]
        unknown = [name for name in options.weights if name not in self.names]
        if unknown:
            raise BadInput(f"There is no feature {unknown[0]!r} to weigh. Features are {', '.join(self.names)}.")

    def fit(self, data: TrainingData, progress: Progress = silent) -> Self:
        """Fit every component on the same data."""
        self.know(data)
        for component in self.components.values():
            component.fit(data, progress)
        return self

    def know(self, data: TrainingData) -> None:
        """Learn all but the components: which items there are, and how popular."""
        self.items = data.items
        self.popularity = np.log1p(np.bincount(data.histories.items, minlength=len(data.items)))

    def scores(self, queries: Histories, owners: ndarray) -> csr_array:
        """Weighted sums for the candidates; items that no component offers have no entry."""
        offered = {
            name: component.recommend(queries, self.options.candidates, owners)
            for name, component in self.components.items()
        }
        found = self.candidates(offered, queries)
        return found.scores(self.names, self.options.weights, len(self.items))

    def candidates(self, offered: Mapping[str, TopK], queries: Histories) -> Candidates:
        """All items that the components offer, with features in the order of `names`."""
        count, rows = len(self.items), np.arange(len(queries))[:, None]
        keys = np.unique(np.concatenate([(rows * count + top.items)[top.items != NONE] for top in offered.values()]))
        query, item = keys // count, keys % count
        columns = []
        for name, top in offered.items():
            columns += _features(top, keys, query, count, name in self.options.log_probabilities)
        seen = last_occurrences(queries)
        ages = _looked_up(seen.owners * count + seen.items, seen.ages, keys, -1)
        columns += [ages == age for age in range(len(AGES) - 1)] + [ages >= len(AGES) - 1, self.popularity[item]]
        offsets = np.zeros(len(queries) + 1, dtype=np.int64)
        np.cumsum(np.bincount(query, minlength=len(queries)), out=offsets[1:])
        return Candidates(offsets, item, np.stack(columns, axis=1).astype(np.float32))


def learn_weights(
    found: Candidates, answers: Int[ndarray, " queries"], names: list[str], penalty: float = 1e-3
) -> dict[str, float]:
    """Weights by feature name that make the right items likely among their candidates.

    `penalty` weighs the squared weights of the features at unit variance. Queries whose answer no component offered
    teach nothing and are left out.
    """
    query = np.repeat(np.arange(len(answers)), np.diff(found.offsets))
    right = found.items == answers[query]
    taught = np.zeros(len(answers), dtype=bool)
    taught[query[right]] = True
    kept = taught[query]
    spread = found.features[kept].std(axis=0)
    features = found.features[kept] / np.where(spread > 0, spread, 1)
    right, starts = right[kept], np.flatnonzero(np.r_[True, np.diff(query[kept]) > 0])
    sizes = np.diff(np.r_[starts, len(right)])
    target = features[right].sum(axis=0)

    def loss(weights: ndarray) -> tuple[float, ndarray]:
        scores = features @ weights
        top = np.maximum.reduceat(scores, starts)
        powers = np.exp(scores - np.repeat(top, sizes))
        totals = np.add.reduceat(powers, starts)
        value = (np.log(totals) + top).sum() - scores[right].sum()
        gradient = (powers / np.repeat(totals, sizes)) @ features - target
        return value / len(starts) + penalty * weights @ weights, gradient / len(starts) + 2 * penalty * weights

    solved = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 100})
    return {
        name: float(weight / scale) for name, weight, scale in zip(names, solved.x, spread, strict=True) if scale > 0
    }


def _features(top: TopK, keys: ndarray, query: ndarray, count: int, logarithms: bool) -> list[ndarray]:
    """The features `log` and `share` of one component for all candidates."""
    there = top.items != NONE
    own = (np.arange(len(top.items))[:, None] * count + top.items)[there]
    if logarithms:
        lowest = np.where(there, top.scores, 0).min(axis=1) - 1
        values = _looked_up(own, top.scores[there], keys, np.nan)
        logs = np.where(np.isnan(values), lowest[query], values)
        return [logs, np.where(np.isnan(values), 0, np.exp(logs))]
    scores = np.where(there, top.scores, 0)
    values = _looked_up(own, top.scores[there], keys, 0.0)
    largest, total = np.maximum(scores.max(axis=1), 1e-9), np.maximum(scores.sum(axis=1), 1e-9)
    return [np.log(values / largest[query] + 1e-3), values / total[query]]


def _looked_up(keys: ndarray, values: ndarray, wanted: ndarray, missing: float) -> ndarray:
    """The value of each wanted key, `missing` where there is none."""
    if len(keys) == 0:
        return np.full(len(wanted), missing)
    order = np.argsort(keys)
    place = np.minimum(np.searchsorted(keys, wanted, sorter=order), len(keys) - 1)
    return np.where(keys[order][place] == wanted, values[order][place], missing)

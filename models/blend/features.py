"""Which items do the components of a blend offer for a query, and what is known of each?

Every component offers its best items; an item that any of them offers is a candidate with the features

    log NAME      ln(v / max v + 0.001) of the component's score v, 0 where it did not offer the item; of a component
                  that answers in log-probabilities these themselves, one below its lowest where it did not
    share NAME    v / Σ v over what the component offered; of log-probabilities exp(v)
    age 0 … 3, 4+ 1 where the item is in the history and was touched last so many clicks before the end
    popularity    ln(1 + events on the item)
    lately S      ln(1 + events on the item in the latest share S of the owners)
    since last    ln(1 + s / 100), s owners (sessions) since the last with the item
    since first   the same since the first
    returns       events on the item for each owner that has it: is it looked at again?
    length        ln of the events of the query
    distinct      distinct items of the query for each of its events

What lies in time comes from the order of the owners, so it tells something of sessions only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray
from scipy.sparse import csr_array

from kartograph.models.data import NONE, Histories, TrainingData
from kartograph.models.groups import groups_of, offsets_of
from kartograph.models.neighbours.voting import last_occurrences
from kartograph.models.ranking import TopK

AGES = ("age 0", "age 1", "age 2", "age 3", "age 4+")
LATELY = (0.01, 0.03, 0.1)
"""Shares of the owners that are lately."""
OF_ITEMS = ("popularity", *(f"lately {share}" for share in LATELY), "since last", "since first", "returns")
OF_QUERIES = ("length", "distinct")


@dataclass(frozen=True)
class Candidates:
    """The items that are offered for each query, with their features."""

    offsets: Int[ndarray, " queries_plus_one"]
    items: Int[ndarray, " candidates"]
    """Item rows, rising within a query."""
    features: Float[ndarray, "candidates features"]

    @property
    def queries(self) -> Int[ndarray, " candidates"]:
        """Whose candidate each is."""
        return groups_of(self.offsets)

    def scored(self, scores: Float[ndarray, " candidates"], items: int) -> csr_array:
        """Queries × items with a score for every candidate."""
        return csr_array((scores, self.items, self.offsets), shape=(len(self.offsets) - 1, items))


class CandidateFeatures:
    """What a training part tells of its items, and how candidates are made of what components offer."""

    def __init__(self, log_probabilities: Sequence[str], data: TrainingData) -> None:
        """Look at every item's events; components in `log_probabilities` answer in these."""
        self.log_probabilities = log_probabilities
        self.of_items = _of_items(data)

    def candidates(self, offered: Mapping[str, TopK], queries: Histories) -> Candidates:
        """All items that the components offer, with features in the order of `feature_names`."""
        count, rows = len(self.of_items), np.arange(len(queries))[:, None]
        keys = np.unique(np.concatenate([(rows * count + top.items)[top.items != NONE] for top in offered.values()]))
        query, item = keys // count, keys % count
        columns = []
        for name, top in offered.items():
            columns += _of_component(top, keys, query, count, name in self.log_probabilities)
        seen = last_occurrences(queries)
        ages = _looked_up(seen.owners * count + seen.items, seen.ages, keys, -1)
        columns += [ages == age for age in range(len(AGES) - 1)] + [ages >= len(AGES) - 1]
        lengths = np.maximum(queries.lengths, 1)
        distinct = np.bincount(seen.owners, minlength=len(queries)) / lengths
        columns += [*self.of_items[item].T, np.log(lengths)[query], distinct[query]]
        offsets = offsets_of(query, len(queries))
        return Candidates(offsets, item, np.stack(columns, axis=1).astype(np.float32))


def feature_names(components: Sequence[str]) -> tuple[str, ...]:
    """The names of the features of these components' candidates, in the order of their columns."""
    own = (f"{kind} {name}" for name in components for kind in ("log", "share"))
    return (*own, *AGES, *OF_ITEMS, *OF_QUERIES)


def _of_items(data: TrainingData) -> Float[ndarray, "items features"]:
    histories, count, owners = data.histories, len(data.items), len(data.histories)
    events = np.bincount(histories.items, minlength=count)
    columns = [np.log1p(events)]
    for share in LATELY:
        late = histories.owners >= owners * (1 - share)
        columns.append(np.log1p(np.bincount(histories.items[late], minlength=count)))
    first, last = np.full(count, owners), np.zeros(count, dtype=np.int64)
    np.minimum.at(first, histories.items, histories.owners)
    np.maximum.at(last, histories.items, histories.owners)
    columns += [np.log1p(np.maximum(owners - 1 - place, 0) / 100) for place in (last, first)]
    having = np.bincount(np.unique(histories.owners * count + histories.items) % count, minlength=count)
    columns.append(events / np.maximum(having, 1))
    return np.stack(columns, axis=1)


def _of_component(top: TopK, keys: ndarray, query: ndarray, count: int, logarithms: bool) -> list[ndarray]:
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

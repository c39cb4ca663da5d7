"""Which items the components of a blend offer for a query, and what is known of each.

Every component offers its best items; an item that any of them offers is a candidate with the features

    log NAME      ln(v / max v + 0.0001) of the component's score v, 0 where it did not offer the item
    share NAME    v / Σ v over what the component offered
    rank NAME     1 / rank of the item in the component's list, 0 where it is not in it
    raw NAME      ln(1 + v)
    age 0 … 3, 4+ 1 where the item is in the history and was touched last so many events before the end
    times         ln(1 + events of the history on the item)
    carted, bought  1 where the history holds such an event on the item
    popularity    ln(1 + events on the item)
    lately S      ln(1 + events on the item in the latest share S of the owners)
    since last    ln(1 + s / 100), s owners (sessions) since the last with the item
    since first   the same since the first
    returns       events on the item for each owner that has it: is it looked at again?
    among         ln of the mean number of events of the owners that have the item
    ends          share of the owners with the item whose last event is on it
    length        ln of the events of the query
    distinct      distinct items of the query for each of its events
    items         ln of the distinct items of the query
    price, available, pagerank, same …, price ratio: what the shop and its graph say of items, see `known_items`
    like history  cosine of the item's vector and Σ 0.7^age · vector over the history, see `known_pairs`
    like last     cosine of the item's vector and the last item's, l
    with last     ln(1 + n(l)), n(l) owners with both items, of n owners with the item and n_l with l
    cosine last   n(l) / √(n · n_l)
    share last    n(l) / n_l
    with second, cosine second: the same with the item before the last

Of a component that answers in logarithms (any score below 0) v is the exponential of the score. What lies in time comes
from the order of the owners, so it tells something of sessions only.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray
from scipy.sparse import csr_array

from kartograph.models.blend.features_kernels import OF_COMPONENT, OF_HISTORY, OF_QUERY, candidate_features
from kartograph.models.blend.known_items import KnownItems
from kartograph.models.blend.pair_kernels import OF_PAIR, fill_pair_features
from kartograph.models.data import Histories
from kartograph.models.groups import groups_of
from kartograph.models.scoring.ranking import TopK


@dataclass(frozen=True)
class Candidates:
    """The items that are offered for each query, with their features."""

    offsets: Int[ndarray, " queries_plus_one"]
    items: Int[ndarray, " candidates"]
    """Item rows, each once in a query."""
    features: Float[ndarray, "candidates features"]

    @property
    def queries(self) -> Int[ndarray, " candidates"]:
        """Whose candidate each is."""
        return groups_of(self.offsets)

    def scored(self, scores: Float[ndarray, " candidates"], items: int) -> csr_array:
        """Queries × items with a score for every candidate."""
        return csr_array((scores, self.items, self.offsets), shape=(len(self.offsets) - 1, items))

    def thinned(self, kept: Bool[ndarray, " candidates"]) -> "Candidates":
        """Some of the candidates."""
        offsets = np.r_[0, np.cumsum(kept)][self.offsets]
        return Candidates(offsets, self.items[kept], self.features[kept])


def concatenated(parts: list[Candidates]) -> Candidates:
    """The candidates of several blocks of queries, one after the other; empties the list, to hold no block twice."""
    sizes = np.concatenate([[0], *(np.diff(part.offsets) for part in parts)])
    count, width = int(sizes.sum()), parts[0].features.shape[1]
    items, features = np.empty(count, dtype=np.int64), np.empty((count, width), dtype=np.float32)
    parts.reverse()
    start = 0
    while parts:
        part = parts.pop()
        stop = start + len(part.items)
        items[start:stop], features[start:stop] = part.items, part.features
        start = stop
    return Candidates(np.cumsum(sizes), items, features)


def feature_names(components: Sequence[str], known: KnownItems) -> tuple[str, ...]:
    """The names of the features of these components' candidates, in the order of their columns."""
    own = (f"{kind} {name}" for name in components for kind in OF_COMPONENT)
    pairs = (*(f"same {group}" for group in known.groups), *(("price ratio",) if len(known.prices) else ()))
    return (*own, *OF_HISTORY, *known.names, *OF_QUERY, *pairs, *OF_PAIR)


def candidates(
    offered: Sequence[TopK], logarithmic: Sequence[bool], queries: Histories, known: KnownItems
) -> Candidates:
    """All items that the components offer, with features in the order of `feature_names`."""
    items = np.stack([top.items for top in offered])
    scores = np.stack([top.scores for top in offered])
    most = max(items.shape[0] * items.shape[2], int(queries.lengths.max(initial=0)))
    size = 1 << (2 * most).bit_length()
    offsets, rows, features = candidate_features(
        *(items, scores, np.array(logarithmic, dtype=np.bool_), queries.offsets, queries.items, queries.events),
        *(known.features, known.codes, known.prices, len(OF_PAIR), size),
    )
    pairs = known.pairs
    fill_pair_features(
        *(features, features.shape[1] - len(OF_PAIR), offsets, rows, queries.offsets, queries.items, pairs.vectors),
        *(pairs.together.indptr, pairs.together.indices, pairs.together.data, pairs.owners),
    )
    return Candidates(offsets, rows, features)

"""What a score is made of: parts with a kind, the id behind each, and an amount.

Kinds are `item` (an item of the history; amounts add up to the score), `influence` (an item of the history; the change
of the score when it is left out, which need not add up), those of MCPRHRec (`bought`, `clicked`, `rule`, `neighbour`,
`category`), and `path` (an item of the history that a path in the graph joins with the recommended one).
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from jaxtyping import Float, Int
from numpy import ndarray

from kartograph.graph.recommendations import KEPT
from kartograph.models.columns import AMOUNT, BEHIND, EXPLANATION, KIND, SHARE
from kartograph.models.data import NONE, Histories, Ids
from kartograph.models.groups import groups_of

if TYPE_CHECKING:
    from scipy.sparse import csr_array

NEIGHBOUR = "neighbour"
SOMEBODY = "a customer like you"
"""What stands for the id of another user wherever a customer could read it."""


class Part(NamedTuple):
    """One part of a score."""

    kind: str
    id: str
    amount: float


def top_parts(parts: Sequence[Part]) -> list[Part]:
    """The `KEPT` parts with the largest positive amounts, ties by id; other users are one part, as in `explanation`."""
    others = sum(part.amount for part in parts if part.kind == NEIGHBOUR)
    named = [part for part in parts if part.kind != NEIGHBOUR] + [Part(NEIGHBOUR, SOMEBODY, others)]
    return sorted((part for part in named if part.amount > 0), key=lambda part: (-part.amount, part.kind, part.id))[
        :KEPT
    ]


def explanation(parts: Sequence[Part], internal: bool = True) -> pd.DataFrame:
    """Parts as a frame `kind, behind, amount, share`, the largest first; neighbours are one row unless `internal`."""
    frame = pd.DataFrame(list(parts), columns=[KIND, BEHIND, AMOUNT])
    if not internal and len(frame):
        frame.loc[frame[KIND] == NEIGHBOUR, BEHIND] = SOMEBODY
        frame = frame.groupby([KIND, BEHIND], as_index=False, sort=False)[AMOUNT].sum()
    order = np.lexsort((frame[BEHIND], frame[KIND], -frame[AMOUNT].to_numpy(float)))
    frame = frame.iloc[order].reset_index(drop=True)
    total = frame[AMOUNT].abs().sum()
    return frame.assign(**{SHARE: frame[AMOUNT] / total if total else 0.0})[list(EXPLANATION)]


def item_parts(
    ids: Ids,
    offsets: Int[ndarray, " n_plus_one"],
    behind: Int[ndarray, " entries"],
    amounts: Float[ndarray, "entries k"],
    items: Int[ndarray, "n k"],
) -> list[list[list[Part]]]:
    """Parts of the kind `item`: for query n the entries from `offsets[n]` on, `behind` being their items.

    `amounts` holds what each entry adds to the score of each of its query's k items; those of 0 are no parts.
    """
    parts: list[list[list[Part]]] = [[[] for _ in row] for row in items]
    queries = groups_of(offsets)
    entries, places = np.nonzero(amounts * (items[queries] != NONE))
    names, values = ids.names(behind[entries]), amounts[entries, places].tolist()
    for query, index, name, value in zip(queries[entries].tolist(), places.tolist(), names, values, strict=True):
        parts[query][index].append(Part("item", str(name), value))
    return parts


def influences(
    score: "Callable[[Histories, ndarray], ndarray | csr_array]",
    ids: Ids,
    batch: int,
    queries: Histories,
    owners: Int[ndarray, " n"],
    items: Int[ndarray, "n k"],
    most: int | None,
) -> list[list[list[Part]]]:
    """`score(q, j) - score(q without i, j)` for each distinct item i of a history, the `most` latest of them.

    `score` is a model's `scores`; all histories with an item left out are scored together, `batch` at once. A
    history that is empty without i scores as low as the lowest of the others.
    """
    query, left_out = _distinct(queries, most)
    # Query n with item i left out: its events but those on i.
    counts = queries.lengths[query]
    source = np.repeat(queries.offsets[query], counts) + _ranges(counts)
    owner = np.repeat(np.arange(len(query)), counts)
    kept = queries.items[source] != np.repeat(left_out, counts)
    without = Histories.of(owner[kept], queries.items[source][kept], len(query), queries.events[source][kept])
    whole = _scores_at(score, batch, queries, owners, items)
    less = _scores_at(score, batch, without, owners[query], items[query])
    amounts = np.nan_to_num(whole[query] - less, nan=0.0)
    names = ids.names(left_out)
    parts: list[list[list[Part]]] = [[[] for _ in row] for row in items]
    for n, name, row in zip(query, names, amounts, strict=True):
        for position, amount in enumerate(row):
            if items[n, position] != NONE and amount:
                parts[n][position].append(Part("influence", str(name), float(amount)))
    return parts


def _distinct(queries: Histories, most: int | None) -> tuple[ndarray, ndarray]:
    """Each query's distinct items, `(query, item)`, by their last occurrence, the `most` latest."""
    order = np.lexsort((queries.ages, queries.items, queries.owners))
    owners, items = queries.owners[order], queries.items[order]
    first = np.r_[True, (owners[1:] != owners[:-1]) | (items[1:] != items[:-1])][: len(order)]
    owners, items, ages = owners[first], items[first], queries.ages[order][first]
    order = np.lexsort((ages, owners))
    owners, items = owners[order], items[order]
    if most is not None:
        starts = np.r_[True, owners[1:] != owners[:-1]][: len(owners)]
        number = np.arange(len(owners)) - np.maximum.accumulate(np.where(starts, np.arange(len(owners)), 0))
        owners, items = owners[number < most], items[number < most]
    return owners, items


def _ranges(counts: ndarray) -> ndarray:
    """0 … count - 1 for each count, one after the other."""
    ends = np.cumsum(counts)
    return np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)


def _scores_at(
    score: "Callable[[Histories, ndarray], ndarray | csr_array]",
    batch: int,
    queries: Histories,
    owners: ndarray,
    items: ndarray,
) -> ndarray:
    """The scores of some items for each query; 0 where a sparse model has no entry, the row's lowest where -inf."""
    at_items = np.zeros(items.shape, dtype=np.float64)
    columns = np.maximum(items, 0)
    for start in range(0, len(queries), batch):
        stop = min(start + batch, len(queries))
        scores = score(queries.part(start, stop), owners[start:stop])
        rows = np.broadcast_to(np.arange(stop - start)[:, None], items[start:stop].shape)
        if isinstance(scores, np.ndarray):
            picked = scores[rows, columns[start:stop]].astype(np.float64)
            lowest = np.where(np.isfinite(scores), scores, np.inf).min(axis=1, initial=np.inf, keepdims=True)
            picked = np.where(np.isfinite(picked), picked, np.where(np.isfinite(lowest), lowest, 0.0))
        else:
            values = scores[rows.ravel(), columns[start:stop].ravel()]
            picked = np.asarray(values).reshape(rows.shape)
        at_items[start:stop] = picked
    return at_items

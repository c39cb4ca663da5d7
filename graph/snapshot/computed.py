"""What the enrichment computed: PageRank, communities, embeddings, co-occurrence, similarity, preferences."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

from kartograph.graph.snapshot.embeddings import ITEMS, STATEMENT, read_embeddings
from kartograph.graph.snapshot.reading import Reading
from kartograph.graph.snapshot.texts import UNKNOWN, concatenated, number_array, packed, positions, text_array
from kartograph.tables.errors import BadInput


@dataclass(frozen=True)
class Ranks:
    """PageRank; NaN for a node that has none."""

    items: Float[ndarray, " items"]
    categories: Float[ndarray, " categories"]


@dataclass(frozen=True)
class CoOccurrence:
    """Pairs of nodes that occur in the same sessions, each pair once, sorted by rows."""

    a: Int[ndarray, " pairs"]
    """int32 rows."""
    b: Int[ndarray, " pairs"]
    weight: Float[ndarray, " pairs"]
    sessions: Int[ndarray, " pairs"]
    """In how many sessions."""


@dataclass(frozen=True)
class CoOccurs:
    """The pairs of items and the pairs of categories."""

    items: CoOccurrence
    categories: CoOccurrence


@dataclass(frozen=True)
class Similar:
    """Directed pairs of items, by measure, item, falling score and other."""

    item: Int[ndarray, " pairs"]
    """int32 rows."""
    other: Int[ndarray, " pairs"]
    measure: Int[ndarray, " pairs"]
    """int8, the position in `measures`."""
    score: Float[ndarray, " pairs"]
    measures: tuple[str, ...]

    def of(self, measure: str) -> "Similar":
        """Return the pairs of one measure; raises `BadInput` for one that the graph does not hold."""
        if measure not in self.measures:
            raise BadInput(f'no item is similar by "{measure}"; the graph holds {", ".join(self.measures) or "none"}')
        chosen = self.measure == self.measures.index(measure)
        return Similar(
            self.item[chosen], self.other[chosen], np.zeros(int(chosen.sum()), np.int8), self.score[chosen], (measure,)
        )


@dataclass(frozen=True)
class Prefers:
    """Which categories users prefer, by user and category; NaN for a number that an edge lacks."""

    user: Int[ndarray, " edges"]
    """int32 rows."""
    category: Int[ndarray, " edges"]
    frequency: Float[ndarray, " edges"]
    pagerank: Float[ndarray, " edges"]
    score: Float[ndarray, " edges"]


def export_ranks(reading: Reading) -> dict[str, ndarray] | None:
    """Read PageRank of items and categories; None where no node has it."""
    items = _by_row(reading, "Item", "item_ranks", 1, "Reading PageRank")
    categories = _by_row(reading, "Category", "categories", 2, "Reading PageRank")
    return None if np.isnan(items).all() and np.isnan(categories).all() else {"items": items, "categories": categories}


def export_communities(reading: Reading) -> dict[str, ndarray] | None:
    """Read the community of each item, -1 for none; None where no item has one."""
    numbers = _by_row(reading, "Item", "item_ranks", 2, "Reading communities")
    if np.isnan(numbers).all():
        return None
    return {"communities": np.nan_to_num(numbers, nan=UNKNOWN).astype(np.int32)}


def export_embeddings(reading: Reading) -> dict[str, ndarray] | None:
    """Read the embeddings of items, a row of NaN for an item that has none; None where no item has one."""
    embeddings = read_embeddings(reading.pages(STATEMENT, "Item", "Reading embeddings", ITEMS))
    if embeddings is None:
        return None
    ids, vectors = embeddings
    matrix = np.full((len(reading.ids["Item"]), vectors.shape[1]), np.nan, np.float32)
    matrix[reading.rows("Item", ids, "a page of the answer")] = vectors
    return {"embeddings": matrix}


def export_co_occurs(reading: Reading) -> dict[str, ndarray] | None:
    """Read the pairs of items and of categories; None where there are none."""
    arrays = {}
    for label in ("Item", "Category"):
        name = label.lower()
        source, target, weight, sessions = reading.edges(
            f"{name}_co_occurrence", (label, label), "CO_OCCURS", "Reading co-occurrence", (np.float64, np.int32)
        )
        order = np.lexsort([target, source])
        arrays |= {f"{name}_a": source[order], f"{name}_b": target[order]}
        arrays |= {f"{name}_weight": weight[order], f"{name}_sessions": sessions[order]}
    return arrays if len(arrays["item_a"]) + len(arrays["category_a"]) else None


def export_similar(reading: Reading) -> dict[str, ndarray] | None:
    """Read which items are similar by which measure; None where there are none."""
    item, other, names, score = reading.edges(
        "similar_items", ("Item", "Item"), "SIMILAR", "Reading similar items", (str, np.float64)
    )
    if not len(item):
        return None
    known = sorted(names.unique().to_pylist())
    measures = text_array(known, "a measure")
    codes = positions(names, measures).astype(np.int8)
    order = np.lexsort([other, -score, item, codes])
    return {
        "item": item[order],
        "other": other[order],
        "measure": codes[order],
        "score": score[order],
        **packed("measures", measures),
    }


def export_prefers(reading: Reading) -> dict[str, ndarray] | None:
    """Read which categories users prefer; None where no user prefers any."""
    user, category, frequency, pagerank, score = reading.edges(
        "preferences", ("User", "Category"), "PREFERS", "Reading preferences", (np.float64,) * 3
    )
    if not len(user):
        return None
    order = np.lexsort([category, user])
    columns = {"user": user, "category": category, "frequency": frequency, "pagerank": pagerank, "score": score}
    return {name: values[order] for name, values in columns.items()}


def _by_row(reading: Reading, label: str, statement: str, column: int, step: str) -> Float[ndarray, " nodes"]:
    """Return one number of all nodes of a label by row, NaN where a node has none."""
    ids, parts = [], [np.empty(0)]
    for page in reading.pages(statement, label, step):
        ids.append(text_array(page[0], f"an id of {label}"))
        parts.append(number_array(page[column], np.float64, f"a number of {label} ({step})"))
    values = np.empty(len(reading.ids[label]))
    values[reading.rows(label, concatenated(ids), "a page of the answer")] = np.concatenate(parts)
    return values

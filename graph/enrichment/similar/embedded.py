"""The items that have an embedding, and the embeddings: read of all, or again of those that got another one since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from jaxtyping import Float
from numpy import ndarray

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.snapshot.embeddings import ITEMS, STATEMENT, read_embeddings
from kartograph.graph.snapshot.pages import pages
from kartograph.graph.snapshot.texts import UNKNOWN, Ids, concatenated, packed, positions, text_array, unpacked
from kartograph.tables.errors import NothingThere
from kartograph.tables.progress import silent


@dataclass(frozen=True)
class Embedded:
    """Items by id, and the embedding of each."""

    items: Ids
    vectors: Float[ndarray, "items dimensions"]

    @classmethod
    def of(cls, ids: pa.LargeStringArray, vectors: Float[ndarray, "items dimensions"]) -> "Embedded":
        """The same of items in any order."""
        items = Ids.sorted(ids, "Item")
        ordered = np.empty_like(vectors)
        ordered[items.rows(ids)] = vectors
        return cls(items, ordered)

    @classmethod
    def kept(cls, arrays: Mapping[str, ndarray]) -> "Embedded":
        """What `arrays` made arrays of."""
        return cls(Ids(unpacked("items", arrays)), arrays["vectors"])

    def arrays(self) -> dict[str, ndarray]:
        """All of it, to be kept in a file."""
        return {**packed("items", self.items.texts), "vectors": self.vectors}


def read_embedded(graph: Graph) -> Embedded:
    """All items that have an embedding; raises `NothingThere` where none has."""
    read = read_embeddings(pages(graph, STATEMENT, ITEMS, silent, "", 0))
    if read is None:
        raise NothingThere("no item has an embedding to compare: run the step embedding first (`kartograph enrich`)")
    return Embedded.of(*read)


def read_embedded_again(graph: Graph, former: Embedded, marked: Sequence[str]) -> Embedded | None:
    """All of them by what was `former`ly read, and what the graph says of the marked ones by now.

    None where the graph has another number of items with an embedding, or embeddings of another length: then somebody
    else removed or wrote some.
    """
    statement = queries.load("enrich/embeddings_of_items")
    some = (marked[begin : begin + ITEMS] for begin in range(0, len(marked), ITEMS))
    read = read_embeddings(tuple(graph.query(statement, items=part).iloc[0]) for part in some)
    again, vectors = read or (text_array([], "an id of Item"), former.vectors[:0])
    stay = positions(former.items.texts, text_array(marked, "an id of Item")) == UNKNOWN
    held = int(graph.query(queries.load("enrich/embedded_items"))["items"][0])
    if held != stay.sum() + len(again) or vectors.shape[1] != former.vectors.shape[1]:
        return None
    ids = concatenated([former.items.texts.filter(pa.array(stay)), again])
    return Embedded.of(ids, np.concatenate([former.vectors[stay], vectors]))

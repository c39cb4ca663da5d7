"""The embeddings of items, as arrays."""

from collections.abc import Iterable

import numpy as np
import pyarrow as pa
from jaxtyping import Float
from numpy import ndarray

from kartograph.graph.snapshot.pages import Page
from kartograph.graph.snapshot.texts import concatenated, number_array, text_array
from kartograph.tables.errors import BadInput

STATEMENT = "item_embeddings"
ITEMS = 5_000
"""Items whose embeddings come in one row of the answer."""


def read_embeddings(pages: Iterable[Page]) -> tuple[pa.LargeStringArray, Float[ndarray, "items dimensions"]] | None:
    """The ids of the items that have an embedding, and the embeddings, from pages of `STATEMENT`; None without any.

    Raises `BadInput` where they are of several lengths.
    """
    ids, vectors, sizes = [], [], set()
    for page_ids, lists in pages:
        known = [position for position, vector in enumerate(lists) if vector is not None]
        sizes |= {len(lists[position]) for position in known}
        if len(sizes) > 1:
            raise BadInput(
                f"Item.embedding holds lists of {', '.join(map(str, sorted(sizes)))} numbers, but an embedding has one "
                "length: compute it again for all (`kartograph enrich --steps embedding`)"
            )
        if known:
            ids.append(text_array([page_ids[position] for position in known], "an id of Item"))
            vectors.append(number_array([lists[position] for position in known], np.float32, "Item.embedding"))
    return (concatenated(ids), np.concatenate(vectors)) if ids else None

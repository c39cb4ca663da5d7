"""What is known of pairs of items: how near they lie in the graph of items and owners, how often they go together.

    vectors      unit vectors of the graph of items and owners, for their cosine (`graph_vectors`: FastRP)
    together     in how many owners both occur, each owner by its last `LONGEST` events
    owners       owners of each item, by the same events

All of it is made from the training data at hand and nothing is taken from the shop's graph, whose embeddings and
`SIMILAR` are made of all events, those of held-out cases among them: a ranking that learned on these cases would trust
them too much.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray
from scipy.sparse import csr_array

from kartograph.models.data import Histories
from kartograph.models.neural.graph_vectors import graph_vectors

SIZE = 64
"""Length of the vectors."""
STEPS = 3
"""Steps in the graph that they are made of."""
LONGEST = 50
"""Events of an owner that are counted, the last ones: pairs grow with the square of their number."""


@dataclass(frozen=True)
class KnownPairs:
    """Numbers of pairs of items, by item rows."""

    vectors: Float[ndarray, "items size"]
    together: csr_array
    """Symmetric, items × items, float32; the columns of each row are sorted."""
    owners: Int[ndarray, " items"]


def known_pairs(histories: Histories, items: int) -> KnownPairs:
    """What the histories tell of pairs."""
    vectors = graph_vectors(histories, items, SIZE, STEPS, np.random.default_rng(0))
    incidence = histories.latest(LONGEST).matrix(items)
    incidence.data[:] = 1
    together = csr_array(incidence.T @ incidence)
    together.sort_indices()
    return KnownPairs(vectors, together, np.bincount(incidence.indices, minlength=items))

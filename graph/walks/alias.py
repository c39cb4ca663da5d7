"""A weighted graph in rows with an alias table for each row: a neighbour is sampled in constant time.

Source: Vose, "A Linear Algorithm For Generating Random Numbers With a Given Distribution" (1991).
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from jaxtyping import Int
from numpy import ndarray
from scipy.sparse import csr_array

from kartograph.graph.walks.alias_kernels import alias_tables
from kartograph.tables.errors import BadInput

MOST = 2**31 - 1
"""Nodes and edges are numbered with 32 bits: half the memory is half the cache misses."""


@dataclass(frozen=True)
class WalkGraph:
    """A directed, weighted graph as walks read it: what one step needs lies side by side in memory."""

    rows: Int[ndarray, "nodes 2"]
    """Where a node's edges start in `edges` and how many there are. A node with one edge has its target here instead of
    the start, so that a step from it reads nothing else: most users of a shop know one category."""
    edges: Int[ndarray, "edges 3"]
    """The alias tables: threshold (the bits of an unsigned 32-bit number), target, other target. A draw that chose the
    edge takes the target when a second draw lies below the threshold, otherwise the other one."""

    def __len__(self) -> int:
        """How many nodes there are."""
        return len(self.rows)

    @classmethod
    def of(cls, weights: csr_array) -> Self:
        """The graph whose edge u → v has the weight `weights[u, v]`, above 0; an undirected edge stands there twice.

        Stored zeros are no edges. Raises `BadInput` for a matrix that is not square, a weight below zero or not finite,
        and for more than 2³¹ - 1 nodes or edges. Linear in the edges.
        """
        matrix = csr_array(weights, copy=True).astype(np.float64)
        if matrix.shape[0] != matrix.shape[1]:
            raise BadInput(f"the weights have the shape {matrix.shape}: walks need a row and a column for every node")
        if not np.isfinite(matrix.data).all() or (matrix.data < 0).any():
            raise BadInput("an edge has a weight below zero or none at all: weights are finite and 0 or more")
        matrix.sum_duplicates()
        matrix.eliminate_zeros()
        if max(matrix.shape[0], matrix.nnz) > MOST:
            raise BadInput(f"{matrix.shape[0]:,} nodes and {matrix.nnz:,} edges: walks take {MOST:,} of each at most")
        edges = alias_tables(matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32), matrix.data)
        degrees = np.diff(matrix.indptr)
        starts = matrix.indptr[:-1].copy()
        single = degrees == 1
        starts[single] = matrix.indices[starts[single]]
        return cls(np.column_stack([starts, degrees]).astype(np.int32), edges)

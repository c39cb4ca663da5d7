"""Walks that are kept: when edges come and go, only those that passed a change are walked again.

A walk is a function of the seed, its start, its round and the edges of the nodes that it passed. So a stored walk that
passed no changed node is the walk that a fresh computation would take, and the sum of old and renewed walks equals that
computation exactly, not only in expectation. New nodes have to come after the known ones.

Source of the idea: Bahmani, Chowdhury, Goel, "Fast Incremental and Personalized PageRank" (2010).
"""

from dataclasses import dataclass
from math import log
from typing import Self

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

from kartograph.graph.walks.alias import WalkGraph
from kartograph.graph.walks.monte_carlo import WalkOptions
from kartograph.graph.walks.steps_kernels import STOPPED, record_paths, walk_lengths
from kartograph.tables.errors import BadInput


@dataclass(frozen=True)
class StoredWalks:
    """Every walk of a global PageRank with the nodes that it passed; memory is `4 · walks / (1 - a)` bytes a node."""

    nodes: int
    walks: int
    """From every node."""
    options: WalkOptions
    numbers: Int[ndarray, " all_walks"]
    """The start of each walk."""
    rounds: Int[ndarray, " all_walks"]
    offsets: Int[ndarray, " all_walks_plus_one"]
    paths: Int[ndarray, " visits"]
    """Walk w passed `paths[offsets[w] : offsets[w + 1]]`; `STOPPED` after an end at a node without edges."""
    renewed: int
    """Walks that the last change cost."""

    @classmethod
    def of(cls, graph: WalkGraph, walks: int = 10, options: WalkOptions | None = None) -> Self:
        """Walk as `pagerank` does, and keep the paths."""
        if walks < 1:
            raise BadInput(f"{walks} walks were asked for: at least 1")
        options = options or WalkOptions()
        return cls._walked(graph, np.empty(0, np.int64), np.empty(0, np.int32), np.empty(0, np.int64), walks, options)

    @property
    def scores(self) -> Float[ndarray, " nodes"]:
        """PageRank, as `pagerank` gives it."""
        visits = np.bincount(self.paths[self.paths != STOPPED], minlength=self.nodes)
        return visits / visits.sum()

    def after(self, graph: WalkGraph, changed: Int[ndarray, " n"]) -> "StoredWalks":
        """The walks on the changed graph; `changed` are the nodes whose edges or weights are others than before.

        Both ends of an undirected edge have changed. With `jump`, walks that passed a node without edges are renewed as
        well where the number of nodes changed, for they could have jumped to a new one. Raises `BadInput` where the
        graph has fewer nodes than before.
        """
        if len(graph) < self.nodes:
            raise BadInput(f"the graph has {len(graph):,} nodes, {self.nodes:,} before: nodes can only be added")
        stale = np.zeros(len(graph), dtype=bool)
        stale[changed] = True
        if len(graph) > self.nodes and self.options.dangling == "jump":
            stale |= graph.rows[:, 1] == 0
        passed_stale = stale[self.paths] & (self.paths != STOPPED)
        # A path that ends at a changed node did not use its edges, but walking it again costs less than telling.
        passes_stale = np.bitwise_or.reduceat(passed_stale, self.offsets[:-1])
        keep = ~passes_stale
        lengths = np.diff(self.offsets)
        kept_paths = self.paths[np.repeat(keep, lengths)]
        redo = np.flatnonzero(passes_stale)
        return self._walked(
            graph,
            np.r_[self.numbers[keep], self.numbers[redo]],
            kept_paths,
            np.r_[self.rounds[keep], self.rounds[redo]],
            self.walks,
            self.options,
            lengths[keep],
            self.nodes,
        )

    @classmethod
    def _walked(
        cls,
        graph: WalkGraph,
        numbers: ndarray,
        paths: ndarray,
        rounds: ndarray,
        walks: int,
        options: WalkOptions,
        lengths: ndarray | None = None,
        before: int = 0,
    ) -> Self:
        """Keep the walks whose `lengths` are given; walk the others of `numbers` and those of nodes since `before`."""
        kept = 0 if lengths is None else len(lengths)
        new = np.arange(before, len(graph), dtype=np.int64)
        numbers = np.r_[numbers, np.tile(new, walks)]
        rounds = np.r_[rounds, np.repeat(np.arange(walks), len(new))]
        seed = np.uint64(options.seed % 2**64)
        taken = 1 + walk_lengths(numbers[kept:], seed, rounds[kept:], log(options.damping), options.max_steps)
        offsets = np.r_[0, np.cumsum(taken)]
        fresh = np.empty(offsets[-1], dtype=np.int32)
        jump = options.dangling == "jump"
        record_paths(graph.rows, graph.edges, numbers[kept:], rounds[kept:], seed, jump, offsets, fresh)
        all_lengths = taken if lengths is None else np.r_[lengths, taken]
        return cls(
            len(graph),
            walks,
            options,
            numbers,
            rounds,
            np.r_[0, np.cumsum(all_lengths)],
            np.r_[paths, fresh].astype(np.int32),
            len(taken),
        )

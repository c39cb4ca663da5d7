"""Monte Carlo PageRank, global and personalised, by the visits of complete paths.

A walk starts at a node, goes on with probability a to a neighbour chosen by edge weight, and ends otherwise. Over W
walks

    π(v) = visits(v) / Σ_x visits(x)

which for walks without a limit is, in expectation, `visits(v) · (1 - a) / W`: dividing by the sum also corrects walks
that were cut (by `1 - a^(L+1)`) or that stopped at a node without edges. From every node alike it is PageRank, from a
distribution of nodes it is the personalised one.

Source: Avrachenkov, Litvak, Nemirovsky, Osipova, "Monte Carlo Methods in PageRank Computation: When One Iteration is
Sufficient" (2007), algorithm MC complete path.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import log
from typing import Literal

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

from kartograph.graph.walks.alias import WalkGraph
from kartograph.graph.walks.steps_kernels import count_visits
from kartograph.tables.errors import BadInput

BLOCK = 1 << 16
"""Walks that one thread takes at a time."""


@dataclass(frozen=True)
class WalkOptions:
    """How walks go."""

    damping: float = 0.85
    """a, the probability of one step more; above 0 and below 1. The paper's "teleportation factor"."""
    max_steps: int = 100
    """L, most steps of a walk; the share of walks that would go further is a^(L+1)."""
    dangling: Literal["jump", "stop"] = "jump"
    """What a walk does at a node without edges: go on from any node alike, or end."""
    seed: int = 0
    """The same seed gives the same visits, whatever the number of threads."""
    threads: int = 2
    """Threads that walk side by side."""

    def __post_init__(self) -> None:
        """Refuse walks that would never begin or never end."""
        if not 0 < self.damping < 1:
            raise BadInput(f"a walk goes on with probability {self.damping}: it has to lie above 0 and below 1")
        if self.max_steps < 1 or self.threads < 1:
            raise BadInput(f"walks of {self.max_steps} steps in {self.threads} threads: both have to be at least 1")


@dataclass(frozen=True)
class Visited:
    """What walks tell."""

    scores: Float[ndarray, " nodes"]
    """π, which sums to 1."""
    walks: int
    steps: int


def pagerank(graph: WalkGraph, walks: int = 10, options: WalkOptions | None = None) -> Visited:
    """PageRank from so many walks from every node; the error falls as 1/√walks."""
    options = options or WalkOptions()
    _refuse(graph, walks)
    starts = np.arange(len(graph), dtype=np.int32)
    rounds = [_round(graph, starts, number, options) for number in range(walks)]
    visits = np.sum([counts for counts, _ in rounds], axis=0, dtype=np.int64)
    return Visited(visits / visits.sum(), walks * len(graph), sum(steps for _, steps in rounds))


def personalised_pagerank(
    graph: WalkGraph, start: Float[ndarray, " nodes"], walks: int = 10_000, options: WalkOptions | None = None
) -> Visited:
    """PageRank of walks whose starts are sampled from `start`, weights of nodes that need not sum to 1.

    The starts are stratified: walk w starts at the ((w + u) / walks)-quantile, u one uniform number. Raises `BadInput`
    where no node has a weight.
    """
    options = options or WalkOptions()
    _refuse(graph, walks)
    starts = _stratified(start, len(graph), walks, np.random.default_rng(options.seed))
    counts, steps = _round(graph, starts, 0, options)
    return Visited(counts / counts.sum(), walks, steps)


def _round(graph: WalkGraph, starts: Int[ndarray, " walks"], number: int, options: WalkOptions) -> tuple[ndarray, int]:
    """Visits of one walk from each start, and how many steps that took; parts of the starts go to the threads."""
    parts = min(options.threads, -(-len(starts) // BLOCK))
    bounds = np.linspace(0, len(starts), parts + 1).astype(np.int64)

    def walk(part: int) -> tuple[ndarray, int]:
        counts = np.zeros(len(graph), dtype=np.int32)
        begin, end = bounds[part], bounds[part + 1]
        steps = count_visits(
            graph.rows,
            graph.edges,
            starts[begin:end],
            begin,
            np.uint64(options.seed % 2**64),
            np.uint64(number),
            log(options.damping),
            options.max_steps,
            options.dangling == "jump",
            counts,
        )
        return counts, steps

    if parts == 1:
        return walk(0)
    with ThreadPoolExecutor(parts) as pool:
        done = list(pool.map(walk, range(parts)))
    return np.add.reduce([counts for counts, _ in done]), sum(steps for _, steps in done)


def _stratified(start: ndarray, nodes: int, walks: int, random: np.random.Generator) -> Int[ndarray, " walks"]:
    weights = np.asarray(start, dtype=np.float64)
    if weights.shape != (nodes,) or not np.isfinite(weights).all() or (weights < 0).any() or weights.sum() == 0:
        raise BadInput(
            f"walks start from weights of shape {weights.shape} with the sum {weights.sum()}: they need a weight of 0 "
            f"or more for each of the {nodes:,} nodes, one of them above 0"
        )
    known = np.flatnonzero(weights)
    upto = np.cumsum(weights[known])
    places = np.searchsorted(upto, (np.arange(walks) + random.random()) / walks * upto[-1], side="right")
    return known[np.minimum(places, len(known) - 1)].astype(np.int32)


def _refuse(graph: WalkGraph, walks: int) -> None:
    if len(graph) == 0:
        raise BadInput("the graph has no nodes: walks need at least one to start from")
    if walks < 1:
        raise BadInput(f"{walks} walks were asked for: at least 1")

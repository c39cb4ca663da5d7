"""How a loaded shop becomes an enriched graph: the steps in their order, each with its seconds."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import uuid4

from kartograph import queries
from kartograph.graph.co_occurrence import write_co_occurrence
from kartograph.graph.connection import Graph
from kartograph.graph.embedding import FastRP, write_embeddings
from kartograph.graph.pagerank import PageRank, write_pagerank
from kartograph.graph.preferences import Preferences, write_preferences
from kartograph.graph.similarity import Similarity, write_similarity
from kartograph.tables.co_occurrence import CoOccurrence
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent


@dataclass(frozen=True)
class Enrichment:
    """What each step may be told; the steps themselves are named in the call."""

    co_occurrence: CoOccurrence = field(default_factory=CoOccurrence)
    """How pairs are counted, where they are counted anew."""
    preferences: Preferences = field(default_factory=Preferences)
    pagerank: PageRank = field(default_factory=PageRank)
    similarity: Similarity = field(default_factory=Similarity)
    embedding: FastRP = field(default_factory=FastRP)


@dataclass(frozen=True)
class StepResult:
    """What one step did."""

    step: str
    seconds: float
    written: int
    """Edges or node properties written."""


@dataclass(frozen=True)
class _Step:
    what: str
    run: Callable[[Graph, str, Enrichment], int]


def _popularity(graph: Graph, run: str, options: Enrichment) -> int:
    return int(graph.query(queries.load("enrich/item_popularity"), write=True)["items"][0])


_STEPS = {
    "popularity": _Step("Counting events per item", _popularity),
    "co-occurrence": _Step(
        "Counting which items and categories occur together",
        lambda graph, run, options: (
            write_co_occurrence(graph, "item", run, options.co_occurrence)
            + write_co_occurrence(graph, "category", run, options.co_occurrence)
        ),
    ),
    "preferences": _Step(
        "Writing which categories users prefer",
        lambda graph, run, options: write_preferences(graph, run, options.preferences),
    ),
    "pagerank": _Step(
        "PageRank of items and categories",
        lambda graph, run, options: (
            write_pagerank(graph, "item", options.pagerank) + write_pagerank(graph, "category", options.pagerank)
        ),
    ),
    "similarity": _Step(
        "Comparing items by their users", lambda graph, run, options: write_similarity(graph, run, options.similarity)
    ),
    "embedding": _Step("Embedding items", lambda graph, run, options: write_embeddings(graph, options.embedding)),
}
STEPS = tuple(_STEPS)
"""The names of all steps in their order: a later one may use what an earlier one wrote."""

AFTER_BULK = ("preferences", "pagerank", "similarity", "embedding")
"""What a shop lacks that was loaded in bulk: popularity and co-occurrence came with it."""


def enrich(
    graph: Graph,
    steps: tuple[str, ...] = AFTER_BULK,
    options: Enrichment | None = None,
    progress: Progress = silent,
) -> list[StepResult]:
    """Run steps of the enrichment, in the order of `STEPS` whatever the order given; returns what each did.

    Running again replaces what the former run wrote. Raises `BadInput` for a step that does not exist, and as
    `projected` does; the steps before the one that failed have been written then.
    """
    unknown = [step for step in steps if step not in _STEPS]
    if unknown or not steps:
        raise BadInput(f'there is no step "{", ".join(unknown)}": the steps are {", ".join(STEPS)}')
    options = options or Enrichment()
    run = f"enrich-{uuid4().hex[:12]}"
    chosen = [step for step in STEPS if step in steps]
    results = []
    for done, name in enumerate(chosen):
        progress(_STEPS[name].what, done, len(chosen))
        started = time.perf_counter()
        written = _STEPS[name].run(graph, run, options)
        results.append(StepResult(name, time.perf_counter() - started, written))
    progress(_STEPS[chosen[-1]].what, len(chosen), len(chosen))
    return results

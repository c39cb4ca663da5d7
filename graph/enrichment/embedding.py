"""Where each item lies among its owners and the items around it: FastRP embeddings and the index of neighbours on them.

An owner is a user, or a session that belongs to no user: a shop of sessions alone has embeddings as well.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.enrichment.changes import take_items_to_embed
from kartograph.graph.enrichment.projection import projected, refuse_too_large

if TYPE_CHECKING:
    from graphdatascience.graph.graph_api import Graph as Projection

PROPERTY = "embedding"
LeftOut = Mapping[Literal["users", "sessions"], Mapping[str, Sequence[str]]]


@dataclass(frozen=True)
class FastRP:
    """How the embeddings are made."""

    dimension: int = 64
    """Numbers per item."""
    iteration_weights: tuple[float, ...] = (0.0, 1.0, 1.0, 1.0)
    """Weight of the neighbours at distance 1, 2, 3 …; at odd distances an item has owners, at even ones items."""
    normalization_strength: float = -0.5
    """Below zero, nodes with many edges count less."""
    least_items: int = 2
    """Users and sessions with fewer items link nothing and are left out."""
    seed: int = 0
    """The same seed gives the same embeddings on the same database."""
    concurrency: int = 4
    """Threads of the server; the open edition of the library allows 4."""


def write_embeddings(graph: Graph, options: FastRP | None = None) -> int:
    """Write `embedding` on every item of owners with `least_items`, and index it.

    Returns how many items have one; all of them are marked, for the neighbours. Items outside have no embedding: one of
    zeros would have no direction. The index is dropped before writing and built after it, which is four times faster.
    Raises as `projected` does.

    Source: Chen, Sultan, Tian, Chen, Skiena 2019, Fast and Accurate Network Embeddings via Very Sparse Random
    Projection.
    """
    options = options or FastRP()
    take_items_to_embed(graph, options.least_items)
    with _embedded(graph, options, {}) as projection:
        graph.query(queries.load("enrich/drop_item_embedding_index"), write=True)
        graph.query(queries.load("enrich/remove_item_embeddings"), write=True)
        written = graph.gds.graph.node_properties.write(
            projection, PROPERTY, node_labels=["Item"], concurrency=options.concurrency, log_progress=False
        ).properties_written
    graph.query(queries.load("enrich/mark_embedded"), write=True)
    graph.query(queries.load("enrich/item_embedding_index"), write=True)
    return written


def embeddings_without(graph: Graph, left_out: LeftOut, options: FastRP | None = None) -> pd.DataFrame:
    """The same embeddings as if some items had not been seen: `item_id, embedding`; nothing is written.

    `left_out` names ids of items by ids of users, and of sessions without a user. The random vectors that FastRP begins
    with are those of `write_embeddings`, so numbers of the two may be compared. An item that nobody is left to have
    seen has zeros. Raises as `projected` does.
    """
    with _embedded(graph, options or FastRP(), left_out) as projection:
        streamed = graph.gds.graph.node_properties.stream(
            projection, PROPERTY, node_labels=["Item"], db_node_properties=["id"], log_progress=False
        )
    return pd.DataFrame({"item_id": streamed["id"], "embedding": streamed[PROPERTY]})


@contextmanager
def _embedded(graph: Graph, options: FastRP, left_out: LeftOut) -> Iterator["Projection"]:
    """Project owners and items and compute their embeddings in memory."""
    with _projected(graph, options, left_out) as projection:
        graph.gds.fast_rp.mutate(projection, PROPERTY, **_work(options), log_progress=False)
        yield projection


@contextmanager
def _projected(graph: Graph, options: FastRP, left_out: LeftOut) -> Iterator["Projection"]:
    """Project owners and items, where there is memory for their embeddings as well."""
    without = {kind: {owner: list(items) for owner, items in of.items()} for kind, of in left_out.items()}
    with projected(graph, "owner_items", least_items=options.least_items, left_out=without) as projection:
        refuse_too_large(graph, "FastRP embeddings", graph.gds.fast_rp.estimate(projection, **_work(options)))
        yield projection


def _work(options: FastRP) -> dict[str, Any]:
    return {
        "embedding_dimension": options.dimension,
        "iteration_weights": list(options.iteration_weights),
        "normalization_strength": options.normalization_strength,
        "relationship_weight_property": "weight",
        "random_seed": options.seed,
        "concurrency": options.concurrency,
    }

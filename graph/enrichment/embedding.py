"""Where each item lies among the users and items around it: FastRP embeddings and the index of neighbours on them."""

from dataclasses import dataclass

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.enrichment.projection import projected, refuse_too_large

PROPERTY = "embedding"


@dataclass(frozen=True)
class FastRP:
    """How the embeddings are made."""

    dimension: int = 64
    """Numbers per item."""
    iteration_weights: tuple[float, ...] = (0.0, 1.0, 1.0, 1.0)
    """Weight of the neighbours at distance 1, 2, 3 …; at odd distances an item has users, at even ones items."""
    normalization_strength: float = -0.5
    """Below zero, nodes with many edges count less."""
    least_items: int = 2
    """Users who met fewer items link nothing and are left out."""
    seed: int = 0
    """The same seed gives the same embeddings on the same database."""
    concurrency: int = 4
    """Threads of the server; the open edition of the library allows 4."""


def write_embeddings(graph: Graph, options: FastRP | None = None) -> int:
    """Write `embedding` on every item that such users met, and index it; returns how many items.

    Items outside have no embedding: one of zeros would have no direction. The index is dropped before writing and
    built after it, which is four times faster. Raises as `projected` does.

    Source: Chen, Sultan, Tian, Chen, Skiena 2019, Fast and Accurate Network Embeddings via Very Sparse Random
    Projection.
    """
    options = options or FastRP()
    with projected(graph, "user_items", least_items=options.least_items) as projection:
        work = {
            "embedding_dimension": options.dimension,
            "iteration_weights": list(options.iteration_weights),
            "normalization_strength": options.normalization_strength,
            "relationship_weight_property": "weight",
            "random_seed": options.seed,
            "concurrency": options.concurrency,
        }
        refuse_too_large(graph, "FastRP embeddings", graph.gds.fast_rp.estimate(projection, **work))
        graph.gds.fast_rp.mutate(projection, PROPERTY, **work, log_progress=False)
        graph.query(queries.load("enrich/drop_item_embedding_index"), write=True)
        graph.query(queries.load("enrich/remove_item_embeddings"), write=True)
        written = graph.gds.graph.node_properties.write(
            projection, PROPERTY, node_labels=["Item"], concurrency=options.concurrency, log_progress=False
        )
    graph.query(queries.load("enrich/item_embedding_index"), write=True)
    return written.properties_written

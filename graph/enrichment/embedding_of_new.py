"""Where items that came with a live load lie among the others, whose embeddings stay."""

import numpy as np
import pandas as pd

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.enrichment.changes import take_items_to_embed
from kartograph.graph.enrichment.embedding import FastRP


def write_new_embeddings(graph: Graph, options: FastRP | None = None) -> tuple[int, int]:
    """Write `embedding` on items that have none, and which users, or sessions without one, of enough items have
    seen since; mark them.

    FastRP goes from an item to its owners and from these to their items, each time to the mean of the neighbours, by
    weight w and number of neighbours d:

        e(i) = 1/d(i) · Σ_o w(o, i) · 1/d(o) · Σ_j w(o, j) · e(j)

    over the items j that have an embedding, at length 1. What is left out is the random vector that i itself begins
    with: nobody's embedding holds it yet. An item whose owners have seen none with an embedding waits for a whole run.
    Returns how many items have an embedding, and how many of these are new.
    """
    options = options or FastRP()
    items = take_items_to_embed(graph, options.least_items)
    around = graph.query(queries.load("enrich/embeddings_around"), items=items, least_items=options.least_items)
    rows = []
    if len(around):
        weighted = np.array(around["embedding"].to_list()) * around["weight"].to_numpy()[:, None]
        places, names = pd.factorize(around["item_id"])  # rows of an item lie together, in the server's order of texts
        vectors = np.add.reduceat(weighted, np.flatnonzero(np.diff(places, prepend=-1)))
        lengths = np.linalg.norm(vectors, axis=1)
        rows = [
            {"item_id": item, "embedding": vector}
            for item, vector, length in zip(names.tolist(), (vectors / lengths[:, None]).tolist(), lengths, strict=True)
            if length > 0
        ]
        graph.query(queries.load("enrich/write_new_embeddings"), write=True, rows=rows)
    return int(graph.query(queries.load("enrich/embedded_items"))["items"][0]), len(rows)

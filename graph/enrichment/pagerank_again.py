"""PageRank after small changes: worked out from the former ranks on, and written where it moved."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from jaxtyping import Float
from numpy import ndarray
from scipy.sparse import csr_array

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.enrichment.pagerank import EXACT, PageRankOptions
from kartograph.graph.enrichment.preferences import read_preferences
from kartograph.graph.walks.user_categories import row_shares

Ranks = Float[ndarray, " nodes"]
KEPT_WITHIN = 1e-3
"""A rank stays in the graph while the new one differs by at most this share of it."""


def rank_items_again(graph: Graph, options: PageRankOptions | None = None) -> int:
    """Bring the ranks of items to what `write_pagerank` gives, within `KEPT_WITHIN`; returns how many were written.

    The edges are read without projecting them, and what is iterated begins at the former ranks.
    """
    options = options or PageRankOptions()
    alone = 1 - options.damping
    ranked = graph.query(queries.load("enrich/ranked_items"), exact=True, alone=alone).iloc[0]
    known = pd.Series(ranked["pageranks"], pd.Index(ranked["items"], dtype=object), float)
    pairs = graph.query(queries.load("enrich/co_occurring_items"), exact=True).iloc[0]
    ends = pd.Index(pairs["firsts"], dtype=object), pd.Index(pairs["seconds"], dtype=object)
    items = pd.Index(np.unique(np.concatenate([known.index, *ends])))
    former = known.reindex(items, fill_value=alone).to_numpy()
    edges = tuple(items.get_indexer(of) for of in ends)
    weights = csr_array((np.array(pairs["weights"], float), edges), shape=(len(items), len(items)))
    shares = row_shares(csr_array(weights + weights.T))
    ranks = fixed_point(lambda ranks: ranks @ shares, former, options, options.tolerance)
    return _write(graph, "item", items, former, ranks)


def rank_categories_again(graph: Graph, options: PageRankOptions | None = None) -> int:
    """The same of categories, by the users who prefer them; raises `NothingThere` where nobody prefers one."""
    options = options or PageRankOptions()
    preferred = read_preferences(graph)
    known = graph.query(queries.load("enrich/categories_ranked"))
    categories, former = pd.Index(known["category_id"]), known["pagerank"].to_numpy(float)
    of_user, of_category = row_shares(preferred.weights), row_shares(csr_array(preferred.weights.T))
    places = categories.get_indexer(preferred.categories)

    def passed_on(ranks: Ranks) -> Ranks:
        users = (1 - options.damping) + options.damping * (ranks[places] @ of_category)
        received = np.zeros(len(ranks))
        received[places] = users @ of_user
        return received

    ranks = fixed_point(passed_on, former, options, min(options.tolerance, EXACT))
    return _write(graph, "category", categories, former, ranks)


def fixed_point(
    passed_on: Callable[[Ranks], Ranks], former: Ranks, options: PageRankOptions, tolerance: float
) -> Ranks:
    """`PR = (1 - d) + d · passed_on(PR)`, from the former ranks on until none changes by more than the tolerance.

    Ranks that are not known, NaN, begin at 1.
    """
    ranks = np.where(np.isnan(former), 1.0, former)
    for _ in range(options.iterations):
        after = (1 - options.damping) + options.damping * passed_on(ranks)
        change, ranks = np.abs(after - ranks).max(initial=0), after
        if change <= tolerance:
            break
    return ranks


def _write(graph: Graph, kind: str, ids: pd.Index, former: Ranks, ranks: Ranks) -> int:
    moved = ~(np.abs(ranks - former) <= KEPT_WITHIN * ranks)  # true of NaN as well
    rows = [list(row) for row in zip(ids[moved].tolist(), ranks[moved].tolist(), strict=True)]
    if rows:
        graph.query(queries.load(f"enrich/write_{kind}_pagerank"), write=True, rows=rows)
    return len(rows)

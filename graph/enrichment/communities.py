"""Which items belong together, and categories made of that for shops that have none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.enrichment.pairs.co_occurrence import write_category_co_occurrence
from kartograph.graph.enrichment.projection import projected, refuse_too_large
from kartograph.tables.derived.co_occurrence import CoOccurrenceOptions
from kartograph.tables.derived.derived_categories import category_of
from kartograph.tables.errors import NothingThere

BATCH = 10_000
"""Items in one transaction."""


@dataclass(frozen=True)
class Communities:
    """How fine the communities are."""

    resolution: float = 1.0
    """γ of the modularity; above 1 the communities become smaller and more."""
    least_items: int = 5
    """Smaller groups are no community."""
    seed: int = 0
    """The same seed gives the same communities on the same database."""


def write_communities(graph: Graph, options: Communities | None = None) -> int:
    """Write `community` on the items that occur together more than chance would have it; returns how many items.

    Leiden maximises the modularity `Q = 1/2m · Σ_ij (w_ij - γ k_i k_j / 2m) · [c_i = c_j]` of the co-occurrence edges,
    w their weight, k_i the weight at item i, m the weight of all. Communities are numbered 0, 1, 2 …, the largest
    first; an item that occurs with few others has no number. One thread of the server works, for the seed's sake.
    Raises as `projected` does.

    Source: Traag, Waltman, van Eck 2019, From Louvain to Leiden: guaranteeing well-connected communities.
    """
    options = options or Communities()
    with projected(graph, "item_co_occurrence") as projection:
        estimate = graph.gds.leiden.estimate(
            projection, relationship_weight_property="weight", gamma=options.resolution, concurrency=1
        )
        refuse_too_large(graph, "communities of items", estimate)
        if projection.relationship_count() == 0:
            # Leiden of the library fails on a graph without edges.
            raise NothingThere("no two items occur together often enough for an edge: there are no communities to find")
        written = graph.query(
            queries.load("enrich/item_communities"),
            projection=projection.name(),
            resolution=options.resolution,
            least_items=options.least_items,
            seed=options.seed,
        )
    community = {item: number for number, items in enumerate(written["items"]) for item in items}
    former = graph.query(queries.load("enrich/communities"))["item_id"]
    left = [{"item_id": item, "community": None} for item in former if item not in community]
    rows = [{"item_id": item, "community": number} for item, number in community.items()]
    _in_batches(graph, "enrich/write_communities", rows + left)
    return len(rows)


def join_communities(graph: Graph) -> int:
    """Put items without a community where most of the weight of their edges goes, and leave the others where they are.

    An item most of whose neighbours are in none stays outside. Returns how many items have one.
    """
    graph.query(queries.load("enrich/join_communities"), write=True)
    return int(graph.query(queries.load("enrich/items_in_communities"))["items"][0])


def write_derived_categories(graph: Graph, run: str, together: CoOccurrenceOptions | None = None) -> int:
    """Make a category of each community, where the data came without categories; returns how many items have one.

    `(:Item)-[:IN_CATEGORY]->(:Category {id: "derived-0", derived: true, run})`, and `derived_category` on the item, so
    that the item's events count for it as well: category co-occurrence is counted anew (`together`), and whatever asks
    the graph for categories finds these (preferences, PageRank of categories, the walks of recommenders). An item
    outside of the communities goes where most items of its sessions are, else where most items of its users are
    (`tables.derived_categories.category_of`).

    A shop whose data names categories is left alone, and derived ones that it still has are removed. Running again
    replaces what the former run wrote; `remove_derived_categories` takes everything away.
    """
    known = graph.query(queries.load("enrich/given_categories")).iloc[0]
    if known["given"]:
        if known["derived"]:
            remove_derived_categories(graph)
        return 0
    communities = graph.query(queries.load("enrich/communities")).set_index("item_id")["community"]
    categories = category_of(communities, (_met(graph, "session"), _met(graph, "user")))
    _in_batches(graph, "enrich/derived_categories", categories.to_dict("records"), run=run)
    graph.query(queries.load("enrich/delete_old_derived_categories"), write=True, run=run)
    write_category_co_occurrence(graph, run, together)
    return len(categories)


def _in_batches(graph: Graph, statement: str, rows: Sequence[Mapping[Any, Any]], **parameters: Any) -> None:
    for start in range(0, len(rows), BATCH):
        graph.query(queries.load(statement), write=True, rows=rows[start : start + BATCH], **parameters)


def _met(graph: Graph, kind: Literal["session", "user"]) -> pd.DataFrame:
    """Who has seen an item: `who, item_id`."""
    lists = graph.read(queries.load(f"enrich/items_by_{kind}"), lambda rows: [items for (items,) in rows])
    return pd.DataFrame(
        {
            "who": np.repeat(np.arange(len(lists)), np.array([len(items) for items in lists], dtype=np.int64)),
            "item_id": pd.array([item for items in lists for item in items], dtype="str"),
        }
    )


def has_derived(graph: Graph) -> bool:
    """Whether items have derived categories."""
    return bool(graph.query(queries.load("enrich/given_categories"))["derived"][0])


def remove_derived_categories(graph: Graph) -> int:
    """Remove the derived categories and all that hangs on them; returns how many items had one."""
    return int(graph.query(queries.load("enrich/remove_derived_categories"), write=True)["items"][0])

"""Which part of the graph an algorithm sees: a projection that fits into memory and is gone when the work is done."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal
from uuid import uuid4

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.tables.errors import NothingThere, TooLarge

if TYPE_CHECKING:
    from graphdatascience.graph.graph_api import Graph as Projection
    from graphdatascience.procedure_surface.api.estimation_result import EstimationResult

Kind = Literal["item_co_occurrence", "owner_items", "user_categories"]
"""What is projected: `queries/enrich/project_<kind>.cypher` says how."""

_LACKING: dict[Kind, str] = {
    "item_co_occurrence": "no two items occur together; load events, and let the step co-occurrence count them",
    "owner_items": "no user, and no session without a user, has two items or more: load events "
    "(`kartograph load --help`)",
    "user_categories": "nobody bought an item of a category; load purchases and categories, and let the step "
    "preferences count them",
}
"""What is lacking where a projection would be empty, and what to do."""
HEAP_SHARE = 0.8
"""Share of the server's heap that projections and an algorithm may take together; queries need the rest."""


@contextmanager
def projected(graph: Graph, kind: Kind, **parameters: Any) -> Iterator["Projection"]:
    """Project a part of the graph into the memory of the server, and drop it at the end, whatever happens.

    `parameters` are those of the statement besides its name (`least_items`). Every call projects under a name of its
    own, so two can work side by side.

    Raises:
        FeatureMissing: the server has no Graph Data Science library.
        TooLarge: the estimate exceeds `HEAP_SHARE` of the heap; nothing was projected.
        NothingThere: there is nothing to project.
    """
    client = graph.gds
    sizes = graph.query(queries.load("enrich/size"))
    [nodes] = sizes["nodes"][sizes["projection"] == kind]
    [relationships] = sizes["relationships"][sizes["projection"] == kind]
    refuse_too_large_projection(graph, kind, int(nodes), int(relationships))
    name = f"{kind}-{uuid4().hex[:12]}"
    try:
        projection = graph.query(queries.load(f"enrich/project_{kind}"), projection=name, **parameters)
        if projection.empty or projection["projection"][0] is None:
            raise NothingThere(f"there is nothing to project for {kind}: {_LACKING[kind]}")
        yield client.graph.get(name)
    finally:
        graph.query(queries.load("operate/drop_projection"), projection=name)


def refuse_too_large(graph: Graph, work: str, estimate: "EstimationResult") -> None:
    """Raise `TooLarge` where the estimated memory of an algorithm does not fit beside what is projected already."""
    memory = _memory(graph, 0, 0)
    _refuse(work, estimate.bytes_max, memory["heap"], memory["held"])


def refuse_too_large_projection(graph: Graph, what: str, nodes: int, relationships: int) -> None:
    """Raise `TooLarge` where projecting so many nodes and relationships does not fit beside what is there."""
    memory = _memory(graph, nodes, relationships)
    _refuse(
        f"projecting {what} ({nodes:,} nodes, {relationships:,} relationships)",
        memory["bytes"],
        memory["heap"],
        memory["held"],
    )


def _memory(graph: Graph, nodes: int, relationships: int) -> dict[str, int]:
    estimate = graph.query(queries.load("operate/projection_estimate"), nodes=nodes, relationships=relationships)
    return {str(name): int(value) for name, value in estimate.iloc[0].items()}


def _refuse(work: str, needed: int, heap: int, held: int) -> None:
    allowed = int(heap * HEAP_SHARE) - held
    if needed > allowed:
        raise TooLarge(
            f"{work} takes up to {_mib(needed)} of memory, the server has {_mib(allowed)} for it "
            f"({HEAP_SHARE:.0%} of a heap of {_mib(heap)}, less {_mib(held)} of projections in use): "
            "give the server more (KARTOGRAPH_HEAP=8g and a restart), or leave this step out"
        )


def _mib(size: int) -> str:
    return f"{size / 2**20:,.0f} MiB"

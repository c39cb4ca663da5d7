"""What would be lost if an ontology took the place of the one in the graph."""

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.ontology.owl.individuals import Catalogue
from kartograph.tables.errors import BadInput

LEAST_SHARE = 0.5
"""Of the individuals in the graph: an ontology of the same ones that brings less is refused."""


def refuse_loss(graph: Graph, catalogue: Catalogue, allow_shrink: bool = False) -> None:
    """Raise `BadInput` where `catalogue` would leave less than half of the individuals that the graph has.

    An ontology that has none of the graph's individuals is another one, which may be smaller.
    """
    iris = [iri for individuals in catalogue.classes.values() for iri in individuals.ids.tolist()]
    losses = graph.query(queries.load("ontology/loss"), iris=iris).iloc[0]
    if allow_shrink or not losses["again"] or len(iris) >= LEAST_SHARE * losses["held"]:
        return
    raise BadInput(
        f"This ontology has {len(iris):,} individuals, and would take the place of {losses['held']:,} in the graph. "
        "The graph is as it was. Look whether the file is whole; if so many are to go, say it with --allow-shrink "
        "(allow_shrink=True in Python)."
    )

"""How much each attribute of a shop's ontology counts, learned from the shop's sessions and kept on its attributes."""

from dataclasses import dataclass
from typing import Literal

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.ontology.compare.columns import Measure
from kartograph.ontology.graph.computed import write_weights
from kartograph.ontology.owl.individuals import Catalogue
from kartograph.ontology.sessions import sessions_of
from kartograph.ontology.similarity import Space, Unknown, space_of
from kartograph.ontology.unknown import better_unknown
from kartograph.ontology.weights.genetic import GeneticOptions, genetic_weights
from kartograph.ontology.weights.purity import PurityOptions, purity_weights
from kartograph.tables.progress import Progress, silent

Method = Literal["purity", "genetic"]


@dataclass(frozen=True)
class ShopWeights:
    """What was learned."""

    space: Space
    """Where items are compared; missing values count as was chosen."""
    weights: dict[str, float]
    """By attribute."""
    successes: dict[Unknown, float]
    """The success of three suggestions under each reading of missing values; empty where the reading was given."""


def learn_weights(
    graph: Graph,
    catalogue: Catalogue,
    measure: Measure,
    method: Method = "purity",
    unknown: Unknown | None = None,
    seed: int = 0,
    progress: Progress = silent,
) -> ShopWeights:
    """Learn the weights of the ontology's attributes and write them into the graph.

    `purity` counts what sessions stick to, `genetic` searches what suggests best. Without `unknown` the reading of
    missing values is the one that suggests better in the shop's sessions.
    """
    visits = graph.query(queries.load("ontology/visits"))
    sessions = sessions_of(visits, catalogue.items.ids, session="session", item="iri")
    chosen, successes = better_unknown(catalogue, measure, sessions) if unknown is None else (unknown, {})
    space = space_of(catalogue, measure, unknown=chosen)
    if method == "purity":
        weights, _ = purity_weights(space, sessions, options=PurityOptions(seed=seed))
    else:
        weights, _ = genetic_weights(space, sessions, options=GeneticOptions(seed=seed), progress=progress)
    write_weights(graph, weights, f"{method} of {measure.value}", chosen)
    return ShopWeights(space, weights, successes)

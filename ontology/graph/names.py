"""What classes and attributes of an ontology are called in the graph.

Names that a shop's own nodes, properties and relationships bear already get an underscore behind them.
"""

import re

from kartograph.tables.events import RELATIONSHIP_OF_EVENT

LABELS = frozenset(
    {"User", "Item", "Category", "Session", "Cluster", "Page", "Pattern", "Rule", "Attribute", "Load", "Run", "Model"}
    | {"Meta", "Individual", "ModelVersion", "PipelineRun", "Promotion", "OfOntology", "PairsStale"}
    | {"PreferencesStale", "SimilarityStale", "NeighboursStale", "EmbeddingStale"}
)
PROPERTIES = frozenset(
    {
        "id",
        "iri",
        "types",
        "exact",
        "as_loaded",
        "ontology_load",
        "title",
        "name",
        "brand",
        "available",
        "popularity",
        "pagerank",
    }
    | {"embedding", "run"}
)
RELATIONSHIPS = frozenset(
    {*RELATIONSHIP_OF_EVENT.values(), "HAD", "INCLUDES", "TAKEN_BACK", "IN_CATEGORY", "WAS_IN_CATEGORY", "CHILD_OF"}
    | {"CO_OCCURS", "PREFERS", "SIMILAR", "IN_CLUSTER", "SHOWS", "RECOMMENDED", "CURRENT"}
    | {"HAS_VERSION", "CURRENT_VERSION"}
)


def label_of(class_name: str) -> str:
    """The label of a class: its name."""
    return _free(_word(class_name), LABELS)


def property_of(attribute: str) -> str:
    """The property of an attribute: its name."""
    return _free(_word(attribute), PROPERTIES)


def relationship_of(attribute: str) -> str:
    """The relationship type of a link: `writtenBy` becomes `WRITTEN_BY`."""
    return _free(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", _word(attribute)).upper(), RELATIONSHIPS)


def _word(name: str) -> str:
    return re.sub(r"\W+", "_", name) or "_"


def _free(name: str, taken: frozenset[str]) -> str:
    return f"{name}_" if name in taken else name

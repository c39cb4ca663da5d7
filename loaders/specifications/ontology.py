"""An ontology with its individuals, beside what a shop holds."""

from dataclasses import dataclass
from pathlib import Path

from kartograph.loaders.registry import Loader
from kartograph.loaders.shared.declared import option
from kartograph.tables.errors import BadInput

MEASURE_WORDS = (
    "Similarity of items: CS (cosine) or ED (Euclidean) of their own attributes; ECS, EED-1 or EED-2 with those of "
    "what they link to."
)


@dataclass(frozen=True)
class Comparison:
    """What is computed of an ontology's items when they are loaded."""

    measure: str = option("EED-1", MEASURE_WORDS)
    neighbours: int = option(10, "Number of most similar items to link each item to; 0 for none.")
    clusters: int = option(0, "Number of clusters to write, of k-medoids; 0 for none.")

    def __post_init__(self) -> None:
        """Refuse numbers below 0."""
        for name in ("neighbours", "clusters"):
            if getattr(self, name) < 0:
                raise BadInput(f"--{name} is {getattr(self, name)}; give 0 for none, or more")


@dataclass(frozen=True)
class Individuals(Comparison):
    """What a load of individuals bears, whatever they come from."""

    max_rejects: str = option(
        "50%", "Maximum rejected individuals, or rows of edges: a percentage (50%) or a count (500)."
    )
    rejects: Path | None = option(None, "File for rejected triples or rows.", "loads/ in the shop's folder")
    allow_shrink: bool = option(False, "Write less than half of the individuals that the graph holds.")


@dataclass(frozen=True)
class OntologyOptions(Individuals):
    """How an ontology is read, and what is computed of it."""

    annotations: Path | None = option(None, "A file of annotations, as `kartograph annotate` proposes it.", "none")
    language: str = option("en", "Languages of labels and values, in order of preference: en, or de,en.")


LOADER = Loader(
    "ontology",
    "Write an ontology and its individuals into the shop, beside what it holds; loading again replaces them.",
    path="An ontology in Turtle, TriG, N-Triples, N-Quads, RDF/XML or JSON-LD, packed or not.",
    example="films.ttl --clusters 5",
    more="An individual with a value that does not fit is rejected, and the others are written.",
    options=OntologyOptions,
    write="kartograph.loaders.ontology:write",
    recognize="kartograph.loaders.ontology:recognize",
)

"""What a person can say about ontologies, books and pages, each option once; see `declared`."""

from dataclasses import dataclass
from pathlib import Path

from kartograph.loaders.shared.declared import option
from kartograph.tables.errors import BadInput


@dataclass(frozen=True)
class Comparison:
    """What is computed of an ontology's items when they are loaded."""

    measure: str = option("EED-1", "CS, ECS, ED, EED-1 or EED-2.")
    neighbours: int = option(10, "Link each item to so many of the most similar ones; 0 for none.")
    clusters: int = option(0, "Write so many clusters; 0 for none.")

    def __post_init__(self) -> None:
        """Refuse numbers below 0."""
        for name in ("neighbours", "clusters"):
            if getattr(self, name) < 0:
                raise BadInput(f"--{name} is {getattr(self, name)}; give 0 for none, or more")


@dataclass(frozen=True)
class BookComparison(Comparison):
    """What is computed of the library's books."""

    clusters: int = option(10, "Write so many clusters; 0 for none.")


@dataclass(frozen=True)
class OntologyOptions(Comparison):
    """How an ontology is read, and what is computed of it."""

    annotations: Path | None = option(None, "A file of annotations, as `kartograph annotate` proposes it.", "none")
    language: str = option("en", "Languages of labels and values, the most wanted first: en, or de,en.")
    max_rejects: str = option("50%", "How many individuals may be rejected: a share as 50% or a number as 500.")
    allow_shrink: bool = option(False, "Write less than half of the individuals that the graph holds.")


@dataclass(frozen=True)
class PagesOptions:
    """Where the attributes stand on saved pages, and where results go."""

    patterns: Path | None = option(
        None, "Where the attributes stand on the pages: a TOML file.", "none: they are needed"
    )
    table: Path | None = option(None, "Write the page-to-object table to this CSV file.", "none")
    out: Path | None = option(None, "Write the ontology with the individuals to this file.", "none")
    missing: Path | None = option(None, "Write what was not found to this CSV file.", "none")
    log: bool = option(False, "The source is an access log: take the pages people got.")
    allow_shrink: bool = option(False, "Write less than half of the individuals that the graph holds.")

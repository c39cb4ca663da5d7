"""The protocol of the ontology-based relational recommender: its paper's tables on any ontology and its visits."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from kartograph.evaluation.contest import Contest, Entrant, Models
from kartograph.evaluation.protocols.base import Protocol, Results
from kartograph.graph.connection import Graph
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent

if TYPE_CHECKING:
    from kartograph.evaluation.papers.ontology.data import StudyData
    from kartograph.evaluation.papers.ontology.study import ProtocolOptions


@dataclass(frozen=True)
class Ontology(Protocol):
    """Ten folds of sessions, from the first item of a session to the others; the methods are the paper's.

    Data is a library's folder; with `ontology`, an access log, interactions or sessions; or a graph that holds an
    ontology and sessions.
    """

    name: ClassVar[str] = "ontology"
    study: "ProtocolOptions | None" = None
    """The paper's where none are named."""
    ontology: Path | None = None
    """An annotated ontology file; without it the data is a library's folder or a graph."""
    patterns: Path | None = None
    """What the addresses of a log tell of the items; by default a file of the ontology's name that ends in .toml."""
    mapping: Path | None = None
    """Which page shows which individual of the ontology, in place of patterns."""
    gap: float = 20
    """Minutes without a request that end a session of a log."""
    seed: int = 0

    @property
    def record_name(self) -> str:
        """A library's record is called after its books."""
        return "books" if self.ontology is None else "ontology"

    def entrants(self, models: Models) -> Mapping[str, Entrant]:
        """None: the methods are the paper's."""
        if models:
            raise BadInput(f"The protocol ontology measures its paper's methods and takes no models; got {models!r}.")
        return {}

    def read(self, data: Any, progress: Progress = silent) -> "StudyData":
        """The items and the visits."""
        from kartograph.evaluation.papers.ontology.data import StudyData, library, read_study, study_of_graph

        if isinstance(data, StudyData):
            return data
        if isinstance(data, Graph):
            return study_of_graph(data, "graph", progress)
        if not isinstance(data, str | Path):
            raise BadInput(f"The protocol ontology takes a path or a graph, not {type(data).__name__}.")
        path = Path(data)
        if self.ontology is not None:
            return read_study(
                path, self.ontology, patterns=self.patterns, mapping=self.mapping, gap=self.gap, progress=progress
            )
        if not path.is_dir():
            raise BadInput(
                f"{path} is no library's folder. Name the ontology of its items with --ontology, or a folder with "
                "books.csv, creators.csv and borrows.csv."
            )
        return library(path)

    def label(self, data: Any, source: "StudyData") -> str:
        """The data's name."""
        return source.name

    def sums(self, source: "StudyData") -> dict[str, str]:
        """Of its files."""
        return dict(source.sums)

    def options(self, k: int) -> dict[str, Any]:
        """Everything of the study: `measure` says it, since the purity thresholds and others are among it."""
        return {}

    def measure(self, source: "StudyData", contest: Contest, k: int, progress: Progress = silent) -> Results:
        """Every table of the paper."""
        from kartograph.evaluation.papers.ontology.record import measured
        from kartograph.evaluation.papers.ontology.study import ProtocolOptions, Study

        options = self.study or ProtocolOptions()
        options = replace(options, seed=self.seed, genetic=replace(options.genetic, seed=self.seed))
        parts, study_options, notes = measured(Study(source, options, progress))
        return Results(parts, notes, options=study_options)

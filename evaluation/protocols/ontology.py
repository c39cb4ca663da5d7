"""The protocol of the ontology-based relational recommender: its paper's tables on a library's visits."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from kartograph.evaluation.contest import Contest, Entrant, Models
from kartograph.evaluation.protocols.base import Protocol, Results
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent

if TYPE_CHECKING:
    from kartograph.evaluation.papers.ontology.books import ProtocolOptions


@dataclass(frozen=True)
class Ontology(Protocol):
    """Ten folds of visits, from the first book of a visit to the others; the methods are the paper's."""

    name: ClassVar[str] = "ontology"
    study: "ProtocolOptions | None" = None
    """The paper's where none are named."""
    seed: int = 0

    @property
    def record_name(self) -> str:
        """The data is a library's."""
        return "books"

    def entrants(self, models: Models) -> Mapping[str, Entrant]:
        """None: the methods are the paper's."""
        if models:
            raise BadInput(f"The protocol ontology measures its paper's methods and takes no models; got {models!r}.")
        return {}

    def read(self, data: Any, progress: Progress = silent) -> Path:
        """The folder with books.csv, creators.csv and borrows.csv."""
        if not isinstance(data, str | Path):
            raise BadInput(f"The protocol ontology takes a library's folder, not {type(data).__name__}.")
        return Path(data)

    def label(self, data: Any, source: Path) -> str:
        """The folder's name."""
        return source.absolute().name

    def sums(self, source: Path) -> dict[str, str]:
        """Of the three files."""
        from kartograph.evaluation.record import sha256
        from kartograph.loaders.books import COLUMNS

        return {name: sha256(source / name) for name in COLUMNS}

    def options(self, k: int) -> dict[str, Any]:
        """Everything of the study: `measure` says it, since the purity thresholds and others are among it."""
        return {}

    def measure(self, source: Path, contest: Contest, k: int, progress: Progress = silent) -> Results:
        """Every table of the paper."""
        from kartograph.evaluation.papers.ontology.books import ProtocolOptions, Study
        from kartograph.evaluation.papers.ontology.record import measured

        options = self.study or ProtocolOptions()
        options = replace(options, seed=self.seed, genetic=replace(options.genetic, seed=self.seed))
        parts, study_options = measured(Study(source, options, progress))
        return Results(parts, options=study_options)

"""What the steps of a run share: the declaration, the journal, the sources as read, and the connection to the shop."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kartograph.graph.connection import Graph
from kartograph.graph.managed.home import ShopDirectory
from kartograph.pipeline.declaration import Declaration, SourceDeclaration
from kartograph.pipeline.journal import Journal, Journals
from kartograph.pipeline.recipes import Recipe
from kartograph.pipeline.sources import name_of, read_source
from kartograph.tables.errors import KartographError
from kartograph.tables.progress import Progress, silent

if TYPE_CHECKING:
    from kartograph.pipeline.checking.profile import Brought
    from kartograph.tables.schema import Source

Connect = Callable[[Progress], Graph]
Result = tuple[str, dict[str, Any]]
"""What a step did, in a sentence, and its figures for the journal."""


class Stopped(KartographError):
    """The checks refuse what the sources bring; the shop is as it was.

    Raised: by `kartograph run` when a figure of the new data is beyond a bound of `[checks]`.

    Remedy: look at the rejected rows and at the source that the message names. Where the data are right, widen the
    bound in the declaration and run again.
    """


@dataclass
class Night:
    """One run at work."""

    declaration: Declaration
    journal: Journal
    journals: Journals
    models: Path
    """The folder of the shop's trained models."""
    connect: Connect
    """Opens the shop's graph, starting its server where needed."""
    progress: Progress = silent
    _sources: dict[int, "Source"] = field(default_factory=dict)
    _brought: dict[int, "Brought"] = field(default_factory=dict)

    @property
    def home(self) -> ShopDirectory:
        """The shop's folder."""
        return ShopDirectory.of(self.declaration.shop.name)

    @property
    def folder(self) -> Path:
        """What this run leaves for later steps."""
        return self.journals.work_folder(self.journal)

    @property
    def candidates(self) -> list[Recipe]:
        """The recipes that may win, in the order of the file."""
        train = self.declaration.train
        return [Recipe(name, train.options.get(name, {})) for name in train.models]

    @cached_property
    def graph(self) -> Graph:
        """The connection, opened when it is needed first."""
        return self.connect(self.progress)

    def reconnect(self) -> None:
        """Close the connection: a bulk load leaves another server behind it."""
        if "graph" in self.__dict__:
            self.graph.close()
            del self.__dict__["graph"]

    def noted(self, step: str, name: str, make: Callable[[], Any]) -> Any:
        """A figure of the step at work, written into the journal before the step goes on; made once a run."""
        figures = self.journal.steps[step].figures
        if name not in figures:
            figures[name] = make()
            self.journals.write(self.journal)
        return figures[name]

    def source(self, number: int) -> "Source":
        """A source as its loader reads it, once a process."""
        if number not in self._sources:
            declared = self.declaration.sources[number]
            self.progress(f"Reading {name_of(declared)}")
            rejects = self.profile_folder(number) / "rejects.csv"
            self._sources[number] = read_source(declared, rejects, self.progress)
        return self._sources[number]

    def brought(self, number: int) -> "Brought":
        """The figures of a source."""
        from kartograph.pipeline.checking.profile import profile_of

        if number not in self._brought:
            self._brought[number] = profile_of(self.source(number))
        return self._brought[number]

    def release_sources(self) -> None:
        """Let go of the tables of the sources: once they are loaded nobody reads them."""
        self._sources.clear()
        self._brought.clear()

    def label(self, number: int) -> str:
        """A name for a source that no other of the declaration has."""
        declared = self.declaration.sources[number]
        alike = [name_of(one) for one in self.declaration.sources[:number]].count(name_of(declared))
        return f"{name_of(declared)}-{alike + 1}" if alike else name_of(declared)

    def profile_folder(self, number: int) -> Path:
        """Where the profile of a source is kept for the next run."""
        label = self.label(number)
        word = re.sub(r"\W+", "-", label)  # a name may hold what no folder's name may
        return self.journals.folder.parent / "sources" / f"{word}-{hashlib.sha256(label.encode()).hexdigest()[:6]}"

    def numbered_sources(self) -> list[tuple[int, SourceDeclaration]]:
        """The sources with their numbers."""
        return list(enumerate(self.declaration.sources))

    def close(self) -> None:
        """Close the connection."""
        self.reconnect()

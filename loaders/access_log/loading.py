"""A log with its pages and, where one is said, its ontology: checked together before anything is loaded."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from kartograph.graph.connection import Graph
from kartograph.loaders.access_log.join import Join, join_ontology, named_as_in_graph, write_joined
from kartograph.loaders.access_log.source import read as read_log
from kartograph.loaders.ontology import remarks_of
from kartograph.loaders.specifications.access_log import LOADER, AccessLogOptions
from kartograph.ontology.contents import Contents, contents_of
from kartograph.ontology.files.reading import read_rdf
from kartograph.tables.progress import Progress, silent
from kartograph.tables.schema import Source

__all__ = ["AccessLogOptions", "LogLoad", "for_graph", "load", "prepare", "read", "write"]


@dataclass(frozen=True)
class LogLoad:
    """A load of a log whose pages and ontology fit together."""

    options: AccessLogOptions
    contents: Contents | None
    join: Join | None

    def read(self, path: str | Path, progress: Progress = silent) -> Source:
        """The log as a source; its report counts both sides of the join."""
        source = read_log(path, self.options, progress)
        if self.join is not None:
            source.report.counts |= self.join.counts()
            if self.join.missed():
                source.report.note(self.join.missed(), 1)
                source.report.remarks.append(self.join.missed())
        if self.contents is not None:
            source.report.remarks += remarks_of(self.contents)
        return source

    def write(self, graph: Graph, progress: Progress = silent, *, allow_shrink: bool = False) -> Mapping[str, int]:
        """Write pages and ontology on top of the events; returns counts by name."""
        pages = self.options.pages()
        return write_joined(graph, pages, self.contents, self.join, progress, allow_shrink=allow_shrink)


def prepare(options: AccessLogOptions, graph: Graph | None = None) -> LogLoad:
    """Read the page table and the ontology; for a live load with the ids under which `graph` knows its individuals.

    Raises
    ------
    BadInput
        One of them cannot be used, or no mapped item is an individual.
    """
    contents = None if options.ontology is None else contents_of(read_rdf(options.ontology))
    if contents is not None:
        contents.check()
    table = options.pages() if graph is None else named_as_in_graph(options.pages(), graph)
    join = None if contents is None else join_ontology(table, contents)
    return LogLoad(replace(options, table=table), contents, join)


def read(path: str | Path, options: AccessLogOptions | None = None, progress: Progress = silent) -> Source:
    """Read a log whose pages and ontology were checked; see `source.read`."""
    return prepare(options or AccessLogOptions()).read(path, progress)


def write(
    graph: Graph,
    path: str | Path,
    options: AccessLogOptions,
    progress: Progress = silent,
    *,
    allow_shrink: bool = False,
) -> Mapping[str, int]:
    """Write what belongs to a log beside its events."""
    return prepare(options).write(graph, progress, allow_shrink=allow_shrink)


def for_graph(options: AccessLogOptions, graph: Graph) -> AccessLogOptions:
    """The options of a live load: items have the ids by which the graph knows its individuals."""
    return prepare(options, graph).options


load = LOADER.load

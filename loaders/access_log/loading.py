"""A log with its pages and, where one is said, its ontology: checked together before anything is loaded."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from kartograph.graph.connection import Graph
from kartograph.graph.managed.home import Home
from kartograph.loaders.access_log.joined import Join, join_ontology, named_as_in_graph, write_joined
from kartograph.loaders.access_log.source import NAME, AccessLogOptions
from kartograph.loaders.access_log.source import read as read_log
from kartograph.loaders.shared.into_graph import into_graph
from kartograph.ontology.contents import Contents, contents_of
from kartograph.ontology.files.reading import read_rdf
from kartograph.tables.derived.derive import DeriveOptions
from kartograph.tables.progress import Progress, silent
from kartograph.tables.report import Report
from kartograph.tables.schema import Source

__all__ = ["NAME", "AccessLogOptions", "LogLoad", "load", "prepare", "read", "write"]


@dataclass(frozen=True)
class LogLoad:
    """A load of a log whose pages and ontology fit together."""

    options: AccessLogOptions
    contents: Contents | None
    joined: Join | None

    def read(self, path: str | Path, progress: Progress = silent) -> Source:
        """The log as a source; its report counts both sides of the join."""
        source = read_log(path, self.options, progress)
        if self.joined is not None:
            source.report.counts |= self.joined.counts()
            if self.joined.missed():
                source.report.note(self.joined.missed(), 1)
        return source

    def write(self, graph: Graph, progress: Progress = silent, *, allow_shrink: bool = False) -> Mapping[str, int]:
        """Write pages and ontology on top of the events; returns counts by name."""
        pages = self.options.pages()
        return write_joined(graph, pages, self.contents, self.joined, progress, allow_shrink=allow_shrink)


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
    joined = None if contents is None else join_ontology(table, contents)
    return LogLoad(replace(options, table=table), contents, joined)


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


def load(
    where: Graph | Home | str,
    path: str | Path,
    options: AccessLogOptions | None = None,
    deriving: DeriveOptions | None = None,
    progress: Progress = silent,
) -> Report:
    """Read a log and load it with its pages and ontology: live into a `Graph`, in bulk into a shop."""
    prepared = prepare(options or AccessLogOptions(), where if isinstance(where, Graph) else None)
    report = into_graph(prepared.read(path, progress), where, deriving, progress)
    if isinstance(where, Graph):
        report.counts |= prepared.write(where, progress)
    else:
        with Graph.local(where.shop if isinstance(where, Home) else where, progress) as graph:
            report.counts |= prepared.write(graph, progress)
    return report

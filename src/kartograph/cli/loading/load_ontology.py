"""The commands that load what items are and who looked at their pages: ontology, books, access-log, pages."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kartograph.cli.loading.load import load, run
from kartograph.cli.loading.load_options import AllowShrink, AsJson, Common, DryRun, with_common, with_declared
from kartograph.cli.ontology_file import (
    DEFAULT_REJECTS,
    Annotations,
    Language,
    MaxRejects,
    read_annotated,
    show_remarks,
    write_rejects,
)
from kartograph.cli.shared.connect import open_graph
from kartograph.cli.shared.console import notes, print_facts, print_json, shown_progress
from kartograph.loaders.access_log.said import SaidOfLog
from kartograph.loaders.shared.said import BookComparison, PagesOptions

if TYPE_CHECKING:
    from kartograph.graph.connection import Graph
    from kartograph.tables.progress import Progress
    from kartograph.tables.schema import Source

MeasureName = Annotated[str, typer.Option("--measure", help="CS, ECS, ED, EED-1 or EED-2.")]
Neighbours = Annotated[int, typer.Option(min=0, help="Link each item to so many of the most similar ones; 0 for none.")]
ClusterCount = Annotated[int, typer.Option("--clusters", min=0, help="Write so many clusters; 0 for none.")]


@load.command(epilog="Example: kartograph load ontology films.ttl --clusters 5")
def ontology(
    context: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(help="An ontology in Turtle, TriG, N-Triples, N-Quads, RDF/XML or JSON-LD, gzipped or not."),
    ],
    annotations: Annotations = None,
    language: Language = "en",
    max_rejects: MaxRejects = DEFAULT_REJECTS,
    rejects: Annotated[
        Path | None,
        typer.Option(help="Where the triples of rejected individuals go.", show_default="loads/ in the shop's folder"),
    ] = None,
    measure: MeasureName = "EED-1",
    neighbours: Neighbours = 10,
    clusters: ClusterCount = 0,
    allow_shrink: AllowShrink = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Write an ontology and its individuals into the shop, beside what it holds; loading again replaces them.

    An individual with a value that does not fit is rejected, and the others are written.
    """
    from kartograph.graph.managed.home import Home
    from kartograph.loaders.shared.computed import compute, counts_of
    from kartograph.ontology.compare.columns import Measure
    from kartograph.ontology.contents import contents_of
    from kartograph.ontology.graph.ids import graph_ids
    from kartograph.ontology.graph.write import write_ontology
    from kartograph.ontology.owl.labels import languages_of
    from kartograph.tables.rejects import RejectLimit

    limit, languages = RejectLimit.parse(max_rejects), languages_of(language)
    compared = Measure.named(measure)
    with shown_progress() as progress:
        progress(f"Reading {file.name}")
        rdf = read_annotated(file, annotations)
        if dry_run:
            contents = contents_of(rdf, languages=languages)
            facts: dict[str, object] = {name: len(of) for name, of in contents.catalogue.classes.items()}
            facts |= {"rejected": len(contents.rejected)} if contents.rejected else {}
        else:
            rejects = rejects or Home.of(context.obj).folder / "loads" / "ontology-rejects.csv"
            with open_graph(context.obj, progress) as graph:
                written, contents = write_ontology(
                    graph,
                    rdf,
                    languages=languages,
                    limit=limit,
                    allow_shrink=allow_shrink,
                    progress=progress,
                )
                catalogue = contents.catalogue
                ids = graph_ids(graph, catalogue.items.ids)
                facts = {
                    **counts_of(written),
                    "items that the shop knew by other ids": int((ids != catalogue.items.ids).sum()),
                    "ontology written in": f"{written.seconds:.1f} s",
                }
                facts |= compute(graph, catalogue, compared, neighbours, clusters, progress)
        if rejects is not None:
            write_rejects(contents, rejects)
    show_remarks(contents, rejects)
    print_json(facts) if as_json else print_facts(facts)


@load.command(epilog="Example: kartograph load properties kg.tsv --neighbours 20")
def properties(
    context: typer.Context,
    path: Annotated[
        Path, typer.Argument(help="A file with rows `item property value`, or a folder of PROPERTY.edgelist files.")
    ],
    measure: MeasureName = "EED-1",
    neighbours: Neighbours = 10,
    clusters: ClusterCount = 0,
    allow_shrink: AllowShrink = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Write properties of items from edge lists into the shop, as an ontology; an item meets one of the same id.

    The layout of public benchmarks (entity2rec, KGAT): numbers are compared as numbers, all else by identity.
    """
    from kartograph.loaders.properties import rdf_of, read
    from kartograph.loaders.shared.computed import compute, counts_of
    from kartograph.ontology.compare.columns import Measure
    from kartograph.ontology.contents import contents_of
    from kartograph.ontology.graph.write import write_ontology

    compared = Measure.named(measure)
    with shown_progress() as progress:
        progress(f"Reading {path.name}")
        edges = read(path)
        rdf = rdf_of(edges)
        if dry_run:
            facts: dict[str, Any] = {"items": len(contents_of(rdf).catalogue.items)}
        else:
            with open_graph(context.obj, progress) as graph:
                written, contents = write_ontology(graph, rdf, allow_shrink=allow_shrink, progress=progress)
                facts = dict(counts_of(written))
                facts |= compute(graph, contents.catalogue, compared, neighbours, clusters, progress)
    facts |= {"properties": int(edges.rows["property"].nunique()), "edges": len(edges.rows)}
    for line in edges.rejected[:5]:
        notes.print(f"rejected: {line}", markup=False, highlight=False)
    if edges.rejected:
        facts["rows rejected"] = len(edges.rejected)
    print_json(facts) if as_json else print_facts(facts)


@load.command(epilog="Example: kartograph --shop books load books downloads/shakespeare")
@with_common
@with_declared(BookComparison)
def books(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="The folder with books.csv, creators.csv and borrows.csv.")],
    common: Common,
    said: dict[str, Any],
) -> None:
    """Load the lending library of the Shakespeare and Company Project: borrowings, books and authors."""
    from kartograph.loaders import books_source as loader
    from kartograph.loaders.books_graph import BooksLoadOptions, write
    from kartograph.ontology.compare.columns import Measure

    options = BooksLoadOptions(**common.reading(context.obj, loader.NAME), **said)
    Measure.named(options.measure)

    def then(graph: "Graph", progress: "Progress") -> dict[str, int]:
        return write(graph, folder, options, progress, allow_shrink=common.allow_shrink)

    run(context, lambda progress: loader.read(folder, options, progress), common, then)


@load.command("access-log", epilog="Example: kartograph load access-log access.log.gz --mapping pages.csv")
@with_common
@with_declared(SaidOfLog)
def access_log(
    context: typer.Context,
    path: Annotated[str, typer.Argument(help="A log, a folder or a pattern such as 'access.log*'.")],
    common: Common,
    said: dict[str, Any],
) -> None:
    """Load a web server's logs, packed or not; the files of a folder or pattern are one log.

    Formats are recognised: common and combined, JSON (nginx, Caddy, Traefik), W3C extended (IIS, CloudFront), AWS load
    balancers. Only pages that people got (status 200) count: no media, no spiders. A user is an address with a browser.
    """
    from kartograph.loaders.access_log import loading as loader

    options = loader.AccessLogOptions(**common.reading(context.obj, loader.NAME), **said)
    if common.live and not common.dry_run:
        with shown_progress() as progress, open_graph(context.obj, progress) as graph:
            prepared = loader.prepare(options, graph)
    else:
        prepared = loader.prepare(options)
    if prepared.contents is not None:
        show_remarks(prepared.contents)

    def read(progress: "Progress") -> "Source":
        source = prepared.read(path, progress)
        for words in source.report.notes:
            if any(part in words for part in _REMARKABLE):
                _warn(words)
        return source

    def write(graph: "Graph", progress: "Progress") -> Mapping[str, int]:
        return prepared.write(graph, progress, allow_shrink=common.allow_shrink)

    run(context, read, common, write)


_REMARKABLE = ("addresses alone", "--client forwarded", "damaged", "none parses", "mapped items are in the ontology")
"""Parts of the notes on a log that are warnings."""


def _warn(words: str) -> None:
    notes.print("[yellow]warning:[/] ", end="")
    notes.print(words, markup=False, highlight=False)


@load.command(
    epilog="Example: kartograph load pages saved/ --patterns films.toml --table pages.csv --out films-all.ttl"
)
@with_declared(PagesOptions)
def pages(
    context: typer.Context,
    source: Annotated[Path, typer.Argument(help="A folder of saved pages, a file with an address per line, or a log.")],
    said: dict[str, Any],
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Make individuals and the page-to-object table of saved HTML pages, and write them into the shop.

    With --dry-run nothing is written into the shop: the table and the ontology go to files alone.
    """
    from kartograph.loaders import pages as loader
    from kartograph.ontology.contents import contents_of

    with shown_progress() as progress:
        found, counts = loader.read(source, PagesOptions(**said), progress)
        facts = loader.facts_of(found, counts)
        show_remarks(contents_of(found.rdf))
        if not dry_run:
            with open_graph(context.obj, progress) as graph:
                facts |= loader.write(graph, found, progress, allow_shrink=said["allow_shrink"])
    for words in found.skipped[:5]:
        notes.print(f"skipped {words}", markup=False, highlight=False)
    print_json(facts) if as_json else print_facts(facts)

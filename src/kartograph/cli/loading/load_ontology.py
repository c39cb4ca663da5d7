"""The commands that load what items are and who looked at their pages: ontology, books, access-log, pages."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kartograph.cli.connect import open_graph
from kartograph.cli.console import notes, print_facts, print_json, shown_progress
from kartograph.cli.loading.load import load, run
from kartograph.cli.loading.load_options import AllowShrink, AsJson, Common, DryRun, with_common
from kartograph.cli.ontology_file import (
    DEFAULT_REJECTS,
    Annotations,
    Language,
    MaxRejects,
    read_annotated,
    show_remarks,
    write_rejects,
)
from kartograph.tables.errors import BadInput

if TYPE_CHECKING:
    import numpy as np

    from kartograph.graph.connection import Graph
    from kartograph.ontology.columns import Measure
    from kartograph.ontology.graph.write import Written
    from kartograph.ontology.individuals import Catalogue
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
    from kartograph.ontology.columns import Measure
    from kartograph.ontology.contents import contents_of
    from kartograph.ontology.graph.ids import graph_ids
    from kartograph.ontology.graph.write import write_ontology
    from kartograph.ontology.labels import languages_of
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
                facts = _facts(written) | {
                    "items that the shop knew by other ids": int((ids != catalogue.items.ids).sum())
                }
                facts |= _computed(graph, catalogue, ids, compared, neighbours, clusters, progress)
        if rejects is not None:
            write_rejects(contents, rejects)
    show_remarks(contents, rejects)
    print_json(facts) if as_json else print_facts(facts)


@load.command(epilog="Example: kartograph --shop books load books downloads/shakespeare")
@with_common
def books(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="The folder with books.csv, creators.csv and borrows.csv.")],
    common: Common,
    measure: MeasureName = "EED-1",
    neighbours: Neighbours = 10,
    clusters: ClusterCount = 10,
) -> None:
    """Load the lending library of the Shakespeare and Company Project: borrowings, books and authors."""
    from kartograph.loaders import books_source as loader
    from kartograph.loaders.books_graph import write_books
    from kartograph.loaders.options import ReadOptions
    from kartograph.ontology.columns import Measure
    from kartograph.ontology.graph.ids import graph_ids

    compared = Measure.named(measure)

    def write(graph: "Graph", progress: "Progress") -> dict[str, int]:
        written, catalogue = write_books(graph, folder, progress, allow_shrink=common.allow_shrink)
        ids = graph_ids(graph, catalogue.items.ids)
        return _counts(written) | _computed(graph, catalogue, ids, compared, neighbours, clusters, progress)

    options = ReadOptions(**common.reading(context.obj, loader.NAME))
    run(context, lambda progress: loader.read(folder, options, progress), common, write)


@load.command("access-log", epilog="Example: kartograph load access-log access.log.gz --mapping pages.csv")
@with_common
def access_log(
    context: typer.Context,
    path: Annotated[str, typer.Argument(help="A log, a folder or a pattern such as 'access.log*'.")],
    mapping: Annotated[Path, typer.Option(help="Which page shows which item: CSV with url and item_id.")],
    common: Common,
    ontology: Annotated[Path | None, typer.Option(help="An ontology of the items, written as well.")] = None,
    gap: Annotated[float, typer.Option(help="Minutes of rest that end a session.")] = 20,
    log_format: Annotated[
        str | None,
        typer.Option(
            "--format", help="How lines are written, as Apache's LogFormat or nginx.", show_default="recognised"
        ),
    ] = None,
    client: Annotated[
        str, typer.Option(help="Who a visitor is: address, or forwarded (X-Forwarded-For of a proxy).")
    ] = "address",
) -> None:
    """Load a web server's logs, packed or not; the files of a folder or pattern are one log.

    Formats are recognised: common and combined, JSON (nginx, Caddy, Traefik), W3C extended (IIS, CloudFront), AWS load
    balancers. Only pages that people got (status 200) count: no media, no spiders. A user is an address with a browser.
    """
    from kartograph.loaders.access_log import source as loader
    from kartograph.loaders.access_log.joined import join_ontology, named_as_in_graph, write_joined
    from kartograph.loaders.access_log.pages import read_page_table
    from kartograph.ontology.contents import contents_of
    from kartograph.ontology.reading import read_rdf

    options = loader.AccessLogOptions(
        **common.reading(context.obj, loader.NAME),
        gap_minutes=gap,
        format=log_format,
        client=client,  # pyright: ignore[reportArgumentType]
    )
    table = read_page_table(mapping)
    contents = None if ontology is None else contents_of(read_rdf(ontology))
    if contents is not None:
        contents.check()
        show_remarks(contents)
    if common.live and not common.dry_run:
        with shown_progress() as progress, open_graph(context.obj, progress) as graph:
            table = named_as_in_graph(table, graph)
    joined = None if contents is None else join_ontology(table, contents)
    if joined is not None and joined.missed():
        _warn(joined.missed())
    options = replace(options, table=table)

    def read(progress: "Progress") -> "Source":
        source = loader.read(path, options, progress)
        source.report.counts |= {} if joined is None else joined.counts()
        for words in source.report.notes:
            if any(said in words for said in ("addresses alone", "--client forwarded", "damaged", "none parses")):
                _warn(words)
        return source

    def write(graph: "Graph", progress: "Progress") -> dict[str, int]:
        return write_joined(graph, table, contents, joined, progress, allow_shrink=common.allow_shrink)

    run(context, read, common, write)


def _warn(words: str) -> None:
    notes.print("[yellow]warning:[/] ", end="")
    notes.print(words, markup=False, highlight=False)


@load.command(
    epilog="Example: kartograph load pages saved/ --patterns films.toml --table pages.csv --out films-all.ttl"
)
def pages(
    context: typer.Context,
    source: Annotated[Path, typer.Argument(help="A folder of saved pages, a file with an address per line, or a log.")],
    patterns: Annotated[Path, typer.Option(help="Where the attributes stand on the pages: a TOML file.")],
    table: Annotated[Path | None, typer.Option(help="Write the page-to-object table to this CSV file.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write the ontology with the individuals to this file.")] = None,
    missing: Annotated[Path | None, typer.Option(help="Write what was not found to this CSV file.")] = None,
    log: Annotated[bool, typer.Option("--log", help="The source is an access log: take the pages people got.")] = False,
    allow_shrink: AllowShrink = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Make individuals and the page-to-object table of saved HTML pages, and write them into the shop.

    With --dry-run nothing is written into the shop: the table and the ontology go to files alone.
    """
    from kartograph.loaders.access_log.files import log_files
    from kartograph.loaders.access_log.visits import Counts, VisitOptions, page_addresses
    from kartograph.loaders.saved_pages import read_pages, read_patterns
    from kartograph.ontology.graph.computed import write_pages
    from kartograph.ontology.graph.ids import individual_ids
    from kartograph.ontology.graph.write import write_ontology
    from kartograph.ontology.writing import write_rdf

    with shown_progress() as progress:
        addresses, counts = None, Counts()
        if log:
            addresses = page_addresses(log_files(source), counts, VisitOptions())
        found = read_pages(source, read_patterns(patterns), progress, addresses=addresses)
        facts: dict[str, object] = {
            "pages": len(found.pages),
            "individuals": found.pages["item_id"].nunique(),
            "values missing": len(found.missing),
            "pages skipped": len(found.skipped),
        }
        by_attribute = found.missing["attribute"].value_counts()
        facts |= {f"missing: {name}": int(count) for name, count in by_attribute.items()}
        try:
            if table is not None:
                found.pages.to_csv(table, index=False)
            if missing is not None:
                found.missing.to_csv(missing, index=False)
            if out is not None:
                write_rdf(found.rdf, out)
        except OSError as error:
            raise BadInput(f"a result cannot be written: {error}; name a file in a folder that is there") from error
        if not dry_run:
            with open_graph(context.obj, progress) as graph:
                written, contents = write_ontology(graph, found.rdf, allow_shrink=allow_shrink, progress=progress)
                show_remarks(contents)
                ids = individual_ids(graph)
                shop_pages = found.pages.assign(item_id=found.pages["item_id"].replace(ids))
                _, shown = write_pages(graph, shop_pages, progress)
                facts |= _facts(written) | {"pages that show an item": shown}
    for words in counts.damage.broken:
        _warn(f"packed file that is damaged, read up to there: {words}")
    for words in found.skipped[:5]:
        notes.print(f"skipped {words}", markup=False, highlight=False)
    print_json(facts) if as_json else print_facts(facts)


def _facts(written: "Written") -> dict[str, object]:
    return {**_counts(written), "ontology written in": f"{written.seconds:.1f} s"}


def _counts(written: "Written") -> dict[str, int]:
    return {
        "items": written.items,
        "linked individuals": written.individuals,
        "links": written.links,
        "attributes": written.attributes,
        **({"rejected": written.rejected} if written.rejected else {}),
        "triples": written.triples,
    }


def _computed(
    graph: "Graph",
    catalogue: "Catalogue",
    ids: "np.ndarray",
    measure: "Measure",
    neighbours: int,
    clusters: int,
    progress: "Progress",
) -> dict[str, int]:
    """Similarities and clusters of what was loaded, written into the graph."""
    from kartograph.ontology.clusters import agglomerative, distances_of
    from kartograph.ontology.graph.computed import write_clusters, write_similar
    from kartograph.ontology.similarity import Unknown, similarity_matrix, space_of

    facts: dict[str, int] = {}
    space = space_of(catalogue, measure, unknown=Unknown.EXPECTED)
    if neighbours:
        facts["similarities"] = write_similar(graph, space, ids, min(neighbours, len(space) - 1), progress=progress)
    if clusters:
        progress("Clustering")
        found = agglomerative(distances_of(similarity_matrix(space)), min(clusters, len(space)))
        facts["clusters"] = write_clusters(graph, found, ids, "agglomerative", space.measure.value)
    return facts

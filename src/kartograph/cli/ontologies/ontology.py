"""The commands on an ontology's items: compare, suggest, cluster, weigh, export ontology, evaluate ontology."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kartograph.cli.app import app
from kartograph.cli.evaluation.evaluate import group as evaluate
from kartograph.cli.evaluation.options import Recorded, measuring
from kartograph.cli.evaluation.run import run
from kartograph.cli.ontologies.ontology_file import Annotations, read_annotated, show_remarks
from kartograph.cli.shared.checked import Commands
from kartograph.cli.shared.connect import open_graph
from kartograph.cli.shared.console import notes, out, print_facts, print_frame, print_json, shown_progress
from kartograph.loaders.specifications.ontology import MEASURE_WORDS
from kartograph.tables.errors import BadInput

if TYPE_CHECKING:
    from kartograph.graph.connection import Graph
    from kartograph.ontology.owl.individuals import Catalogue
    from kartograph.ontology.similarity import Space
    from kartograph.tables.progress import Progress

export = Commands(no_args_is_help=True, help="Write what the shop holds to a file.")
app.add_typer(export, name="export")

OntologyFile = Annotated[
    Path | None, typer.Option("--file", help="An ontology file; without one, the ontology that the shop holds.")
]
MeasureName = Annotated[str, typer.Option("--measure", help=MEASURE_WORDS)]
UnknownName = Annotated[
    str | None,
    typer.Option(
        "--unknown",
        help="A value missing on one item: expected (use the mean), or left-out (ignore the attribute).",
        show_default="as `weigh` chose for the shop, else expected",
    ),
]
Unweighted = Annotated[bool, typer.Option("--unweighted", help="Weigh all attributes alike, whatever `weigh` learned.")]
LanguageName = Annotated[
    str | None,
    typer.Option(
        "--language",
        help="Languages of labels and values, in order of preference: en, or de,en.",
        show_default="en, or as loaded",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]


@app.command(epilog="Example: kartograph compare vertigo rearWindow --file films.ttl --measure EED-1")
def compare(
    context: typer.Context,
    item: Annotated[str, typer.Argument(help="An item: its id, the end of its IRI, or its label.")],
    other: Annotated[str, typer.Argument(help="The other item.")],
    file: OntologyFile = None,
    measure: MeasureName = "EED-1",
    unknown: UnknownName = None,
    unweighted: Unweighted = False,
    annotations: Annotations = None,
    language: LanguageName = None,
    as_json: AsJson = False,
) -> None:
    """Say how similar two items are, and which attributes make them so."""
    import numpy as np
    import pandas as pd

    from kartograph.ontology.naming import row_of
    from kartograph.ontology.reasons import reasons
    from kartograph.ontology.similarity import similarities

    catalogue, space, weights = _weighted(
        context.obj, file, measure, unknown, unweighted=unweighted, annotations=annotations, language=language
    )
    rows = [row_of(catalogue.items, text) for text in (item, other)]
    score = float(similarities(space, np.array(rows[:1]), weights)[0, rows[1]])
    frame = pd.DataFrame(
        [{"attribute": r.attribute, "similarity": r.similarity, "share": r.share, "words": r.words}
         for r in reasons(space, rows[0], rows[1], weights)]
    )  # fmt: skip
    names = [str(space.labels[row]) for row in rows]
    comparable = not np.isnan(score)
    if as_json:
        similarity = score if comparable else None
        print_json({"items": names, "measure": measure, "similarity": similarity, "reasons": frame.to_dict("records")})
        return
    if not comparable:
        out.print(f"{names[0]} and {names[1]} have no known attribute in common.", markup=False, highlight=False)
        return
    out.print(f"{names[0]} and {names[1]}: {score:.3f} by {measure}", markup=False, highlight=False)
    if frame.empty:
        out.print("No attribute that is known of both agrees.")
    else:
        print_frame(frame.assign(similarity=frame["similarity"].round(3), share=frame["share"].round(3)))


@app.command(epilog="Example: kartograph suggest --seen monOncle --file films.ttl --top 3")
def suggest(
    context: typer.Context,
    seen: Annotated[list[str], typer.Option(help="An item of the session; may be given several times, oldest first.")],
    file: OntologyFile = None,
    top: Annotated[int, typer.Option(min=1, help="Number of items.")] = 3,
    start: Annotated[
        str,
        typer.Option(help="What the session is compared by: last, first, last-two (items) or profile (all of them)."),
    ] = "last",
    measure: MeasureName = "EED-1",
    unknown: UnknownName = None,
    unweighted: Unweighted = False,
    annotations: Annotations = None,
    language: LanguageName = None,
    clusters: Annotated[
        int,
        typer.Option(min=0, help="Number of clusters, of which the nearest one is searched; 0 searches all items."),
    ] = 0,
    pages: Annotated[
        bool, typer.Option(help="Return the pages that show the items, where the shop knows them.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Suggest items to a session by what the ontology says of them, with reasons.

    Items that the shop knows to be unavailable are left out.
    """
    import numpy as np

    from kartograph.ontology.clusters import agglomerative, distances_of
    from kartograph.ontology.graph.computed import read_unavailable
    from kartograph.ontology.naming import row_of
    from kartograph.ontology.similarity import similarity_matrix
    from kartograph.ontology.suggest import Start, Suggester

    if start not in list(Start):
        raise BadInput(f"--start is {start!r}; allowed are {', '.join(Start)}")
    catalogue, space, weights = _weighted(
        context.obj, file, measure, unknown, unweighted=unweighted, annotations=annotations, language=language
    )
    groups = agglomerative(distances_of(similarity_matrix(space, weights)), clusters) if clusters else None
    gone = np.zeros(0, dtype=np.int64)
    if file is None:
        with open_graph(context.obj) as graph:
            gone = read_unavailable(graph, space)
    ids = [str(space.ids[row_of(catalogue.items, text)]) for text in seen]
    frame = Suggester(space, weights, groups, unavailable=gone).table(ids, top, Start(start))
    if pages:
        from kartograph import queries

        with open_graph(context.obj) as graph:
            frame_of_pages = graph.query(queries.load("ontology/pages_of"), iris=frame["item_id"].tolist())
        frame = frame.assign(
            pages=frame["item_id"].map(dict(zip(frame_of_pages["iri"], frame_of_pages["pages"], strict=True)))
        )
    if as_json:
        print_json(frame.to_dict("records"))
        return
    if frame.empty:
        reason = "no other item has a known attribute of it"
        if len(space) <= len({*ids, *space.ids[gone]}):
            reason = "no other item is available" if len(gone) else "there is no other item"
        out.print(f"Nothing to suggest: {reason}.", markup=False, highlight=False)
        return
    if pages:
        frame["pages"] = frame["pages"].map(
            lambda frame_of_pages: "\n".join(frame_of_pages) if isinstance(frame_of_pages, list) else ""
        )
    print_frame(frame.assign(score=frame["score"].round(3)).drop(columns="item_id"))


@app.command(epilog="Example: kartograph cluster --file films.ttl --k 3")
def cluster(
    context: typer.Context,
    file: OntologyFile = None,
    k: Annotated[
        int, typer.Option(min=0, help="Number of clusters; 0 chooses the one from 2 to 19 with the best silhouette.")
    ] = 0,
    method: Annotated[str, typer.Option(help="Clustering: agglomerative or k-medoids.")] = "agglomerative",
    measure: MeasureName = "EED-1",
    unknown: UnknownName = None,
    unweighted: Unweighted = False,
    annotations: Annotations = None,
    language: LanguageName = None,
    write: Annotated[bool, typer.Option("--write", help="Write the clusters into the shop.")] = False,
    as_json: AsJson = False,
) -> None:
    """Divide the items into clusters of similar ones, each around its most central item."""
    import pandas as pd

    from kartograph.ontology.clusters import agglomerative, best_k, distances_of, k_medoids
    from kartograph.ontology.similarity import similarity_matrix

    methods = {"agglomerative": agglomerative, "k-medoids": k_medoids}
    if method not in methods:
        raise BadInput(f"--method is {method!r}; allowed are {', '.join(methods)}")
    _, space, weights = _weighted(
        context.obj, file, measure, unknown, unweighted=unweighted, annotations=annotations, language=language
    )
    distance = distances_of(similarity_matrix(space, weights))
    if not k:
        k, _ = best_k(distance, range(2, 20))
    clusters = methods[method](distance, k)
    rows = [
        {"cluster": number, "items": int(clusters.sizes[number]), "medoid": str(space.labels[medoid])}
        | {"some": ", ".join(str(label) for label in space.labels[clusters.labels == number][:4])}
        for number, medoid in enumerate(clusters.medoids)
    ]
    if write:
        from kartograph.ontology.graph.computed import write_clusters
        from kartograph.ontology.graph.ids import graph_ids

        with shown_progress() as progress, open_graph(context.obj, progress) as graph:
            write_clusters(graph, clusters, graph_ids(graph, space.ids), method, measure)
    if as_json:
        members = {
            str(number): space.ids[clusters.labels == number].tolist() for number in range(len(clusters.medoids))
        }
        print_json({"clusters": rows, "members": members})
    else:
        print_frame(pd.DataFrame(rows))


@app.command(epilog="Example: kartograph weigh --method purity")
def weigh(
    context: typer.Context,
    method: Annotated[
        str,
        typer.Option(
            help="purity (attributes whose values agree within sessions weigh more), or genetic (weights are "
            "searched that suggest best)."
        ),
    ] = "purity",
    measure: MeasureName = "EED-1",
    unknown: UnknownName = None,
    seed: Annotated[int, typer.Option(help="Random seed.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Learn how much each attribute counts from the shop's sessions, and keep the weights on its attributes."""
    import pandas as pd

    from kartograph.ontology.compare.columns import Measure
    from kartograph.ontology.weights.purity import separates_nothing
    from kartograph.ontology.weights.shop_weights import learn_weights

    if method not in ("purity", "genetic"):
        raise BadInput(f"--method is {method!r}; allowed are purity, genetic")
    said = None if unknown is None else _unknown(unknown)
    with shown_progress() as progress, open_graph(context.obj, progress) as graph:
        catalogue = _read(graph, progress)
        learned = learn_weights(graph, catalogue, Measure.named(measure), method, said, seed, progress)
    weights, successes = learned.weights, learned.successes
    chosen = learned.space.unknown
    if successes:
        words = ", ".join(f"{one} {share:.1%}" for one, share in successes.items())
        notes.print(f"Missing values: {chosen}, by the success of three suggestions in the shop's sessions ({words}).")
    if method == "purity" and separates_nothing(weights):
        notes.print("Purity separates nothing: all attributes get one weight, as if they were not weighted.")
    if as_json:
        print_json(weights)
    else:
        print_frame(pd.DataFrame({"attribute": list(weights), "weight": [round(w, 3) for w in weights.values()]}))


@export.command("ontology", epilog="Example: kartograph export ontology --out shop.ttl")
def export_ontology(
    context: typer.Context,
    file: Annotated[Path, typer.Option("--out", help="The file; .ttl, .rdf, .nt or .jsonld says in which form.")],
) -> None:
    """Write the shop's ontology and individuals as RDF, isomorphic to what was loaded."""
    from kartograph.ontology.files.writing import FORMS, write_rdf
    from kartograph.ontology.graph.export import read_ontology

    if file.suffix not in FORMS:  # before the graph is read
        raise BadInput(f"{file.name} ends in {file.suffix!r}; allowed are {', '.join(FORMS)}")
    with shown_progress() as progress, open_graph(context.obj, progress) as graph:
        rdf = read_ontology(graph, progress)
    write_rdf(rdf, file)
    print_facts({"triples": len(rdf), "file": file})


@evaluate.command(
    "ontology", epilog="Example: kartograph evaluate ontology access.log.gz --ontology blog.ttl --json blog.json"
)
@measuring
def evaluate_ontology(
    context: typer.Context,
    how: Recorded,
    data: Annotated[
        Path | None,
        typer.Argument(
            help="A library's folder; with --ontology an access log, interactions or sessions.",
            show_default="the shop's ontology and sessions",
        ),
    ] = None,
    ontology: Annotated[Path | None, typer.Option(help="The annotated ontology of the items.")] = None,
    patterns: Annotated[
        Path | None,
        typer.Option(
            help="Which attributes the addresses of a log hold (TOML).",
            show_default="a .toml file of the ontology's name",
        ),
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option(help="Which page shows which individual: CSV with url and item_id.")
    ] = None,
    session_gap: Annotated[float, typer.Option(help="Minutes without a request that end a session of a log.")] = 20,
    folds: Annotated[int, typer.Option(min=2, help="Number of folds of sessions.")] = 10,
    crossovers: Annotated[int, typer.Option(min=1, help="Crossovers of the genetic algorithm.")] = 100,
    unknown: Annotated[
        str | None,
        typer.Option(
            help="A value missing on one item: expected (use the mean), or left-out (ignore the attribute).",
            show_default="the better one on the learning sessions of each fold",
        ),
    ] = None,
) -> None:
    """Measure the ontology recommender: every table of its paper, reported figures beside ours.

    It runs on any annotated ontology and any visits of its items.
    """
    from kartograph.evaluation.papers.ontology.data import study_of_graph
    from kartograph.evaluation.papers.ontology.record import tables
    from kartograph.evaluation.papers.ontology.study import ProtocolOptions
    from kartograph.evaluation.protocols.ontology import Ontology
    from kartograph.ontology.weights.genetic import GeneticOptions

    study = ProtocolOptions(
        folds=folds,
        unknown=None if unknown is None else _unknown(unknown),
        genetic=GeneticOptions(crossovers=crossovers),
    )
    for file in (ontology, patterns, mapping):
        if file is not None and not file.is_file():
            raise BadInput(f"there is no file {file}")
    if ontology is None and (patterns is not None or mapping is not None):
        raise BadInput("--patterns and --mapping say how a log refers to an ontology; name that with --ontology")
    source = data
    if data is None:
        with shown_progress() as progress, open_graph(context.obj, progress) as graph:
            source = study_of_graph(graph, context.obj, progress)
    protocol = Ontology(study, ontology, patterns, mapping, session_gap)
    evaluation = run(protocol, source, (), how, k=3, show=False)
    for title, frame in tables(evaluation.record).items():
        print_frame(frame, title)


@evaluate.command("books", hidden=True, context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
def evaluate_books() -> None:
    """Say what the command is called now."""
    raise BadInput("`kartograph evaluate books` is now `kartograph evaluate ontology`, with the same options.")


def _weighted(
    shop: str,
    file: Path | None,
    measure: str,
    unknown: str | None,
    *,
    unweighted: bool,
    annotations: Path | None,
    language: str | None,
) -> tuple["Catalogue", "Space", dict[str, float]]:
    """The items of a file, or of the shop's graph with the weights that it has; none where nothing has been weighed."""
    from kartograph.ontology.contents import contents_of
    from kartograph.ontology.graph.computed import read_unknown, read_weights
    from kartograph.ontology.owl.labels import ENGLISH, languages_of

    languages = languages_of(language) if language else None
    if file is not None:
        contents = contents_of(read_annotated(file, annotations), languages=languages or (ENGLISH,))
        show_remarks(contents)
        return contents.catalogue, _space(contents.catalogue, measure, unknown), {}
    with shown_progress() as progress, open_graph(shop, progress) as graph:
        catalogue = _read(graph, progress, languages)
        space = _space(catalogue, measure, unknown or read_unknown(graph))
        weights, weighting = ({}, "") if unweighted else read_weights(graph, space)
    if weights:
        notes.print(f"Attributes count by their weights ({weighting}); --unweighted lets all count the same.")
    return catalogue, space, weights


def _read(graph: "Graph", progress: "Progress", languages: tuple[str, ...] | None = None) -> "Catalogue":
    from kartograph.ontology.contents import contents_of
    from kartograph.ontology.graph.export import read_languages, read_ontology

    rdf = read_ontology(graph, progress)
    return contents_of(rdf, languages=languages or read_languages(graph)).catalogue


def _space(catalogue: "Catalogue", measure: str, unknown: str | None) -> "Space":
    from kartograph.ontology.compare.columns import Measure
    from kartograph.ontology.similarity import space_of

    return space_of(catalogue, Measure.named(measure), unknown=_unknown(unknown))


def _unknown(text: str | None):
    from kartograph.ontology.similarity import DEFAULT_UNKNOWN, Unknown

    if text is None:
        return DEFAULT_UNKNOWN
    if text not in list(Unknown):
        raise BadInput(f"--unknown is {text!r}; allowed are {', '.join(Unknown)}")
    return Unknown(text)

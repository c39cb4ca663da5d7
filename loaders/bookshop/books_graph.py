"""The library's books and authors, with what the ontology says of them, in the shop's graph.

Borrowings come in bulk like any source (`books_source`); then the ontology and its individuals are written on top.
"""

from importlib.resources import as_file, files
from pathlib import Path
from urllib.parse import quote

from rdflib import Graph as Rdf
from rdflib import Literal, URIRef

from kartograph.graph.connection import Graph
from kartograph.loaders.books import BOOK_PREFIX, books_schema, catalogue, read_books
from kartograph.loaders.shared.computed import compute, counts_of
from kartograph.loaders.shared.folders import folder_of
from kartograph.loaders.specifications.books import BooksLoadOptions
from kartograph.ontology.compare.columns import Measure
from kartograph.ontology.files.rdf import rdf_of
from kartograph.ontology.files.reading import read_rdf
from kartograph.ontology.graph.write import Written, write_ontology
from kartograph.ontology.owl.individuals import Catalogue
from kartograph.ontology.vocabulary import KG
from kartograph.tables.progress import Progress, silent

AUTHOR_PREFIX = "urn:kartograph:books:author:"


def books_rdf(folder: Path) -> Rdf:
    """The library's books and authors as individuals of `ontology/books.ttl`, with the floors of this library."""
    with as_file(files("kartograph.ontology") / "books.ttl") as path:
        ontology = read_rdf(path)
    schema = books_schema()
    for description in schema.classes.values():
        for attribute in description.attributes:
            if attribute.floor is not None:
                ontology.set((URIRef(attribute.iri), KG.floor, Literal(int(attribute.floor))))
    return rdf_of(catalogue(read_books(folder), schema), ontology, iri_of)


def write_books(
    graph: Graph, folder: Path, progress: Progress = silent, *, allow_shrink: bool = False
) -> tuple[Written, Catalogue]:
    """Write the ontology with the library's books and authors; items have the ids that borrowings know them by."""
    progress("Describing books and authors")
    rdf = books_rdf(folder)
    ids = {
        str(s): str(s).removeprefix(BOOK_PREFIX).strip("/") for s in rdf.subjects() if str(s).startswith(BOOK_PREFIX)
    }
    written, contents = write_ontology(graph, rdf, ids=ids, allow_shrink=allow_shrink, progress=progress)
    return written, contents.catalogue


def write(
    graph: Graph,
    folder: str | Path,
    options: BooksLoadOptions,
    progress: Progress = silent,
    *,
    allow_shrink: bool = False,
) -> dict[str, int]:
    """Write the ontology, and what `options` computes of it; returns counts by name."""
    with folder_of(folder, "the project's books.csv") as source:
        written, counted = write_books(graph, source, progress, allow_shrink=allow_shrink)
    measure = Measure.named(options.measure)
    return counts_of(written) | compute(graph, counted, measure, options.neighbours, options.clusters, progress)


def iri_of(class_name: str, individual: str) -> str:
    """The IRI of a book, as the project publishes it, or of an author."""
    return f"{BOOK_PREFIX}{individual}/" if class_name == "Book" else AUTHOR_PREFIX + quote(individual, safe="")

"""What the ontology's protocol is run on: the items of any ontology, and visits of them from any source.

library(folder)                                        # the library's three files
read_study(log, ontology, patterns=blog.toml)          # a log whose addresses tell the items' attributes
read_study(log, ontology, mapping=pages.csv)           # a log, a table of pages, an ontology with individuals
read_study(events, ontology)                           # interactions or sessions of items that the ontology has
study_of_graph(graph, name)                            # the shop's ontology and sessions
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from kartograph import queries
from kartograph.evaluation.record import sha256, sha256_of_table
from kartograph.evaluation.shop_tables import read_source
from kartograph.graph.connection import Graph
from kartograph.loaders.access_log.files import log_files
from kartograph.loaders.access_log.join import join_ontology
from kartograph.loaders.access_log.loading import AccessLogOptions
from kartograph.loaders.access_log.loading import read as read_log
from kartograph.loaders.access_log.pages import page_table, read_page_table
from kartograph.loaders.access_log.visits import Counts, VisitOptions, page_addresses
from kartograph.loaders.books import COLUMNS, Books, BooksOptions, books_schema, catalogue, read_books
from kartograph.loaders.saved_pages import read_pages, read_patterns
from kartograph.ontology.contents import contents_of
from kartograph.ontology.files.reading import read_rdf
from kartograph.ontology.graph.export import read_languages, read_ontology
from kartograph.ontology.graph.ids import matching_ids
from kartograph.ontology.owl.individuals import Catalogue
from kartograph.tables.derived.sessions import SessionOptions, with_sessions
from kartograph.tables.engine import Rows
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent
from kartograph.tables.schema import Source


@dataclass(frozen=True)
class StudyData:
    """Items and visits."""

    name: str
    catalogue: Catalogue
    visits: pd.DataFrame
    """`session, item` in order, a row per visit; `user` and `day` as well where they are known."""
    sums: Mapping[str, str] = field(default_factory=dict)
    """What the data is known by."""
    books: Books | None = None
    """The library's tables, where that is what they come from."""
    lost: int = 0
    """Visits of items that the ontology does not have; they are left out."""


def library(folder: Path) -> StudyData:
    """A library's books and its readers' days."""
    books = read_books(folder, BooksOptions())
    names = {"visit_id": "session", "book_id": "item", "user_id": "user", "date": "day"}
    return StudyData(
        folder.absolute().name,
        catalogue(books, books_schema()),
        books.visits[list(names)].rename(columns=names),
        {name: sha256(folder / name) for name in COLUMNS},
        books,
    )


def read_study(
    path: Path,
    ontology: Path,
    *,
    patterns: Path | None = None,
    mapping: Path | None = None,
    gap: float = 20,
    progress: Progress = silent,
) -> StudyData:
    """The items of an ontology file and the visits of a log, of interactions or of sessions.

    `patterns` says which attributes the addresses of a log tell; without it and `mapping` a file of the ontology's name
    that ends in `.toml` does. Sessions of a log end after `gap` minutes. Raises `BadInput` where no visit is of an item
    of the ontology.
    """
    beside = ontology.with_suffix(".toml")
    if patterns is None and mapping is None and beside.is_file():
        patterns = beside
    sums = {"sha256": sha256(path), "ontology_sha256": sha256(ontology)}
    if patterns is not None:
        progress("Reading the addresses of the log")
        log = read_pages(
            path, read_patterns(patterns), progress, addresses=page_addresses(log_files(path), Counts(), VisitOptions())
        )
        items = contents_of(log.rdf).catalogue
        table = page_table(log.pages["url"], log.pages["item_id"])
        source = read_log(path, AccessLogOptions(table=table, session_gap=gap), progress)
        return _study(path.absolute().name, items, _visits(source), sums | {"patterns_sha256": sha256(patterns)})
    contents = contents_of(read_rdf(ontology))
    if mapping is not None:
        table = read_page_table(mapping)
        join_ontology(table, contents)
        source = read_log(path, AccessLogOptions(table=table, session_gap=gap), progress)
    else:
        source = read_source(path, progress)
    return _study(path.absolute().name, contents.catalogue, _visits(source), sums)


def study_of_graph(graph: Graph, name: str, progress: Progress = silent) -> StudyData:
    """The ontology and the sessions that a shop's graph holds."""
    progress("Reading the shop's ontology")
    contents = contents_of(read_ontology(graph, progress), languages=read_languages(graph))
    visits = graph.query(queries.load("ontology/visits")).rename(columns={"iri": "item"})
    return _study(name, contents.catalogue, visits, {"shop": name, "visits_sha256": sha256_of_table(visits)})


def _visits(source: Source) -> pd.DataFrame:
    """`session, item` in the order of the sessions; events without a session are cut into some."""
    rows: Rows = with_sessions(source.interactions, SessionOptions(), source.report)
    order = ["session_id", "timestamp", "position", "item_id"]
    chosen = rows.order_by(order).select("session_id", "item_id").to_pyarrow().to_pandas()
    return chosen.rename(columns={"session_id": "session", "item_id": "item"})


def _study(name: str, items: Catalogue, visits: pd.DataFrame, sums: dict[str, str]) -> StudyData:
    """Visits by the ids of the individuals: an item is matched with one by its IRI, else by the last part of it."""
    ids = items.items.ids.tolist()
    iris = {item: iri for iri, item in matching_ids(ids, set(visits["item"])).items()}
    known = visits["item"].isin(iris)
    if not known.any():
        some = ", ".join(map(repr, visits["item"].head(3)))
        raise BadInput(
            f"none of the {len(visits):,} visits is of an item of the ontology: visits have {some}, the ontology "
            f"{', '.join(map(repr, ids[:3]))}; items are named by their IRIs or by the last parts of them"
        )
    kept = visits[known].reset_index(drop=True)
    return StudyData(name, items, kept.assign(item=kept["item"].map(iris)), sums, lost=int((~known).sum()))

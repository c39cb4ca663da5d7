"""Loads books, readers and borrowings into the graph.

The folder of the Shakespeare and Company Project as a source like any other: borrowings are events, a reader's day is a
session, categories and their groups are the category tree. What the ontology adds (authors, similarities, clusters)
comes on top.

    python -m kartograph.loaders.books FOLDER
"""

from collections.abc import Mapping
from pathlib import Path

import ibis
import numpy as np
import pandas as pd

from kartograph.loaders.books import Books, books_schema, read_books
from kartograph.loaders.shared.begin import open_reader
from kartograph.loaders.shared.folders import folder_of
from kartograph.loaders.shared.options import FileOptions
from kartograph.loaders.specifications.books import LOADER
from kartograph.tables.engine import empty, store
from kartograph.tables.progress import Progress, silent
from kartograph.tables.report import FileReport, Report
from kartograph.tables.schema import CATEGORIES, CATEGORY_TREE, INTERACTIONS, ITEM_CATEGORIES, ITEMS, Source


def read(path: str | Path, options: FileOptions | None = None, progress: Progress = silent) -> Source:
    """Read the folder at `path`, or a zip archive of it.

    Raises:
        BadInput: a file or a column is missing, or an id comes twice.
    """
    with folder_of(path, "the project's books.csv") as folder:
        return _read(folder, options or FileOptions(), progress)


def _read(folder: Path, options: FileOptions, progress: Progress) -> Source:
    reader = open_reader(LOADER.name, options, progress)
    books = read_books(folder)
    _describe(books, folder, reader.report)
    groups = books_schema().classes["Book"].attribute("category").groups
    names = sorted({*books.book_categories["category"], *groups.values()})
    tables = {
        "interactions": (_interactions(books), INTERACTIONS),
        "items": (
            books.books.assign(item_id=books.books["book_id"], price=np.nan, brand=None, available=None),
            ibis.schema({**{c: kind for c, kind in ITEMS.items() if c != "popularity"}, "year": "float64"}),
        ),
        "item_categories": (
            _first_category(books)
            .rename(columns={"book_id": "item_id", "category": "category_id"})
            .assign(since=None, until=None, seen=None),
            ITEM_CATEGORIES,
        ),
        "category_tree": (
            pd.DataFrame({"category_id": names, "parent_id": [_parent(name, groups) for name in names]}, dtype=object),
            CATEGORY_TREE,
        ),
    }
    backend = reader.engine.backend
    stored = {
        name: store(name, ibis.memtable(frame[list(schema)], schema=schema), backend)
        for name, (frame, schema) in tables.items()
    }
    return Source(
        name=LOADER.name,
        **stored,
        categories=empty("categories", CATEGORIES, backend),
        report=reader.report,
    )


def _interactions(books: Books) -> pd.DataFrame:
    """One event per reader, book and day. A borrowing of an unknown day has no time and is a session of its own."""
    events = books.borrowings
    day = events["precision"] == "day"
    milliseconds = (events["date"].where(day) - pd.Timestamp(0)) // pd.Timedelta(milliseconds=1)
    visit = events["user_id"] + " " + events["date"].dt.strftime("%Y-%m-%d")
    return pd.DataFrame(
        {
            "user_id": events["user_id"],
            "item_id": events["book_id"],
            "event": "borrow",
            "timestamp": milliseconds.astype("Int64"),
            "session_id": visit.where(day, "borrowing " + events["event"]),
            "position": pd.Series(np.arange(len(events)), events.index, dtype="Int64").where(day),
        }
    )


def _first_category(books: Books) -> pd.DataFrame:
    """One category per book, the first by name: an item of a shop is in one category at a time."""
    return books.book_categories.sort_values("category").drop_duplicates("book_id").sort_values("book_id")


def _parent(category: str, groups: Mapping[str, str]) -> str | None:
    group = groups.get(category)
    return group if group != category else None


def _describe(books: Books, folder: Path, report: Report) -> None:
    for name, frame in (("books", books.books), ("authors", books.authors), ("borrowings", books.borrowings)):
        file = {"books": "books.csv", "authors": "creators.csv", "borrowings": "borrows.csv"}[name]
        report.reads[name] = FileReport([folder / file], len(frame), {})
    unknown = (books.borrowings["precision"] != "day").sum()
    report.note("borrowings whose day is unknown: they have no time, and each is a session of its own", unknown)
    report.note("borrowed books that books.csv does not list: nothing but their id is known", len(books.unlisted))
    several = books.book_categories["book_id"].duplicated().sum()
    report.note("further categories of books: the shop keeps the first by name, the ontology all", several)
    joint = books.borrowings["user_id"].str.contains("+", regex=False).sum()
    report.note("borrowings of joint accounts: their members are one user, joined by +", joint)

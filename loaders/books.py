"""Reads the tables of the Shakespeare and Company Project as books, authors and visits.

`books.csv`, `creators.csv` and `borrows.csv` of that project (Princeton, CC BY 4.0). Columns that count the whole
period (event_count, borrow_count, purchase_count, circulation_years, updated) tell what the visits will be, so they are
never read.
"""

from dataclasses import dataclass, replace
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import pandas as pd

from kartograph.loaders.specifications.books import COLUMNS, LOADER
from kartograph.ontology.owl.individuals import Catalogue, catalogue_of
from kartograph.ontology.owl.schema import Schema, read_schema
from kartograph.tables.errors import BadInput

BOOK_PREFIX = "https://shakespeareandco.princeton.edu/books/"


@dataclass(frozen=True)
class BooksOptions:
    """What the ontology leaves open about this shop."""

    birth_floor: float = 1800
    """Earlier births count as this year. The paper has 1900 for a shop of today; here half of the authors were born
    before 1880, and a few in antiquity."""
    publication_floor: float = 1850
    """Earlier publications count as this year, so that a few old books do not stretch the scale."""
    reference_year: int | None = None
    """New is what was published in this year or the year before; the default is the median year of the visits."""


@dataclass(frozen=True)
class Books:
    """The shop's tables."""

    books: pd.DataFrame
    """`book_id, title, year, new`: year and new are NA where unknown."""
    book_categories: pd.DataFrame
    """`book_id, category`: some books have several."""
    book_authors: pd.DataFrame
    """`book_id, author_id`."""
    authors: pd.DataFrame
    """`author_id, name, birth_year, books`: books is the number of the author's books in the catalogue."""
    author_categories: pd.DataFrame
    """`author_id, category`: the categories of the author's books."""
    borrowings: pd.DataFrame
    """`event, user_id, book_id, date, precision`: one row per event; date is the first day that the source's date can
    mean (NaT where the year is unknown), precision is day, month, year or none; members of a joint account are one
    user, `a+b`."""
    visits: pd.DataFrame
    """`visit_id, user_id, book_id, date, position`: borrowings of a known day; a user's day is a visit. Ordered by date
    and user; a book that a visit borrows twice stands once."""
    unlisted: tuple[str, ...]
    """Borrowed books that `books.csv` does not have; they are in `books` with nothing but their id."""


def read_books(folder: Path, options: BooksOptions | None = None) -> Books:
    """The tables of a folder that holds the project's three files.

    Raises
    ------
    BadInput
        A file or a column is missing, or an id comes twice.
    """
    options = options or BooksOptions()
    books, creators, borrows = (_read(folder, name) for name in COLUMNS)
    borrowings = _borrowings(borrows)
    visits = _visits(borrowings)
    ids = books["uri"].str.removeprefix(BOOK_PREFIX).str.strip("/")
    if ids.duplicated().any():
        raise BadInput(f"books.csv has {list(ids[ids.duplicated()][:5])} twice; keep one row per book")
    unlisted = tuple(sorted(set(borrowings["book_id"]) - set(ids)))
    listed = pd.DataFrame({"book_id": ids, "title": books["title"], "year": pd.to_numeric(books["year"], "coerce")})
    table = pd.concat([listed, pd.DataFrame({"book_id": unlisted, "title": unlisted})], ignore_index=True)
    table["new"] = is_new(table["year"], _reference_year(options, visits))
    book_categories = _split(ids, books["genre"], "category")
    book_authors = _split(ids, books["author"], "author_id")
    return Books(
        books=table,
        book_categories=book_categories,
        book_authors=book_authors,
        authors=_authors(book_authors, creators),
        author_categories=book_authors.merge(book_categories, on="book_id")[["author_id", "category"]]
        .drop_duplicates()
        .sort_values(["author_id", "category"], ignore_index=True),
        borrowings=borrowings,
        visits=visits,
        unlisted=unlisted,
    )


def is_new(year: pd.Series, reference_year: int) -> pd.Series:
    """Whether a book was published in the reference year or the year before; NA where its year is unknown.

    A book published after the reference year is not new in it.
    """
    return year.between(reference_year - 1, reference_year).astype("boolean").mask(year.isna())


def books_schema(options: BooksOptions | None = None) -> Schema:
    """The schema of `ontology/books.ttl` with this shop's floors."""
    options = options or BooksOptions()
    with as_file(files("kartograph.ontology") / "books.ttl") as path:
        schema = read_schema(path)
    for class_name, name, floor in (
        ("Author", "birthYear", options.birth_floor),
        ("Book", "publicationYear", options.publication_floor),
    ):
        attribute = schema.classes[class_name].attribute(name)
        schema = schema.with_attribute(class_name, replace(attribute, floor=floor))
    return schema


def catalogue(books: Books, schema: Schema) -> Catalogue:
    """Books and authors as individuals of the ontology; what the source lacks (price, area …) stays unknown."""
    table, authors = books.books, books.authors

    def column(frame: pd.DataFrame, key: str, name: str) -> tuple[pd.Series, pd.Series]:
        known = frame[frame[name].notna()]
        return known[key], known[name]

    return catalogue_of(
        schema,
        ids={"Book": table["book_id"], "Author": authors["author_id"]},
        labels={"Book": table["title"], "Author": authors["name"]},
        values={
            "Book": {
                "publicationYear": column(table, "book_id", "year"),
                "newPublication": column(table, "book_id", "new"),
                "category": column(books.book_categories, "book_id", "category"),
                "writtenBy": column(books.book_authors, "book_id", "author_id"),
            },
            "Author": {
                "birthYear": column(authors, "author_id", "birth_year"),
                "numberOfBooks": column(authors, "author_id", "books"),
                "writesIn": column(books.author_categories, "author_id", "category"),
            },
        },
    )


def _read(folder: Path, name: str) -> pd.DataFrame:
    path = folder / name
    if not path.is_file():
        raise BadInput(f"there is no {name} in {folder}; give the folder that holds {', '.join(COLUMNS)}")
    try:
        frame = pd.read_csv(path, dtype=str, encoding="utf-8-sig", usecols=lambda column: column in COLUMNS[name])
    except (ValueError, pd.errors.ParserError) as error:
        raise BadInput(f"{name} cannot be read: {error}; give a CSV file in UTF-8") from error
    missing = [column for column in COLUMNS[name] if column not in frame.columns]
    if missing:
        raise BadInput(f"{name} has no column {missing}; it has {list(frame.columns)}")
    return frame


def _split(ids: pd.Series, values: pd.Series, name: str) -> pd.DataFrame:
    """Values that are joined by semicolons, one row each."""
    frame = pd.DataFrame({"book_id": ids, name: values.str.split(";")}).explode(name, ignore_index=True)
    frame[name] = frame[name].str.strip()
    return frame[frame[name].fillna("") != ""].drop_duplicates(ignore_index=True)


def _authors(book_authors: pd.DataFrame, creators: pd.DataFrame) -> pd.DataFrame:
    """Authors of the catalogue with what `creators.csv` knows; the first row counts where a sort name comes twice."""
    known = creators.drop_duplicates("sort name").set_index("sort name")
    authors = book_authors["author_id"].value_counts().rename_axis("author_id").reset_index(name="books")
    authors = authors.sort_values("author_id", ignore_index=True)
    birth = known["birth year"].fillna(known["Birth Date"])
    authors["birth_year"] = pd.to_numeric(authors["author_id"].map(birth), "coerce")
    authors["name"] = authors["author_id"].map(known["name"]).fillna(authors["author_id"])
    return authors[["author_id", "name", "birth_year", "books"]]


def _borrowings(borrows: pd.DataFrame) -> pd.DataFrame:
    borrows = borrows[(borrows["event_type"] == "Borrow") & borrows["book"].notna() & borrows["member"].notna()]
    members = borrows.groupby("event")["member"].agg(lambda names: "+".join(sorted(set(names))))
    events = borrows.drop_duplicates("event")
    parts = events["event_start"].str.extract(r"^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$")
    first_day = parts[0] + "-" + parts[1].fillna("01") + "-" + parts[2].fillna("01")
    date = pd.to_datetime(first_day, format="%Y-%m-%d", errors="coerce")
    precision = np.select([date.isna(), parts[1].isna(), parts[2].isna()], ["none", "year", "month"], default="day")
    return pd.DataFrame(
        {
            "event": events["event"].to_numpy(),
            "user_id": events["event"].map(members).to_numpy(),
            "book_id": events["book"].to_numpy(),
            "date": date.to_numpy(),
            "precision": precision,
        }
    )


def _visits(borrowings: pd.DataFrame) -> pd.DataFrame:
    known = borrowings[borrowings["precision"] == "day"].sort_values(["date", "user_id"], kind="stable")
    known = known.drop_duplicates(["date", "user_id", "book_id"])
    visits = known[["user_id", "book_id", "date"]].reset_index(drop=True)
    visits.insert(0, "visit_id", visits["user_id"] + " " + visits["date"].dt.strftime("%Y-%m-%d"))
    visits["position"] = visits.groupby("visit_id", sort=False).cumcount()
    return visits


def _reference_year(options: BooksOptions, visits: pd.DataFrame) -> int:
    if options.reference_year is not None:
        return options.reference_year
    if visits.empty:
        raise BadInput("no borrowing has a full date, so no year is the year of reference; give reference_year")
    return int(visits["date"].dt.year.median())


load = LOADER.load


if __name__ == "__main__":
    import sys

    sys.exit(LOADER.main())

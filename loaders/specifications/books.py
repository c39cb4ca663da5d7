"""The lending library of the Shakespeare and Company Project: borrowings, books and authors."""

from collections.abc import Mapping
from dataclasses import dataclass

from kartograph.loaders.registry import Loader
from kartograph.loaders.shared.declared import option
from kartograph.loaders.shared.options import FileOptions
from kartograph.loaders.shared.recognizing.recognize import has_files
from kartograph.loaders.specifications.ontology import Comparison

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "books.csv": ("uri", "genre", "title", "author", "year"),
    "creators.csv": ("name", "sort name", "birth year", "Birth Date"),
    "borrows.csv": ("event", "event_type", "member", "book", "event_start"),
}
"""What is read of each file; everything else stays there."""


@dataclass(frozen=True)
class BooksLoadOptions(Comparison, FileOptions):
    """How the folder is read, and what is computed of the books."""

    clusters: int = option(10, "Number of clusters to write, of k-medoids; 0 for none.")


LOADER = Loader(
    "books",
    "Load the lending library of the Shakespeare and Company Project: borrowings, books and authors.",
    path="The folder with books.csv, creators.csv and borrows.csv, or a zip of it.",
    example="downloads/shakespeare",
    options=BooksLoadOptions,
    read="kartograph.loaders.bookshop.books_source:read",
    then="kartograph.loaders.bookshop.books_graph:write",
    recognize=has_files({name.removesuffix(".csv"): columns for name, columns in COLUMNS.items()}),
)

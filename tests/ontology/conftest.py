"""Ontologies and catalogues that several tests of this package share."""

from pathlib import Path

import pytest

from kartograph.ontology.files.reading import read_rdf
from kartograph.ontology.owl.individuals import Catalogue, catalogue_of
from kartograph.ontology.owl.schema import Schema, read_schema, schema_of
from kartograph.ontology.owl.validation import individuals_of

ONTOLOGY = Path(__file__).resolve().parents[2] / "ontology"
FILMS = Path(__file__).resolve().parent / "films.ttl"


@pytest.fixture(scope="session")
def books_ontology() -> Path:
    return ONTOLOGY / "books.ttl"


@pytest.fixture(scope="session")
def books_schema(books_ontology) -> Schema:
    return read_schema(books_ontology)


@pytest.fixture(scope="session")
def films() -> Catalogue:
    graph = read_rdf(FILMS)
    catalogue, violations = individuals_of(graph, schema_of(graph))
    assert not violations
    return catalogue


@pytest.fixture
def write(tmp_path):
    """Write a file of text or bytes and give its path."""

    def _write(content: str | bytes, name: str = "shop.ttl") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return _write


@pytest.fixture(scope="session")
def shelf(books_schema) -> Catalogue:
    """Five books: 1900 and 1950 are the ends of the years, 1900 and 2000 those of the births, 0 and 10 of the books."""
    books = {
        "emma": {"publicationYear": 1900, "price": 10.0, "category": ["Fiction"], "writtenBy": ["ann"]},
        "odes": {"publicationYear": 1925, "price": 30.0, "category": ["Poetry"], "writtenBy": ["ann"]},
        "laws": {"publicationYear": 1950, "price": 20.0, "category": ["Nonfiction"], "writtenBy": ["bob"]},
        "both": {"publicationYear": 1950, "category": ["Fiction"], "writtenBy": ["ann", "bob"]},
        "bare": {},
    }
    authors = {
        "ann": {"birthYear": 1880, "numberOfBooks": 10, "writesIn": ["Fiction", "Poetry"]},
        "bob": {"birthYear": 2000, "numberOfBooks": 5, "writesIn": ["Nonfiction", "Fiction"]},
    }
    return catalogue_of(
        books_schema,
        ids={"Book": books, "Author": authors},
        labels={"Book": [b.title() for b in books], "Author": ["Ann", "Bob"]},
        values={"Book": _long(books), "Author": _long(authors)},
    )


def _long(individuals: dict[str, dict]) -> dict[str, tuple[list[str], list]]:
    columns: dict[str, tuple[list[str], list]] = {}
    for name, values in individuals.items():
        for attribute, value in values.items():
            for one in value if isinstance(value, list) else [value]:
                ids, objects = columns.setdefault(attribute, ([], []))
                ids.append(name)
                objects.append(one)
    return columns

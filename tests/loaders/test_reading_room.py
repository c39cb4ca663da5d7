"""The generated reading room is the same for a seed, and its readers have tastes that a person can recognise."""

import pandas as pd
import pytest

from kartograph.loaders.generated.reading_room import BORROWINGS, ONTOLOGY, Room, draw, generate
from kartograph.ontology.annotate import propose
from kartograph.ontology.files.reading import read_rdf
from kartograph.ontology.vocabulary import Kind
from kartograph.tables.errors import BadInput


@pytest.fixture(scope="module")
def room() -> Room:
    return draw(7)


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    for name, seed in (("one", 3), ("again", 3), ("other", 4)):
        generate(tmp_path / name, seed)

    def read(name: str) -> list[bytes]:
        return [(tmp_path / name / file).read_bytes() for file in (ONTOLOGY, BORROWINGS)]

    assert read("one") == read("again")
    assert read("one") != read("other")


def test_books_have_titles_of_their_own_and_authors_who_were_alive(room):
    assert room.books["title"].is_unique
    assert room.books["book"].is_unique
    born = room.authors["born"].to_numpy()[room.books["author"]]
    assert (room.books["year"] - born).between(25, 59).all()
    kinds = room.authors["kind"].to_numpy()[room.books["author"]]
    assert (room.books["kind"] == kinds).all()


def test_readers_come_back_to_a_kind_and_to_an_author(room):
    read = room.borrowings.merge(room.books, on="book")

    def agreement(column: str) -> tuple[float, float]:
        """Share of pairs of one reader's books that agree, and of any two borrowings."""
        counts = read.groupby(["reader", column]).size()
        totals = read.groupby("reader").size()
        same = (counts * (counts - 1)).sum() / (totals * (totals - 1)).sum()
        return same, (read[column].value_counts(normalize=True) ** 2).sum()

    for column in ("kind", "author"):
        same, chance = agreement(column)
        assert same > 2 * chance, column
    same, chance = agreement("binding")
    assert abs(same - chance) < 0.1 * chance, "nobody chooses by the binding"
    assert not room.borrowings.duplicated(["reader", "book"]).any()


def test_what_a_visit_takes_along_is_of_one_day(room):
    days = pd.to_datetime(room.borrowings["time"]).dt.date
    per_day = room.borrowings.groupby([room.borrowings["reader"], days]).size()
    assert per_day.mean() > 1.2


def test_the_ontology_has_no_annotations_and_is_annotated_as_a_person_would(tmp_path):
    generate(tmp_path)
    proposed = propose(read_rdf(tmp_path / ONTOLOGY), ONTOLOGY)
    assert proposed.target.endswith("#Book")
    assert {one.iri.rpartition("#")[2]: one.kind for one in proposed.properties} == {
        "kind": Kind.NOMINAL,
        "published": Kind.NUMERIC,
        "binding": Kind.NOMINAL,
        "writtenBy": Kind.LINKED,
        "born": Kind.NUMERIC,
    }


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match=r"cannot be written into .*file"):
        generate(tmp_path / "file" / "room")

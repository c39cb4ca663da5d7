"""Tests of reading the bookshop's tables."""

import numpy as np
import pandas as pd
import pytest

from kartograph.loaders.books import BooksOptions, books_schema, catalogue, is_new, read_books
from kartograph.loaders.bookshop.books_graph import books_rdf
from kartograph.loaders.bookshop.books_source import read
from kartograph.loaders.shared.options import ReadOptions
from kartograph.ontology.compare.columns import Measure
from kartograph.ontology.owl.schema import schema_of
from kartograph.ontology.sessions import sessions_of
from kartograph.ontology.similarity import Unknown, similarity_matrix, space_of
from kartograph.tables.derived.derive import derive
from kartograph.tables.errors import BadInput

URI = "https://shakespeareandco.princeton.edu/books/"
BOOKS = f"""uri,genre,title,author,year,event_count,borrow_count,purchase_count,circulation_years
{URI}emma/,Fiction,Emma,"Austen, Jane",1815,99,99,99,1930
{URI}waves/,Fiction; Poetry,The Waves,"Woolf, Virginia",1931,1,1,0,1931
{URI}lyrical/,Poetry,Lyrical Ballads,"Wordsworth, William;Coleridge, Samuel",1798,1,1,0,1931
{URI}unknown/,,Unknown,,,1,1,0,1931
"""
CREATORS = """ID,name,sort name,birth year,Birth Date
1,Jane Austen,"Austen, Jane",1775.0,
2,Virginia Woolf,"Woolf, Virginia",,1882.0
3,William Wordsworth,"Wordsworth, William",1770.0,1770.0
"""
BORROWS = """event,event_type,member,book,event_start,event_end
E1,Borrow,ann,emma,1931-05-02,1931-05-09
E2,Borrow,ann,waves,1931-05-02,
E3,Borrow,ann,emma,1931-05-02,
E4,Borrow,bob,lyrical,1932-06-01,
E4,Borrow,cid,lyrical,1932-06-01,
E5,Borrow,ann,waves,1931-05,
E6,Borrow,ann,waves,1931,
E7,Borrow,ann,waves,--05-02,
E8,Borrow,ann,lost,1931-05-03,
E9,Purchase,ann,emma,1931-05-04,
"""


@pytest.fixture
def folder(tmp_path):
    for name, text in (("books.csv", BOOKS), ("creators.csv", CREATORS), ("borrows.csv", BORROWS)):
        (tmp_path / name).write_text("\ufeff" + text, encoding="utf-8")
    return tmp_path


def rows(frame: pd.DataFrame) -> list[tuple]:
    return list(frame.itertuples(index=False, name=None))


def test_a_member_s_day_is_a_visit_and_a_book_counts_once_in_it(folder):
    visits = read_books(folder).visits
    assert rows(visits[["visit_id", "book_id", "position"]]) == [
        ("ann 1931-05-02", "emma", 0),
        ("ann 1931-05-02", "waves", 1),
        ("ann 1931-05-03", "lost", 0),
        ("bob+cid 1932-06-01", "lyrical", 0),
    ]


def test_an_event_of_a_joint_account_is_one_event_of_both_members(folder):
    borrowings = read_books(folder).borrowings
    assert borrowings["event"].tolist() == ["E1", "E2", "E3", "E4", "E5", "E6", "E7", "E8"]
    assert borrowings.set_index("event").loc["E4", "user_id"] == "bob+cid"


def test_partial_dates_keep_what_they_say_and_make_no_visit(folder):
    borrowings = read_books(folder).borrowings.set_index("event")
    assert borrowings["precision"].to_dict() | {} == {
        **dict.fromkeys(["E1", "E2", "E3", "E4", "E8"], "day"),
        "E5": "month",
        "E6": "year",
        "E7": "none",
    }
    assert borrowings.loc["E5", "date"] == pd.Timestamp("1931-05-01")
    assert borrowings["date"].isna()["E7"]


def test_authors_have_the_number_and_the_categories_of_their_books_and_either_birth_date(folder):
    books = read_books(folder)
    authors = books.authors.set_index("author_id")
    assert authors["books"].to_dict() == dict.fromkeys(
        ["Austen, Jane", "Coleridge, Samuel", "Woolf, Virginia", "Wordsworth, William"], 1
    )
    assert authors.loc["Woolf, Virginia", "birth_year"] == 1882 and authors.loc["Austen, Jane", "birth_year"] == 1775
    assert authors["birth_year"].isna()["Coleridge, Samuel"]
    assert authors.loc["Coleridge, Samuel", "name"] == "Coleridge, Samuel"
    assert ("Woolf, Virginia", "Poetry") in rows(books.author_categories)


def test_new_is_what_appeared_in_the_year_of_reference_or_the_year_before():
    years = pd.Series([1929, 1930, 1931, 1932, np.nan])
    assert is_new(years, 1931).tolist() == [False, True, True, False, pd.NA]


def test_the_year_of_reference_is_given_or_the_middle_of_the_visits(folder):
    new = read_books(folder).books.set_index("book_id")["new"]
    assert new["waves"] and not new["emma"] and pd.isna(new["unknown"])  # the median of 1931, 1931, 1931 and 1932
    assert not read_books(folder, BooksOptions(reference_year=1950)).books.set_index("book_id")["new"]["waves"]


def test_borrowed_books_that_are_not_listed_are_kept_without_attributes(folder):
    books = read_books(folder)
    assert books.unlisted == ("lost",)
    space = space_of(catalogue(books, books_schema()), Measure.EED1, unknown=Unknown.LEFT_OUT)
    matrix = similarity_matrix(space)
    assert np.isnan(matrix[-1]).all() and matrix[0, 1] > 0


def test_the_shop_s_floors_replace_those_of_the_ontology():
    schema = books_schema(BooksOptions(birth_floor=1700))
    assert schema.classes["Author"].attribute("birthYear").floor == 1700
    assert schema.classes["Book"].attribute("publicationYear").floor == 1850


def test_counts_of_the_whole_period_are_no_features(folder):
    def matrix():
        books = read_books(folder)
        return similarity_matrix(space_of(catalogue(books, books_schema()), Measure.EED1))

    before = matrix()
    (folder / "books.csv").write_text(BOOKS.replace(",99,99,99,1930", ",1,2,3,1950"), encoding="utf-8")
    np.testing.assert_array_equal(matrix(), before)


def test_what_is_missing_is_named(folder):
    (folder / "creators.csv").write_text("name\nJane\n")
    with pytest.raises(BadInput, match=r"creators.csv has no column \['sort name', 'birth year', 'Birth Date'\]"):
        read_books(folder)
    (folder / "books.csv").unlink()
    with pytest.raises(BadInput, match=r"there is no books.csv in .*; give the folder that holds books.csv, creators"):
        read_books(folder)


def test_a_book_that_is_listed_twice_is_refused(folder):
    (folder / "books.csv").write_text(BOOKS + f"{URI}emma/,Drama,Emma,,1900,,,,\n")
    with pytest.raises(BadInput, match=r"books.csv has \['emma'\] twice"):
        read_books(folder)


def test_the_source_has_borrowings_as_events_days_as_sessions_and_groups_as_tree(folder, tmp_path):
    source = read(folder, ReadOptions(rejects=tmp_path / "rejects.csv"))
    shop = derive(source)
    events = {row["item_id"]: row for row in shop.session_items.to_pyarrow().to_pylist() if row["at"] is not None}
    assert events["lost"]["at"] == pd.Timestamp("1931-05-03").value // 10**6 and events["lost"]["event"] == "borrow"
    sessions = {row["session_id"]: row["length"] for row in shop.sessions.to_pyarrow().to_pylist()}
    assert sessions["ann 1931-05-02"] == 2 and sessions["borrowing E5"] == 1
    tree = {row["category_id"]: row["parent_id"] for row in shop.category_tree.to_pyarrow().to_pylist()}
    assert tree["Fiction"] == tree["Poetry"] == "Literature"
    items = {row["item_id"]: row for row in shop.items.to_pyarrow().to_pylist()}
    assert items["emma"]["year"] == 1815 and items["lost"]["year"] is None
    assert source.report.notes["borrowings of joint accounts: their members are one user, joined by +"] == 1


def test_the_real_shop_reads_whole(real_data):
    books = read_books(real_data / "shakespeare")
    assert len(books.books) == 6_020 + len(books.unlisted) == 6_030
    assert len(books.authors) == 2_085 and len(books.borrowings) == 20_840
    shop = catalogue(books, books_schema())
    sessions = sessions_of(books.visits, shop.items.ids, session="visit_id", item="book_id")
    assert len(sessions) == 14_558 and len(sessions.longer_than(1)) == 4_097


def test_the_real_shop_becomes_a_shop_for_the_graph(real_data, tmp_path):
    shop_source = read(real_data / "shakespeare", ReadOptions(rejects=tmp_path / "rejects.csv"))
    derive(shop_source)
    counts = shop_source.report.counts
    assert counts["items"] == 6_030 and counts["session_items"] == 20_840 - 141
    assert counts["sessions"] == 14_558 + 20_840 - 20_607


def test_the_ontology_that_is_loaded_has_the_floors_of_the_library(folder):
    schema = schema_of(books_rdf(folder))
    # Dickens, born in 1812, and Joyce, born in 1882, are not of one age.
    assert schema.classes["Author"].attribute("birthYear").floor == 1800
    assert schema.classes["Book"].attribute("publicationYear").floor == 1850

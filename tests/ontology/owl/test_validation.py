"""Individuals that fit, and those that are named with their triple and the reason."""

import re

import pytest
from rdflib import Graph

from kartograph.ontology.owl.schema import schema_of
from kartograph.ontology.owl.validation import individuals_of
from kartograph.tables.errors import BadInput


def read(books_ontology, text: str):
    graph = Graph().parse(books_ontology)
    graph.parse(data="@prefix : <urn:kartograph:books#> . @prefix b: <urn:b#> .\n" + text, format="turtle")
    return individuals_of(graph, schema_of(graph))


def test_values_labels_and_links_become_columns(books_ontology):
    catalogue, violations = read(
        books_ontology,
        """b:emma a :Book ; :title "Emma" ; :publicationYear 1815 ; :bound true ; :quality "coated" ;
             :category "Fiction", "Drama" ; :writtenBy b:ann .
           b:ann a :Author ; :name "Ann" ; :writesIn "Fiction" .""",
    )
    assert violations == ()
    (row,) = catalogue.frame("Book").to_dict("records")
    assert row["id"] == "urn:b#emma" and row["label"] == "Emma" and row["publicationYear"] == 1815
    assert row["bound"] is True and row["quality"] == "coated"
    assert sorted(row["category"]) == ["Drama", "Fiction"] and row["writtenBy"] == ["urn:b#ann"]
    assert row["price"] != row["price"]  # unknown


@pytest.mark.parametrize(
    ("triple", "reason"),
    [
        (":publicationYear 'soon'", "takes a number or a date with a year"),
        (":publicationYear 'inf'", "takes a number or a date with a year"),
        (":publicationYear <urn:x>", "takes a number or a date with a year"),
        (":bound 'perhaps'", "takes true or false"),
        (":quality 'silk'", "takes one of .'coated', 'first pulp'"),
        (":category '  '", "category is empty"),
        (":quality 'first'", "takes one of"),
        (":writtenBy b:nobody", "the object of .* is no individual of the class Author"),
        (":writtenBy 'Ann'", "the object of .* is no individual of the class Author"),
    ],
)
def test_a_wrong_value_is_named_with_its_triple_and_left_out(books_ontology, triple, reason):
    catalogue, violations = read(books_ontology, f"b:emma a :Book ; :price 3 ; {triple} .")
    assert len(violations) == 1 and str(violations[0]).startswith("<urn:b#emma> <urn:kartograph:books#")
    assert list(catalogue.items.cells) == ["price"]
    assert re.search(reason, violations[0].reason)


@pytest.mark.parametrize(
    ("values", "wrong", "reason"),
    [
        (["'PT2H'^^x:duration", "'PT90M'^^x:duration", "120"], "120", "mostly durations, and numbers or dates cannot"),
        (["'10:30:00'^^x:time", "'11:00:00'^^x:time", "'PT2H'"], "PT2H", "mostly times of day, and durations cannot"),
        (["1999", "'2001-05-03'^^x:date", "'PT2H'^^x:duration"], "PT2H", "mostly numbers or dates, and durations"),
        (["1999", "'PT2H'^^x:duration"], "1999", "mostly durations, and numbers or dates"),  # as many: by letters
        (["1999", "'2001-05-03'^^x:date", "'-0300'^^x:gYear"], None, ""),
    ],
)
def test_seconds_and_years_of_one_attribute_are_not_compared(books_ontology, values, wrong, reason):
    books = " ".join(f"b:b{n} a :Book ; :publicationYear {value} ." for n, value in enumerate(values))
    catalogue, violations = read(books_ontology, f"@prefix x: <http://www.w3.org/2001/XMLSchema#> . {books}")
    assert [violation.object for violation in violations] == [wrong][: wrong is not None]
    assert all(reason in violation.reason for violation in violations)
    assert len(catalogue.items.cells["publicationYear"].values) == len(values) - (wrong is not None)


def test_a_number_outside_its_range_is_named(books_ontology):
    _, violations = read(books_ontology, "b:emma a :Book . b:ann a :Author ; :numberOfBooks -1 .")
    assert "number of books lies outside 0 to …" in str(violations[0])


def test_of_several_values_where_one_is_allowed_none_is_chosen(books_ontology):
    catalogue, violations = read(books_ontology, "b:a a :Book ; :price 3, 4 . b:b a :Book ; :price 5 .")
    assert "'3, 4': price takes one value and has several; keep one" in str(violations[0])
    assert catalogue.items.cells["price"].values.tolist() == [5.0]


def test_several_truth_values_are_shown_as_they_are_written(books_ontology):
    _, violations = read(books_ontology, "b:a a :Book ; :bound true, false .")
    assert "'false, true': " in str(violations[0])


def test_a_graph_without_individuals_says_so(books_ontology):
    with pytest.raises(BadInput, match=r"there is no individual of <urn:kartograph:books#Book>"):
        read(books_ontology, "")


def test_individuals_of_classes_below_count_and_lack_what_they_lack(films):
    frame = films.frame("Film").set_index("label")
    assert len(frame) == 6
    assert frame.loc["The Gleaners and I", "genre"] == []
    assert frame.loc["Vertigo", "director"] == ["http://films.example/onto#hitchcock"]

"""Individuals of an ontology are matched with the items of a shop by IRI, else by local name."""

import pandas as pd
import pytest

from kartograph.ontology.files.reading import read_rdf
from kartograph.ontology.graph.ids import individual_ids, matching_ids, shop_ids
from kartograph.ontology.graph.write import write_ontology

FILMS = """@prefix : <urn:film#> . @prefix kg: <urn:kartograph:vocabulary#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:Film a owl:Class ; kg:isTarget true . :Silent a owl:Class ; rdfs:subClassOf :Film .
:year a owl:DatatypeProperty ; rdfs:domain :Film ; kg:kind kg:Numeric .
:f1 a :Film ; :year 1999 . :f2 a :Silent ; :year 1921 . :f3 a :Film ; :year 1957 .
"""
IRIS = ["urn:film#f1", "urn:film#f2", "urn:film#f3"]


@pytest.fixture
def films(tmp_path):
    (file := tmp_path / "films.ttl").write_text(FILMS)
    return read_rdf(file)


def test_individuals_meet_items_by_iri_before_local_name():
    iris = ["urn:a#1", "http://x.example/b/2/", "urn:c:3", "urn:d#caf%C3%A9", "urn:e#6"]
    ids = ["urn:a#1", "1", "2", "3", "caf\xe9", "7"]
    assert matching_ids(iris, ids) == {
        "urn:a#1": "urn:a#1",
        "http://x.example/b/2/": "2",
        "urn:c:3": "3",
        "urn:d#caf%C3%A9": "caf\xe9",
    }


def test_a_name_of_several_individuals_meets_none_and_an_item_meets_one_individual():
    assert matching_ids(["urn:a#1", "urn:b#1", "urn:b#2"], ["1", "2"]) == {"urn:b#2": "2"}
    assert matching_ids(["urn:x", "a:urn:x"], ["urn:x"]) == {"urn:x": "urn:x"}
    assert matching_ids([], ["1"]) == matching_ids(["urn:a#1"], []) == {}


@pytest.mark.server
def test_an_ontology_meets_the_items_that_the_shop_has_and_makes_no_second_ones(graph, films):
    graph.query("CREATE (:Item {id: 'f1'}), (:Item {id: 'urn:film#f2'}), (:Item {id: 'other'})", write=True)
    expected = {"urn:film#f1": "f1", "urn:film#f2": "urn:film#f2"}
    assert shop_ids(graph, IRIS) == expected
    for _ in range(2):
        write_ontology(graph, films)
        assert individual_ids(graph) == {**expected, "urn:film#f3": "urn:film#f3"}
    items = graph.query("MATCH (i:Item) RETURN i.id AS id, i.year AS year ORDER BY id")
    assert items["id"].tolist() == ["f1", "other", "urn:film#f2", "urn:film#f3"]
    assert items["year"].fillna(0).tolist() == [1999, 0, 1921, 1957]


@pytest.mark.server
def test_an_item_that_is_an_individual_already_is_not_taken_by_another(graph, films):
    graph.query("CREATE (:Item:Individual {id: 'f1', iri: 'urn:other#f1'})", write=True)
    assert shop_ids(graph, IRIS) == {}
    assert shop_ids(graph, ["urn:other#f1"]) == {"urn:other#f1": "f1"}
    assert pd.Series(individual_ids(graph)).to_dict() == {"urn:other#f1": "f1"}

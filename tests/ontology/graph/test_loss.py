"""Tests of ontologies that would take the place of more than they bring."""

import pytest

from kartograph.ontology.files.reading import read_rdf
from kartograph.ontology.graph.write import write_ontology
from kartograph.tables.errors import BadInput

pytestmark = pytest.mark.server

HEAD = """@prefix : <urn:tea#> . @prefix kg: <urn:kartograph:vocabulary#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:Tea a owl:Class ; kg:isTarget true .
:year a owl:DatatypeProperty ; rdfs:domain :Tea ; kg:kind kg:Numeric .
"""


def teas(tmp_path, ids, space="urn:tea#"):
    """An ontology of teas, of each the year."""
    file = tmp_path / "teas.ttl"
    file.write_text(HEAD.replace("urn:tea#", space) + "".join(f":{one} a :Tea ; :year 1990 .\n" for one in ids))
    return read_rdf(file)


def count(graph):
    return int(graph.query("MATCH (n:Individual) RETURN count(n) AS n")["n"][0])


def test_less_than_half_of_the_same_individuals_is_refused_unless_it_is_allowed(graph, tmp_path):
    write_ontology(graph, teas(tmp_path, "abcde"))
    with pytest.raises(BadInput, match=r"has 2 individuals, and would take the place of 5 .*--allow-shrink"):
        write_ontology(graph, teas(tmp_path, "ab"))
    assert count(graph) == 5
    write_ontology(graph, teas(tmp_path, "abc"))
    write_ontology(graph, teas(tmp_path, "a"), allow_shrink=True)
    assert count(graph) == 1


def test_an_item_that_only_the_former_ontology_told_of_goes_and_one_with_events_stays(graph, tmp_path):
    write_ontology(graph, teas(tmp_path, "abcde"))
    graph.query(
        "MATCH (i:Item) WHERE i.iri IN ['urn:tea#d', 'urn:tea#e'] MERGE (s:Session {id: 's'}) "
        "CREATE (s)-[:INCLUDES {event: 'view'}]->(i)",
        write=True,
    )
    graph.query("CREATE (:Item {id: 'of a catalogue'})", write=True)
    write_ontology(graph, teas(tmp_path, "ae"), allow_shrink=True)
    items = graph.query("MATCH (i:Item) RETURN coalesce(i.iri, i.id) AS i, i:Individual AS known ORDER BY i")
    assert items.to_numpy().tolist() == [
        ["of a catalogue", False],
        ["urn:tea#a", True],
        ["urn:tea#d", False],
        ["urn:tea#e", True],
    ]


def test_another_ontology_may_be_smaller(graph, tmp_path):
    write_ontology(graph, teas(tmp_path, "abcde"))
    write_ontology(graph, teas(tmp_path, "a", space="urn:coffee#"))
    assert count(graph) == 1

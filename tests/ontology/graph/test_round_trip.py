"""What was loaded comes back from the graph as the same RDF, and a person sees nodes and links in between."""

from pathlib import Path

import pytest
from rdflib import Graph as Rdf
from rdflib.compare import isomorphic

from kartograph.ontology.graph.export import read_ontology
from kartograph.ontology.graph.write import write_ontology
from kartograph.ontology.reading import read_rdf
from kartograph.tables.errors import BadInput

FILMS = Path(__file__).resolve().parents[1] / "films.ttl"
FILM = "http://films.example/onto#"
ODD = """@prefix : <urn:o#> . @prefix kg: <urn:kartograph:vocabulary#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:User a owl:Class ; kg:isTarget true . :Thing a owl:Class .
:id a owl:DatatypeProperty ; rdfs:domain :User ; kg:kind kg:NominalSet .
:year a owl:DatatypeProperty ; rdfs:domain :User ; kg:kind kg:Numeric .
:viewed a owl:ObjectProperty ; rdfs:domain :User ; rdfs:range :User ; kg:kind kg:Linked .
:part a owl:ObjectProperty ; rdfs:domain :User ; rdfs:range :Thing ; kg:kind kg:Linked .
:note a owl:AnnotationProperty .
:a a :User , owl:NamedIndividual ; rdfs:label "Ä \\"quoted\\"\\n line"@de , "A" ; :id "x"@en , "x" , "y" ;
  :year "1.50"^^xsd:decimal ; :note [ rdfs:comment "inner" ] ;
  :viewed :b , :a ; :part [ a :Thing ; rdfs:label "blank" ] .
:b a :User ; :year 07 ; :note <urn:else> .
:c a :User ; :year "1922-02-02"^^xsd:date .
"""


def odd(tmp_path) -> Rdf:
    file = tmp_path / "odd.ttl"
    file.write_text(ODD)
    return read_rdf(file)


@pytest.mark.server
def test_films_come_back_as_they_were_loaded_and_loading_again_changes_nothing(graph):
    rdf = read_rdf(FILMS)
    for batch in (2, 5_000):
        written, _ = write_ontology(graph, rdf, batch=batch)
        assert (written.items, written.individuals, written.links) == (6, 6, 10)
        assert isomorphic(read_ontology(graph), rdf)
    found = graph.query(
        "MATCH (i:Item:Film {title: 'Vertigo'})-[:DIRECTOR]->(p:Person) RETURN i.minutes AS minutes, p.name AS name, "
        "p.born AS born, i.actor AS actor"
    )
    row = found.iloc[0]
    assert (row["minutes"], row["name"], sorted(row["actor"])) == (
        128,
        "Alfred Hitchcock",
        ["James Stewart", "Kim Novak"],
    )
    assert row["born"] == pytest.approx(1899 + 7 / 12 + 12 / 372)
    attributes = graph.query("MATCH (a:Attribute) RETURN count(a) AS n")
    assert attributes["n"][0] == 11


@pytest.mark.server
def test_terms_that_values_do_not_give_back_are_kept_beside_them(graph, tmp_path):
    rdf = odd(tmp_path)
    write_ontology(graph, rdf)
    assert isomorphic(read_ontology(graph), rdf)
    found = graph.query("MATCH (i:Item {id: 'urn:o#a'})-[v:VIEWED_]->(o) RETURN labels(i) AS labels, count(o) AS n")
    assert "User_" in found["labels"][0] and "User" not in found["labels"][0] and found["n"][0] == 2


@pytest.mark.server
def test_a_property_changed_in_the_graph_comes_back_changed(graph):
    write_ontology(graph, read_rdf(FILMS))
    graph.query("MATCH (i:Item {title: 'Vertigo'}) SET i.minutes = 129, i.rating = 'good'", write=True)
    graph.query("MATCH (p:Person {name: 'Carol Reed'}) SET p.born = 1906", write=True)
    back = read_ontology(graph)
    text = back.serialize(format="nt")
    assert f'<{FILM}vertigo> <{FILM}minutes> "129"' in text and f'<{FILM}vertigo> <{FILM}rating> "good"' in text
    assert f'<{FILM}reed> <{FILM}born> "1906"' in text and "1906-12-30" not in text


@pytest.mark.server
def test_what_a_newer_file_lacks_is_forgotten_and_items_of_the_shop_stay(graph, tmp_path):
    graph.query("CREATE (:User {id: 'u'})-[:VIEWED]->(:Item {id: 'v', title: 'old'})", write=True)
    write_ontology(graph, read_rdf(FILMS), ids={f"{FILM}vertigo": "v"})
    assert graph.query("MATCH (:User)-[:VIEWED]->(i:Film) RETURN i.title AS t")["t"][0] == "Vertigo"
    write_ontology(graph, odd(tmp_path))
    left = graph.query("MATCH (n:Individual) RETURN count(n) AS n")["n"][0]
    assert left == 4
    assert graph.query("MATCH (i:Item {id: 'v'}) RETURN count(i) AS n")["n"][0] == 1
    assert graph.query("MATCH (p:Person) RETURN count(p) AS n")["n"][0] == 0


@pytest.mark.server
def test_a_wrong_individual_is_named_and_nothing_is_written(graph, tmp_path):
    file = tmp_path / "wrong.ttl"
    file.write_text(FILMS.read_text() + ':vertigo :minutes "long" .\n')
    with pytest.raises(BadInput, match="length takes a number"):
        write_ontology(graph, read_rdf(file))
    assert graph.query("MATCH (n) RETURN count(n) AS n")["n"][0] == 0
    with pytest.raises(BadInput, match="holds no ontology; load one"):
        read_ontology(graph)

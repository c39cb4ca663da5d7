"""What was loaded comes back from the graph as the same RDF, and a person sees nodes and links in between."""

from pathlib import Path

import pytest
from rdflib import Graph as Rdf
from rdflib.compare import isomorphic

from kartograph.ontology.contents import contents_of
from kartograph.ontology.files.reading import read_rdf
from kartograph.ontology.graph.export import read_languages, read_ontology
from kartograph.ontology.graph.write import write_ontology
from kartograph.tables.errors import BadInput
from kartograph.tables.rejects import RejectLimit

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


TEAS = """@prefix : <urn:tea#> . @prefix other: <urn:more#> . @prefix kg: <urn:kartograph:vocabulary#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:Tea a owl:Class ; kg:isTarget true . :Garden a owl:Class . :Green a owl:Class ; rdfs:subClassOf :Tea .
:picked a owl:DatatypeProperty ; rdfs:domain :Tea ; kg:kind kg:Numeric .
other:picked a owl:DatatypeProperty ; rdfs:domain :Tea ; kg:kind kg:Numeric .
:taste rdfs:domain :Tea ; kg:kind kg:NominalSet .
:from a owl:ObjectProperty ; rdfs:domain [ owl:unionOf ( :Tea :Cup ) ] ; rdfs:range :Garden ; kg:kind kg:Linked .
:grows owl:inverseOf :from . :bestFrom rdfs:subPropertyOf :from .
"""
WHAT_OWL_SAYS = {
    "one number twice": ":a a :Tea ; :picked 1999 , 1999.0 . :b a :Tea ; :picked 1e3 , 1000 .",
    "two properties of one name": ":a a :Tea ; :picked 1999 ; other:picked 2000 .",
    "an inverse link": ":a a :Tea . :g a :Garden ; :grows :a .",
    "a link of a property below": ":a a :Tea ; :bestFrom :g . :g a :Garden .",
    "a link that is stated and inferred": ":a a :Tea ; :from :g ; :bestFrom :g . :g a :Garden ; :grows :a .",
    "a list of texts": ':a a :Tea ; :taste ( "malt" "grass" ) . :b a :Tea ; :taste () .',
    "a list of links": ":a a :Tea ; :from ( :g :h ) . :g a :Garden . :h a :Garden .",
    "the same individual": ':a a :Tea ; rdfs:label "A"@en-GB ; owl:sameAs :a2 . :a2 a :Tea ; :picked 1999 ; '
    ":from :g2 . :g a :Garden . :g2 a :Garden ; owl:sameAs :g .",
    "labels in languages": ':a a :Tea ; skos:prefLabel "Sencha"@ja-Latn , "Grüner"@de-AT ; :taste :malt . '
    ':malt skos:prefLabel "malt"@en , "Malz"@de . :b a :Tea ; :taste "malt"@en , "Malz"@de .',
    "a reject": ":a a :Tea ; :picked 1999 . :b a :Tea ; :picked 1 , 2 ; :from :g ; :n [ :why true ] . :g a :Garden .",
    "a link to a reject": ":a a :Tea ; :from :g , :h . :g a :Garden . :h a :Garden , :Tea ; :picked 1 , 2 .",
    "undeclared properties": ':a a :Tea ; :poster <http://x.example/a> ; skos:altLabel "an a" ; :with :b . :b :is :a .',
    "an individual without a type": ":a a :Tea ; :from :g . :g rdfs:label 'Garden' .",
    "a value of a class": ":Green rdfs:subClassOf [ owl:onProperty :taste ; owl:hasValue 'grass' ] . :a a :Green .",
    "classes as items": ":Tea kg:classesAreItems true . :Sencha rdfs:subClassOf :Green , "
    "[ a owl:Restriction ; owl:onProperty :taste ; owl:someValuesFrom :Grass ] . :Grass rdfs:label 'grass' .",
    "partial dates": ':a a :Tea ; :picked "1921-05"^^xsd:gYearMonth . :b a :Tea ; :picked "-0012-11-29Z"^^xsd:date .',
    "one item": ":a a :Tea ; :picked 1999 .",
    "titles": ':a a :Tea ; <http://purl.org/dc/terms/title> "A"@en , "B"@de ; rdfs:label "C"@fr . '
    ':b a :Tea ; <http://purl.org/goodrelations/v1#name> "D" ; <http://purl.org/dc/elements/1.1/title> "D" , "E" .',
    "a vocabulary that nobody declared": ":a a :Tea , <urn:other#T> ; <urn:other#p> 'x' , [ <urn:other#q> :a ] .",
    "odd spellings": ':a a :Tea ; :picked "+07"^^xsd:integer . <urn:tea#a b> a :Tea ; :picked 1.50 ; :taste "\\t" .',
}


def read_text(folder: Path, text: str) -> Rdf:
    file = folder / "given.ttl"
    file.write_text(text)
    return read_rdf(file)


def odd(tmp_path) -> Rdf:
    return read_text(tmp_path, ODD)


@pytest.mark.server
@pytest.mark.parametrize("case", WHAT_OWL_SAYS)
def test_what_owl_says_is_followed_in_the_graph_and_what_was_loaded_comes_back(graph, tmp_path, case):
    rdf = read_text(tmp_path, TEAS + WHAT_OWL_SAYS[case])
    _, contents = write_ontology(graph, rdf, languages=("en",))
    back = read_ontology(graph)
    assert isomorphic(back, rdf)
    again = contents_of(back, languages=read_languages(graph))
    for name in contents.schema.classes:
        assert again.catalogue.frame(name).equals(contents.catalogue.frame(name))
    links = graph.query("MATCH (a:Individual)-[l:FROM]->(:Individual) RETURN count(l) AS n")["n"][0]
    cells = contents.catalogue.items.cells.get("from")
    assert links == (0 if cells is None else len(cells.rows))


@pytest.mark.server
def test_a_person_sees_labels_classes_and_followed_values_in_the_graph(graph, tmp_path):
    text = ":malt rdfs:label 'Malz'@de , 'malt'@en . :a a :Green ; :taste :malt ; owl:sameAs :a2 . :a2 :picked 1999 ."
    for languages, taste in ((("en",), "malt"), (("de", "en"), "Malz")):
        write_ontology(graph, read_text(tmp_path, TEAS + text), languages=languages)
        assert read_languages(graph) == languages
        row = graph.query("MATCH (i:Tea:Green:Item) RETURN i.taste AS taste, i.picked AS picked").iloc[0]
        assert (row["taste"], row["picked"]) == ([taste], 1999)
    graph.query("MATCH (i:Tea) SET i.taste = ['grass'], i.title = 'Sencha'", write=True)
    row = contents_of(read_ontology(graph)).catalogue.frame("Tea").iloc[0]
    assert (row["label"], row["taste"]) == ("Sencha", ["grass"])


@pytest.mark.server
def test_films_come_back_as_they_were_loaded_and_loading_again_changes_nothing(graph):
    rdf = read_rdf(FILMS)
    for batch in (2, 5_000):
        written, _ = write_ontology(graph, rdf, batch=batch)
        assert (written.items, written.individuals, written.links) == (6, 6, 10)
        assert isomorphic(read_ontology(graph), rdf)
    result = graph.query(
        "MATCH (i:Item:Film {title: 'Vertigo'})-[:DIRECTOR]->(p:Person) RETURN i.minutes AS minutes, p.name AS name, "
        "p.born AS born, i.actor AS actor"
    )
    row = result.iloc[0]
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
    result = graph.query("MATCH (i:Item {id: 'urn:o#a'})-[v:VIEWED_]->(o) RETURN labels(i) AS labels, count(o) AS n")
    assert "User_" in result["labels"][0] and "User" not in result["labels"][0] and result["n"][0] == 2


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
def test_too_many_wrong_individuals_are_named_and_nothing_is_written(graph, tmp_path):
    file = tmp_path / "wrong.ttl"
    file.write_text(FILMS.read_text() + ":vertigo :minutes 7 .\n")
    with pytest.raises(BadInput, match=r"1 of 12 individuals are rejected, allowed are 0(.|\n)*length takes one value"):
        write_ontology(graph, read_rdf(file), limit=RejectLimit.parse("0"))
    assert graph.query("MATCH (n) RETURN count(n) AS n")["n"][0] == 0
    with pytest.raises(BadInput, match="holds no ontology; load one"):
        read_ontology(graph)

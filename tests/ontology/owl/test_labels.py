"""What things are called, in which language."""

import pytest
from rdflib import Graph, Literal, URIRef

from kartograph.ontology.files.iris import local_name, unique_names
from kartograph.ontology.owl.labels import Labels, languages_of
from kartograph.tables.errors import BadInput

HEAD = """
@prefix : <urn:x#> .
@prefix bf: <http://id.loc.gov/ontologies/bibframe/> .
@prefix dc: <http://purl.org/dc/elements/1.1/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix gr: <http://purl.org/goodrelations/v1#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xl: <http://www.w3.org/2008/05/skos-xl#> .
"""


@pytest.mark.parametrize(
    ("text", "languages", "label"),
    [
        (':a rdfs:label "Frozen"@en-US , "Die Eiskönigin"@de , "Frost" .', "en", "Frozen"),
        (':a rdfs:label "Frozen"@en-US , "Die Eiskönigin"@de , "Frost" .', "de", "Die Eiskönigin"),
        (':a rdfs:label "Frozen"@en-US , "Die Eiskönigin"@de , "Frost" .', "ja", "Frost"),
        (':a rdfs:label "Frozen"@en-US , "Die Eiskönigin"@de .', "ja,de", "Die Eiskönigin"),
        (':a rdfs:label "Frozen"@en-US , "Die Eiskönigin"@de .', "ja", "Frozen"),
        (':a rdfs:label "Frozen"@en-US , "Frozen (UK)"@en-GB .', "en-GB", "Frozen (UK)"),
        (':a rdfs:label "Frozen"@en , "Congelados"@pt .', "pt-BR", "Congelados"),
        (':a rdfs:label "Frost"@no , "Frost (da)"@da .', "en", "Frost"),
        (':a skos:prefLabel "B"@en ; rdfs:label "A"@en .', "en", "A"),
        (':a skos:prefLabel "B"@en ; rdfs:label "A"@de .', "en", "B"),
        (':a foaf:name "C" ; <http://schema.org/name> "D" .', "en", "C"),
        (':a <https://schema.org/name> "E" .', "en", "E"),
        (':a dct:title "T" ; skos:prefLabel "B" .', "en", "B"),
        (':a dc:title "T" .', "en", "T"),
        (':a dct:title "T"@de, "U"@en ; dc:title "V"@en .', "en", "U"),
        (':a bf:mainTitle "T" .', "en", "T"),
        (':a bf:title [ a bf:VariantTitle ; bf:mainTitle "A" ] , [ a bf:Title ; bf:mainTitle "T" ] .', "en", "T"),
        (':a bf:title "T" .', "en", "T"),
        (
            ':a xl:prefLabel :l ; xl:altLabel :m . :l xl:literalForm "K"@de . :m xl:literalForm "C"@en .',
            "en",
            "K",
        ),
        (':a gr:name "T" .', "en", "T"),
        (':a dct:alternative "T" ; skos:altLabel "U" .', "en", "a"),
        (
            ':a :title "F" . :title rdfs:subPropertyOf :heading . :heading rdfs:subPropertyOf skos:prefLabel .',
            "en",
            "F",
        ),
        (':a rdfs:label " " , <urn:x#b> .', "en", "a"),
        (":b rdfs:seeAlso :a .", "en", "a"),
    ],
)
def test_the_label_in_the_most_wanted_language_is_taken(text, languages, label):
    graph = Graph().parse(data=HEAD + text, format="turtle")
    assert Labels(graph, languages_of(languages)).of(URIRef("urn:x#a")) == label


def test_of_texts_in_several_languages_one_language_stays():
    labels = Labels(Graph(), ("de",))
    values = [Literal("noir", lang="en"), Literal("Krimi", lang="de"), Literal("film"), Literal(3), URIRef("urn:x")]
    assert labels.in_one_language(values) == [Literal("Krimi", lang="de"), Literal("film"), Literal(3), URIRef("urn:x")]
    assert labels.in_one_language(values[:1]) == values[:1]


@pytest.mark.parametrize("text", ["", "en,", "english please", "1"])
def test_what_is_no_language_is_named(text):
    with pytest.raises(BadInput, match="is no language; give tags such as en"):
        languages_of(text)


@pytest.mark.parametrize(
    ("iri", "name"),
    [("urn:x#a", "a"), ("http://x.example/a/", "a"), ("urn:x:a", "a"), ("http://x.example/Am%C3%A9lie", "Amélie")],
)
def test_the_name_in_an_iri_is_its_last_part(iri, name):
    assert local_name(iri) == name


def test_names_are_different_and_the_home_namespace_keeps_its_own():
    names = unique_names(["urn:b#year", "urn:a#year", "urn:a#Year", "urn:c/b#year"], "urn:b#")
    assert names == {"urn:b#year": "year", "urn:a#Year": "a_Year", "urn:a#year": "a_year_2", "urn:c/b#year": "b_year"}

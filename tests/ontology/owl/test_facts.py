"""What follows from triples by the rules of OWL that are followed."""

import pytest
from rdflib import Graph, Literal, URIRef

from kartograph.ontology.files.parsing import parse
from kartograph.ontology.owl.facts import Facts
from kartograph.ontology.owl.hierarchy import Hierarchy

HEAD = """@prefix : <urn:x#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix kg: <urn:kartograph:vocabulary#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . """


def facts(text: str) -> Facts:
    return Facts(Graph().parse(data=HEAD + text, format="turtle"))


def short(node) -> str:
    return str(node).removeprefix("urn:x#")


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        (":a :p 1 , 2 .", "a-1 a-2"),
        (":q rdfs:subPropertyOf :p . :r rdfs:subPropertyOf :q . :a :r :b ; :p :b .", "a-b"),
        (":q owl:equivalentProperty :p . :a :q 1 . :b :p 2 .", "a-1 b-2"),
        (":p owl:equivalentProperty :q . :q owl:equivalentProperty :r . :a :r 1 .", "a-1"),
        (":q owl:inverseOf :p . :b :q :a .", "a-b"),
        (":p owl:inverseOf :q . :b :q :a , 'a text' .", "a-b"),
        (":q rdfs:subPropertyOf [ owl:inverseOf :p ] . :b :q :a .", "a-b"),
        (":q rdfs:subPropertyOf :r . :r owl:inverseOf :p . :b :q :a .", "a-b"),
        (":p a owl:SymmetricProperty . :a :p :b .", "a-b b-a"),
        (":p a owl:TransitiveProperty . :a :p :b . :b :p :c . :c :p :a .", "a-a a-b a-c b-a b-b b-c c-a c-b c-c"),
        (":a :p ( 1 2 ( 3 ) ) . :b :p () .", "a-1 a-2 a-3"),
        (":a :p :list . :list rdf:first 1 ; rdf:rest ( 2 ) .", "a-1 a-2"),
        (":a :p [ a rdf:Seq ; rdf:_2 2 ; rdf:_1 1 ; rdfs:label 'x' ] .", "a-1 a-2"),
        (":g :made ( :a :b ) . :made owl:inverseOf :p .", "a-g b-g"),
        (":a a :T ; :p 1 ; owl:sameAs :z . :z :p 2 . :y owl:sameAs :z ; :p :z .", "a-1 a-2 a-a"),
        (":C rdfs:subClassOf [ owl:onProperty :p ; owl:hasValue 1 ] . :a a :D . :D owl:equivalentClass :C .", "a-1"),
        (
            ":C owl:intersectionOf ( :D [ owl:onProperty :q ; owl:hasValue :b ] ) . :a a :C . :q owl:inverseOf :p .",
            "b-a",
        ),
        (":C rdfs:subClassOf [ owl:onProperty :p ; owl:someValuesFrom :D ] . :a a :C .", ""),
        (
            ":T kg:classesAreItems true . :C rdfs:subClassOf :T , [ owl:onProperty :p ; owl:someValuesFrom :D ] , "
            "[ owl:onProperty :p ; owl:someValuesFrom [ owl:unionOf ( :E :F ) ] ] , "
            "[ owl:onProperty :p ; owl:hasValue 1 ] .",
            "C-1 C-D C-E C-F",
        ),
    ],
)
def test_the_pairs_of_a_property_follow_from_others(text, pairs):
    result = facts(text).pairs(URIRef("urn:x#p"))
    assert sorted(f"{short(s)}-{short(o)}" for s, o in result) == pairs.split()
    assert len(result) == len(set(result))


@pytest.mark.parametrize(
    ("text", "members"),
    [
        (":a a :T . :b a :S . :S rdfs:subClassOf :T .", "a b"),
        (":b a :S . :S owl:equivalentClass :T . :c a :R . :T owl:equivalentClass :R .", "b c"),
        (":T owl:unionOf ( :S :R ) . :b a :S . :c a :R .", "b c"),
        (":S owl:intersectionOf ( :T :R ) . :b a :S . :c a :R .", "b"),
        (
            ":S owl:equivalentClass [ owl:intersectionOf ( [ owl:unionOf ( :T :T2 ) ] :R ) ] . :b a :S .",
            "",
        ),
        (
            ":S owl:equivalentClass [ owl:intersectionOf ( :T [ owl:onProperty :p ; owl:hasValue 1 ] ) ] . :b a :S .",
            "b",
        ),
        (":T owl:oneOf ( :a :b ) .", "a b"),
        (":T rdfs:subClassOf :S . :S rdfs:subClassOf :T . :b a :S .", "b"),
        (":a a :T ; owl:sameAs :z . :z a :T .", "a"),
        (":S rdfs:subClassOf :R . :b a :S .", ""),
    ],
)
def test_the_members_of_a_class_follow_from_the_classes_below(text, members):
    result = facts(text)
    types = frozenset(map(str, result.hierarchy.below(URIRef("urn:x#T"))))
    assert sorted(map(short, result.members(types))) == members.split()


@pytest.mark.parametrize(
    ("text", "known"),
    [
        (":b a :T ; owl:sameAs :a .", "b"),
        (":b a :T ; owl:sameAs <http://a.example/b> . <http://a.example/b> a :T . :T kg:isTarget true .", "b"),
        (":b a :T ; owl:sameAs [ a :T ] .", "b"),
        (":b a :T ; owl:sameAs :a . :a a :T .", "a"),
    ],
)
def test_an_individual_of_several_names_is_known_by_one_with_a_type_in_the_namespace_of_the_target(text, known):
    result = facts(text)
    assert {short(node) for node in result.same.values()} == {known}


def test_a_list_that_runs_in_a_circle_ends():
    assert facts(":a :p _:l . _:l rdf:first 1 ; rdf:rest _:l .").pairs(URIRef("urn:x#p")) == [
        (URIRef("urn:x#a"), Literal(1))
    ]


def test_lists_of_any_depth_and_unions_in_a_circle_end():
    deep = parse(f"<urn:x#a> <urn:x#p> {'( ' * 5_000} 1 {')' * 5_000} .".encode(), "turtle", "deep")
    assert Facts(deep).pairs(URIRef("urn:x#p")) == [(URIRef("urn:x#a"), Literal(1))]
    graph = Graph().parse(data=HEAD + "_:u owl:unionOf ( _:u :A ) .", format="turtle")
    (union,) = graph.subjects(URIRef("http://www.w3.org/2002/07/owl#unionOf"))
    assert Hierarchy(graph).named(union) == {"urn:x#A"}


def test_what_is_not_followed_is_counted():
    text = ":p owl:propertyChainAxiom ( :q :r ) . :C owl:complementOf :D . :q a owl:InverseFunctionalProperty ."
    assert facts(text).left_alone() == {
        "owl:propertyChainAxiom": 1,
        "owl:complementOf": 1,
        "owl:InverseFunctionalProperty": 1,
    }


def test_leaves_are_the_classes_without_classes_below_them():
    text = ":B rdfs:subClassOf :A . :C rdfs:subClassOf :B . :D rdfs:subClassOf :A . owl:Nothing rdfs:subClassOf :C . "
    hierarchy = Hierarchy(Graph().parse(data=HEAD + text + ":E owl:equivalentClass :A .", format="turtle"))
    assert [short(one) for one in hierarchy.leaves(URIRef("urn:x#A"))] == ["C", "D"]

"""What an annotated ontology says, and what it must not say."""

from dataclasses import replace

import pytest
from rdflib import Graph

from kartograph.ontology.owl.schema import schema_of
from kartograph.ontology.vocabulary import Kind
from kartograph.tables.errors import BadInput

HEAD = """
@prefix : <urn:shop#> . @prefix kg: <urn:kartograph:vocabulary#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:Thing a owl:Class ; kg:isTarget true . :Maker a owl:Class .
"""


def schema(text: str, head: str = HEAD):
    return schema_of(Graph().parse(data=head + text, format="turtle"))


def test_the_books_have_every_attribute_of_the_paper(books_schema):
    book, author = books_schema.classes["Book"], books_schema.classes["Author"]
    assert {a.name: a.kind for a in book.attributes} == {
        "area": Kind.NUMERIC,
        "publicationYear": Kind.NUMERIC,
        "bound": Kind.BOOLEAN,
        "price": Kind.NUMERIC,
        "quality": Kind.ORDINAL,
        "category": Kind.GROUPED,
        "writtenBy": Kind.LINKED,
        "newPublication": Kind.BOOLEAN,
    }
    assert {a.name: a.kind for a in author.attributes} == {
        "birthYear": Kind.NUMERIC,
        "numberOfBooks": Kind.NUMERIC,
        "writesIn": Kind.NOMINAL_SET,
    }
    assert book.attribute("quality").levels == {
        "coated": 1.00,
        "first pulp": 0.66,
        "second pulp": 0.33,
        "third pulp": 0.00,
    }
    assert author.attribute("birthYear").floor == 1900
    assert book.attribute("writtenBy").linked == "Author"


def test_binding_and_quality_are_declared_and_not_compared_unasked(books_schema):
    unasked = [a.name for a in books_schema.classes["Book"].attributes if not a.compared]
    assert unasked == ["bound", "quality"]


def test_properties_of_classes_above_and_below_belong_to_a_class(films):
    description = films.schema.classes["Film"]
    assert description.attribute("released").kind is Kind.NUMERIC
    assert description.types == {"http://films.example/onto#Film", "http://films.example/onto#Documentary"}
    assert description.label == "film"


def test_linked_classes_are_followed_through_other_classes(films):
    assert set(films.schema.classes) == {"Film", "Person", "Country"}


def test_one_attribute_can_be_replaced(books_schema):
    floor = replace(books_schema.classes["Author"].attribute("birthYear"), floor=1800)
    changed = books_schema.with_attribute("Author", floor)
    assert changed.classes["Author"].attribute("birthYear").floor == 1800
    assert books_schema.classes["Author"].attribute("birthYear").floor == 1900


def test_an_unknown_attribute_is_answered_with_the_known_ones(books_schema):
    with pytest.raises(BadInput, match=r"author has no attribute 'birth'; it has .*birthYear"):
        books_schema.classes["Author"].attribute("birth")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (":Maker kg:isTarget true .", "marks 2 classes as target .*#Maker.*#Thing"),
        (":a kg:kind kg:Numeric .", "has no rdfs:domain"),
        (
            ":a kg:kind kg:Numerik ; rdfs:domain :Thing .",
            "Numerik> on .* did you mean <urn:kartograph:vocabulary#Numeric>",
        ),
        (":a kg:flor 3 .", "flor> on <urn:shop#a> is no term .* did you mean <.*#floor>"),
        (":a kg:kind kg:Numeric , kg:Nominal ; rdfs:domain :Thing .", "give one of"),
        (":a kg:kind <urn:other#Linked> ; rdfs:domain :Thing ; rdfs:range :Thing .", "give one of"),
        (':a kg:kind "Linked" ; rdfs:domain :Thing ; rdfs:range :Thing .', "give one of"),
        ("[] kg:kind kg:Linked ; rdfs:domain :Thing ; rdfs:range :Thing .", "blank nodes have kinds .*#Linked"),
        (":a kg:kind kg:Nominal ; kg:floor 1 ; rdfs:domain :Thing .", "is Nominal and has .'floor'."),
        (":a kg:kind kg:Numeric ; kg:floor 'x' ; rdfs:domain :Thing .", "has the floor 'x'; give a number"),
        (":a kg:kind kg:Numeric ; kg:minimum 'nan' ; rdfs:domain :Thing .", "minimum 'nan'; give a number"),
        (":a kg:kind kg:Numeric ; kg:minimum 3 ; kg:maximum 2 ; rdfs:domain :Thing .", "minimum has to be smaller"),
        (":a kg:kind kg:Ordinal ; rdfs:domain :Thing .", "is Ordinal and has 0 levels"),
        (":a kg:kind kg:Ordinal ; rdfs:domain :Thing ; kg:level [ kg:value 'x' ; kg:position 2 ] .", "level x at 2"),
        (":a kg:kind kg:Ordinal ; rdfs:domain :Thing ; kg:level [ kg:value 'x' ] .", "level x at None"),
        (":a kg:kind kg:Nominal ; rdfs:domain :Thing ; kg:group [ rdfs:label 'x' ] .", "only Grouped has them"),
        (":a kg:kind kg:Grouped ; rdfs:domain :Thing ; kg:group [ kg:member 'x' ] .", "group without a name"),
        (
            ":a kg:kind kg:Grouped ; rdfs:domain :Thing ; kg:group [ rdfs:label 'g' ; kg:member 'x' ] , "
            "[ rdfs:label 'h' ; kg:member 'x' ] .",
            "puts 'x' into the groups",
        ),
        (":a kg:kind kg:Linked ; rdfs:domain :Thing .", "is Linked and has no class as its rdfs:range"),
        (
            ":a kg:kind kg:Linked ; rdfs:domain :Thing ; rdfs:range :Nobody .",
            "Nobody> is used as a class but not declared",
        ),
        (":a kg:kind kg:Numeric ; rdfs:domain :Thing ; kg:compared 'perhaps' .", "'perhaps'; write true or false"),
    ],
)
def test_what_does_not_fit_is_named_with_a_way_out(text, message):
    with pytest.raises(BadInput, match=message):
        schema(text)


def test_an_ontology_without_a_target_says_how_to_mark_one():
    with pytest.raises(BadInput, match=r"marks no class as target; mark"):
        schema("", head=HEAD.replace("kg:isTarget true", "rdfs:label 'thing'"))


def test_classes_that_lie_below_one_another_are_equal():
    text = ":Thing rdfs:subClassOf :Thing , :B . :B rdfs:subClassOf :C . :C rdfs:subClassOf :Thing ."
    assert schema(text).classes["Thing"].types == {"urn:shop#Thing", "urn:shop#B", "urn:shop#C"}


def test_properties_of_one_name_get_different_names_those_of_the_target_first():
    text = """:writtenBy kg:kind kg:Nominal ; rdfs:domain :Thing .
    <urn:a#written_by> kg:kind kg:Nominal ; rdfs:domain :Thing .
    <urn:z#writtenBy> kg:kind kg:Nominal ; rdfs:domain :Thing ; rdfs:label "writer" ."""
    names = {a.iri: (a.name, a.label) for a in schema(text).classes["Thing"].attributes}
    assert names == {
        "urn:shop#writtenBy": ("writtenBy", "writtenBy"),
        "urn:a#written_by": ("a_written_by", "a_written_by"),
        "urn:z#writtenBy": ("z_writtenBy", "writer"),
    }


@pytest.mark.parametrize(
    ("domain", "classes"),
    [
        ("[ owl:unionOf ( :Thing :Maker ) ]", {"Thing", "Maker"}),
        ("[ owl:intersectionOf ( :Thing [ owl:unionOf ( :Maker ) ] ) ]", {"Thing", "Maker"}),
        (":Thing , :Maker", {"Thing", "Maker"}),
        ("owl:Thing", {"Thing", "Maker"}),
        (":Both . :Both owl:unionOf ( :Thing :Maker )", {"Thing", "Maker"}),
        (":Same . :Same owl:equivalentClass :Maker", {"Maker"}),
    ],
)
def test_a_property_belongs_to_every_class_of_its_domain(domain, classes):
    head = HEAD + ":by kg:kind kg:Linked ; rdfs:domain :Thing ; rdfs:range :Maker ."
    result = schema(f":a kg:kind kg:Numeric ; rdfs:domain {domain} .", head).classes
    assert {name for name, one in result.items() if "a" in [a.name for a in one.attributes]} == classes


@pytest.mark.parametrize(
    ("ranges", "name", "types"),
    [
        ("[ owl:unionOf ( :Maker :Shop ) ]", "Maker_or_Shop", {"Maker", "Shop", "Studio"}),
        (":Maker , :Studio", "Studio", {"Studio"}),
        (":Agent , :Maker", "Maker", {"Maker", "Studio"}),
        (":Agent", "Agent", {"Agent", "Maker", "Studio"}),
    ],
)
def test_a_link_leads_to_the_classes_of_its_range(ranges, name, types):
    text = ":Shop a owl:Class . :Studio rdfs:subClassOf :Maker . :Maker rdfs:subClassOf :Agent . :Agent a owl:Class ."
    result = schema(f"{text} :by kg:kind kg:Linked ; rdfs:domain :Thing ; rdfs:range {ranges} .").classes
    assert result["Thing"].attribute("by").linked == name
    assert result[name].types == {f"urn:shop#{one}" for one in types}


def test_a_chain_of_3000_subclasses_is_followed():
    chain = "".join(f":c{i} rdfs:subClassOf :c{i + 1} .\n" for i in range(3_000))
    assert len(schema(chain + ":c3000 rdfs:subClassOf :Thing .").classes["Thing"].types) == 3_002

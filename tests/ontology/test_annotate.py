"""Proposals for ontologies that nobody annotated: wines by restrictions, pizzas that are classes, films by genre."""

from pathlib import Path

import pytest
from rdflib import Graph

from kartograph.ontology.annotate import Annotations, propose
from kartograph.ontology.compare.columns import Measure
from kartograph.ontology.contents import Contents, contents_of
from kartograph.ontology.files.annotations import as_turtle
from kartograph.ontology.files.iris import local_name
from kartograph.ontology.files.reading import merged, read_rdf
from kartograph.ontology.similarity import similarity_matrix, space_of
from kartograph.tables.errors import BadInput

FOREIGN = Path(__file__).resolve().parent / "foreign"
HEAD = """@prefix : <urn:x#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""


def proposed(name: str) -> tuple[Annotations, Contents]:
    rdf = read_rdf(FOREIGN / name)
    annotations = propose(rdf, name)
    text = Graph().parse(data=as_turtle(annotations, name), format="turtle")
    assert set(text) == set(annotations.triples)
    contents = contents_of(merged(rdf, text))
    assert not contents.rejected
    return annotations, contents


def kinds(annotations: Annotations) -> dict[tuple[str, str], str | None]:
    return {(local_name(one.owner), local_name(one.iri)): one.kind for one in annotations.properties}


def test_wines_of_all_classes_below_the_target_have_what_their_classes_say():
    annotations, contents = proposed("wines.rdf")
    frame = contents.catalogue.frame("Wine").set_index("label").map(_short)
    assert len(frame) == 5
    assert kinds(annotations) == {
        ("Wine", "hasBody"): "Nominal",
        ("Wine", "hasColor"): "Nominal",
        ("Wine", "hasMaker"): "Nominal",
        ("Wine", "locatedIn"): "NominalSet",
        ("Wine", "madeFromGrape"): "Nominal",
        ("Wine", "type"): "Hierarchical",
    }
    assert frame["hasColor"].to_dict() == {
        "AshZinfandel": "Red",
        "ElmRiesling": "White",
        "ElmZinfandel": "Red",
        "OakMedoc": "Red",
        "TableWine": "Rose",
    }
    assert frame.loc["OakMedoc", "locatedIn"] == ["France", "MedocRegion"]
    assert frame.loc["AshZinfandel", "hasMaker"] == "Ash"


def test_pizzas_that_are_classes_have_the_toppings_of_their_restrictions():
    annotations, contents = proposed("pizzas.ttl")
    assert annotations.classes_are_items and local_name(annotations.target) == "Pizza"
    frame = contents.catalogue.frame("Pizza").set_index("label").map(_short)
    assert frame["hasTopping"].to_dict() == {
        "Caprese": ["Basil", "Mozzarella", "Tomato"],
        "Devil": ["Chili", "Tomato"],
        "Margherita": ["Mozzarella", "Tomato"],
    }
    assert frame.loc["Devil", "hasCountryOfOrigin"] == "America"
    assert contents.catalogue.names["http://oven.example/pizzas#Mozzarella"] == "mozzarella"
    assert kinds(annotations)["Pizza", "hasBase"] is None


def test_films_link_to_their_directors_and_prose_is_left_out():
    annotations, contents = proposed("movies.ttl")
    assert kinds(annotations) == {
        ("Movie", "creator"): "Nominal",
        ("Movie", "about"): "NominalSet",
        ("Movie", "hasDirector"): "Linked",
        ("Movie", "isColour"): "Boolean",
        ("Movie", "plot"): None,
        ("Movie", "releaseDate"): "Numeric",
        ("Movie", "runtime"): "Numeric",
        ("Movie", "type"): "Hierarchical",
        ("Person", "born"): "Numeric",
        ("Person", "directorOf"): None,
    }
    assert contents.catalogue.items.labels.tolist() == ["Night Train", "Day Train", "The Lake"]
    assert contents.catalogue.classes["Person"].labels.tolist() == ["Ada Nowak", "Jan Zysk"]


@pytest.mark.parametrize("target", ["Person", "http://screen.example/movies/Person"])
def test_another_target_is_taken_by_name_or_iri(target):
    assert local_name(propose(read_rdf(FOREIGN / "movies.ttl"), target=target).target) == "Person"


def test_a_named_target_without_individuals_has_classes_as_items():
    rdf = read_rdf(FOREIGN / "pizzas.ttl")
    annotations = propose(rdf, target="Topping")
    assert annotations.classes_are_items
    assert kinds(annotations)["Topping", "hasSpiciness"] == "Nominal"


def test_several_numbers_are_a_set_and_ids_are_left_out():
    text = HEAD + "".join(
        f":i{n} a :T ; :p {n % 3} , {n % 4} ; :id 'x{n}' ; :page <urn:page{n}> .\n" for n in range(12)
    )
    annotations = propose(Graph().parse(data=text, format="turtle"))
    assert kinds(annotations) == {("T", "p"): "NumericSet", ("T", "id"): None, ("T", "page"): None}


GENRES = """
:ghost skos:broader :horror . :vampire skos:broader :horror . :memoir skos:broader :life .
:horror skos:notation 7 . :life skos:notation 9 .
"""


def test_values_in_a_tree_of_concepts_are_compared_by_depth():
    books = ":a a :Book ; :genre :ghost . :b a :Book ; :genre :vampire . :c a :Book ; :genre :memoir ."
    rdf = Graph().parse(data=HEAD + GENRES + books, format="turtle")
    annotations = propose(rdf)
    assert kinds(annotations) == {("Book", "genre"): "Hierarchical"}
    alike = similarity_matrix(space_of(contents_of(merged(rdf, annotations.triples)).catalogue, Measure.CS))
    assert alike[0].tolist() == pytest.approx([1, 2 * 1 / (2 + 2), 0])  # ghost, vampire, memoir


def test_narrower_and_properties_below_broader_make_the_same_tree():
    tree = """
    :partOf rdfs:subPropertyOf skos:broader . :north :partOf :land . :land skos:narrower :south . :isle :partOf :sea .
    """
    books = ":a a :Book ; :set :north . :b a :Book ; :set :south . :c a :Book ; :set :isle ."
    annotations = propose(Graph().parse(data=HEAD + tree + books, format="turtle"))
    assert kinds(annotations)["Book", "set"] == "Hierarchical"


def test_values_in_a_tree_of_classes_are_compared_by_depth_though_almost_every_item_has_another():
    tree = ":even rdfs:subClassOf :any . :odd rdfs:subClassOf :any . "
    tree += "".join(f":n{n} rdfs:subClassOf :{('even', 'odd')[n % 2]} . :i{n} a :T ; :size :n{n} . " for n in range(12))
    annotations = propose(Graph().parse(data=HEAD + tree, format="turtle"))
    assert kinds(annotations) == {("T", "size"): "Hierarchical"}


def test_values_that_all_lie_directly_below_one_class_are_compared_by_name():
    tree = ":red rdfs:subClassOf :hue . :blue rdfs:subClassOf :hue . "
    annotations = propose(Graph().parse(data=HEAD + tree + ":a a :T ; :p :red . :b a :T ; :p :blue .", format="turtle"))
    assert kinds(annotations) == {("T", "p"): "Nominal"}


def test_what_items_are_is_compared_where_classes_below_the_target_tell_them_apart():
    tree = ":Wine a owl:Class . :Red rdfs:subClassOf :Wine . :Merlot rdfs:subClassOf :Red . "
    bottles = ":a a :Merlot , :Red ; :year 1 . :b a :Merlot ; :year 2 . :c a {} ; :year 2 ."
    one, two = (
        propose(Graph().parse(data=HEAD + tree + bottles.format(kind), format="turtle"), target="Wine")
        for kind in (":Merlot", ":Red")
    )
    assert kinds(one) == {("Wine", "year"): "Numeric"}
    assert kinds(two) == {("Wine", "type"): "Hierarchical", ("Wine", "year"): "Numeric"}
    assert "22-rdf-syntax-ns#type> kg:kind kg:Hierarchical ." in as_turtle(two, "wine.ttl")


def test_a_property_above_others_is_left_out():
    text = HEAD + ":p rdfs:subPropertyOf :q . "
    text += ":q a owl:DatatypeProperty . :a a :T ; :p 1 . :b a :T ; :p 2 ."
    assert kinds(propose(Graph().parse(data=text, format="turtle"))) == {("T", "p"): "Numeric", ("T", "q"): None}


def test_of_two_properties_below_each_other_the_first_is_compared():
    text = HEAD + ":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :p . :a a :T ; :p 1 . :b a :T ; :q 2 ."
    assert kinds(propose(Graph().parse(data=text, format="turtle"))) == {("T", "p"): "Numeric", ("T", "q"): None}


def test_a_property_that_things_without_a_type_have_too_is_left_out_so_that_they_become_no_items():
    text = HEAD + ":a a :T ; :n 1 ; :in :x . :b a :T ; :n 2 ; :in :y . :x :in :y ."
    rdf = Graph().parse(data=text, format="turtle")
    annotations = propose(rdf)
    assert kinds(annotations) == {("T", "in"): None, ("T", "n"): "Numeric"}
    assert len(contents_of(merged(rdf, annotations.triples)).catalogue.items) == 2
    declared = propose(Graph().parse(data=text + " :in rdfs:domain :T .", format="turtle"))
    assert kinds(declared)["T", "in"] == "Nominal"


def test_nodes_without_an_iri_that_one_individual_alone_has_are_left_out():
    text = HEAD + ":a a :T ; :n 1 ; :own [] ; :of _:s . :b a :T ; :n 2 ; :own [] ; :of _:s . :c a :T ; :of _:t ."
    result = kinds(propose(Graph().parse(data=text, format="turtle")))
    assert result == {("T", "n"): "Numeric", ("T", "of"): "Nominal", ("T", "own"): None}


def test_control_characters_of_values_cannot_leave_a_comment():
    text = HEAD + r':a a :T ; :p "x\n:evil :p 1 .\u001b[31m" . :b a :T ; :p "y" .'
    annotations = propose(Graph().parse(data=text, format="turtle"))
    turtle = as_turtle(annotations, "a\nb.ttl")
    assert set(Graph().parse(data=turtle, format="turtle")) == set(annotations.triples) and "\x1b" not in turtle


@pytest.mark.parametrize(
    ("text", "target", "message"),
    [
        (":T a owl:Class .", None, "neither individuals of a class nor classes with restrictions"),
        (":a a :T ; :p 1 .", None, "no class of two individuals, T has one; nothing to compare"),
        (":a a :T ; :p 1 . :b a :T ; :p 1 .", None, "no property has different values for .* T has 2 of them"),
        (
            ":a a <http://wikiba.se/ontology#Item> ; :P31 :T . :b a <http://wikiba.se/ontology#Item> ; :P31 :U .",
            None,
            "as P31 does in Wikidata, write rdf:type in its place",
        ),
        (":a :P31 :T ; :p 1 . :b :P31 :T ; :p 2 .", None, "as P31 does in Wikidata, write rdf:type in its place"),
        (":a a :T ; :p 1 . :b a :T ; :p 2 .", "S", "there is no class 'S' with individuals to compare; there are T"),
        (":a a :Tea ; :p 1 . :b a :Tea ; :p 2 .", "Tee", "did you mean 'Tea'"),
        (":T <urn:kartograph:vocabulary#isTarget> true .", None, "marks urn:x#T as its target already"),
    ],
)
def test_what_cannot_be_annotated_says_why(text, target, message):
    with pytest.raises(BadInput, match=message):
        propose(Graph().parse(data=HEAD + text, format="turtle"), target=target)


def _short(value):
    if isinstance(value, list):
        return sorted(_short(one) for one in value)
    return local_name(value) if isinstance(value, str) else value


def test_one_value_that_decides_a_kind_is_told_with_the_kind():
    text = HEAD + "".join(
        f':f{n} a :Film ; :year {year} ; :seen {seen} ; :by {by} ; :genre "g{n % 2}" . :p{n} a :Person ; :born {n} .\n'
        for n, (year, seen, by) in enumerate(
            [("1999", "true", ":p1"), ("2001", "false", ":p2"), ('"n/a"', '"maybe"', '"Ann"'), ("1957", "true", ":p3")]
        )
    )
    annotations = propose(Graph().parse(data=text, format="turtle"), "films")
    told = {local_name(one.iri): (one.kind, one.reason) for one in annotations.properties}
    rest = "mend it, or what has it is rejected under another kind"
    assert told["year"] == ("Nominal", f"3 of 4 different values are numbers, and 'n/a' is not: {rest}")
    assert told["seen"] == ("Nominal", f"2 of 3 different values are true or false, and 'maybe' is not: {rest}")
    assert told["by"] == ("Nominal", f"3 of 4 different values are individuals of Person, and 'Ann' is not: {rest}")
    assert told["genre"] == ("Nominal", "")
    assert f"# In doubt: {told['year'][1]}." in as_turtle(annotations, "films.ttl").splitlines()


def test_a_duration_among_dates_is_told_with_the_kind():
    text = HEAD + "".join(
        f':f{n} a :Film ; :shown "{value}" .\n'
        for n, value in enumerate(["1999-05-01", "2001-05-01", "2003", "2001-05-01", "PT2H"])
    )
    [told] = propose(Graph().parse(data=text, format="turtle"), "films").properties
    reason = "3 of 4 different values are numbers, and 'PT2H' is not: mend it, or what has it is rejected"
    assert (told.kind, told.reason) == ("Numeric", reason)


def test_titles_and_labels_that_are_nodes_of_their_own_are_no_attributes():
    text = (
        "@prefix bf: <http://id.loc.gov/ontologies/bibframe/> . @prefix xl: <http://www.w3.org/2008/05/skos-xl#> ."
        + HEAD
        + "".join(
            f':w{n} a bf:Work ; bf:title [ a bf:Title ; bf:mainTitle "T{n}" ] ; :year {n} ; '
            f'xl:prefLabel [ a xl:Label ; xl:literalForm "L{n}" ] .\n'
            for n in range(3)
        )
    )
    annotations = propose(Graph().parse(data=text, format="turtle"), "works")
    assert kinds(annotations) == {("Work", "year"): "Numeric"}

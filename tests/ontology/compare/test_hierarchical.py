"""Classes are compared by how deep the class lies that both are below."""

import numpy as np
import pytest
from rdflib import Graph

from kartograph.ontology.compare.columns import Measure
from kartograph.ontology.owl.schema import schema_of
from kartograph.ontology.owl.validation import individuals_of
from kartograph.ontology.reasons import reasons
from kartograph.ontology.similarity import similarity_matrix, space_of

CLASSES = """
@prefix : <http://example.org/wine#> .
@prefix kg: <urn:kartograph:vocabulary#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:Wine a owl:Class ; kg:isTarget true ; rdfs:subClassOf :Drink .
:Red rdfs:subClassOf :Wine . :White rdfs:subClassOf :Wine .
:Merlot rdfs:subClassOf :Red ; rdfs:label "Merlot" . :Shiraz rdfs:subClassOf :Red . :Riesling rdfs:subClassOf :White .
"""
BOTTLES = """
:a a :Merlot , :Red , :Drink , owl:NamedIndividual . :b a :Merlot . :c a :Shiraz . :d a :Red . :e a :Riesling .
:f a :Wine .
"""


def catalogue(*texts: str):
    graph = Graph().parse(data=CLASSES + "".join(texts), format="turtle")
    result, violations = individuals_of(graph, schema_of(graph))
    assert violations == ()
    return result


def bottles(kind: str = "Hierarchical"):
    return catalogue(f"rdf:type kg:kind kg:{kind} .", BOTTLES)


def test_the_lowest_classes_below_the_target_are_the_values():
    frame = bottles().frame("Wine")
    pairs = zip(frame["label"].tolist(), frame["type"].tolist(), strict=True)
    names = {label: [value.rpartition("#")[2] for value in values] for label, values in pairs}
    assert names == {"a": ["Merlot"], "b": ["Merlot"], "c": ["Shiraz"], "d": ["Red"], "e": ["Riesling"], "f": []}


@pytest.mark.parametrize("measure", [Measure.CS, Measure.ED])
def test_classes_are_alike_by_the_depth_of_the_lowest_that_both_are_below(measure):
    alike = similarity_matrix(space_of(bottles(), measure))
    a, b, c, d, e = range(5)  # depths below Wine: Red and White 1, the grapes 2
    assert alike[a, b] == pytest.approx(1)
    assert alike[a, c] == pytest.approx(2 * 1 / (2 + 2))
    assert alike[a, d] == pytest.approx(2 * 1 / (2 + 1))
    assert alike[[a, c, d], e] == pytest.approx(0)
    assert np.allclose(alike, alike.T, equal_nan=True)


def test_a_reason_names_both_classes():
    (reason,) = reasons(space_of(bottles(), Measure.CS), 0, 2)
    assert reason.words == "types alike: Merlot and Shiraz"


def test_types_may_be_compared_by_identity():
    alike = similarity_matrix(space_of(bottles("NominalSet"), Measure.CS))
    assert alike[0].tolist()[:5] == pytest.approx([1, 1, 0, 0, 0])


def test_a_property_whose_values_are_classes_is_compared_from_the_top():
    made_of = ":madeOf kg:kind kg:Hierarchical ; rdfs:domain :Wine ."
    result = catalogue(made_of, ":x a :Wine ; :madeOf :Merlot . :y a :Wine ; :madeOf :Red .")
    # From the top: Merlot 4 (Drink, Wine, Red, Merlot), Red 3, three of them shared.
    assert similarity_matrix(space_of(result, Measure.CS))[0, 1] == pytest.approx(2 * 3 / (4 + 3))


def test_concepts_are_compared_by_their_broader_ones_and_of_an_item_s_the_narrowest_counts():
    concepts = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
    :ghost skos:broader :horror . :horror skos:narrower :vampire . :about kg:kind kg:Hierarchical ; rdfs:domain :Wine .
    :x a :Wine ; :about :ghost , :horror . :y a :Wine ; :about :vampire . :z a :Wine ; :about :memoir ."""
    alike = similarity_matrix(space_of(catalogue(concepts), Measure.CS))
    # Ghost and vampire are two deep and share one, the memoir is a tree of its own.
    assert alike[0].tolist() == pytest.approx([1, 2 * 1 / (2 + 2), 0])


def test_items_that_are_classes_have_the_classes_above_them():
    result = catalogue("rdf:type kg:kind kg:Hierarchical .", ":Wine kg:classesAreItems true .")
    assert result.items.labels.tolist() == ["Merlot", "Riesling", "Shiraz"]
    # Merlot and Shiraz are both directly below Red, Riesling below White.
    assert similarity_matrix(space_of(result, Measure.CS))[0].tolist() == pytest.approx([1, 0, 1])

"""Ontologies read whole: rejects with their triples, and what is said of the rest."""

import pytest
from rdflib import Graph

from kartograph.ontology.contents import Contents, contents_of
from kartograph.tables.errors import BadInput
from kartograph.tables.rejects import RejectLimit

HEAD = """@prefix : <urn:tea#> . @prefix other: <urn:other#> . @prefix kg: <urn:kartograph:vocabulary#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
:Tea a owl:Class ; kg:isTarget true . :Garden a owl:Class ; rdfs:label "garden" .
:picked a owl:DatatypeProperty ; rdfs:domain :Tea ; kg:kind kg:Numeric .
:taste a owl:DatatypeProperty ; rdfs:domain :Tea ; kg:kind kg:NominalSet .
:from a owl:ObjectProperty ; rdfs:domain :Tea ; rdfs:range :Garden ; kg:kind kg:Linked .
:height a owl:DatatypeProperty ; rdfs:domain :Garden ; kg:kind kg:Numeric .
"""


def read(text: str, languages=("en",)) -> Contents:
    return contents_of(Graph().parse(data=HEAD + text, format="turtle"), languages=languages)


def test_a_wrong_value_rejects_its_individual_with_the_triple_and_the_others_stay():
    contents = read(":a a :Tea ; :picked 1999 . :b a :Tea ; :picked 1 , 2 . :c a :Tea ; :picked 'soon' .")
    assert contents.catalogue.items.ids.tolist() == ["urn:tea#a"]
    assert contents.rejected == {"urn:tea#b", "urn:tea#c"}
    assert contents.causes() == [
        "1 × picked takes one value and has several; keep one, or declare it as a set: "
        "<urn:tea#b> <urn:tea#picked> '1, 2'",
        "1 × picked takes a number or a date with a year: <urn:tea#c> <urn:tea#picked> 'soon'",
    ]


def test_a_link_to_a_rejected_individual_is_left_out_and_rejects_nothing():
    contents = read(":a a :Tea ; :from :g , :h . :g a :Garden ; :height 'high' . :h a :Garden .")
    assert contents.rejected == {"urn:tea#g"}
    assert contents.catalogue.frame("Tea")["from"].tolist() == [["urn:tea#h"]]


def test_a_link_to_what_is_described_nowhere_is_a_reject_and_to_what_has_no_type_is_none():
    contents = read(":a a :Tea ; :from :g . :g rdfs:label 'Hill' . :b a :Tea ; :from :nowhere . :c a :Tea ; :from :a .")
    assert contents.rejected == {"urn:tea#b", "urn:tea#c"}
    assert contents.catalogue.classes["Garden"].labels.tolist() == ["Hill"]


def test_many_rejects_of_one_cause_are_one_line_and_too_many_are_refused():
    text = "".join(f":t{i:03} a :Tea ; :picked 'x{i}' .\n" for i in range(60)) + ":u a :Tea . :v a :Tea ; :from 1 ."
    contents = read(text)
    contents.check(RejectLimit.parse("61"))
    contents.check(RejectLimit.parse("100%"))
    for limit in ("60", "50%"):
        with pytest.raises(
            BadInput, match=r"61 of 62 individuals are rejected(.|\n)*60 × picked takes a number"
        ) as error:
            contents.check(RejectLimit.parse(limit))
        assert len(str(error.value).splitlines()) == 3


def test_where_no_individual_of_the_target_is_left_the_message_says_so():
    with pytest.raises(
        BadInput, match=r"1 of 1 individuals are rejected, none of <urn:tea#Tea> is left(.|\n)*picked takes"
    ):
        read(":a a :Tea ; :picked 'soon' .")


def test_properties_that_nobody_declared_are_said_once_with_their_numbers():
    contents = read(
        ":a a :Tea ; :tasty 'malt' ; other:poster <urn:p> ; skos:altLabel 'x' . :b a :Tea ; other:poster <urn:p> ."
        " :else :unheard 1 ."
    )
    (note,) = contents.notes
    assert "<urn:other#poster> (2 triples)" in note and "altLabel> (1 triples)" in note and "unheard" not in note
    assert "<urn:tea#tasty> (1 triples, did you mean <urn:tea#taste>?)" in note
    assert not contents.rejected


def test_values_on_things_outside_the_domain_are_said_and_not_compared():
    contents = read(":a a :Tea ; :height 3 . :g a :Garden ; :height 4 . :z a :Zoo ; :picked 5 .")
    assert contents.notes == (
        "values on things outside the classes of their property are kept and not compared: height (1), picked (1)",
    )
    assert not contents.rejected


def test_values_and_attributes_have_labels_in_the_wanted_language():
    text = """:malt skos:prefLabel "malt"@en , "Malz"@de . :picked rdfs:label "picked in"@en-GB , "Ernte"@de-AT .
    :a a :Tea ; :taste :malt , "grass"@en , "Gras"@de , "plain" ; skos:prefLabel "Sencha"@ja .
    :b a :Tea ; :taste :dry ."""
    for languages, taste, label in (
        (("en",), ["grass", "plain", "malt"], "picked in"),
        (("de",), ["Gras", "plain", "Malz"], "Ernte"),
    ):
        contents = read(text, languages)
        values = contents.catalogue.frame("Tea")["taste"]
        assert sorted(contents.catalogue.names.get(v, v) for v in values[0]) == sorted(taste)
        assert contents.schema.classes["Tea"].attribute("picked").label == label
        assert contents.catalogue.items.labels.tolist() == ["Sencha", "b"]
    assert contents.catalogue.names["urn:tea#dry"] == "dry"


def test_equal_numbers_of_two_spellings_are_one_value():
    assert not read(":a a :Tea ; :picked 1999 , 1999.0 , '1999-01-01' .").rejected


def test_imports_are_not_fetched_and_named():
    contents = read("<urn:tea> a owl:Ontology ; owl:imports <urn:other.owl> . :a a :Tea .")
    assert contents.notes == (
        "imported ontologies are not fetched: <urn:other.owl>; merge what is needed of them into the file",
    )

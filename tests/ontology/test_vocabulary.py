"""The vocabulary's class and its ontology file say the same."""

import pytest
from rdflib import OWL, RDF, RDFS

from kartograph.ontology.files.reading import read_rdf
from kartograph.ontology.vocabulary import KG, Kind


@pytest.fixture(scope="module")
def vocabulary(books_ontology):
    return read_rdf(books_ontology.with_name("vocabulary.ttl"))


def test_class_and_file_have_the_same_terms(vocabulary):
    in_file = {str(s) for s in vocabulary.subjects() if str(s).startswith(str(KG._NS))}
    assert in_file == {str(KG[name]) for name in KG.__annotations__ if not name.startswith("_")}


def test_kinds_are_the_individuals_of_the_class_kind(vocabulary):
    assert {str(s) for s in vocabulary.subjects(RDF.type, KG.Kind)} == {str(KG[kind]) for kind in Kind}


def test_every_term_is_explained(vocabulary):
    terms = [s for s in vocabulary.subjects(RDF.type, OWL.AnnotationProperty)]
    assert terms and all(vocabulary.value(term, RDFS.comment) for term in terms)


def test_a_misspelt_term_fails():
    with pytest.raises(AttributeError, match="flor"):
        KG.flor  # noqa: B018

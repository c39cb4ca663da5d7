"""Values of Neo4j and RDF terms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import XSD

from kartograph.ontology.graph.names import label_of, property_of, relationship_of
from kartograph.ontology.graph.terms import digest, kept, term_of, value_of
from kartograph.ontology.vocabulary import Kind


@pytest.mark.parametrize(
    ("term", "kind", "value", "exact"),
    [
        (Literal(1922), Kind.NUMERIC, 1922, True),
        (Literal("07", datatype=XSD.integer), Kind.NUMERIC, 7, True),
        (Literal("1.50", datatype=XSD.decimal), Kind.NUMERIC, 1.5, False),
        (Literal("1.5", datatype=XSD.double), Kind.NUMERIC_SET, 1.5, True),
        (Literal("true", datatype=XSD.boolean), Kind.BOOLEAN, True, True),
        (Literal("1", datatype=XSD.boolean), Kind.BOOLEAN, True, True),
        (Literal("a"), Kind.NOMINAL, "a", True),
        (Literal("a", lang="en"), Kind.NOMINAL, "a", False),
        (URIRef("urn:a"), Kind.NOMINAL, "urn:a", False),
        (Literal(2**70), Kind.NUMERIC, float(2**70), False),
    ],
)
def test_a_value_is_exact_when_it_gives_its_term_back(term, kind, value, exact):
    result = value_of(term, kind)
    assert result == value and type(result) is type(value)
    assert (term_of(result) == term) is exact


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), st.sampled_from([None, "en", "de-AT"]))
def test_what_is_kept_of_a_text_is_parsed_back_whatever_it_holds(text, language):
    graph = Graph()
    graph.parse(data=f"<urn:s> {kept('urn:p', Literal(text, lang=language))} .", format="nt")
    assert list(graph.objects()) == [Literal(text, lang=language)]


@given(st.one_of(st.integers(-(2**62), 2**62), st.floats(allow_nan=False, allow_infinity=False), st.booleans()))
def test_the_term_of_a_value_has_that_value(value):
    assert term_of(value).toPython() == value


def test_a_digest_tells_values_and_their_types_apart():
    values = ["1", 1, True, 1.5, None, ["1"], ["1", "2"], ["2", "1"]]
    assert len({digest(value) for value in values}) == len(values)
    assert digest("é") == digest("é")


def test_names_of_the_shop_are_not_taken():
    assert (label_of("User"), label_of("Book")) == ("User_", "Book")
    assert (property_of("embedding"), property_of("year")) == ("embedding_", "year")
    assert (relationship_of("writtenBy"), relationship_of("viewed"), relationship_of("a-b c")) == (
        "WRITTEN_BY",
        "VIEWED_",
        "A_B_C",
    )

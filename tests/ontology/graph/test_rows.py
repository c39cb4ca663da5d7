"""Rows give their triples back, whatever an ontology holds; here without a database in between."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from kartograph.ontology.compare.columns import Measure
from kartograph.ontology.contents import Contents, contents_of
from kartograph.ontology.files.parsing import parse
from kartograph.ontology.graph.export import lines_of
from kartograph.ontology.graph.rows import attribute_rows, rows_of
from kartograph.ontology.graph.terms import iri_text
from kartograph.ontology.owl.labels import label_properties
from kartograph.ontology.similarity import Unknown, similarity_matrix, space_of
from kartograph.tables.errors import BadInput

SCHEMA = """@prefix : <urn:x#> . @prefix kg: <urn:kartograph:vocabulary#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:A a owl:Class ; kg:isTarget true . :B a owl:Class ; rdfs:subClassOf :A . :C a owl:Class .
:n rdfs:domain :A ; kg:kind kg:Numeric . :ns rdfs:domain :A , :C ; kg:kind kg:NumericSet .
:t rdfs:domain :A ; kg:kind kg:Nominal . :ts rdfs:domain :A ; kg:kind kg:NominalSet .
:b rdfs:domain :A ; kg:kind kg:Boolean .
:g rdfs:domain :C ; kg:kind kg:Grouped ; kg:group [ rdfs:label "x" ; kg:member "y" ] .
:l rdfs:domain :A ; rdfs:range :C ; kg:kind kg:Linked . :m rdfs:domain :C ; rdfs:range :A ; kg:kind kg:Linked .
:r rdfs:subPropertyOf :ts . :i owl:inverseOf :l . :a1 a :A .
"""
NODES = [URIRef(f"urn:x#{name}") for name in ("a1", "a2", "a3", "c1", "c2", "z")] + [BNode("blank"), BNode("other")]
LITERALS = [
    Literal(text, datatype=datatype, normalize=False)
    for text in ("1", "01", "1.0", "true", "1999-01-01", "--05-03", "PT1H", "x", "", 'ä\n"')
    for datatype in (None, XSD.integer, XSD.decimal, XSD.boolean, XSD.date, URIRef("urn:type"))
] + [Literal("x", lang=tag) for tag in ("en", "en-GB", "de")]
PREDICATES = [URIRef(f"urn:x#{name}") for name in ("n", "ns", "t", "ts", "b", "g", "l", "m", "r", "i", "undeclared")]
TRIPLES = st.one_of(
    st.tuples(st.sampled_from(NODES), st.sampled_from([*PREDICATES, RDFS.label]), st.sampled_from([*NODES, *LITERALS])),
    st.tuples(st.sampled_from(NODES), st.just(RDF.type), st.sampled_from([URIRef(f"urn:x#{c}") for c in "ABC"])),
    st.tuples(st.sampled_from(NODES), st.just(OWL.sameAs), st.sampled_from(NODES)),
    st.tuples(
        st.just(BNode("blank")), st.sampled_from([RDF.first, RDF.rest]), st.sampled_from([*NODES, *LITERALS, RDF.nil])
    ),
)


def back(contents: Contents) -> Graph:
    """What the rows give back, when they come out of the graph as they went in."""
    rows, attributes = rows_of(contents, {}, "load"), attribute_rows(contents.schema)
    properties = {iri_text(row["iri"]): row["property"] for row in attributes if row["property"]}
    labels = {iri_text(str(prop)) for prop in label_properties(contents.rdf)}
    lines = list(rows.triples)
    for row in [*rows.items, *rows.individuals]:
        lines += lines_of({"iri": row["iri"], **row["properties"]}, properties, labels)
    nodes = {row["iri"] for row in [*rows.items, *rows.individuals]}
    for attribute in attributes:
        links = rows.links.get(attribute["relationship"] or "", [])
        assert all(link["from"] in nodes and link["to"] in nodes for link in links)
        stated = [link for link in links if not link["inferred"]]
        names = [(f"<{n}>" if ":" in n else f"_:{n}") for link in stated for n in (link["from"], link["to"])]
        lines += [f"{a} <{attribute['iri']}> {b} ." for a, b in zip(names[::2], names[1::2], strict=True)]
    return parse("\n".join(lines).encode(), "nt", "rows")


@pytest.mark.filterwarnings("ignore:Serializing weird numerical")  # of the comparison
@settings(deadline=None, max_examples=100)
@given(st.lists(TRIPLES, max_size=25))
def test_whatever_an_ontology_holds_comes_back_and_can_be_compared(triples):
    rdf = parse(SCHEMA.encode(), "turtle", "schema")
    for triple in triples:
        rdf.add(triple)
    try:
        contents = contents_of(rdf)
    except BadInput as error:
        assert "none of <urn:x#A> is left" in str(error)
        return
    assert isomorphic(back(contents), rdf)
    for measure in Measure:
        similarity_matrix(space_of(contents.catalogue, measure, unknown=Unknown.EXPECTED))


def test_a_changed_property_replaces_the_triples_that_it_stands_for():
    contents = contents_of(parse((SCHEMA + ":a1 :n 1 , 1.0 ; :t 'x'@en ; rdfs:label 'A'@de .").encode(), "turtle", "x"))
    (row,) = rows_of(contents, {}, "load").items
    node = {"iri": row["iri"], **row["properties"], "n": 2, "title": "B"}
    lines = lines_of(node, {"<urn:x#n>": "n", "<urn:x#t>": "t"}, {iri_text(str(RDFS.label))})
    values = sorted(str(o) for _, p, o in parse("\n".join(lines).encode(), "nt", "x") if p != RDF.type)
    assert values == ["2", "B", "x"]


@pytest.mark.parametrize("title", ["A", None])
def test_a_property_that_was_removed_takes_its_triples_with_it(title):
    contents = contents_of(parse((SCHEMA + ":a1 :t 'x'@en .").encode(), "turtle", "x"))
    (row,) = rows_of(contents, {}, "load").items
    node = {key: value for key, value in row["properties"].items() if key != "t"} | {"iri": row["iri"], "title": title}
    lines = lines_of(node, {"<urn:x#t>": "t"}, {iri_text(str(RDFS.label))})
    assert not any("urn:x#t" in line for line in lines)

"""Damaged ontologies in every form are read, rejected in part, or refused with a clear error."""

import pytest
from hypothesis import strategies as st
from rdflib import Graph
from tests.fuzzing.mutation import damaged, fuzz, tried

from kartograph.loaders.edge_lists.as_ontology import rdf_of
from kartograph.loaders.edge_lists.reading import read
from kartograph.ontology.contents import contents_of
from kartograph.ontology.files.reading import read_rdf

TURTLE = b"""@prefix : <urn:film#> . @prefix kg: <urn:kartograph:vocabulary#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:Film a owl:Class ; kg:isTarget true . :Person a owl:Class ; owl:unionOf ( :Film :Film ) .
:year a owl:DatatypeProperty ; rdfs:domain :Film ; rdfs:range xsd:gYear ; kg:kind kg:Numeric .
:by a owl:ObjectProperty ; rdfs:domain :Film ; rdfs:range :Person ; kg:kind kg:Linked ; owl:inverseOf :made .
:f1 a :Film ; :year "1999"^^xsd:gYear ; :by :p1 ; rdfs:label "One"@en . :f2 a :Film ; :year "-0012"^^xsd:gYear .
:p1 a :Person ; owl:sameAs :p2 .
"""
FORMS = {".ttl": "turtle", ".nt": "nt", ".rdf": "xml", ".jsonld": "json-ld", ".trig": "trig"}
SEEDS = {suffix: Graph().parse(data=TURTLE).serialize(format=form).encode() for suffix, form in FORMS.items()}
SEEDS[".ttl"] = TURTLE


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("rdf")


@pytest.mark.parametrize("suffix", list(SEEDS))
def test_files(folder, suffix):
    @fuzz(60, content=damaged([SEEDS[suffix]]))
    def each(content):
        path = folder / f"films{suffix}"
        path.write_bytes(content)
        with tried("RDF files"):
            contents_of(read_rdf(path)).check()

    each()


LINES = st.lists(
    st.sampled_from((":year 7 .", "owl:Thing", "rdfs:domain :Film .", "kg:kind kg:Nominal .", ":f1", ";", "a"))
)


@fuzz(60, lines=LINES)
def test_triples_that_hang_together_in_no_way(folder, lines):
    path = folder / "films.ttl"
    path.write_bytes(TURTLE + " ".join(lines).encode())
    with tried("RDF files"):
        contents_of(read_rdf(path)).check()


@fuzz(60, content=damaged((b"m1\tdirector\td1\nm1\tyear\t1999\n", b"item,property,value\na,b,c\n")))
def test_edge_lists(folder, content):
    path = folder / "edges.tsv"
    path.write_bytes(content)
    with tried("edge lists"):
        contents_of(rdf_of(read(path)))

"""Graphs as files of every form, and what cannot be written."""

import pytest
from rdflib import Graph
from rdflib.compare import isomorphic

from kartograph.ontology.files.parsing import parse
from kartograph.ontology.files.reading import read_rdf
from kartograph.ontology.files.writing import FORMS, write_rdf
from kartograph.tables.errors import BadInput

TEXT = b'@prefix : <http://x.example/#> . :a :b "x"@en-US , [ :c 1.5 ] , ( 1 2 ) .'

CELL = b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#first> 1 ; <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest>"


@pytest.mark.parametrize("suffix", FORMS)
def test_every_form_is_read_back(tmp_path, suffix):
    rdf, path = parse(TEXT, "turtle", "x"), tmp_path / f"a{suffix}"
    write_rdf(rdf, path)
    assert isomorphic(read_rdf(path), rdf)


@pytest.mark.filterwarnings("error")
def test_a_number_that_is_none_is_written_quietly(tmp_path):
    write_rdf(
        parse(b'<urn:a> <urn:b> "soon"^^<http://www.w3.org/2001/XMLSchema#decimal> .', "nt", "x"), tmp_path / "a.nt"
    )
    assert '"soon"' in (tmp_path / "a.nt").read_text()


@pytest.mark.parametrize(
    ("text", "name", "message"),
    [
        (TEXT, "a.csv", "ends in '.csv'; allowed are .ttl"),
        (b"<urn:a> <urn:1> <urn:c> .", "a.rdf", "cannot be written: .*; write it as .ttl"),
        (b"_:l <urn:p> _:m . _:m " + CELL + b" _:n . _:n " + CELL + b" _:m .", "a.ttl", "a list runs in a circle"),
        (b"<urn:a> <urn:b> " + b"[ <urn:b> " * 3_000 + b"1" + b"]" * 3_000 + b" .", "a.ttl", "nested too deeply"),
        (TEXT, "nowhere/a.ttl", "cannot be written: No such file"),
    ],
)
def test_what_cannot_be_written_says_why_and_leaves_nothing(tmp_path, text, name, message):
    with pytest.raises(BadInput, match=message):
        write_rdf(parse(text, "turtle", "x"), tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_file_is_replaced(tmp_path):
    for text in (TEXT, b"<urn:a> <urn:b> 1 ."):
        write_rdf(parse(text, "turtle", "x"), tmp_path / "a.ttl")
    assert len(Graph().parse(tmp_path / "a.ttl")) == 1

"""Files of every form, and files that nobody should have written."""

import bz2
import gzip
import io
import json
import lzma
import tarfile
import time
import tracemalloc
import zipfile

import pyarrow as pa
import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import XSD

from kartograph.ontology.files.limits import Limits, check_literals
from kartograph.ontology.files.reading import read_rdf
from kartograph.tables.errors import BadInput

RDF_XML = (
    '<?xml version="1.0"?>\n{doctype}<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">{body}</rdf:RDF>'
)
TRIPLE = '<rdf:Description rdf:about="urn:a"><p xmlns="urn:">{text}</p></rdf:Description>'
BILLION_LAUGHS = (
    '<!DOCTYPE r [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(10))
    + "]>\n"
)


@pytest.mark.parametrize(
    ("form", "suffix"),
    [("turtle", ".ttl"), ("xml", ".rdf"), ("json-ld", ".jsonld"), ("nt", ".nt"), ("xml", ".owl"), ("turtle", ".owl")],
)
def test_all_forms_give_the_same_triples(books_ontology, tmp_path, form, suffix):
    truth = Graph().parse(books_ontology)
    path = tmp_path / f"books{suffix}"
    truth.serialize(path, format=form, encoding="utf-8")
    assert isomorphic(read_rdf(path), truth)


def test_namespaces_as_entities_are_allowed_as_protege_writes_them(write):
    doctype = '<!DOCTYPE rdf:RDF [<!ENTITY shop "http://shop.example/#">]>\n'
    graph = read_rdf(write(RDF_XML.format(doctype=doctype, body=TRIPLE.format(text="&shop;a")), "a.rdf"))
    assert {str(o) for o in graph.objects()} == {"http://shop.example/#a"}


def test_a_byte_order_mark_and_relative_iris_do_not_depend_on_the_place(write):
    graph = read_rdf(write(b"\xef\xbb\xbf<#a> <#b> 1 ."))
    assert {str(s) for s in graph.subjects()} == {"file:///shop.ttl#a"}


NAMED_GRAPHS = {
    "a.trig": '<urn:a> <urn:b> 1 . <urn:g> { <urn:a> <urn:b> "x"@en-US }',
    "a.nq": '<urn:a> <urn:b> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .\n<urn:a> <urn:b> "x"@en-US <urn:g> .\n',
    "a.jsonld": json.dumps(
        [
            {"@id": "urn:a", "urn:b": 1},
            {"@id": "urn:g", "@graph": [{"@id": "urn:a", "urn:b": {"@value": "x", "@language": "en-US"}}]},
        ]
    ),
}


@pytest.mark.parametrize("name", NAMED_GRAPHS)
def test_triples_of_named_graphs_are_read_and_the_graphs_forgotten(write, name):
    graph = read_rdf(write(NAMED_GRAPHS[name], name))
    assert set(graph) == {(URIRef("urn:a"), URIRef("urn:b"), o) for o in (Literal(1), Literal("x", lang="en-US"))}


@pytest.mark.parametrize("name", ["shop.ttl.gz", "shop.ttl", "shop.owl"])
def test_gzip_is_read_whatever_the_file_is_called(write, name):
    graph = read_rdf(write(gzip.compress(b"<#a> <urn:b> 1 ."), name))
    assert {str(s) for s in graph.subjects()} == {f"file:///{name.removesuffix('.gz')}#a"}


def zipped(*contents: bytes) -> bytes:
    with zipfile.ZipFile(target := io.BytesIO(), "w") as archive:
        for number, content in enumerate(contents):
            archive.writestr(f"in/{number}.ttl", content)
        archive.writestr("__MACOSX/in/._0.ttl", b"\x00\x05")
    return target.getvalue()


@pytest.mark.parametrize(
    ("pack", "suffix"),
    [
        (bz2.compress, "bz2"),
        (lzma.compress, "xz"),
        (lambda content: pa.compress(content, "zstd", asbytes=True), "zst"),
        (zipped, "zip"),
    ],
)
def test_other_packings_are_read_and_damage_is_told(write, pack, suffix):
    packed = pack(b"<#a> <urn:b> 1 ." * 20)
    assert {str(s) for s in read_rdf(write(packed, f"shop.ttl.{suffix}")).subjects()} == {"file:///shop.ttl#a"}
    with pytest.raises(BadInput, match=r"is a damaged \w+ file"):
        read_rdf(write(packed[:-8], f"shop.ttl.{suffix}"))


def test_an_archive_of_several_files_says_which(write):
    with pytest.raises(BadInput, match=r"holds 2 files: in/0\.ttl, in/1\.ttl; unpack it and give one file"):
        read_rdf(write(zipped(b"<#a> <urn:b> 1 .", b""), "shop.zip"))


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "UTF-16", "utf-8"])
def test_xml_is_read_in_the_encoding_that_it_declares(write, encoding):
    text = RDF_XML.format(doctype="", body=TRIPLE.format(text="Käse"))
    text = text.replace('version="1.0"', f'version="1.0" encoding="{encoding}"')
    graph = read_rdf(write(text.encode(encoding), "a.owl"))
    assert {str(o) for o in graph.objects()} == {"Käse"}


@pytest.mark.parametrize("name", ["a.ttl", "a.owl", "a.nt"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_says_the_encoding_whatever_the_form(write, name, encoding):
    graph = read_rdf(write('<urn:a> <urn:b> "Käse" .\n'.encode(encoding), name))
    assert {str(o) for o in graph.objects()} == {"Käse"}


def test_a_web_page_is_named_as_one(write):
    with pytest.raises(BadInput, match=r"a\.rdf is a web page \(HTML\), no ontology"):
        read_rdf(write(b"<!DOCTYPE html>\n<html></html>", "a.rdf"))


def test_a_gzip_that_unpacks_to_too_much_and_a_damaged_one_are_refused(write):
    with pytest.raises(BadInput, match=r"has more than that, unpacked; at most 1000 are read"):
        read_rdf(write(gzip.compress(b" " * 10**6), "a.ttl.gz"), limits=Limits(file_bytes=1_000))
    with pytest.raises(BadInput, match=r"is a damaged gzip file"):
        read_rdf(write(gzip.compress(b"<#a> <urn:b> 1 .")[:-9], "a.ttl.gz"))


def test_turtle_gives_what_rdflib_reads_of_it(write, monkeypatch):
    monkeypatch.setattr("rdflib.NORMALIZE_LITERALS", False)  # it would spell 2e3 as 2000.0
    text = """@base <http://x.example/> . @prefix : <#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
    :a :b "Frozen"@en-US , 'Die "Eiskönigin"'@DE , \"\"\"long
    text\"\"\" , 1 , 1.50 , 2e3 , true , "1999"^^xsd:gYear , "x"^^:unit , <rel/path?q=1#f> ; a [ :c ( 1 ( :d ) ) ] .
    _:n :b _:n , [] ."""
    assert isomorphic(read_rdf(write(text)), Graph().parse(data=text, format="turtle"))


WRONG_LINES = {
    "a.ttl": (
        "@prefix : <urn:x#> .\n:a :b 1 .\n:a nothere:label 2 .",
        "line 3, column 4: The prefix nothere: has not been",
    ),
    "b.ttl": ("@prefix : <urn:x#> .\n\n:a :b 1 ;; .\n:a :c 1 2 .", "line 4"),
    "a.nt": ("<urn:a> <urn:b> 'x' .\n", "line 1"),
    "a.nq": ('<urn:a> <urn:b> "x" .\n<urn:a> <urn:b> <urn:c>', "line 2"),
    "a.trig": ("<urn:g> {\n<urn:a> <urn:b> }", "line 2"),
    "a.rdf": (RDF_XML.format(doctype="", body='\n<p xmlns="urn:"/>\n<p xmlns="urn:"></q>'), "line 4"),
    "b.rdf": (
        RDF_XML.format(
            doctype="", body='\n<p xmlns="urn:" xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" r:ID="a b"/>'
        ),
        "line 3",
    ),
    "a.jsonld": ('{"@id":\n"urn:a", b}', "line 2"),
}


@pytest.mark.parametrize("name", WRONG_LINES)
def test_a_fault_is_named_with_its_line_and_the_reason_of_the_parser(write, name):
    text, message = WRONG_LINES[name]
    with pytest.raises(BadInput, match=message) as error:
        read_rdf(write(text, name))
    assert "<>" not in str(error.value) and "None" not in str(error.value)


@pytest.mark.parametrize("suffix", ["ttl", "jsonld", "rdf"])
def test_a_literal_that_does_not_fit_its_type_is_read_quietly(write, capfd, suffix):
    wrong = Literal("-0012-11-29", datatype=XSD.date), Literal("soon", datatype=XSD.integer)
    graph = Graph()
    for value in wrong:
        graph.add((URIRef("urn:a"), URIRef("urn:b"), value))
    form = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml"}[suffix]
    assert set(read_rdf(write(graph.serialize(format=form), f"a.{suffix}")).objects()) == set(wrong)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", ["a.owl", "a.owx", "a.rdf"])
def test_owl_xml_says_how_to_convert(write, name):
    path = write('<?xml version="1.0"?>\n<Ontology xmlns="http://www.w3.org/2002/07/owl#"></Ontology>', name)
    with pytest.raises(BadInput, match=r"OWL/XML.*`robot convert -i a\.\w+ -o a\.ttl"):
        read_rdf(path)


def test_functional_syntax_says_how_to_convert(write):
    with pytest.raises(BadInput, match=r"functional or Manchester syntax.*Protégé"):
        read_rdf(write("Prefix(:=<urn:x#>)\nOntology(<urn:x>)", "a.owl"))


MALFORMED = {
    "OBO": (b"format-version: 1.2\n[Term]\n", "a.ttl", "is OBO, which is not RDF"),
    "empty": (b"", "a.ttl", "is empty"),
    "truncated Turtle": (b'@prefix : <urn:x#> . :a :b "c', "a.ttl", "not valid turtle"),
    "truncated RDF/XML": (RDF_XML.format(doctype="", body="<rdf:Descr").encode(), "a.rdf", "not well-formed XML"),
    "truncated JSON-LD": (b'{"@id": "urn:a", "urn:b": [', "a.jsonld", "not valid JSON"),
    "truncated N-Triples": (b"<urn:a> <urn:b>", "a.nt", "not valid nt"),
    "wrong encoding": ("<urn:a> <urn:b> 'é' .".encode("latin-1"), "a.ttl", "not UTF-8: byte 17 is 0xe9"),
    "half of UTF-16": ("<urn:a> <urn:b> 1 .".encode("utf-16")[:-1], "a.ttl", "not UTF-16, as its first bytes say"),
    "another packing": (b"7z\xbc\xaf\x27\x1c\x00\x04", "a.ttl", "packed as 7z, which is not read. Unpack it"),
    "unknown XML encoding": (b'<?xml version="1.0" encoding="klingon"?><a/>', "a.rdf", "not well-formed XML"),
    "binary": (bytes(range(256)) * 10, "a.ttl", "not UTF-8"),
    "zeros in XML": (b"<?xml version='1.0'?>" + bytes(1000), "a.rdf", "not well-formed XML"),
    "a web page": (b"<!DOCTYPE html><html><body>404<br></body></html>", "a.owl", "is a web page"),
    "billion laughs": (RDF_XML.format(doctype=BILLION_LAUGHS, body="&k;").encode(), "a.rdf", "expands other entities"),
    "quadratic blow-up": (
        RDF_XML.format(doctype=f'<!DOCTYPE r [<!ENTITY a "{"x" * 50_000}">]>', body="&a;" * 50_000).encode(),
        "a.rdf",
        "50000 characters",
    ),
    "external entity": (
        RDF_XML.format(doctype='<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]>', body="&a;").encode(),
        "a.rdf",
        "external or parameter entity 'a'",
    ),
    "parameter entity": (
        RDF_XML.format(doctype='<!DOCTYPE r [<!ENTITY % a SYSTEM "http://x.example/a.dtd"> %a;]>', body="").encode(),
        "a.rdf",
        "external or parameter entity 'a'",
    ),
    "deep XML": (b"<a>" * 100_000, "a.rdf", "nests XML elements deeper than 200"),
    "deep JSON": (b"[" * 100_000, "a.jsonld", "is not valid JSON|nests"),
    "deep JSON that parses": (b"[" * 400 + b"]" * 400, "a.jsonld", "nests JSON values deeper than 200"),
    "deep blank nodes": (b"<urn:a> <urn:b> " + b"[ <urn:b> " * 50_000, "a.ttl", "too deeply|not valid turtle"),
    "deep lists": (b"<urn:a> <urn:b> " + b"(" * 50_000, "a.ttl", "too deeply|not valid turtle"),
    "long literal": (b'<urn:a> <urn:b> """' + b"x\n" * 500_000 + b'""" .', "a.ttl", "1000006 characters in line 1"),
    "long literal without end": (b'<urn:a> <urn:b> """' + b"x\n" * 500_000, "a.ttl", "characters in line 1"),
    "long literal of escapes": (b'<urn:a> <urn:b> """' + b'\\"' * 500_000 + b'""" .', "a.ttl", "of 1000006 characters"),
    "long literal on a line": (b'<urn:a> <urn:b> "' + b"\\t" * 500_000 + b'" .', "a.ttl", "of 1000002 characters"),
    "long literal in apostrophes": (b"<urn:a> <urn:b> '''" + b"x\n" * 500_000 + b"''' .", "a.ttl", "characters"),
    "long literal in XML": (
        RDF_XML.format(doctype="", body=TRIPLE.format(text="x" * 10**6)).encode(),
        "a.rdf",
        "1000000",
    ),
    "long literal in JSON": (json.dumps({"@id": "urn:a", "urn:b": "x" * 10**6}).encode(), "a.json", "1000000"),
    "long IRI": (b"<urn:" + b"x" * 10**6 + b"> <urn:b> 1 .", "a.ttl", "characters in line 1"),
    "long number": (b"<urn:a> <urn:b> " + b"1" * 10**6 + b" .", "a.ttl", "value of 1000000 characters"),
    "remote context": (b'{"@context": "https://schema.org/", "name": "a"}', "a.jsonld", "nothing is fetched"),
    "file context": (b'{"@graph": [{"@context": ["file:///etc/passwd"]}]}', "a.jsonld", "nothing is fetched"),
    "imported context": (b'{"@context": {"@import": "https://x.example/"}}', "a.jsonld", "nothing is fetched"),
    "unknown prefix": (b"a:b c:d e:f .", "a.ttl", "not valid turtle"),
    "a table": (b"id,title\n1,Emma\n", "a.ttl", "not valid turtle"),
    "plain JSON text": (b'"hello"', "a.json", "not valid json-ld"),
    "an undefined entity": (RDF_XML.format(doctype="", body="&nope;").encode(), "a.rdf", "not well-formed XML"),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_malformed_files_give_a_clear_error_that_names_the_file(write, case):
    content, name, message = MALFORMED[case]
    path = write(content, name)
    started = time.monotonic()
    with pytest.raises(BadInput, match=message) as error:
        read_rdf(path)
    assert str(error.value).startswith(name) and len(str(error.value)) < 600
    assert time.monotonic() - started < 60  # an attack takes hours, not seconds


@pytest.mark.parametrize("quotes", ['"', '"""', "'''"])
def test_a_long_literal_is_refused_in_little_memory(quotes):
    text = f"<urn:a> <urn:b> {quotes}" + "\\t" * 500_000 + f"{quotes} ."
    tracemalloc.start()
    try:
        with pytest.raises(BadInput, match=f"of {1_000_000 + 2 * len(quotes)} characters in line 1"):
            check_literals("a.ttl", text, Limits())
        assert tracemalloc.get_traced_memory()[1] < 2_000_000  # 60 MB where `re` remembers each escape
    finally:
        tracemalloc.stop()


def test_every_cut_of_a_file_is_read_or_refused_with_a_clear_error(books_ontology, tmp_path):
    graph = Graph().parse(books_ontology)
    for suffix, form in ((".ttl", "turtle"), (".rdf", "xml"), (".jsonld", "json-ld"), (".nt", "nt")):
        whole = graph.serialize(format=form).encode()
        for part in range(1, 12):
            path = tmp_path / f"cut{suffix}"
            path.write_bytes(whole[: len(whole) * part // 12])
            try:
                assert len(read_rdf(path)) < len(graph)
            except BadInput as error:
                assert "cut" in str(error)


def test_too_many_triples_and_too_big_files_are_refused(write):
    path = write("<urn:a> <urn:b> 1, 2, 3 .")
    with pytest.raises(BadInput, match=r"more than 2 triples"):
        read_rdf(path, limits=Limits(triples=2))
    with pytest.raises(BadInput, match=r"has 25 bytes; at most 10 are read at once"):
        read_rdf(path, limits=Limits(file_bytes=10))


def test_a_missing_file_says_what_to_give(tmp_path):
    with pytest.raises(BadInput, match=r"there is no file .*nope.ttl; give the path"):
        read_rdf(tmp_path / "nope.ttl")


def test_streams_one_after_the_other_are_one_file_and_what_is_damaged_is_never_left_out(write):
    first, second = b"<urn:a> <urn:b> 1 .\n", b"<urn:a> <urn:b> 2 .\n"
    for pack, name in ((bz2.compress, "a.ttl.bz2"), (lzma.compress, "a.ttl.xz")):
        assert len(read_rdf(write(pack(first) + pack(second), name))) == 2
        with pytest.raises(BadInput, match="is a damaged"):
            read_rdf(write(pack(first) + pack(second)[:20], name))


def test_a_tar_archive_is_to_be_unpacked(tmp_path):
    (tmp_path / "a.ttl").write_text("<urn:a> <urn:b> 1 .")
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "a.ttl", "a.ttl")
    with pytest.raises(BadInput, match="is a tar archive; unpack it"):
        read_rdf(tmp_path / "a.tar.gz")


def test_what_a_file_holds_counts_where_its_name_says_another_form(write):
    content = RDF_XML.format(doctype="", body=TRIPLE.format(text="x"))
    assert len(read_rdf(write(content, "a.ttl"))) == len(read_rdf(write("@prefix : <urn:> . :a :p 1 .", "a.rdf"))) == 1


def test_the_context_of_schema_org_is_to_be_written_out(write):
    with pytest.raises(BadInput, match=r"nothing is fetched: .* as \{\"@vocab\": \"https://schema.org/\"\}"):
        read_rdf(write('{"@context": "https://schema.org", "@type": "Movie", "name": "A"}', "a.jsonld"))

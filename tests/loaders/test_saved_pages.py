"""Saved pages become individuals, as patterns say."""

import gzip

import pytest
from rdflib import RDFS, Literal, URIRef

from kartograph.loaders.saved_pages import read_pages, read_patterns
from kartograph.ontology.owl.schema import schema_of
from kartograph.ontology.owl.validation import individuals_of
from kartograph.tables.errors import BadInput

ONTOLOGY = """@prefix : <urn:f#> . @prefix kg: <urn:kartograph:vocabulary#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:Film a owl:Class ; kg:isTarget true . :Person a owl:Class .
:released a owl:DatatypeProperty ; rdfs:domain :Film ; kg:kind kg:Numeric .
:actor a owl:DatatypeProperty ; rdfs:domain :Film ; kg:kind kg:NominalSet .
:director a owl:ObjectProperty ; rdfs:domain :Film ; rdfs:range :Person ; kg:kind kg:Linked .
"""
PATTERNS = """
ontology = "f.ttl"
base = "urn:film:"
item = { url = '/film/([^/]+)' }
[attributes]
title = { css = "h1" }
released = { css = "p.when", regex = '(\\d{4})' }
actor = { css = "li", many = true }
director = { css = "a.director", link = true }
"""
PAGE = """<html><h1> Play
time </h1><p class=when>in 1967</p><ul><li>Tati<li>Dennek</ul><a class=director>Jacques Tati</a>"""


@pytest.fixture
def shop(tmp_path):
    (tmp_path / "f.ttl").write_text(ONTOLOGY)
    (tmp_path / "p.toml").write_text(PATTERNS)
    pages = tmp_path / "pages"
    (pages / "film" / "playtime").mkdir(parents=True)
    (pages / "film" / "playtime" / "index.html").write_text(PAGE)
    (pages / "film" / "bare.html").write_bytes(b"<h1>\xff Bare")
    (pages / "about.html").write_text("<h1>About</h1>")
    return tmp_path


def test_pages_give_individuals_with_their_links_and_a_table_of_pages(shop):
    result = read_pages(shop / "pages", read_patterns(shop / "p.toml"))
    film = URIRef("urn:film:playtime")
    assert result.rdf.value(film, RDFS.label) == Literal("Play time")
    catalogue, violations = individuals_of(result.rdf, schema_of(result.rdf))
    assert not violations
    row = catalogue.frame("Film").set_index("id").loc["urn:film:playtime"]
    assert (row["released"], sorted(row["actor"]), len(row["director"])) == (1967, ["Dennek", "Tati"], 1)
    assert catalogue.classes["Person"].labels.tolist() == ["Jacques Tati"]
    assert result.pages.to_dict("records") == [
        {"url": "/film/bare.html", "item_id": "urn:film:bare.html"},
        {"url": "/film/playtime", "item_id": "urn:film:playtime"},
    ]


def test_what_is_missing_is_listed_and_pages_of_nothing_are_skipped(shop):
    result = read_pages(shop / "pages", read_patterns(shop / "p.toml"))
    assert sorted(result.missing["attribute"]) == ["actor", "director", "released"]
    assert set(result.missing["url"]) == {"/film/bare.html"}
    assert len(result.skipped) == 1 and "/about.html" in result.skipped[0]


def test_a_list_of_addresses_gives_what_addresses_tell(shop):
    (shop / "list.txt").write_text("/film/a?x=1\n/film/a?x=1\n\n/../etc/passwd\n/other\n")
    result = read_pages(shop / "list.txt", read_patterns(shop / "p.toml"))
    assert result.pages["item_id"].tolist() == ["urn:film:a%3Fx%3D1"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("ontology =", "ontologie ="), "lacks ontology"),
        (("base =", "base"), "is not valid TOML"),
        (('css = "h1"', 'cs = "h1"'), "the pattern of title is"),
        (("(\\d{4})", "(\\d{4}"), "no regular expression"),
        (("released =", "relaesed ="), r"there are patterns for \['relaesed'\]"),
        (("/film/", "/book/"), "no page of .* names a Film"),
    ],
)
def test_patterns_that_cannot_be_used_are_refused(shop, change, message):
    (shop / "p.toml").write_text(PATTERNS.replace(*change))
    with pytest.raises(BadInput, match=message):
        read_pages(shop / "pages", read_patterns(shop / "p.toml"))


@pytest.mark.parametrize("content", [gzip.compress(b'10.0.0.1 - - "GET /a HTTP/1.1" 200 1\n'), b"/a\n\0\0/b\n"])
def test_a_packed_log_is_no_list_of_addresses(shop, content):
    (shop / "access.log.gz").write_bytes(content)
    with pytest.raises(BadInput, match=r"access\.log\.gz is no text .* give an access log, packed or not, with --log"):
        read_pages(shop / "access.log.gz", read_patterns(shop / "p.toml"))

"""Pages and individuals of an ontology are counted on both sides of their join."""

import pandas as pd
import pytest

from kartograph.loaders.access_log.join import join_ontology, named_as_in_graph, write_joined
from kartograph.loaders.access_log.pages import page_table
from kartograph.ontology.contents import contents_of
from kartograph.ontology.files.reading import read_rdf
from kartograph.ontology.graph.write import write_ontology
from kartograph.tables.errors import BadInput

FILMS = """@prefix : <urn:film#> . @prefix kg: <urn:kartograph:vocabulary#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:Film a owl:Class ; kg:isTarget true . :year a owl:DatatypeProperty ; rdfs:domain :Film ; kg:kind kg:Numeric .
:f1 a :Film ; :year 1999 . :f2 a :Film ; :year 1921 . :f3 a :Film ; :year 1957 .
"""


def table(*items: str):
    return page_table(pd.Series([f"/{number}" for number in range(len(items))]), pd.Series(items))


@pytest.fixture
def films(tmp_path):
    (file := tmp_path / "films.ttl").write_text(FILMS)
    return contents_of(read_rdf(file))


def test_mapped_items_are_individuals_by_iri_or_by_local_name(films):
    joined = join_ontology(table("f1", "urn:film#f2", "f1", "x"), films)
    assert joined.ids == {"urn:film#f1": "f1", "urn:film#f2": "urn:film#f2"}
    assert joined.counts() == {
        "mapped items": 3,
        "mapped items in the ontology": 2,
        "individuals": 3,
        "individuals that a page shows": 2,
    }
    assert joined.missed() == "2 of 3 mapped items are in the ontology; not x"
    assert join_ontology(table("f1"), films).missed() == ""


def test_a_table_of_which_no_item_is_an_individual_is_refused(films):
    with pytest.raises(BadInput, match=r"0 of 4 mapped items are in the ontology: the page table has w, x, y …, the"):
        join_ontology(table("w", "x", "y", "z"), films)


@pytest.mark.server
def test_mapped_items_get_what_the_ontology_says_and_their_pages(graph, films):
    pages = table("f1", "f2")
    graph.query("CREATE (:Item {id: 'f1'})", write=True)  # f2 was never visited
    joined = join_ontology(pages, films)
    counts = write_joined(graph, pages, films, joined)
    assert (counts["pages"], counts["pages that show an item of the shop"]) == (2, 2)
    items = graph.query(
        "MATCH (i:Item) OPTIONAL MATCH (p:Page)-[:SHOWS]->(i) "
        "RETURN i.id AS id, i.year AS year, p.url AS url ORDER BY id"
    )
    assert items.fillna("").to_dict("list") == {
        "id": ["f1", "f2", "urn:film#f3"],
        "year": [1999, 1921, 1957],
        "url": ["/0", "/1", ""],
    }


@pytest.mark.server
def test_a_graph_with_an_ontology_knows_mapped_items_under_its_own_ids(graph, films):
    write_ontology(graph, films.rdf)
    named = named_as_in_graph(table("f1", "urn:film#f2", "x"), graph)
    assert dict(named.items) == {"/0": "urn:film#f1", "/1": "urn:film#f2", "/2": "x"}

"""Tests that what enrichment computes does not depend on the order in which a load wrote nodes and relationships."""

import random

import pytest

from kartograph import queries
from kartograph.graph.enrichment.communities import write_communities
from kartograph.graph.enrichment.similar.neighbours import Neighbours, write_neighbours
from kartograph.graph.enrichment.similar.similarity import SimilarityOptions, write_similarity
from kartograph.graph.schema import apply_schema

pytestmark = pytest.mark.server

ITEMS = [f"i{n}" for n in range(8)]
MET = [(f"u{n}", item) for n in range(3) for item in ITEMS] + [("u3", "i0"), ("u3", "i1")]
"""Items 2 to 7 are seen by the same users: all of their scores tie."""


def fill(graph, seed):
    rng = random.Random(seed)
    graph.query("MATCH (n) DETACH DELETE n", write=True)
    graph.query(
        "UNWIND $ids AS id CREATE (:Item {id: id, popularity: 3, "
        "embedding: CASE WHEN id < 'i2' THEN [1.0, 0.0, 0.0, 0.0] ELSE [0.5, 1.0, 0.0, 0.0] END})",
        write=True,
        ids=rng.sample(ITEMS, len(ITEMS)),
    )
    graph.query("UNWIND $ids AS id CREATE (:User {id: id})", write=True, ids=rng.sample(["u0", "u1", "u2", "u3"], 4))
    graph.query(
        "UNWIND $rows AS row MATCH (u:User {id: row[0]}), (i:Item {id: row[1]}) CREATE (u)-[:VIEWED {count: 1}]->(i)",
        write=True,
        rows=[list(row) for row in rng.sample(MET, len(MET))],
    )
    pairs = [[a, b] for place, a in enumerate(ITEMS) for b in ITEMS[place + 1 :]]
    graph.query(
        "UNWIND $rows AS row MATCH (a:Item {id: row[0]}), (b:Item {id: row[1]}) "
        "CREATE (a)-[:CO_OCCURS {weight: 1.0}]->(b)",
        write=True,
        rows=rng.sample(pairs, len(pairs)),
    )


def computed(graph):
    write_similarity(graph, "run", SimilarityOptions(top=2))
    write_neighbours(graph, "run", Neighbours(top=2))
    write_communities(graph)
    edges = graph.query(
        "MATCH (a)-[s:SIMILAR]->(b) RETURN s.measure AS m, a.id AS a, b.id AS b, round(s.score, 5) AS score "
        "ORDER BY m, a, b"
    )
    items = graph.query("MATCH (i:Item) RETURN i.id AS id, i.community AS community ORDER BY id")
    return edges.to_dict("records"), items.to_dict("records")


@pytest.fixture
def shop(graph):
    yield graph
    graph.query(queries.load("enrich/drop_item_embedding_index"), write=True)


@pytest.mark.slow
def test_ties_are_cut_alike_whatever_was_written_first(shop):
    fill(shop, 1)
    first = computed(shop)
    assert len(first[0]) == 2 * 2 * len(ITEMS)
    for seed in (2, 3):
        fill(shop, seed)
        assert computed(shop) == first


def test_an_item_without_embedding_has_no_nearest_items_and_an_unknown_one_neither(shop):
    fill(shop, 1)
    shop.query(queries.load("enrich/item_embedding_index"), write=True)
    shop.query("CREATE (:Item {id: 'bare'})", write=True)
    shop.query("CALL db.awaitIndexes(60)")
    for item in ("bare", "unknown"):
        assert shop.query(queries.load("recommend/by_embedding"), item=item, k=3).empty
    near = shop.query(queries.load("recommend/by_embedding"), item="i4", k=3)
    assert near["item"].tolist() == ["i2", "i3", "i5"]


def test_signs_between_words_are_blanks(shop):
    apply_schema(shop)
    shop.query("CREATE (:Item {id: '1', title: 'Iron pan (and pot)'})", write=True)
    shop.query("CALL db.awaitIndexes(60)")
    shop.query("CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh()")
    for words, result in (("iron AND (pot/", 1), ('"pan', 1), ("pan*", 1), ("?", 0), ("", 0), ("OR", 0), ("kettle", 0)):
        assert len(shop.query(queries.load("explore/items_by_words"), words=words, k=3)) == result, words

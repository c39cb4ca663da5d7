"""FastRP embeddings that are written, and those of a graph in which some things have not happened."""

from dataclasses import replace

import numpy as np
import pytest

from kartograph.graph.enrichment.embedding import FastRP, embeddings_without, write_embeddings
from kartograph.graph.enrichment.embedding_of_new import write_new_embeddings

pytestmark = pytest.mark.server
# Two of three numbers that FastRP begins with are zero: of 8 all are now and then, of 64 once in 10¹¹ times.
OPTIONS = FastRP(dimension=64, least_items=1)
EMBEDDED = "MATCH (i:Item) WHERE i.embedding IS NOT NULL RETURN i.id AS item_id, i.embedding AS embedding"
PAIRS = (("u", "a"), ("u", "b"), ("v", "b"), ("v", "c"), ("w", "x"), ("w", "y"))
KNOWN = [["a", [1.0, 0.0]], ["b", [0.0, 1.0]], ["c", [0.0, 1.0]], ["x", [1.0, 1.0]], ["y", [1.0, -1.0]]]
CREATE = """
UNWIND $pairs AS pair
MERGE (u:User {id: pair[0]})
MERGE (i:Item {id: pair[1]})
CREATE (u)-[:VIEWED {count: 1}]->(i)
"""
SESSIONS = """
UNWIND $pairs AS pair
MERGE (s:Session {id: pair[0]})
SET s.length = coalesce(s.length, 0) + 1
MERGE (i:Item {id: pair[1]})
CREATE (s)-[:INCLUDES]->(i)
"""


@pytest.fixture
def met(graph):
    graph.query(CREATE, write=True, pairs=[list(pair) for pair in PAIRS])
    return graph


def vectors(frame) -> dict[str, np.ndarray]:
    return {item: np.array(vector) for item, vector in zip(frame["item_id"], frame["embedding"], strict=True)}


def test_without_nothing_they_are_those_that_are_written(met):
    assert write_embeddings(met, OPTIONS) == 5
    written = vectors(met.query("MATCH (i:Item) RETURN i.id AS item_id, i.embedding AS embedding"))
    result = vectors(embeddings_without(met, {}, OPTIONS))
    assert result.keys() == written.keys()
    for item, vector in written.items():
        assert result[item] == pytest.approx(vector, abs=1e-6)


def test_what_is_left_out_ties_nothing_and_the_rest_stays_as_it_was(met):
    whole = vectors(embeddings_without(met, {}, OPTIONS))
    rest = vectors(embeddings_without(met, {"users": {"v": ["c"]}}, OPTIONS))
    assert not rest["c"].any()
    assert whole["c"].any()
    for item in ("x", "y"):  # of another user, whom nothing ties to v
        assert rest[item] == pytest.approx(whole[item], abs=1e-6)
    assert np.abs(rest["a"] - whole["a"]).max() > 1e-3  # c reached it over b


def test_an_item_that_is_new_lies_where_its_users_go_and_the_others_stay(met):
    met.query("UNWIND $rows AS row MATCH (i:Item {id: row[0]}) SET i.embedding = row[1]", write=True, rows=KNOWN)
    met.query(CREATE, write=True, pairs=[["u", "d"], ["w", "d"], ["s", "e"], ["s", "f"]])
    met.query("MATCH (u:User) WHERE u.id IN ['u', 'w', 's'] SET u:EmbeddingStale", write=True)
    met.query("MATCH (:User {id: 'w'})-[did:VIEWED]->(:Item {id: 'd'}) SET did.count = 2", write=True)
    assert write_new_embeddings(met, replace(OPTIONS, least_items=2)) == (6, 1)  # nobody near e and f has one
    result = vectors(met.query(EMBEDDED))
    # u saw a, b and d, w saw x, y and d twice: 1/3 · (1, 0) + 1/3 · (0, 1) + 2/3 · (1, 1) + 2/3 · (1, -1)
    direction = np.array([1 / 3 + 2 / 3 + 2 / 3, 1 / 3])
    assert result.pop("d") == pytest.approx(direction / np.linalg.norm(direction))
    assert {item: vector.tolist() for item, vector in result.items()} == dict(KNOWN)
    assert met.query("MATCH (n:EmbeddingStale|NeighboursStale) RETURN n.id AS id")["id"].tolist() == ["d"]


def test_in_a_shop_of_sessions_alone_they_stand_for_users(graph):
    graph.query(SESSIONS, write=True, pairs=[list(pair) for pair in PAIRS])
    assert write_embeddings(graph, OPTIONS) == 5
    whole = vectors(embeddings_without(graph, {}, OPTIONS))
    rest = vectors(embeddings_without(graph, {"sessions": {"v": ["c"]}}, OPTIONS))
    assert not rest["c"].any()
    for item in ("x", "y"):
        assert rest[item] == pytest.approx(whole[item], abs=1e-6)


def test_a_session_lies_like_a_user_who_did_the_same(met):
    of_users = vectors(embeddings_without(met, {}, OPTIONS))
    assert write_embeddings(met, OPTIONS) == 5
    met.query("MATCH (:User)-[did:VIEWED]->() DELETE did", write=True)
    # The same nodes under the same numbers of the database, which the seed counts.
    met.query("MATCH (u:User) REMOVE u:User SET u:Session, u.length = 2", write=True)
    met.query(
        "UNWIND $pairs AS pair MATCH (s:Session {id: pair[0]}), (i:Item {id: pair[1]}) CREATE (s)-[:INCLUDES]->(i)",
        write=True,
        pairs=[list(pair) for pair in PAIRS],
    )
    for item, vector in vectors(embeddings_without(met, {}, OPTIONS)).items():
        assert vector == pytest.approx(of_users[item], abs=1e-6)


def test_a_session_of_a_user_is_not_counted_beside_the_user(met):
    whole = vectors(embeddings_without(met, {}, OPTIONS))
    met.query(SESSIONS, write=True, pairs=[["s", "a"], ["s", "x"]])
    assert np.abs(vectors(embeddings_without(met, {}, OPTIONS))["a"] - whole["a"]).max() > 1e-3
    met.query("MATCH (u:User {id: 'u'}), (s:Session {id: 's'}) CREATE (u)-[:HAD]->(s)", write=True)
    for item, vector in vectors(embeddings_without(met, {}, OPTIONS)).items():
        assert vector == pytest.approx(whole[item], abs=1e-6)


def test_an_item_that_is_new_in_a_session_without_a_user_gets_an_embedding(met):
    met.query("UNWIND $rows AS row MATCH (i:Item {id: row[0]}) SET i.embedding = row[1]", write=True, rows=KNOWN)
    met.query(SESSIONS, write=True, pairs=[["s", "a"], ["s", "d"], ["s", "d"]])
    met.query("MATCH (s:Session {id: 's'}) SET s:EmbeddingStale", write=True)
    assert write_new_embeddings(met, replace(OPTIONS, least_items=2)) == (6, 1)
    assert vectors(met.query(EMBEDDED))["d"] == pytest.approx(np.array([1.0, 0.0]))  # a is its only neighbour


def test_where_nobody_came_no_embedding_is_written(met):
    write_embeddings(met, OPTIONS)
    assert write_new_embeddings(met, OPTIONS) == (5, 0)

"""FastRP embeddings that are written, and those of a graph in which some things have not happened."""

from dataclasses import replace

import numpy as np
import pytest

from kartograph.graph.enrichment.embedding import FastRP, embeddings_without, write_embeddings

pytestmark = pytest.mark.server
OPTIONS = FastRP(dimension=8, least_items=1)
EMBEDDED = "MATCH (i:Item) WHERE i.embedding IS NOT NULL RETURN i.id AS item_id, i.embedding AS embedding"
PAIRS = (("u", "a"), ("u", "b"), ("v", "b"), ("v", "c"), ("w", "x"), ("w", "y"))
CREATE = """
UNWIND $pairs AS pair
MERGE (u:User {id: pair[0]})
MERGE (i:Item {id: pair[1]})
CREATE (u)-[:VIEWED {count: 1}]->(i)
"""


@pytest.fixture
def met(graph):
    graph.query(CREATE, write=True, pairs=[list(pair) for pair in PAIRS])
    return graph


def distance(one: np.ndarray, other: np.ndarray) -> float:
    """1 - cosine."""
    return float(1 - one @ other / np.linalg.norm(one) / np.linalg.norm(other))


def vectors(frame) -> dict[str, np.ndarray]:
    return {item: np.array(vector) for item, vector in zip(frame["item_id"], frame["embedding"], strict=True)}


def test_without_nothing_they_are_those_that_are_written(met):
    assert write_embeddings(met, OPTIONS) == (5, 5)
    written = vectors(met.query("MATCH (i:Item) RETURN i.id AS item_id, i.embedding AS embedding"))
    found = vectors(embeddings_without(met, {}, OPTIONS))
    assert found.keys() == written.keys()
    for item, vector in written.items():
        assert found[item] == pytest.approx(vector, abs=1e-6)


def test_what_is_left_out_ties_nothing_and_the_rest_stays_as_it_was(met):
    whole = vectors(embeddings_without(met, {}, OPTIONS))
    rest = vectors(embeddings_without(met, {"v": ["c"]}, OPTIONS))
    assert not rest["c"].any()
    assert whole["c"].any()
    for item in ("x", "y"):  # of another user, whom nothing ties to v
        assert rest[item] == pytest.approx(whole[item], abs=1e-6)
    assert np.abs(rest["a"] - whole["a"]).max() > 1e-3  # c reached it over b


def test_after_a_live_load_what_moved_is_written_and_marked_and_what_is_lost_goes(met):
    options = replace(OPTIONS, kept_within=0.1)
    write_embeddings(met, options)
    met.query("MATCH (i:Item) REMOVE i:NeighboursStale", write=True)
    before = vectors(met.query(EMBEDDED))
    met.query(CREATE, write=True, pairs=[["w", "a"], ["s", "b"], ["s", "d"]])
    met.query("MATCH (:User {id: 'v'})-[met:VIEWED]->(:Item {id: 'c'}) DELETE met", write=True)
    exact = vectors(embeddings_without(met, {}, options))
    moved = {item for item, vector in exact.items() if item not in before or distance(before[item], vector) > 0.1}
    assert write_embeddings(met, options, partly=True) == (len(exact), len(moved))
    after = vectors(met.query(EMBEDDED))
    assert after.keys() == exact.keys() == before.keys() - {"c"} | {"d"}
    for item, vector in after.items():
        assert vector == pytest.approx(exact[item] if item in moved else before[item], abs=1e-6)
        assert distance(vector, exact[item]) <= 0.1 + 1e-6
    marked = met.query("MATCH (i:NeighboursStale) RETURN i.id AS id")["id"]
    assert set(marked) == moved
    assert "a" in moved


def test_without_a_bound_whatever_moved_is_written(met):
    options = replace(OPTIONS, kept_within=0)
    write_embeddings(met, options)
    met.query(CREATE, write=True, pairs=[["w", "a"]])
    write_embeddings(met, options, partly=True)
    exact = vectors(embeddings_without(met, {}, options))
    for item, vector in vectors(met.query(EMBEDDED)).items():
        assert distance(vector, exact[item]) < 1e-6

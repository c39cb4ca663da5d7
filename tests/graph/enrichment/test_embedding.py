"""FastRP embeddings that are written, and those of a graph in which some things have not happened."""

import numpy as np
import pytest

from kartograph.graph.enrichment.embedding import FastRP, embeddings_without, write_embeddings

pytestmark = pytest.mark.server
OPTIONS = FastRP(dimension=8, least_items=1)
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


def vectors(frame) -> dict[str, np.ndarray]:
    return {item: np.array(vector) for item, vector in zip(frame["item_id"], frame["embedding"], strict=True)}


def test_without_nothing_they_are_those_that_are_written(met):
    assert write_embeddings(met, OPTIONS) == 5
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

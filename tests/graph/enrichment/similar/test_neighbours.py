"""Tests of neighbours by embedding."""

from unittest.mock import Mock

import numpy as np
import pytest
from tests.queries import small_shop

from kartograph import queries
from kartograph.graph.enrichment.similar.embedded import read_embedded
from kartograph.graph.enrichment.similar.neighbours import Neighbours, write_neighbours
from kartograph.tables.errors import NothingThere

pytestmark = pytest.mark.server


@pytest.fixture
def shop(graph):
    """The small shop in an empty database; six of its items have an embedding."""
    small_shop.fill(graph)
    yield graph
    graph.query(queries.load("enrich/drop_item_embedding_index"), write=True)


def near(graph) -> dict[tuple[str, str], float]:
    result = graph.query(
        "MATCH (a:Item)-[s:SIMILAR {measure: 'embedding'}]->(b:Item) RETURN a.id AS a, b.id AS b, s.score AS score"
    )
    return {(a, b): score for a, b, score in result.itertuples(index=False, name=None)}


def test_each_item_is_linked_to_the_nearest_with_the_cosine(shop):
    assert write_neighbours(shop, "run-1", Neighbours(top=1))[0] == 6
    result = near(shop)
    assert result["101", "102"] == pytest.approx(0.9 / (0.9**2 + 0.1**2) ** 0.5, abs=1e-3)
    assert result["104", "105"] == pytest.approx(0.9 / (0.9**2 + 0.1**2) ** 0.5, abs=1e-3)


def test_only_the_most_popular_get_neighbours_and_former_ones_go(shop):
    write_neighbours(shop, "run-1", Neighbours(top=2))
    assert write_neighbours(shop, "run-2", Neighbours(top=2, most_items=2))[0] == 4
    assert {a for a, _ in near(shop)} == {"101", "103"}  # six events each
    jaccard = "MATCH ()-[s:SIMILAR {measure: 'jaccard'}]->() RETURN count(s) AS n"
    assert shop.query(jaccard)["n"].tolist() == [4]


def test_items_without_embeddings_have_no_neighbours(graph):
    graph.query("CREATE (:Item {id: '1'})", write=True)
    with pytest.raises(NothingThere, match="no item has an embedding to compare: run the step embedding first"):
        write_neighbours(graph, "run-1")


def put(graph, vectors) -> None:
    """Give items embeddings, or none, as the step does after a live load."""
    rows = [{"id": item, "embedding": vector, "events": events} for item, vector, events in vectors]
    graph.query(
        "UNWIND $rows AS row MERGE (i:Item {id: row.id}) "
        "SET i.embedding = row.embedding, i.popularity = row.events "
        "FOREACH (_ IN CASE WHEN row.embedding IS NULL THEN [] ELSE [1] END | SET i:NeighboursStale)",
        write=True,
        rows=rows,
    )


def ranked(graph) -> tuple[list, list]:
    result = graph.query(
        "MATCH (a:Item)-[s:SIMILAR {measure: 'embedding'}]->(b:Item) RETURN a.id AS a, b.id AS b, s.score AS score "
        "ORDER BY a, b"
    )
    return result[["a", "b"]].to_numpy().tolist(), result["score"].tolist()


@pytest.mark.parametrize("seed", range(3))
def test_after_some_embeddings_moved_the_edges_are_those_of_all_looked_up(graph, monkeypatch, seed):
    rng = np.random.default_rng(seed)

    def told(numbers) -> list:
        return [(f"i{n:03}", rng.normal(size=6).tolist(), int(rng.integers(1, 9))) for n in numbers]

    options = Neighbours(top=3, most_items=(150, 1000, 1000)[seed])
    read_all = Mock(side_effect=read_embedded)
    monkeypatch.setattr("kartograph.graph.enrichment.similar.neighbours.read_embedded", read_all)
    put(graph, told(range(180)))
    first = write_neighbours(graph, "whole", options, partly=True)[1]
    assert first.startswith(f"looked up for {min(180, options.most_items)} items")
    graph.query("CREATE (:Run {id: 'partly', former: 'whole'})", write=True)
    removed = [("i017", None, 3), *told([180, 181])]  # by a statement of one's own, which marks nothing
    for moved in (told(range(5)), removed, told(rng.integers(0, 180, 3).tolist())):
        put(graph, moved)
        read_all.reset_mock()
        _, note, whole = write_neighbours(graph, "partly", options, partly=True)
        assert not whole
        assert read_all.called == (moved is removed), "the others' embeddings are those that the run before kept"
        assert int(note.split()[3]) < 100, note
        links, scores = ranked(graph)
        graph.query("MATCH ()-[s:SIMILAR {measure: 'embedding'}]->() DELETE s", write=True)
        write_neighbours(graph, "whole", options)
        assert ranked(graph) == (links, pytest.approx(scores))
    assert graph.query("MATCH (i:NeighboursStale) RETURN count(i) AS n")["n"][0] == 0
    graph.query(queries.load("enrich/drop_item_embedding_index"), write=True)


def test_many_embeddings_that_moved_have_all_looked_up(graph):
    put(graph, [(f"i{n}", [1.0, float(n)], 1) for n in range(10)])
    write_neighbours(graph, "first", Neighbours(top=2))
    put(graph, [(f"i{n}", [float(n), 1.0], 1) for n in range(3)])
    _, note, whole = write_neighbours(graph, "again", Neighbours(top=2), partly=True)
    assert whole
    assert note.startswith("looked up for 10 items")

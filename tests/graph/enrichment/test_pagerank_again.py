"""Tests of PageRank from former ranks on: it comes to what a whole run gives."""

import numpy as np
import pytest
from tests.queries import small_shop

from kartograph.graph.enrichment.pagerank import PageRankOptions, write_pagerank
from kartograph.graph.enrichment.pagerank_again import KEPT_WITHIN, fixed_point, rank_categories_again, rank_items_again
from kartograph.tables.errors import NothingThere

OPTIONS = PageRankOptions(tolerance=1e-9)


def ranks(graph, label: str) -> dict[str, float]:
    result = graph.query(f"MATCH (n:{label}) WHERE n.pagerank IS NOT NULL RETURN n.id AS id, n.pagerank AS rank")
    return dict(zip(result["id"], result["rank"], strict=True))


def test_it_begins_at_the_former_ranks_and_at_one_where_there_are_none():
    begun = []

    def passed_on(ranks: np.ndarray) -> np.ndarray:
        begun.append(ranks.tolist())
        return ranks[::-1]

    # Two nodes that give each other all: x = 0.15 + 0.85 y, so both have 1.
    result = fixed_point(passed_on, np.array([np.nan, 3.0]), OPTIONS, OPTIONS.tolerance)
    assert begun[0] == [1, 3]
    assert result == pytest.approx([1, 1])


@pytest.mark.slow
@pytest.mark.server
@pytest.mark.parametrize("seed", range(3))
def test_items_and_categories_rank_as_in_a_whole_run(graph, seed):
    rng = np.random.default_rng(seed)

    def change(edges: int) -> None:
        rows = [
            [f"i{a}", f"i{b}", float(weight)]
            for a, b, weight in zip(
                rng.integers(0, 30, edges), rng.integers(30, 60, edges), rng.random(edges), strict=True
            )
        ]
        graph.query(
            "UNWIND $rows AS row MERGE (a:Item {id: row[0]}) MERGE (b:Item {id: row[1]}) "
            "SET a.popularity = 1, b.popularity = 1 MERGE (a)-[w:CO_OCCURS]->(b) SET w.weight = row[2]",
            write=True,
            rows=rows,
        )
        graph.query(
            "UNWIND $rows AS row MERGE (u:User {id: row[0]}) MERGE (c:Category {id: row[1]}) "
            "MERGE (u)-[p:PREFERS]->(c) SET p.frequency = row[2], p.score = 0.5, p.run = 'p'",
            write=True,
            rows=rows,
        )

    graph.query("CREATE (:Item {id: 'alone', popularity: 1}), (:Item {id: 'unsold', popularity: 0})", write=True)
    graph.query("CREATE (:Category {id: 'empty'})", write=True)
    change(60)
    write_pagerank(graph, "item", OPTIONS)
    write_pagerank(graph, "category", OPTIONS)
    change(3)
    graph.query("MATCH (:Item {id: $id})-[w:CO_OCCURS]-() DELETE w", write=True, id=f"i{seed}")
    rank_items_again(graph, OPTIONS)
    rank_categories_again(graph, OPTIONS)
    result = ranks(graph, "Item"), ranks(graph, "Category")
    write_pagerank(graph, "item", OPTIONS)
    write_pagerank(graph, "category", OPTIONS)
    for again, label in zip(result, ("Item", "Category"), strict=True):
        assert again == pytest.approx(ranks(graph, label), rel=2 * KEPT_WITHIN)
    assert "unsold" not in result[0]
    assert (rank_items_again(graph, OPTIONS), rank_categories_again(graph, OPTIONS)) == (0, 0)


@pytest.mark.server
def test_where_nobody_prefers_a_category_there_is_nothing_to_rank(graph):
    small_shop.fill(graph)
    graph.query("MATCH ()-[p:PREFERS]->() DELETE p", write=True)
    with pytest.raises(NothingThere, match="no user prefers a category"):
        rank_categories_again(graph)

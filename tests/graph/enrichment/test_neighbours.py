"""Tests of neighbours by embedding."""

import pytest
from tests.queries import small_shop

from kartograph import queries
from kartograph.graph.enrichment.neighbours import Neighbours, write_neighbours
from kartograph.tables.errors import NothingThere

pytestmark = pytest.mark.server


@pytest.fixture
def shop(graph):
    """The small shop in an empty database; six of its items have an embedding."""
    small_shop.fill(graph)
    yield graph
    graph.query(queries.load("enrich/drop_item_embedding_index"), write=True)


def near(graph) -> dict[tuple[str, str], float]:
    found = graph.query(
        "MATCH (a:Item)-[s:SIMILAR {measure: 'embedding'}]->(b:Item) RETURN a.id AS a, b.id AS b, s.score AS score"
    )
    return {(a, b): score for a, b, score in found.itertuples(index=False, name=None)}


def test_each_item_is_linked_to_the_nearest_with_the_cosine(shop):
    assert write_neighbours(shop, "run-1", Neighbours(top=1)) == 6
    found = near(shop)
    assert found["101", "102"] == pytest.approx(0.9 / (0.9**2 + 0.1**2) ** 0.5, abs=1e-3)
    assert found["104", "105"] == pytest.approx(0.9 / (0.9**2 + 0.1**2) ** 0.5, abs=1e-3)


def test_only_the_most_popular_get_neighbours_and_former_ones_go(shop):
    write_neighbours(shop, "run-1", Neighbours(top=2))
    assert write_neighbours(shop, "run-2", Neighbours(top=2, most_items=2)) == 4
    assert {a for a, _ in near(shop)} == {"101", "103"}  # six events each
    jaccard = "MATCH ()-[s:SIMILAR {measure: 'jaccard'}]->() RETURN count(s) AS n"
    assert shop.query(jaccard)["n"].tolist() == [4]


def test_items_without_embeddings_have_no_neighbours(graph):
    graph.query("CREATE (:Item {id: '1'})", write=True)
    with pytest.raises(NothingThere, match="no item has an embedding to compare: run the step embedding first"):
        write_neighbours(graph, "run-1")

import numpy as np
import pytest
from scipy.sparse import csr_array

from kartograph.graph.walks.alias import WalkGraph
from kartograph.graph.walks.monte_carlo import WalkOptions, pagerank
from kartograph.graph.walks.stored import StoredWalks
from kartograph.tables.errors import BadInput


def ring(nodes: int, *more: tuple[int, int, float]) -> csr_array:
    """A ring of undirected edges, with further ones."""
    edges = [(node, (node + 1) % nodes, 1.0) for node in range(nodes)] + list(more)
    rows, columns, weights = zip(*edges, strict=True)
    size = max(*rows, *columns) + 1
    matrix = csr_array((weights, (rows, columns)), shape=(size, size))
    return csr_array(matrix + matrix.T)


@pytest.mark.slow
def test_stored_walks_are_those_of_pagerank():
    graph = WalkGraph.of(ring(50))

    assert np.array_equal(StoredWalks.of(graph, 5).scores, pagerank(graph, 5).scores)


@pytest.mark.parametrize("dangling", ["jump", "stop"])
def test_after_a_change_the_scores_are_those_of_a_fresh_computation_and_far_walks_stay(dangling):
    options = WalkOptions(dangling=dangling, seed=4)
    before = StoredWalks.of(WalkGraph.of(ring(500)), 5, options)
    changed = WalkGraph.of(ring(500, (10, 250, 2.0)))
    after = before.after(changed, np.array([10, 250]))

    assert np.array_equal(after.scores, pagerank(changed, 5, options).scores)
    assert 0 < after.renewed < 0.1 * 5 * 500


@pytest.mark.parametrize("dangling", ["jump", "stop"])
def test_new_nodes_walk_and_walks_that_could_have_jumped_to_them_are_renewed(dangling):
    options = WalkOptions(dangling=dangling)
    lonely = ring(40, (3, 4, 0.0), (41, 41, 0.0))
    before = StoredWalks.of(WalkGraph.of(lonely), 20, options)
    grown = WalkGraph.of(ring(40, (3, 43, 1.0)))
    after = before.after(grown, np.array([3]))

    assert before.nodes == 42
    assert np.array_equal(after.scores, pagerank(grown, 20, options).scores)


def test_taking_an_edge_away_is_a_change_like_another():
    before = StoredWalks.of(WalkGraph.of(ring(30, (2, 9, 4.0))), 10)
    graph = WalkGraph.of(ring(30))

    assert np.array_equal(before.after(graph, np.array([2, 9])).scores, pagerank(graph, 10).scores)


def test_nodes_cannot_go():
    with pytest.raises(BadInput, match="the graph has 20 nodes, 30 before: nodes can only be added"):
        StoredWalks.of(WalkGraph.of(ring(30)), 2).after(WalkGraph.of(ring(20)), np.array([0]))

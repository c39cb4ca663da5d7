import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import block_diag, csr_array

from kartograph.graph.walks.alias import WalkGraph
from kartograph.graph.walks.monte_carlo import WalkOptions, pagerank, personalised_pagerank
from kartograph.tables.errors import BadInput

TRIANGLE_AND_TAIL = csr_array(np.array([[0, 3, 1, 0], [3, 0, 2, 0], [1, 2, 0, 5], [0, 0, 5, 0]], dtype=float))
LEAKING = csr_array(np.array([[0, 1, 4], [0, 0, 1], [0, 0, 0]], dtype=float))


def by_equation(weights: np.ndarray, start: np.ndarray | None = None, damping=0.85, max_steps=None, stop=False):
    """PageRank from a linear equation, or from its first `max_steps` terms: no walk, no power iteration."""
    nodes = len(weights)
    first = np.full(nodes, 1 / nodes) if start is None else start / start.sum()
    out = weights.sum(axis=1, keepdims=True)
    step = np.where(out > 0, weights / np.where(out > 0, out, 1), 0 if stop else 1 / nodes)
    if max_steps is None:
        visits = np.linalg.solve((np.eye(nodes) - damping * step).T, first)
    else:
        visits = first @ np.sum([np.linalg.matrix_power(damping * step, n) for n in range(max_steps + 1)], axis=0)
    return visits / visits.sum()


def walked(weights: csr_array, copies: int, walks: int, options: WalkOptions) -> np.ndarray:
    """Scores after `walks` walks from every node of each of `copies` graphs that lie side by side, summed over them.

    Only a jump leaves its copy, and it goes to any node alike: these are `copies · walks` walks from every node of one
    graph, in `walks` rounds.
    """
    side_by_side = WalkGraph.of(csr_array(block_diag([weights] * copies)))
    return pagerank(side_by_side, walks, options).scores.reshape(copies, -1).sum(axis=0)


@pytest.mark.parametrize("weights", [TRIANGLE_AND_TAIL, LEAKING])
@pytest.mark.parametrize("dangling", ["jump", "stop"])
def test_scores_are_those_of_the_equation(weights, dangling):
    scores = walked(weights, 1000, 100, WalkOptions(dangling=dangling, threads=1))

    assert scores == pytest.approx(by_equation(weights.toarray(), stop=dangling == "stop"), abs=0.003)


def test_short_walks_are_corrected_for_their_length():
    scores = walked(TRIANGLE_AND_TAIL, 1000, 100, WalkOptions(max_steps=2, threads=1))

    assert scores == pytest.approx(by_equation(TRIANGLE_AND_TAIL.toarray(), max_steps=2), abs=0.003)


def test_walks_start_where_the_distribution_says():
    start = np.array([0.0, 1.0, 0.0, 3.0])
    result = personalised_pagerank(WalkGraph.of(TRIANGLE_AND_TAIL), start, 400_000)

    assert result.scores == pytest.approx(by_equation(TRIANGLE_AND_TAIL.toarray(), start), abs=0.003)


def test_the_error_falls_with_the_root_of_the_number_of_walks():
    truth = by_equation(TRIANGLE_AND_TAIL.toarray())
    few, many = (
        np.mean(
            [np.abs(walked(TRIANGLE_AND_TAIL, copies, 20, WalkOptions(seed=seed)) - truth).sum() for seed in range(60)]
        )
        for copies in (5, 320)
    )

    assert few / many == pytest.approx(np.sqrt(320 / 5), rel=0.35)


def test_threads_do_not_change_the_visits():
    rng = np.random.default_rng(3)
    weights = csr_array((rng.random(400_000), (rng.integers(0, 150_000, 400_000), rng.integers(0, 150_000, 400_000))))
    graph = WalkGraph.of(weights)

    one, three = (pagerank(graph, 1, WalkOptions(threads=threads, seed=7)) for threads in (1, 3))
    other = pagerank(graph, 1, WalkOptions(seed=8))

    assert np.array_equal(one.scores, three.scores)
    assert not np.array_equal(one.scores, other.scores)


@st.composite
def graphs(draw):
    nodes = draw(st.integers(1, 8))
    cells = draw(st.lists(st.sampled_from([0.0, 0.0, 0.5, 1.0, 30.0]), min_size=nodes**2, max_size=nodes**2))
    return csr_array(np.array(cells).reshape(nodes, nodes))


@settings(max_examples=40, deadline=None)
@given(graphs(), st.sampled_from(["jump", "stop"]), st.integers(0, 2**64 - 1))
def test_scores_sum_to_one_and_only_reachable_nodes_have_any(weights, dangling, seed):
    nodes = weights.shape[0]
    options = WalkOptions(dangling=dangling, seed=seed)
    assert pagerank(WalkGraph.of(weights), 20, options).scores.sum() == pytest.approx(1)

    start = np.zeros(nodes)
    start[0] = 1
    result = personalised_pagerank(WalkGraph.of(weights), start, 200, options).scores
    assert result.sum() == pytest.approx(1)
    reached = by_equation(weights.toarray(), start, stop=dangling == "stop") > 1e-12
    assert not (result[~reached] > 0).any()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=12))
def test_alias_tables_hold_each_edge_with_its_weight(weights):
    edges = np.zeros((len(weights), len(weights)))
    edges[0] = weights
    graph = WalkGraph.of(csr_array(edges))
    if len(weights) == 1:
        assert graph.rows.tolist() == [[0, 1]]
        return
    share = np.zeros(len(weights))
    for bits, target, other in graph.edges.tolist():
        kept = (bits % 2**32) / 2**32
        share[target] += kept
        share[other] += 1 - kept
    assert share / len(weights) == pytest.approx(np.array(weights) / sum(weights), abs=1e-8)


def test_errors_say_what_is_allowed():
    with pytest.raises(BadInput, match=r"probability 1\.0: it has to lie above 0 and below 1"):
        WalkOptions(damping=1.0)
    with pytest.raises(BadInput, match=r"shape \(2, 3\): walks need a row and a column for every node"):
        WalkGraph.of(csr_array(np.ones((2, 3))))
    with pytest.raises(BadInput, match="weights are finite and 0 or more"):
        WalkGraph.of(csr_array(np.array([[-1.0]])))
    with pytest.raises(BadInput, match="0 walks were asked for: at least 1"):
        pagerank(WalkGraph.of(TRIANGLE_AND_TAIL), 0)
    with pytest.raises(BadInput, match="one of them above 0"):
        personalised_pagerank(WalkGraph.of(TRIANGLE_AND_TAIL), np.zeros(4))

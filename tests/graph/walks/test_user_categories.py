import numpy as np
import pytest
from scipy.sparse import csr_array

from kartograph.graph.walks.monte_carlo import WalkOptions
from kartograph.graph.walks.user_categories import UserCategoryGraph
from kartograph.tables.errors import BadInput

BOUGHT = csr_array(np.array([[2.0, 1.0, 0.0], [0.0, 3.0, 0.0], [0.0, 1.0, 1.0], [0.0, 0.0, 0.0]]))
"""Four users, three categories; the last user has bought nothing."""


def exactly(start: int) -> np.ndarray:
    """The shares of the categories among the visits of walks from a node, from a linear equation."""
    weights = np.zeros((7, 7))
    weights[:4, 4:], weights[4:, :4] = BOUGHT.toarray(), BOUGHT.toarray().T
    out = weights.sum(axis=1, keepdims=True)
    step = np.where(out > 0, weights / np.where(out > 0, out, 1), 1 / 7)
    visits = np.linalg.solve((np.eye(7) - 0.85 * step).T, np.eye(7)[start])[4:]
    return visits / visits.sum()


def test_walks_from_users_and_from_categories_visit_as_the_equation_says():
    graph = UserCategoryGraph.of(BOUGHT)

    users = graph.of_users(np.array([2, 0, 3]), walks=200_000).toarray()
    categories = graph.of_categories(walks=200_000).toarray()

    assert users == pytest.approx(np.array([exactly(2), exactly(0), exactly(3)]), abs=0.004)
    assert categories == pytest.approx(np.array([exactly(4), exactly(5), exactly(6)]), abs=0.004)


@pytest.mark.slow
def test_global_shares_are_the_mean_over_all_starts():
    weights = np.zeros((7, 7))
    weights[:4, 4:], weights[4:, :4] = BOUGHT.toarray(), BOUGHT.toarray().T
    out = weights.sum(axis=1, keepdims=True)
    step = np.where(out > 0, weights / np.where(out > 0, out, 1), 1 / 7)
    visits = np.linalg.solve((np.eye(7) - 0.85 * step).T, np.full(7, 1 / 7))[4:]

    assert UserCategoryGraph.of(BOUGHT).global_shares(50_000) == pytest.approx(visits / visits.sum(), abs=0.004)


def test_a_user_has_the_same_answer_alone_as_among_others_and_in_any_number_of_threads():
    rng = np.random.default_rng(0)
    graph = UserCategoryGraph.of(csr_array(rng.random((60, 30)) * (rng.random((60, 30)) < 0.1)))
    everyone = graph.of_users(np.arange(60), walks=40, kept=5, options=WalkOptions(threads=3)).toarray()

    assert np.array_equal(graph.of_users(np.array([17]), walks=40, kept=5).toarray(), everyone[[17]])
    assert ((everyone > 0).sum(axis=1) <= 5).all()
    all_shares = graph.of_users(np.arange(60), walks=40, kept=30).toarray()
    assert np.allclose(all_shares.sum(axis=1), 1)
    assert (np.sort(everyone, axis=1)[:, -5:] == np.sort(all_shares, axis=1)[:, -5:]).all()


def test_walks_that_end_without_edges_leave_the_row_empty():
    result = UserCategoryGraph.of(BOUGHT).of_users(np.array([3]), options=WalkOptions(dangling="stop"))

    assert result.nnz == 0


def test_users_whose_preferences_stay_move_by_no_more_than_the_bound_of_the_docs_when_others_change():
    """L1 of at most 2 s a² / (1 - a²), s the largest share of a category's frequency that changed users had or have."""
    rng = np.random.default_rng(0)
    reached = []
    for density in np.linspace(0, 1, 30):  # from users of one category each, whom changes move the most
        users, categories, changed = rng.integers([10, 2, 1], [40, 8, 4]).tolist()
        own = np.eye(categories)[np.arange(users) % categories]
        former = rng.integers(0, 5, own.shape) * (rng.random(own.shape) < density) + own
        now = former.copy()
        now[:changed] = rng.integers(0, 5, (changed, categories)) + own[:changed]
        s = max((of[:changed].sum(axis=0) / of.sum(axis=0)).max() for of in (former, now))
        stayed = np.flatnonzero((former == now).all(axis=1) & (former.sum(axis=1) > 0))

        before, after = (
            UserCategoryGraph.of(csr_array(of)).of_users(stayed, walks=4_000).toarray() for of in (former, now)
        )
        reached.append(np.abs(before - after).sum(axis=1).max() / (2 * s * 0.85**2 / (1 - 0.85**2)))
    assert 0.2 < max(reached) <= 1


def test_an_unknown_row_is_refused():
    with pytest.raises(BadInput, match="users are the rows 0 to 3, not 4 to 4"):
        UserCategoryGraph.of(BOUGHT).of_users(np.array([4]))


@pytest.mark.slow
def test_exact_shares_solve_the_equation_and_walks_come_near_them():
    """Three users, two categories: u1 bought x twice and y once, u2 y three times, u3 x once.

    x = 0.15 + 0.85 (2/3 u1 + u3), y = 0.15 + 0.85 (1/3 u1 + u2),
    u1 = 0.15 + 0.85 (2/3 x + 1/4 y), u2 = 0.15 + 0.85 · 3/4 y, u3 = 0.15 + 0.85 · 1/3 x
    """
    graph = UserCategoryGraph.of(csr_array(np.array([[2.0, 1.0], [0.0, 3.0], [1.0, 0.0]])))
    step = np.array(
        [[0, 0, 0, 2 / 3, 1 / 3], [0, 0, 0, 0, 1], [0, 0, 0, 1, 0], [2 / 3, 0, 1 / 3, 0, 0], [1 / 4, 3 / 4, 0, 0, 0]]
    )
    truth = np.linalg.solve(np.eye(5) - 0.85 * step.T, np.full(5, 0.15))[3:]

    assert graph.exact_shares() == pytest.approx(truth / truth.sum(), abs=1e-10)
    assert graph.global_shares(20_000) == pytest.approx(truth / truth.sum(), abs=0.004)


def test_a_category_nobody_bought_from_has_the_least_share():
    weights = csr_array(np.array([[1.0, 0.0]]))
    # x = u = 1 on the library's scale, the other category has 1 - 0.85.
    assert UserCategoryGraph.of(weights).exact_shares() == pytest.approx([1 / 1.15, 0.15 / 1.15])

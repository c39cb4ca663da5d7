"""MCPRHRec on five nodes that can be worked out by hand: three users, two categories of one item each.

u1 bought a (in x) twice and b (in y) once, u2 bought b three times, u3 bought a once.
"""

from math import sqrt

import numpy as np
import pytest
from tests.models.mcprhrec.test_model import table
from tests.models.patterns.test_rules import acting

from kartograph.models.item_categories import with_categories
from kartograph.models.mcprhrec.model import MCPRHRec, MCPRHRecOptions
from kartograph.models.mcprhrec.user_items import UserItemOptions

OPTIONS = MCPRHRecOptions(
    own_weight=0.3, collaborative_weight=0.4, category_weight=0.3, user_items=UserItemOptions(rules=())
)


@pytest.fixture(scope="module")
def data():
    return with_categories(acting(u1="AAB", u2="BBB", u3="A"), table(a="x", b="y"))


@pytest.fixture(scope="module")
def ranks() -> tuple[float, float]:
    """The global PageRank of x and y: PR = 0.15 + 0.85 · PR · step, divided by their sum."""
    step = np.zeros((5, 5))
    for user, category, frequency in ((0, 3, 2), (0, 4, 1), (1, 4, 3), (2, 3, 1)):
        step[user, category] = step[category, user] = frequency
    step /= step.sum(axis=1, keepdims=True)
    of_all = np.linalg.solve(np.eye(5) - 0.85 * step.T, np.full(5, 0.15))
    return tuple((of_all[3:] / of_all[3:].sum()).tolist())


def test_pagerank_and_preferences_are_those_of_the_equation(data, ranks):
    model = MCPRHRec(OPTIONS).fit(data)
    result = model.scored(data.histories).profiles
    x, y = data.categories.ids.rows(["x", "y"])
    u1, u2, u3 = data.owners.rows(["u1", "u2", "u3"])

    assert model.profiler.everywhere[[x, y]] == pytest.approx(ranks, abs=1e-10)
    assert result.categories is not None and result.visited is not None
    # The categories are in no session together but u1's, and one session is too few: nothing spreads.
    assert result.categories.toarray()[np.ix_([u1, u2, u3], [x, y])] == pytest.approx(
        np.array([[2 / 3, 1 / 3], [0, 1], [1, 0]])
    )
    of_u1 = np.array([2 * ranks[0], ranks[1]])
    assert result.visited.toarray()[u1, [x, y]] == pytest.approx(of_u1 / of_u1.sum())


def test_scores_are_the_sum_of_their_parts(data, ranks):
    model = MCPRHRec(OPTIONS).fit(data)
    u1, u3 = data.owners.rows(["u1", "u3"])
    a, b = data.items.rows(["a", "b"])
    scores = model.scores(data.histories, np.arange(3)).toarray()

    x, y = ranks
    # Q: u1 has a 1, b 1/2 (relative to the item bought most), u2 b 1, u3 a 1. Shares of a profile: 1/2, 1/4, 1/4.
    visited = sqrt((2 * x) ** 2 + y**2)
    of_u3 = 1 / 2 * 1 / sqrt(1 + 1 / 4) + 1 / 4 * (2 / sqrt(5)) + 1 / 4 * (2 * x / visited)
    of_u2 = 1 / 2 * (1 / 2) / sqrt(1 + 1 / 4) + 1 / 4 * (1 / sqrt(5)) + 1 / 4 * (y / visited)
    # Toward x and y: U and P in equal parts.
    affinity_x, affinity_y = 2 / 3 + 2 * x / (2 * x + y), 1 / 3 + y / (2 * x + y)
    assert scores[u1, a] == pytest.approx(0.3 + 0.4 + 0.3, abs=1e-6)
    assert scores[u1, b] == pytest.approx(0.3 * 1 / 2 + 0.4 * of_u2 / of_u3 + 0.3 * affinity_y / affinity_x, abs=1e-6)
    # u3's only neighbour is u1, who wants b half as much as a; u3 prefers x alone.
    assert scores[u3, b] == pytest.approx(0.4 * 1 / 2, abs=1e-6)
    assert scores[u3, a] == pytest.approx(1, abs=1e-6)

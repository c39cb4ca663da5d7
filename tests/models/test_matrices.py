from math import sqrt

import numpy as np
import pytest
from tests.models.sessions import answers, asking, score_of, training

from kartograph.models.factorization.als import ALS, ALSOptions
from kartograph.models.factorization.bpr import BPR, BPROptions
from kartograph.models.neighbours.item_knn import ItemKNN, ItemKNNOptions
from kartograph.models.walks.random_walk import RandomWalk, RandomWalkOptions

ALONE = np.array([-1])
TWO_TASTES = ["abc", "abd", "acd", "bcd", "wxy", "wxz", "wyz", "xyz"] * 5


def test_item_knn_by_cosine_adds_the_similarities_with_decay():
    data = training("ab", "a", "cb")
    options = ItemKNNOptions(weighting="cosine", decay=0.5)
    scores = ItemKNN(options).fit(data).scores(asking(data, "ac"), ALONE)

    assert score_of(data, scores, 0, "b") == pytest.approx(0.5 * 1 / sqrt(2 * 2) + 1 / sqrt(2 * 1))
    assert score_of(data, scores, 0, "a") == pytest.approx(0.5)


def test_item_knn_by_tfidf_is_what_implicit_computes():
    from implicit.nearest_neighbours import tfidf_weight
    from scipy.sparse import coo_matrix

    data = training("aab", "bc", "ac", "abc", "d")
    scores = ItemKNN().fit(data).scores(asking(data, "a"), ALONE)

    columns = tfidf_weight(coo_matrix(data.histories.matrix(4).T)).toarray().T
    cosine = columns[:, 0] @ columns[:, 1] / np.linalg.norm(columns[:, 0]) / np.linalg.norm(columns[:, 1])
    assert score_of(data, scores, 0, "b") == pytest.approx(cosine, rel=1e-5)


def test_a_walk_of_one_step_goes_through_the_sessions_of_an_item():
    data = training("ab", "acd")
    options = RandomWalkOptions(restart=0.4, steps=1, decay=1.0)
    scores = RandomWalk(options).fit(data).scores(asking(data, "a"), ALONE)

    assert score_of(data, scores, 0, "a") == pytest.approx(0.4 * (1 + 0.6 * (1 / 2 * 1 / 2 + 1 / 2 * 1 / 3)))
    assert score_of(data, scores, 0, "c") == pytest.approx(0.4 * 0.6 * 1 / 2 * 1 / 3)


def test_a_long_walk_is_the_personalised_pagerank_that_an_equation_gives():
    sessions = ["abc", "cd", "bde", "ea"]
    data = training(*sessions)
    scores = RandomWalk(RandomWalkOptions(restart=0.3, steps=60, decay=0.5)).fit(data).scores(asking(data, "ad"), ALONE)

    has = np.array([[item in session for session in sessions] for item in "abcde"], dtype=float)
    step = (has / has.sum(axis=1, keepdims=True)) @ (has.T / has.T.sum(axis=1, keepdims=True))
    start = np.array([0.5, 0, 0, 1, 0])
    expected = 0.3 * start @ np.linalg.inv(np.eye(5) - 0.7 * step)
    assert [score_of(data, scores, 0, item) for item in "abcde"] == pytest.approx(expected.tolist(), rel=1e-4)


@pytest.mark.parametrize(
    "model", [ALS(ALSOptions(factors=4)), BPR(BPROptions(factors=4, epochs=200)), ItemKNN(), RandomWalk()]
)
def test_two_tastes_are_told_apart(model):
    data = training(*TWO_TASTES)
    queries = asking(data, "ab", "yz", "")

    top = model.fit(data).rank(queries, 4)

    assert [set(answer) for answer in answers(data, top)] == [set("abcd"), set("wxyz"), set()]


@pytest.mark.parametrize("kind", [lambda: ALS(ALSOptions(factors=4)), lambda: BPR(BPROptions(factors=4))])
def test_one_seed_gives_one_result(kind):
    data = training(*TWO_TASTES)
    queries = asking(data, "ab")

    first, second = kind().fit(data).scores(queries, ALONE), kind().fit(data).scores(queries, ALONE)

    assert first.tolist() == second.tolist()

import numpy as np
import pytest
from tests.models.sessions import training

from kartograph.models.neural.graph_vectors import graph_vectors


def test_one_step_is_the_mean_over_the_histories_of_an_item_of_their_means():
    data = training("ab", "bc")

    vectors = graph_vectors(data.histories, 3, 4, 1, np.random.default_rng(1))

    a, b, c = np.random.default_rng(1).standard_normal((3, 4), dtype=np.float32)
    a, b, c = (vector / np.linalg.norm(vector) for vector in (a, b, c))
    expected = np.stack([(a + b) / 2, ((a + b) / 2 + (b + c) / 2) / 2, (b + c) / 2])
    np.testing.assert_allclose(vectors, expected / np.linalg.norm(expected, axis=1)[:, None], rtol=1e-5)


def test_items_of_the_same_histories_have_one_vector_and_an_item_without_events_a_random_one():
    data = training("ab", "ba", "cd")

    vectors = graph_vectors(data.histories, 5, 8, 3, np.random.default_rng(0))

    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(5), rel=1e-5)
    assert vectors[0] @ vectors[1] == pytest.approx(1, rel=1e-5)
    assert abs(vectors[0] @ vectors[4]) < 0.99

import numpy as np
from tests.models.sessions import training

from kartograph.models.blend.known_pairs import LONGEST, known_pairs


def test_pairs_are_counted_once_for_each_owner_in_both_directions():
    data = training("aba", "ab", "c")
    a, b, c = data.items.rows(list("abc"))

    pairs = known_pairs(data.histories, 3)

    together = pairs.together.toarray()
    assert (together[a, b], together[b, a], together[a, a], together[a, c], together[c, c]) == (2, 2, 2, 0, 1)
    assert pairs.owners[[a, b, c]].tolist() == [2, 2, 1]


def test_of_a_long_history_the_last_events_count():
    data = training("a" + "b" * LONGEST)

    pairs = known_pairs(data.histories, 2)

    assert pairs.owners[data.items.rows(list("ab"))].tolist() == [0, 1]


def test_items_with_the_same_owners_have_like_vectors_and_every_vector_has_length_one():
    data = training("ab", "ab", "cd", "cd", "e")
    a, b, c, e = data.items.rows(list("abce"))

    vectors = known_pairs(data.histories, 5).vectors

    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[a] @ vectors[b] > 0.99
    assert abs(vectors[a] @ vectors[c]) < 0.5
    assert np.isfinite(vectors[e]).all()

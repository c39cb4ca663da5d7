"""Trying weights on a stack gives what comparing anew gives."""

import numpy as np
import pytest

from kartograph.ontology.compare.columns import Measure
from kartograph.ontology.compare.kinds import Matching
from kartograph.ontology.compare.stack import stack_of, success_of_weights
from kartograph.ontology.sessions import Sessions
from kartograph.ontology.similarity import Unknown, similarities, space_of
from kartograph.ontology.success import success_from

SESSIONS = Sessions(np.array([0, 2, 4, 7]), np.array([0, 1, 3, 4, 0, 5, 2]))


@pytest.mark.parametrize("measure", Measure)
@pytest.mark.parametrize("unknown", Unknown)
def test_a_stack_gives_the_same_similarities_and_the_same_success(films, measure, unknown):
    space = space_of(films, measure, matching=Matching.BEST, unknown=unknown)
    stack = stack_of(space, np.array([0, 3]))
    weights = np.random.default_rng(1).random((4, len(space.columns)))
    found = success_of_weights(stack, SESSIONS, weights, suggestions=2)
    for row, vector in enumerate(weights):
        named = dict(zip(space.names, vector.tolist(), strict=True))
        anew = similarities(space, stack.rows, named)
        np.testing.assert_allclose(stack.similarities(weights, np.array([0, 1]))[row], anew, atol=1e-5)
        one_by_one = success_from(
            SESSIONS, lambda seen, w=named: similarities(space, seen[:, 0], w), suggestions=2
        ).mean()
        assert found[row] == pytest.approx(one_by_one)

"""Tests of lists that are read off one order of items."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from kartograph.models.scoring.falling import Falling
from kartograph.models.scoring.top_k import top_k_of_dense

NO = -np.inf


def test_the_order_is_by_score_and_then_by_ties_and_leaves_out_what_has_none():
    falling = Falling.of(np.array([1.0, 3.0, NO, 1.0]), ties=np.array([2, 0, 1, 1]))
    assert falling.order.tolist() == [1, 3, 0]
    assert falling.first(2).tolist() == [1, 3]
    assert falling.first(2, np.array([True, False, True, True])).tolist() == [3, 0]


@given(st.data())
def test_lists_are_those_that_picking_from_all_scores_gives(data):
    items, queries = data.draw(st.one_of(st.integers(1, 600), st.integers(1000, 3000))), data.draw(st.integers(0, 4))
    random = np.random.default_rng(data.draw(st.integers(0, 99)))
    k = data.draw(st.integers(1, 8))
    scores = np.where(
        random.random(items) < 0.2, NO, random.integers(0, data.draw(st.sampled_from([4, 2000])), items)
    ).astype(np.float32)
    ties = random.permutation(items)
    masked = data.draw(st.sampled_from([None, csr_array(random.random((queries, items)) < 0.3)]))
    allowed = data.draw(st.sampled_from([None, random.random(items) < 0.4]))

    top = Falling.of(scores, ties).top(queries, k, masked, allowed)

    every = np.tile(scores if allowed is None else np.where(allowed, scores, NO), (queries, 1))
    columns, values = top_k_of_dense(every, k, masked, ties)
    assert top.items.tolist() == columns.tolist()
    assert top.scores.tolist() == values.tolist()

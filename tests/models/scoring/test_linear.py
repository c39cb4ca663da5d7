"""Sums of rows, one query at a time and many at once."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.models.sessions import asking, training

from kartograph.models import compiled
from kartograph.models.neighbours.item_knn import ItemKNN, ItemKNNOptions
from kartograph.models.neighbours.sknn import SKNN, SKNNOptions
from kartograph.models.scoring import scratch

OWNER = np.array([-1])
words = st.lists(st.text("abcdef", min_size=1, max_size=5), min_size=1, max_size=6)


@settings(deadline=None, max_examples=30)
@given(words, st.lists(st.text("abcdef", min_size=1, max_size=6), min_size=2, max_size=4))
def test_a_query_has_the_same_scores_alone_and_among_others(sessions, queries) -> None:
    import numba  # noqa: F401  # so that compiled code is loaded

    assert compiled.is_loaded()
    data = training(*sessions)
    model = ItemKNN(ItemKNNOptions(decay=0.5, weighting="cosine")).fit(data)
    known = [query for query in queries if set(query) <= set("".join(sessions))]
    if len(known) < 2:
        return
    together = model.scores(asking(data, *known), OWNER.repeat(len(known))).toarray()
    alone = np.zeros_like(together)
    for row, query in enumerate(known):
        items, scores = model.entries(asking(data, query), OWNER)
        alone[row, items] = scores
    assert alone == pytest.approx(together)


def test_answers_do_not_depend_on_those_before_and_leave_the_kept_arrays_as_they_were() -> None:
    data, other = training("abx", "bx", "cy"), training("pq")
    model, small = SKNN(SKNNOptions(sample=2)).fit(data), SKNN().fit(other)
    before = model.scores(asking(data, "ab"), OWNER).toarray()
    small.scores(asking(other, "p"), OWNER)
    ItemKNN(ItemKNNOptions(weighting="cosine")).fit(data).entries(asking(data, "cy"), OWNER)
    assert model.scores(asking(data, "ab"), OWNER).toarray() == pytest.approx(before)
    sums, touched, _ = scratch.of_items(1)
    alike, latest, _ = scratch.of_sessions(1)
    assert not sums.any() and not touched.any() and not alike.any()
    assert (latest == -1).all()

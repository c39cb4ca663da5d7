from math import exp, log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.models.sessions import amounts_of, answers, asking, assert_sums, score_of, training

from kartograph.models.neighbours.sknn import SKNN, SKNNOptions
from kartograph.models.neighbours.stan import STAN, STANOptions
from kartograph.models.neighbours.voting import last_occurrences
from kartograph.models.neighbours.vsknn import VSKNN, VSKNNOptions


def test_an_item_counts_by_its_last_occurrence():
    data = training("abca")

    result = last_occurrences(asking(data, "abca"))

    assert data.items.external[result.items].tolist() == ["b", "c", "a"]
    assert result.ages.tolist() == [2, 1, 0]


def test_sknn_adds_the_cosines_of_the_sessions_that_hold_an_item():
    data = training("abx", "bx", "cy")
    scores = SKNN().fit(data).scores(asking(data, "ab"), np.array([-1]))

    assert score_of(data, scores, 0, "x") == pytest.approx(2 / sqrt(2 * 3) + 1 / sqrt(2 * 2))
    assert score_of(data, scores, 0, "y") == 0


def test_only_the_nearest_of_the_most_recent_sessions_vote():
    data = training("abx", "ay", "az")

    nearest = SKNN(SKNNOptions(neighbours=1)).fit(data).rank(asking(data, "ab"), 5)
    recent = SKNN(SKNNOptions(sample=1)).fit(data).rank(asking(data, "ab"), 5)

    assert answers(data, nearest) == ["abx"]
    assert answers(data, recent) == ["az"]


def test_of_equally_near_sessions_the_more_recent_votes():
    data = training("ay", "az")

    assert answers(data, SKNN(SKNNOptions(neighbours=1)).fit(data).rank(asking(data, "a"), 5)) == ["az"]


def test_vsknn_weighs_the_query_by_position_and_rare_items_by_idf():
    data = training("ax", "bx", "c")
    scores = VSKNN(VSKNNOptions(idf=2.0)).fit(data).scores(asking(data, "ab"), np.array([-1]))

    from_a = 1 / 2 * (1 - 1 / 10)  # the older click: weight 1 of 2, age 1
    from_b = 2 / 2
    assert score_of(data, scores, 0, "x") == pytest.approx((from_a + from_b) * (1 + 2 * log(3 / 2)))


def test_stan_decays_in_the_query_over_time_and_around_the_common_item():
    data = training("axy", "bz")
    options = STANOptions(query_decay=2.0, time_decay=0.5, gap_decay=3.0)
    scores = STAN(options).fit(data).scores(asking(data, "ab"), np.array([-1]))

    to_first = exp(-1 / 2) / sqrt(2 * 3) * exp(-(1 / 2) / 0.5)  # one of two sessions came after it
    assert score_of(data, scores, 0, "x") == pytest.approx(to_first * exp(-1 / 3))
    assert score_of(data, scores, 0, "y") == pytest.approx(to_first * exp(-2 / 3))
    assert score_of(data, scores, 0, "z") == pytest.approx(1 / sqrt(2 * 2) * exp(-1 / 3))


@given(
    st.lists(st.text("abcdef", min_size=1, max_size=6), min_size=1, max_size=8),
    st.lists(st.text("abcdef", max_size=5), min_size=1, max_size=3),
)
def test_sknn_agrees_with_the_formula_written_out(sessions, prefixes):
    data = training(*sessions)
    queries = asking(data, *prefixes)
    scores = SKNN().fit(data).scores(queries, np.full(len(queries), -1))

    for query, prefix in enumerate(prefixes):
        asked = set(prefix) & set(data.items.external)
        for item in data.items.external:
            votes = [set(s) for s in sessions if item in s and asked & set(s)]
            expected = sum(len(asked & s) / sqrt(len(asked) * len(s)) for s in votes)
            assert score_of(data, scores, query, item) == pytest.approx(expected, rel=1e-5)


def test_an_item_of_the_history_adds_what_it_brings_to_the_votes_of_the_sessions_that_hold_it():
    data = training("abx", "bx", "cy")
    model = SKNN().fit(data)

    amounts = amounts_of(data, model, "ab", "x")
    assert amounts == {
        "a": pytest.approx(1 / sqrt(2 * 3)),
        "b": pytest.approx(1 / sqrt(2 * 3) + 1 / sqrt(2 * 2)),
    }
    assert amounts_of(data, model, "ab", "y") == {}


def test_a_session_votes_with_the_gap_from_its_item_touched_last_whichever_item_it_shares():
    data = training("axyb", "c")
    options = STANOptions(query_decay=2.0, time_decay=None, gap_decay=3.0)

    amounts = amounts_of(data, STAN(options).fit(data), "ab", "x")
    # b was touched last: x lies two clicks before it.
    assert amounts == {
        "a": pytest.approx(exp(-1 / 2) / sqrt(2 * 4) * exp(-2 / 3)),
        "b": pytest.approx(1 / sqrt(2 * 4) * exp(-2 / 3)),
    }


@pytest.mark.parametrize(
    "model",
    [
        SKNN(SKNNOptions(neighbours=2, sample=3)),
        STAN(STANOptions(neighbours=2, sample=3)),
        VSKNN(VSKNNOptions(neighbours=2, sample=3, idf=2.0)),
    ],
)
@given(
    st.lists(st.text("abcdef", min_size=1, max_size=6), min_size=1, max_size=8),
    st.lists(st.text("abcdef", max_size=5), min_size=1, max_size=3),
)
def test_the_parts_of_every_vote_add_up_to_the_score(model, sessions, prefixes):
    data = training(*sessions)
    assert_sums(data, model.fit(data), *prefixes)

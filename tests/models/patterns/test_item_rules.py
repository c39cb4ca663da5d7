import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.models.sessions import amounts_of, answers, asking, assert_sums, score_of, training

from kartograph.models.baselines.popularity import Popularity, PopularityOptions
from kartograph.models.baselines.repeats import Repeats
from kartograph.models.patterns.association_rules import AssociationRules
from kartograph.models.patterns.markov import Markov, MarkovOptions
from kartograph.models.patterns.sequential_rules import SequentialRules, SequentialRulesOptions
from kartograph.tables.errors import BadInput

ALONE = np.array([-1])


def test_association_rules_count_the_sessions_that_two_items_share():
    data = training("abb", "ba", "ac")
    scores = AssociationRules().fit(data).scores(asking(data, "ca"), ALONE)

    assert [score_of(data, scores, 0, item) for item in "abc"] == [0, 2, 1]


def test_sequential_rules_weigh_what_follows_by_one_over_the_gap():
    data = training("axb", "ab", "ba")
    scores = SequentialRules().fit(data).scores(asking(data, "a"), ALONE)

    assert score_of(data, scores, 0, "b") == pytest.approx(1 / 2 + 1)
    assert score_of(data, scores, 0, "x") == 1


def test_sequential_rules_reach_no_further_than_their_steps():
    data = training("axb")
    scores = SequentialRules(SequentialRulesOptions(steps=1)).fit(data).scores(asking(data, "a"), ALONE)

    assert score_of(data, scores, 0, "b") == 0


def test_a_first_order_chain_gives_the_share_of_each_follower():
    data = training("ab", "ab", "ac")
    scores = Markov().fit(data).scores(asking(data, "cba"), ALONE)

    assert score_of(data, scores, 0, "b") == pytest.approx(2 / 3)
    assert score_of(data, scores, 0, "c") == pytest.approx(1 / 3)


def test_a_second_order_chain_looks_at_the_last_two_items_and_backs_off_to_one():
    data = training("xab", "yac", "ac")
    model = Markov(MarkovOptions(order=2, backoff=0.1)).fit(data)
    scores = model.scores(asking(data, "xa", "a", "ba"), np.full(3, -1))

    assert score_of(data, scores, 0, "b") == pytest.approx(1 + 0.1 * 1 / 3)
    assert score_of(data, scores, 0, "c") == pytest.approx(0.1 * 2 / 3)
    assert score_of(data, scores, 1, "c") == pytest.approx(0.1 * 2 / 3)
    assert score_of(data, scores, 2, "b") == pytest.approx(0.1 * 1 / 3)


@given(st.lists(st.text("abcx", max_size=4), min_size=2, max_size=4))
def test_a_second_order_chain_scores_a_question_alone_as_beside_others(prefixes):
    data = training("xab", "yac", "ac", "bca")
    model = Markov(MarkovOptions(order=2)).fit(data)
    together = model.scores(asking(data, *prefixes), np.full(len(prefixes), -1)).toarray()

    alone = [model.scores(asking(data, prefix), ALONE).toarray()[0] for prefix in prefixes]

    assert np.stack(alone).tolist() == together.tolist()


def test_a_markov_chain_of_order_three_is_refused():
    with pytest.raises(BadInput, match=r"order is 3\. Allowed are 1 and 2"):
        Markov(MarkovOptions(order=3))


def test_repeats_learn_how_often_an_item_of_each_age_comes_back():
    # Before the last click of "aab": a is 0 clicks old and returns, then is 0 clicks old and does not.
    # In "cdc": c is 0 old (no), then 1 old (yes) while d is 0 old (no).
    data = training("aab", "cdc")
    model = Repeats().fit(data)

    assert model.probability[0] == pytest.approx(1 / 4)
    assert model.probability[1] == pytest.approx(1 / 1)
    assert answers(data, model.rank(asking(data, "bd"), 3)) == ["bd"]


def test_repeats_beyond_the_last_age_share_one_probability():
    from kartograph.models.baselines.repeats import RepeatsOptions

    data = training("abca", "abcd")
    model = Repeats(RepeatsOptions(ages=1)).fit(data)

    # Age 0: six clicks have one after them, none comes back at once. Beyond: a twice at 1, once at 2 (it comes back
    # in one of two sessions), b once at 1 in each.
    assert model.probability.tolist() == pytest.approx([0, 1 / 6])


def test_popularity_may_count_the_latest_events_only():
    data = training("aaa", "bb", "c")

    assert answers(data, Popularity().fit(data).rank(asking(data, ""), 3)) == ["abc"]
    recent = Popularity(PopularityOptions(share=0.5)).fit(data)
    assert answers(data, recent.rank(asking(data, ""), 3)) == ["bc"]


def test_a_share_of_nothing_is_refused():
    with pytest.raises(BadInput, match=r"share is 0\. It has to be above 0 and at most 1"):
        Popularity(PopularityOptions(share=0))


@pytest.mark.parametrize("model", [AssociationRules(), SequentialRules(), Markov(), Markov(MarkovOptions(order=2))])
def test_an_empty_prefix_is_not_served(model):
    data = training("abc", "ab")

    assert model.fit(data).rank(asking(data, "", "a"), 2).unserved.tolist() == [True, False]


def test_a_chain_of_second_order_says_what_knowing_the_item_before_the_last_adds():
    data = training("xab", "yac", "ac")
    model = Markov(MarkovOptions(order=2, backoff=0.1)).fit(data)

    # After a alone b comes in 1 of 3, after x and a in 1 of 1.
    assert amounts_of(data, model, "xa", "b") == {"a": pytest.approx(1.1 / 3), "x": pytest.approx(1 - 1 / 3)}
    assert amounts_of(data, model, "xa", "c") == {"a": pytest.approx(1.1 * 2 / 3), "x": pytest.approx(-2 / 3)}
    assert amounts_of(data, model, "ba", "b") == {"a": pytest.approx(0.1 / 3)}  # b, a was never seen
    assert amounts_of(data, model, "a", "b") == {"a": pytest.approx(0.1 / 3)}


@pytest.mark.parametrize(
    "model",
    [AssociationRules(), SequentialRules(), Markov(), Markov(MarkovOptions(order=2)), Repeats()],
)
@given(
    st.lists(st.text("abc", min_size=1, max_size=6), min_size=1, max_size=8),
    st.lists(st.text("abc", max_size=5), min_size=1, max_size=3),
)
def test_the_parts_of_every_rule_and_chain_add_up_to_the_score(model, sessions, prefixes):
    data = training(*sessions)
    assert_sums(data, model.fit(data), *prefixes)

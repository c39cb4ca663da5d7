from dataclasses import replace

import numpy as np
import pytest
import torch
from tests.models.sessions import answers, asking, training

from kartograph.models.data import Histories, TrainingData
from kartograph.models.neural.sasrec import SASRec, SASRecOptions
from kartograph.tables.errors import BadInput

SMALL = SASRecOptions(embedding_size=16, epochs=20, batch_size=20, dropout=0.0, learning_rate=0.02, precision="float32")
CYCLES = ["abcd", "bcda", "cdab", "dabc", "wxyz", "xyzw", "yzwx", "zwxy"] * 3


@pytest.fixture(scope="module")
def data() -> TrainingData:
    return training(*CYCLES)


@pytest.fixture(scope="module")
def model(data) -> SASRec:
    return SASRec(SMALL).fit(data)


def test_the_next_item_of_a_pattern_comes_first(data, model):
    queries = asking(data, "ab", "xy", "da")

    assert [answer[0] for answer in answers(data, model.rank(queries, 1))] == ["c", "z", "b"]


def test_scores_are_log_probabilities_and_an_empty_history_has_none(data, model):
    scores = model.scores(asking(data, "ab", "", "zwxyz"), np.full(3, -1))

    assert np.exp(scores).sum(axis=1) == pytest.approx([1, 0, 1], rel=1e-4)
    assert model.rank(asking(data, "ab", ""), 2).unserved.tolist() == [False, True]


def test_an_answer_does_not_depend_on_the_other_queries_and_events_beyond_the_longest_are_not_looked_at(data, model):
    alone = model.scores(asking(data, "ab"), np.array([-1]))
    together = model.scores(asking(data, "", "ab", "abcdabcd"), np.full(3, -1))
    assert together[1] == pytest.approx(alone[0], rel=1e-4)

    short = SASRec(replace(SMALL, history_length=2, epochs=1)).fit(data)
    scores = short.scores(asking(data, "abcd", "cd"), np.full(2, -1))
    assert scores[0] == pytest.approx(scores[1], rel=1e-4)


def test_histories_that_return_are_answered_with_a_copy_of_what_they_hold():
    data = training(*(first + second + first for first in "abcdefgh" for second in "stuvwxyz" if first != "h"), "hs")

    best = SASRec(SMALL).fit(data).rank(asking(data, "ht"), 1)

    assert answers(data, best) == ["h"]


def test_without_repeats_what_comes_back_neither_teaches_nor_is_recommended():
    options = replace(SMALL, repeats=False)
    data = training(*["abab", "baba", "cdcd", "dcdc"] * 5, *["abw", "baw", "cdx", "dcx"] * 3)

    model = SASRec(options).fit(data)

    queries = asking(data, "aba", "cd", "abcdwx")
    assert answers(data, model.rank(queries, 1))[:2] == ["w", "x"]
    scores = model.scores(queries, np.full(3, -1))
    assert np.isneginf(scores).sum(axis=1).tolist() == [2, 2, 6]
    assert not np.isnan(scores).any()


def test_a_shop_where_everybody_takes_one_item_again_and_again_teaches_nothing_new():
    data = training(*["aaa", "bbb"] * 5)

    scores = SASRec(replace(SMALL, epochs=2, repeats=False)).fit(data).scores(asking(data, "a"), np.array([-1]))

    assert np.isneginf(scores[0, data.items.rows(["a"])[0]])
    assert np.isfinite(scores[0, data.items.rows(["b"])[0]])


def test_held_out_sessions_choose_the_epoch_and_leave_a_whole_model():
    data = training(*CYCLES * 42)  # 1,008 sessions: 20 are held out

    model = SASRec(replace(SMALL, epochs=2, batch_size=500)).fit(data)

    assert np.exp(model.scores(asking(data, "ab"), np.array([-1]))).sum() == pytest.approx(1, rel=1e-4)
    assert model.vectors.shape[1] == 16
    assert not model.network.training


def test_one_seed_gives_one_result_and_leaves_the_global_random_state_alone(data):
    queries, options = asking(data, "ab", ""), replace(SMALL, epochs=2)
    state = torch.random.get_rng_state()

    first, second = (SASRec(options).fit(data).scores(queries, np.full(2, -1)) for _ in range(2))
    other = SASRec(replace(options, seed=1)).fit(data).scores(queries, np.full(2, -1))

    assert first.tolist() == second.tolist()
    assert first.tolist() != other.tolist()
    assert torch.equal(state, torch.random.get_rng_state())


def test_what_happened_counts_beside_the_item(data):
    histories = data.histories
    bought = (histories.ages == 0).astype(np.int8) * 2
    model = SASRec(replace(SMALL, epochs=2)).fit(
        TrainingData(data.items, data.owners, Histories(histories.offsets, histories.items, bought))
    )
    query = asking(data, "abc")

    viewed = model.scores(query, np.array([-1]))
    then_bought = model.scores(Histories(query.offsets, query.items, np.array([0, 0, 2])), np.array([-1]))

    assert viewed.tolist() != then_bought.tolist()


def test_what_cannot_be_learned_from_is_refused():
    with pytest.raises(BadInput, match="No session has two clicks"):
        SASRec(SMALL).fit(training("a", "b"))
    with pytest.raises(BadInput, match="size is 16 and heads is 3"):
        SASRec(replace(SMALL, heads=3)).fit(training("ab"))


def test_weights_of_copies_are_computed_only_where_items_may_repeat(data, model):
    seen, events = torch.zeros(2, 3, SMALL.embedding_size), torch.zeros(2, 3, dtype=torch.long)
    without = SASRec(replace(SMALL, repeats=False, epochs=1)).fit(data)

    assert model.network(seen, events)[1].weights.sum(2).tolist() == [pytest.approx([1, 1, 1])] * 2
    assert without.network(seen, events)[1] is None

from typing import Any

import numpy as np
import pandas as pd
import pytest
from tests.models.sessions import asking, training

from kartograph.models.baselines.popularity import Popularity
from kartograph.models.data import NONE, Histories, Ids, TrainingData
from kartograph.tables.errors import BadInput


def test_ids_turn_into_rows_and_unknown_ones_into_none():
    ids = Ids(pd.Index(["b", "a"]))

    assert ids.rows(["a", "x", "b"]).tolist() == [1, NONE, 0]


def test_an_id_that_occurs_twice_is_refused():
    with pytest.raises(BadInput, match="id 'a' occurs twice: ids have to be unique"):
        Ids(pd.Index(["a", "b", "a"]))


@pytest.mark.parametrize("names", [["b", "a", "ü"], [3, 1, 2], ["1", 1, None], []])
def test_saved_ids_come_back_and_a_few_are_found_without_an_object_for_each(names):
    ids = Ids(pd.Index(names))
    order = ids.tie_order.tolist()
    again = object.__new__(Ids)
    again.restore_state(ids.saved_state())
    asked: list[Any] = ["a", "x", 1]

    assert again.rows(asked).tolist() == ids.rows(asked).tolist()
    assert again.names(np.arange(len(names))).tolist() == ids.names(np.arange(len(names))).tolist()
    assert (len(again), again.tie_order.tolist()) == (len(ids), order)
    assert (again._external is None) == all(isinstance(name, str) for name in names)
    pd.testing.assert_index_equal(again.external, ids.external)
    assert again.rows(asked).tolist() == ids.rows(asked).tolist()


def test_ids_of_an_earlier_release_come_back():
    again = object.__new__(Ids)
    again.restore_state({"external": pd.Index(["b", "a"])})
    assert again.rows(["a", "x"]).tolist() == [1, NONE]


def test_an_order_of_other_ids_is_refused():
    for order in ([0], [0, 2], [-1, 0]):
        with pytest.raises(ValueError, match="the order of ids is of others"):
            object.__new__(Ids).restore_state({"external": pd.Index(["b", "a"]), "_tie_order": np.array(order)})


def test_histories_group_events_by_owner_and_drop_unknown_items():
    histories = Histories.of(np.array([0, 0, 2, 2]), np.array([5, NONE, 6, 7]), 3)

    assert histories.lengths.tolist() == [1, 0, 2]
    assert histories.items.tolist() == [5, 6, 7]
    assert histories.ages.tolist() == [0, 1, 0]
    assert histories.part(1, 3).items.tolist() == [6, 7]
    assert histories.take(np.array([2, NONE, 0])).lengths.tolist() == [2, 0, 1]
    assert histories.take(np.array([2, NONE, 0])).items.tolist() == [6, 7, 5]


def test_the_matrix_sums_repeated_events_and_leaves_the_histories_alone():
    histories = Histories.of(np.array([0, 0, 0, 1]), np.array([1, 0, 1, 1]), 2)

    assert histories.matrix(2).toarray().tolist() == [[1, 2], [0, 1]]
    assert histories.items.tolist() == [1, 0, 1, 1]
    assert histories.lengths.tolist() == [3, 1]


def test_training_data_comes_by_time_within_each_owner():
    table = pd.DataFrame(
        {
            "user_id": ["u", "v", "u"],
            "item_id": ["late", "only", "early"],
            "event": ["buy", "view", "cart"],
            "timestamp": [30, 20, 10],
        }
    )

    data = TrainingData.from_table(table, "user_id")

    assert data.owners.external.tolist() == ["u", "v"]
    assert data.items.external[data.histories.items].tolist() == ["early", "late", "only"]
    assert data.histories.events.tolist() == [1, 2, 0]
    assert data.times is not None and data.times.tolist() == [10, 30, 20]


def test_a_batch_answers_each_query_as_if_it_were_alone():
    data = training("ab", "abc")
    model = Popularity().fit(data)
    model.batch = 2

    top = model.rank(asking(data, "a", "", "b"), 3)

    assert top.items.tolist() == [[0, 1, 2]] * 3
    assert top.scores.tolist() == [[2, 2, 1]] * 3


def test_a_model_that_has_learned_nothing_says_so():
    with pytest.raises(BadInput, match="Popularity is not fitted: call fit first"):
        Popularity().rank(asking(training("a"), "a"), 1)


def test_k_below_one_is_refused():
    data = training("a")
    with pytest.raises(BadInput, match="k is 0: ask for at least 1 item"):
        Popularity().fit(data).rank(asking(data, "a"), 0)

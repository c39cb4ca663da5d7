from dataclasses import replace

import numpy as np
import pandas as pd
from tests.models.sessions import training

from kartograph.models.blend.held_out import LEAST_SESSIONS, held_out
from kartograph.models.data import NONE, TrainingData


def _sessions(*words: str) -> TrainingData:
    return replace(training(*words), kind="sessions")


def _names(data: TrainingData, rows: np.ndarray) -> str:
    return "".join(data.items.external[rows])


def _bought(rows: list[tuple[str, str, str]]) -> TrainingData:
    """Users' events in order: user, item, event."""
    table = pd.DataFrame(rows, columns=["user_id", "item_id", "event"]).assign(timestamp=range(len(rows)))
    return TrainingData.from_table(table, "user_id")


def test_every_prefix_of_the_latest_sessions_asks_for_the_click_after_it():
    data = _sessions("abc", "ab", "bc", "ac", "acb")

    cases = held_out(data)

    # A fifth of five sessions is one.
    assert len(cases.rest.owners) == 4
    assert [_names(data, query) for query in np.split(cases.queries.items, cases.queries.offsets[1:-1])] == ["a", "ac"]
    assert _names(data, cases.answers) == "cb"
    assert cases.owners.tolist() == [NONE, NONE]


def test_an_item_that_only_the_held_out_sessions_know_is_left_out_of_them():
    data = _sessions("abc", "ab", "bc", "ac", "axcxb")

    cases = held_out(data)

    assert [_names(data, query) for query in np.split(cases.queries.items, cases.queries.offsets[1:-1])] == ["a", "ac"]
    assert len(cases.rest.items) == len(data.items)


def test_at_most_a_fifth_of_a_small_shop_is_held_out_and_a_fixed_number_of_a_larger_one():
    small, larger = _sessions(*["ab"] * 100), _sessions(*["ab"] * 10 * LEAST_SESSIONS)

    assert len(held_out(small)) == 20
    assert len(held_out(larger)) == LEAST_SESSIONS


def test_of_a_user_the_last_purchase_is_held_out_and_all_else_stays():
    data = _bought(
        [
            *(("u", "a", "view"), ("u", "a", "buy"), ("u", "b", "view"), ("u", "c", "view")),
            *(("u", "b", "buy"), ("u", "d", "view")),
            *(("v", "a", "buy"), ("w", "a", "view"), ("w", "c", "view")),
        ]
    )

    cases = held_out(data)

    # v has nothing before its only purchase, w bought nothing: both stay whole.
    assert data.owners.external[cases.owners].tolist() == ["u"]
    assert _names(data, cases.answers) == "b"
    assert _names(data, cases.queries.items) == "aacd"
    assert _names(data, cases.rest.histories.items) == "aacd" + "a" + "ac"
    assert cases.rest.times is not None and cases.rest.times.tolist() == [0, 1, 3, 5, 6, 7, 8]


def test_where_nobody_buys_the_item_is_held_out_that_a_user_met_last():
    data = _bought([("u", "a", "view"), ("u", "b", "view"), ("u", "a", "view")])

    cases = held_out(data)

    assert _names(data, cases.answers) == "b"
    assert _names(data, cases.queries.items) == "aa"

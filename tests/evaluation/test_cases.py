import numpy as np
import pandas as pd
import pytest

from kartograph.evaluation.cases import interaction_cases, sequence_cases
from kartograph.evaluation.protocols.cuts import last_purchases, latest_sessions
from kartograph.models.data import NONE, Ids, TrainingData
from kartograph.tables.errors import BadInput

ITEMS = Ids(pd.Index(["a", "b", "c"]))


def _clicks(**sessions: str) -> pd.DataFrame:
    return pd.DataFrame(
        [(name, at, item) for name, items in sessions.items() for at, item in enumerate(items)],
        columns=["session_id", "position", "item_id"],
    )


def _asked(cases) -> list[str]:
    return ["".join("abc"[row] for row in cases.queries.part(n, n + 1).items) for n in range(len(cases))]


def test_a_session_is_one_case_and_its_last_row_the_target():
    cases = sequence_cases(_clicks(s="abc", t="ba"), ITEMS)

    assert cases.ids == ["s", "t"]
    assert _asked(cases) == ["ab", "b"]
    assert cases.truth.items.tolist() == [2, 0]
    assert cases.owners.tolist() == [NONE, NONE]


def test_with_a_target_column_all_rows_are_the_prefix():
    clicks = _clicks(s="ab", t="c").assign(target=["c", "c", "x"])

    cases = sequence_cases(clicks, ITEMS)

    assert _asked(cases) == ["ab", "c"]
    assert cases.truth.items.tolist() == [2, NONE]


def test_every_prefix_can_be_a_case():
    cases = sequence_cases(_clicks(s="abc", t="ca"), ITEMS, all_prefixes=True)

    assert cases.ids == ["s:1", "s:2", "t:1"]
    assert _asked(cases) == ["a", "ab", "c"]
    assert cases.truth.items.tolist() == [1, 2, 0]
    assert sequence_cases(_clicks(s="abc", t="ca"), ITEMS, all_prefixes=True, shortest=2).ids == ["s:2"]


def test_clicks_of_one_moment_are_asked_for_together_and_known_together():
    clicks = _clicks(s="abca", t="ab").assign(position=[0, 1, 1, 2, 5, 5])

    cases = sequence_cases(clicks, ITEMS, all_prefixes=True)

    assert cases.ids == ["s:1", "s:3"]
    assert _asked(cases) == ["a", "abc"]
    assert cases.truth.offsets.tolist() == [0, 2, 3]
    assert cases.truth.items.tolist() == [1, 2, 0]
    assert _asked(sequence_cases(clicks, ITEMS)) == ["abc", ""]  # of t, a and b are asked for
    by_time = clicks.assign(timestamp=[0, 1, 2, 2, 5, 6])
    assert _asked(sequence_cases(by_time, ITEMS)) == ["ab", "a"]


def test_an_item_twice_in_one_moment_is_one_answer_and_two_unknown_items_are_two():
    clicks = _clicks(s="abb", t="axy").assign(position=[0, 1, 1] * 2)

    truth = sequence_cases(clicks, ITEMS).truth

    assert truth.offsets.tolist() == [0, 1, 3]
    assert truth.items.tolist() == [1, NONE, NONE]


def test_unknown_items_leave_the_prefix_and_are_a_miss_as_a_target():
    cases = sequence_cases(_clicks(s="axbx"), ITEMS)

    assert _asked(cases) == ["ab"]
    assert cases.truth.items.tolist() == [NONE]


def test_a_session_of_one_click_asks_with_an_empty_prefix():
    cases = sequence_cases(_clicks(s="a"), ITEMS)

    assert _asked(cases) == [""]
    assert cases.truth.items.tolist() == [0]


def test_a_test_part_without_a_case_says_so():
    with pytest.raises(BadInput, match="no session has more than 1 clicks"):
        sequence_cases(_clicks(s="a"), ITEMS, all_prefixes=True)


def _events() -> TrainingData:
    rows = [("u", "a", "view", 1), ("u", "b", "view", 2), ("u", "b", "buy", 3), ("v", "c", "view", 4)]
    return TrainingData.from_table(pd.DataFrame(rows, columns=["user_id", "item_id", "event", "timestamp"]), "user_id")


@pytest.mark.parametrize(("mask", "left_out"), [("bought", [0, 1, 0]), ("seen", [1, 1, 0]), ("none", None)])
def test_a_mask_leaves_out_what_its_name_says(mask, left_out):
    test = pd.DataFrame({"user_id": ["u"], "item_id": ["c"]})

    masked = interaction_cases(test, _events(), mask).masked

    assert left_out is None if masked is None else (masked.toarray() > 0).astype(int).tolist() == [left_out]


def test_an_unknown_mask_names_the_allowed_ones():
    with pytest.raises(BadInput, match=r"The mask is 'all'\. Allowed are bought, seen, none"):
        interaction_cases(pd.DataFrame({"user_id": ["u"], "item_id": ["c"]}), _events(), "all")


def test_a_user_is_one_case_with_all_test_items_and_unknown_users_have_no_history():
    test = pd.DataFrame({"user_id": ["w", "u", "w", "u", "u"], "item_id": ["a", "c", "x", "a", "a"]})

    cases = interaction_cases(test, _events(), "none")

    assert cases.ids == ["w", "u"]
    assert cases.owners.tolist() == [NONE, 0]
    assert cases.queries.lengths.tolist() == [0, 3]
    assert cases.truth.offsets.tolist() == [0, 2, 4]
    assert cases.truth.items.tolist() == [0, NONE, 2, 0]


def test_the_latest_sessions_are_held_out_without_items_that_training_does_not_know():
    clicks = _clicks(s1="abc", s2="cab", s3="axbc", s4="xyab")

    train, held_out = latest_sessions(clicks, sessions=2)

    assert train["session_id"].unique().tolist() == ["s1", "s2"]
    assert held_out.groupby("session_id")["item_id"].sum().to_dict() == {"s3": "abc"}  # s4 has only two known clicks


def test_a_cut_that_leaves_nothing_to_learn_from_is_refused():
    with pytest.raises(BadInput, match="3 sessions cannot be held out of 3"):
        latest_sessions(_clicks(a="abc", b="abc", c="abc"), sessions=3)


def test_no_answer_or_later_click_is_in_a_prefix():
    rng = np.random.default_rng(0)
    clicks = _clicks(**{f"s{n}": "".join(rng.permutation(list("abc"))) for n in range(5)})

    cases = sequence_cases(clicks, ITEMS, all_prefixes=True)

    for number, name in enumerate(cases.ids):
        session, length = name.split(":")
        whole = "".join(clicks[clicks["session_id"] == session]["item_id"])
        assert _asked(cases)[number] == whole[: int(length)]
        assert ITEMS.external[cases.truth.items[number]] == whole[int(length)]


def test_the_last_purchase_of_users_with_several_is_held_out_with_all_that_led_to_it():
    rows = [
        ("u", "b", "view", 5),
        ("u", "b", "buy", 6),
        ("u", "a", "buy", 1),
        ("u", "c", "view", 9),
        ("v", "b", "buy", 2),
        ("v", "b", "buy", 3),
    ]
    events = pd.DataFrame(rows, columns=["user_id", "item_id", "event", "timestamp"])

    train, held_out = last_purchases(events)

    assert held_out.to_numpy().tolist() == [["u", "b"]]
    assert train[["user_id", "item_id"]].to_numpy().tolist() == [["u", "a"], ["u", "c"], ["v", "b"], ["v", "b"]]
    with pytest.raises(BadInput, match="No user bought two items"):
        last_purchases(train)


def test_a_basket_is_held_out_whole_and_not_where_nothing_was_bought_before_it():
    rows = [
        ("u", "a", "buy", 1),
        *[("u", "b", "buy", 6), ("u", "c", "buy", 6), ("u", "d", "view", 6), ("u", "d", "view", 7)],
        *[("v", "a", "buy", 2), ("v", "b", "buy", 2)],
    ]

    train, held_out = last_purchases(pd.DataFrame(rows, columns=["user_id", "item_id", "event", "timestamp"]))

    assert held_out.to_numpy().tolist() == [["u", "b"], ["u", "c"]]
    assert train.to_numpy().tolist() == [list(rows[0]), list(rows[4]), list(rows[5]), list(rows[6])]

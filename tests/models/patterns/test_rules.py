import numpy as np
import pandas as pd
import pytest

from kartograph.models.data import Histories, TrainingData
from kartograph.models.patterns.databases import CLICKS, PURCHASES, element_numbers, sequences
from kartograph.models.patterns.gsp import MiningOptions
from kartograph.models.patterns.rules import RuleIndex, consequential_rules, purchase_rules
from kartograph.tables.errors import BadInput

DAY = 86_400_000


def acting(**users: str) -> TrainingData:
    """Users with their events in order, lower-case letters clicks, upper-case ones purchases: `acting(u1="abB")`."""
    rows = [
        (user, letter.lower(), "buy" if letter.isupper() else "view", at)
        for user, letters in users.items()
        for at, letter in enumerate(letters)
    ]
    return TrainingData.from_table(pd.DataFrame(rows, columns=["user_id", "item_id", "event", "timestamp"]), "user_id")


def left(data: TrainingData, rules, rule: int) -> str:
    return ".".join("".join(data.items.external[list(element)]) for element in rules.left(rule))


def in_words(data: TrainingData, rules) -> dict[str, tuple[int, float, float]]:
    """Rules as text with support, confidence and lift: "ab>c" is clicks on a, then b, then c bought."""
    name = data.items.external
    return {
        f"{left(data, rules, one)}>{name[rules.right[one]]}": (
            int(rules.support[one]),
            float(rules.confidence[one]),
            float(rules.lift[one]),
        )
        for one in range(len(rules))
    }


def test_consequential_rules_count_who_clicked_and_then_bought():
    data = acting(u1="abC", u2="abC", u3="ab", u4="Cab", u5="D")
    rules = in_words(data, consequential_rules(data, options=MiningOptions(support=2)))

    # Two of the four who clicked a bought c afterwards; three of the five bought c at all.
    assert rules["a>c"] == (2, 2 / 4, pytest.approx((2 / 4) / (3 / 5)))
    assert rules["a.b>c"] == (2, 2 / 4, pytest.approx((2 / 4) / (3 / 5)))
    assert set(rules) == {"a>c", "b>c", "a.b>c"}


def test_purchase_rules_have_earlier_purchases_on_their_left():
    data = acting(u1="xAyB", u2="AB", u3="A", u4="BA")
    rules = in_words(data, purchase_rules(data, options=MiningOptions(support=2)))

    assert rules == {"a>b": (2, 2 / 4, pytest.approx((2 / 4) / (3 / 4)))}


def test_by_day_what_is_clicked_and_bought_on_one_day_is_one_element():
    table = pd.DataFrame(
        [("u", "b", "buy", 5), ("u", "a", "view", 9), ("v", "a", "view", 3), ("v", "b", "buy", DAY)],
        columns=["user_id", "item_id", "event", "timestamp"],
    )
    table["timestamp"] += 20 * 365 * DAY
    data = TrainingData.from_table(table, "user_id")
    options = MiningOptions(support=1)

    assert in_words(data, consequential_rules(data, "day", options))["a>b"][0] == 2
    assert in_words(data, consequential_rules(data, "event", options))["a>b"][0] == 1


def test_days_weeks_and_months_are_those_of_the_calendar():
    instants = pd.to_datetime(
        ["2026-11-01T23:59", "2026-11-02T00:00", "2026-11-08T12:00", "2026-12-01T00:00"], utc=True
    )
    milliseconds = instants.as_unit("ms").asi8
    table = pd.DataFrame({"user_id": "u", "item_id": list("abcd"), "timestamp": milliseconds})
    data = TrainingData.from_table(table, "user_id")

    assert np.diff(element_numbers(data, "day")).tolist() == [1, 6, 23]
    assert np.diff(element_numbers(data, "week")).tolist() == [1, 0, 4]  # 2 November 2026 is a Monday
    assert np.diff(element_numbers(data, "month")).tolist() == [0, 0, 1]
    seconds = TrainingData.from_table(table.assign(timestamp=milliseconds // 1000), "user_id")
    assert element_numbers(seconds, "day").tolist() == element_numbers(data, "day").tolist()


def test_clicks_and_purchases_are_sequences_of_their_own():
    data = acting(u1="aBa", u2="C")

    assert sequences(data, CLICKS).items.tolist() == [0, 0]
    assert sequences(data, PURCHASES).offsets.tolist() == [0, 1, 2]


def test_periods_need_times():
    data = acting(u1="aB")
    without = TrainingData(data.items, data.owners, data.histories)
    with pytest.raises(BadInput, match="sequences by week need times, and this data has none"):
        sequences(without, CLICKS, "week")


def test_a_history_matches_a_left_side_in_its_order_only():
    data = acting(u1="abC", u2="abC", u3="dC", u4="dC")
    rules = consequential_rules(data, options=MiningOptions(support=2))
    index = RuleIndex(rules, len(data.items))
    matched = index.matched(Histories.of(np.array([0, 0, 1, 1, 3]), data.items.rows(list("baabd")), 4))
    result = [
        sorted(left(data, index.rules, rule) for rule in part)
        for part in np.split(matched.rules, matched.offsets[1:-1])
    ]

    assert result == [["a", "b"], ["a", "a.b", "b"], [], ["d"]]

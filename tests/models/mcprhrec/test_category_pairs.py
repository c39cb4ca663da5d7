import numpy as np
import pandas as pd
import pytest
from tests.models.mcprhrec.test_model import table
from tests.models.patterns.test_rules import acting

from kartograph.models.data import TrainingData
from kartograph.models.item_categories import with_categories
from kartograph.models.mcprhrec.category_pairs import Within, category_pairs
from kartograph.tables.derived.co_occurrence import CoOccurrenceOptions

ONCE = CoOccurrenceOptions(min_sessions=1, window=2)
HOUR = 3_600_000
NOON = 1_600_000_000_000


def weights(data: TrainingData, within: Within = "sessions", options: CoOccurrenceOptions = ONCE) -> dict[str, float]:
    """The weight of each pair of categories, "xy" for x and y."""
    assert data.categories is not None
    result = category_pairs(data, data.categories, within, options).toarray()
    assert (result == result.T).all() and not result.diagonal().any()
    names = data.categories.ids.external
    return {names[a] + names[b]: float(result[a, b]) for a, b in np.argwhere(result).tolist() if names[a] < names[b]}


def test_co_occurrence_is_frequency_over_distance():
    data = with_categories(acting(u1="abcca", u2="bz"), table(a="x", b="y", c="y", z="z"))

    # a b c c a is x y y y x: x-y at distance 1, 2, y-x at 1, 2; b z is y z.
    assert weights(data) == {"xy": 1 + 1 / 2 + 1 + 1 / 2, "yz": 1}


@pytest.mark.parametrize(
    ("weighting", "xy"), [("distance", 1 + 1 / 2 + 1 + 1 / 2), ("nearest", 4 / 1), ("frequency", 4)]
)
def test_the_readings_of_the_lost_equation_are_options(weighting, xy):
    data = with_categories(acting(u1="abcca"), table(a="x", b="y", c="y"))
    assert weights(data, options=CoOccurrenceOptions(min_sessions=1, window=2, weighting=weighting)) == {"xy": xy}


def paused() -> TrainingData:
    """One user who comes back after an hour: a b, then c."""
    rows = [("u", "a", NOON), ("u", "b", NOON + 1), ("u", "c", NOON + HOUR)]
    events = pd.DataFrame(rows, columns=["user_id", "item_id", "timestamp"])
    return with_categories(TrainingData.from_frame(events), table(a="x", b="y", c="z"))


def test_a_pause_ends_a_session_but_not_a_history():
    assert weights(paused()) == {"xy": 1}
    assert weights(paused(), "histories") == {"xy": 1, "xz": 1 / 2, "yz": 1}


def test_sessions_of_the_source_count_before_pauses():
    rows = [("u", "one", "a", NOON), ("u", "two", "b", NOON + 1), ("u", "two", "c", NOON + HOUR)]
    events = pd.DataFrame(rows, columns=["user_id", "session_id", "item_id", "timestamp"])
    assert weights(with_categories(TrainingData.from_frame(events), table(a="x", b="y", c="z"))) == {"yz": 1}


def test_two_sessions_of_one_user_are_two_and_times_in_seconds_are_seconds():
    rows = [("u", item, 1_600_000_000 + at) for item, at in (("a", 0), ("b", 60), ("a", 7_200), ("b", 7_260))]
    events = pd.DataFrame(rows, columns=["user_id", "item_id", "timestamp"])
    data = with_categories(TrainingData.from_frame(events), table(a="x", b="y"))
    assert weights(data, options=CoOccurrenceOptions(window=5)) == {"xy": 2}  # in the two sessions that it takes
    assert weights(data, "histories", CoOccurrenceOptions(window=5)) == {}


def test_an_item_of_several_categories_counts_in_the_smallest_and_one_without_keeps_others_apart():
    of = pd.DataFrame({"item_id": ["a", "a", "b"], "category_id": ["z", "x", "y"]})
    data = with_categories(acting(u1="a?b"), of)
    assert weights(data) == {"xy": 1 / 2}


def test_data_without_events_in_categories_has_no_pairs():
    data = with_categories(acting(u1="?"), table(a="x", b="y"), catalogue=True)
    assert weights(data) == {}

"""Promotions move items of a list, diversity moves them apart; neither shows what the filters leave out."""

import time
from datetime import timedelta, timezone

import numpy as np
import pytest
from neo4j.time import Date, DateTime
from pydantic import ValidationError
from tests.serving.bundles import bundle, view

from kartograph.models.where.conditions import where
from kartograph.serving.config import FallbackSection
from kartograph.serving.promotions import Promotion
from kartograph.serving.ranking.diversity import similarities
from kartograph.serving.ranking.lists import recommended
from kartograph.serving.ranking.question import Past, Question
from kartograph.tables.times import EARLIEST_MS

AVAILABLE = where(available=True)
BURY = {"action": "bury", "items": ["a"]}
CHAIN = FallbackSection().chain
CATEGORIES = {"a": "x", "b": "x", "c": "x", "d": "y", "e": "y", "sold": "y"}
ITEMS = [
    {"item_id": item, "category": category, "brand": f"brand of {item}", "available": item != "sold"}
    for item, category in CATEGORIES.items()
]
USERS = {f"u{n}": [(item, n)] for n, item in enumerate("aaaaabbbbcccdde")}
"""a has 5 events, b 4, c 3, d 2, e 1: the list of nobody is a, b, c, d, e."""


def listed(shop, promotions=(), k=5, history=(), **more) -> str:
    shop.promotions = [Promotion.model_validate(one) for one in promotions]
    past = [Past(shop.catalogue.row(item), 0, 0) for item in history]
    question = Question(k, AVAILABLE, past, **more)
    return "".join(shop.catalogue.id(item.row)[:4] for item in recommended(shop, question, None, CHAIN))


@pytest.fixture
def shop(tmp_path):
    return view(bundle(ITEMS, USERS, [("a", "b", 4.0), ("a", "d", 2.0)]), tmp_path)


@pytest.mark.parametrize(
    ("promotion", "expected"),
    [
        ({"action": "promote", "items": ["d"], "factor": 4}, "adbce"),  # 4 / 4, beside a
        ({"action": "promote", "categories": ["y"], "factor": 5}, "daebc"),  # 4 / 5, 1, 5 / 5
        ({"action": "demote", "brands": ["brand of a"], "factor": 3}, "bacde"),  # 1 · 3, beside c
        ({"action": "bury", "categories": ["x"]}, "deabc"),
        ({"action": "pin", "items": ["e"], "position": 2}, "aebcd"),
        ({"action": "pin", "items": ["sold"]}, "abcde"),
        ({"action": "promote", "categories": ["nowhere"]}, "abcde"),
        ({"action": "bury", "items": ["a"], "until": EARLIEST_MS}, "abcde"),
        ({"action": "bury", "items": ["a"], "since": 1 << 50}, "abcde"),
    ],
)
def test_a_promotion_moves_what_it_names_while_it_acts(shop, promotion, expected) -> None:
    assert listed(shop, [promotion]) == expected
    assert listed(shop, [promotion], k=2) == expected[:2]


def test_a_pinned_item_that_was_seen_is_not_shown(shop) -> None:
    assert "e" not in listed(shop, [{"action": "pin", "items": ["e"]}], history=["e"])


def test_a_promotion_names_one_kind_of_target() -> None:
    for wrong in (
        {"action": "bury"},
        {"action": "pin", "brands": ["x"]},
        {"action": "bury", "items": ["a"], "brands": ["b"]},
    ):
        with pytest.raises(ValidationError):
            Promotion.model_validate(wrong)
    now = int(time.time() * 1000)
    assert Promotion.model_validate({"action": "bury", "items": ["a"], "since": now - 1000}).acts(now)


@pytest.mark.parametrize(
    ("times", "fault"),
    [
        ({"since": 1_700_000_000}, "milliseconds, not seconds"),
        ({"since": EARLIEST_MS, "until": EARLIEST_MS}, "a time after since"),
        ({"until": "2030-01-01"}, "valid integer"),
    ],
)
def test_a_promotion_that_could_never_act_is_refused(times, fault) -> None:
    with pytest.raises(ValidationError, match=fault):
        Promotion.model_validate({**BURY, **times})


def test_dates_and_times_as_browser_keeps_them_are_moments() -> None:
    plus_one = DateTime(1995, 1, 2, 1, tzinfo=timezone(timedelta(hours=1)))
    made = Promotion.model_validate({**BURY, "since": Date(1995, 1, 1), "until": plus_one})
    assert (made.since, made.until) == (EARLIEST_MS, EARLIEST_MS + 24 * 3_600_000)
    without_zone = Promotion.model_validate({**BURY, "since": DateTime(1995, 1, 1, 0, 0, 1)})
    assert without_zone.since == EARLIEST_MS + 1_000


def test_likeness_is_half_the_category_and_half_the_weight_of_the_link(shop) -> None:
    rows = [shop.catalogue.row(item) for item in "abd"]
    # a-b: same category and 4 / max(4, 4); a-d: 2 / max(4, 2); b-d: nothing
    assert similarities(shop, rows) == pytest.approx(np.array([[0.5, 1.0, 0.25], [1.0, 0.5, 0.0], [0.25, 0.0, 0.5]]))


def test_a_diverse_list_begins_with_the_best_and_goes_on_with_what_differs(shop) -> None:
    assert listed(shop, k=3) == "abc"
    # After a: d 0.3 · 2/5 - 0.7 · 1/4 < e 0.3 · 1/5. Then b 0.3 · 4/5 - 0.7, c 0.3 · 3/5 - 0.7/2, d 0.3 · 2/5 - 0.7/2.
    assert listed(shop, k=3, diversity=0.7) == "aec"
    assert listed(shop, k=5, diversity=1.0)[0] == "a"


def test_at_most_so_many_of_one_category(shop) -> None:
    assert listed(shop, k=5, per_category=1) == "ad"
    assert listed(shop, k=3, per_category=2) == "abd"

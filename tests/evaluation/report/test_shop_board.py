"""The leaderboard of a shop from the rows of a few nights."""

from kartograph.evaluation.report.page import build_page
from kartograph.evaluation.report.shop_board import Night, ShopBoard


def rows(values: dict[str, dict[str, float]]) -> list[dict]:
    cost = {"fit_s": 2.0, "ms_p50": 0.5, "peak_mib": 300.4, "coverage": 0.25}
    return [
        {"model": model, "part": part, "cases": 10, "measure": "NDCG@20", "value": value}
        | (cost if part == "all" else {})
        for model, parts in values.items()
        for part, value in parts.items()
    ]


NIGHTS = [
    Night("Monday", "done", "published walk", rows({"walk": {"all": 0.5, "new users": 0.1}})),
    Night(
        "Tuesday",
        "done",
        "published stan",
        rows({"walk": {"all": 0.4, "new users": 0.2}, "stan": {"all": 0.45, "new users": 0.125}}),
    ),
    Night("Wednesday", "stopped", "a broken file", []),
]


def test_the_latest_measured_night_says_which_model_is_best_and_for_whom():
    board = ShopBoard("books", NIGHTS)
    assert board.models == ["stan", "walk"]
    assert board.headings == ["all (10)", "new users (10)"]
    assert board.by_part == [["stan", "45.00 *", "12.50"], ["walk", "40.00", "20.00 *"]]
    assert board.best_of_part == [("new users", "walk")]


def test_every_night_is_there_with_what_came_of_it():
    assert ShopBoard("books", NIGHTS).over_time == [
        ["Wednesday", "–", "–", "stopped: a broken file"],
        ["Tuesday", "45.00", "40.00", "done: published stan"],
        ["Monday", "–", "50.00", "done: published walk"],
    ]


def test_costs_are_written_with_their_units():
    assert ShopBoard("books", NIGHTS).costs[0] == ["stan", "2.0 s", "0.50", "300", "25.00"]


def test_the_page_begins_with_the_shop():
    html = build_page([], None, shop=ShopBoard("books", NIGHTS)).html
    assert html.index("<h2>The shop “books”") < html.index("<h2>The data")
    assert "published stan" in html
    assert "No leaderboard" not in html


def test_a_shop_whose_nights_measured_nothing_has_its_runs():
    html = build_page([], None, shop=ShopBoard("books", NIGHTS[2:])).html
    assert "a broken file" in html
    assert "Which model for whom" not in html

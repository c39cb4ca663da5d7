"""Tests of filters on six items in a small tree of categories: home > kitchen > pots, and books."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from kartograph.models.data import Histories, Ids
from kartograph.models.item_categories import ItemCategories
from kartograph.models.where import filters
from kartograph.models.where.conditions import Where, where
from kartograph.models.where.filter_expressions import checked
from kartograph.models.where.filters import DAY_MS, bought_within, mask
from kartograph.tables.errors import BadInput

ITEMS = pd.DataFrame(
    {
        "item_id": pd.array(["kettle", "pan", "pot", "novel", "rug", "odd"], dtype="str"),
        "title": pd.array(["Copper kettle", "Iron pan", "Iron pot", "A novel", "Rug", None], dtype="str"),
        "price": [40.0, 30.0, 35.0, 10.0, np.nan, 5.0],
        "brand": pd.array(["Acme", "Acme", "Bolt", "Press", None, "Acme"], dtype="str"),
        "available": pd.array([True, False, None, True, True, True], dtype="boolean"),
        "group_id": pd.array([None, "iron", "iron", None, None, None], dtype="str"),
        "popularity": pd.array([6, 5, 4, 3, 2, None], dtype="Int64"),
    }
)
TREE = pd.DataFrame({"category_id": ["home", "kitchen", "pots"], "parent_id": [None, "home", "kitchen"]})
IN = pd.DataFrame(
    {
        "item_id": ["kettle", "pan", "pot", "novel", "rug"],
        "category_id": ["kitchen", "pots", "pots", "books", "home"],
    }
)
CATEGORIES = ItemCategories.of(Ids(pd.Index(ITEMS["item_id"])), IN, TREE)
COLUMNS = [*ITEMS.columns, "category"]


def allowed(condition) -> list[str]:
    return ITEMS["item_id"][mask(condition, ITEMS, CATEGORIES)].tolist()


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({}, ["kettle", "pan", "pot", "novel", "rug", "odd"]),
        ({"available": True}, ["kettle", "pot", "novel", "rug", "odd"]),  # whether the pot is, nobody knows
        ({"available": False}, ["pan"]),
        ({"category": "pots"}, ["pan", "pot"]),
        ({"category": "kitchen"}, ["kettle", "pan", "pot"]),
        ({"category": "home"}, ["kettle", "pan", "pot", "rug"]),
        ({"category": ["books", "pots"]}, ["pan", "pot", "novel"]),
        ({"price_min": 30}, ["kettle", "pan", "pot"]),
        ({"price_max": 30}, ["pan", "novel", "odd"]),  # the rug has no price
        ({"price_min": 10, "price_max": 30}, ["pan", "novel"]),
        ({"brands": ["Acme", "Press"]}, ["kettle", "pan", "novel", "odd"]),
        ({"include": ["pan", "unknown"]}, ["pan"]),
        ({"include": []}, []),
        ({"exclude": ["pan", "unknown"]}, ["kettle", "pot", "novel", "rug", "odd"]),
        ({"available": True, "category": "home", "price_max": 40, "exclude": "kettle"}, ["pot"]),
        ({"not_bought_days": 3}, ["kettle", "pan", "pot", "novel", "rug", "odd"]),
    ],
)
def test_an_item_has_to_meet_every_condition(conditions, expected):
    assert allowed(where(**conditions)) == expected


def test_without_a_filter_every_item_is_allowed():
    assert mask(None, ITEMS).all()


def test_a_filter_goes_through_json_and_back():
    condition = where(available=True, category="home", price_max=9.5, include=["a", "b"])
    assert json.loads(condition.to_json()) == {
        "available": True,
        "category": ["home"],
        "price_max": 9.5,
        "include": ["a", "b"],
    }
    assert Where.from_json(condition.to_json()) == condition
    assert Where.from_json('{"category": "home"}') == where(category=("home",))


@pytest.mark.parametrize(
    ("conditions", "message"),
    [
        ({"prize_max": 3}, 'no condition "prize_max": did you mean price_max'),
        ({"price_min": "cheap"}, "price_min of a filter is 'cheap'"),
        ({"price_min": -1}, "price_min of a filter is -1: Input should be greater than or equal to 0"),
        ({"price_max": float("nan")}, "price_max of a filter is nan"),
        ({"price_min": 5, "price_max": 4}, "price_min 5 is above price_max 4"),
        ({"category": 5}, "category of a filter is 5"),
        ({"include": [5]}, "include.0 of a filter is 5"),
        ({"not_bought_days": 0}, "not_bought_days of a filter is 0"),
        ({"available": "perhaps"}, "available of a filter is 'perhaps'"),
    ],
)
def test_a_condition_that_cannot_be_is_refused(conditions, message):
    with pytest.raises(BadInput, match=message):
        where(**conditions)
    with pytest.raises(BadInput, match=r"of a filter is|no condition|above"):
        Where.from_json(json.dumps(conditions).replace("NaN", '"nan!"'))


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "5", '{"available": true} x'])
def test_json_that_is_no_filter_is_refused(text):
    with pytest.raises(BadInput, match="a filter is"):
        Where.from_json(text)


def test_a_category_that_does_not_exist_is_named_with_those_that_are_near():
    with pytest.raises(BadInput, match='no category_id "kitchn" among the 4; there are kitchen'):
        mask(where(category="kitchn"), ITEMS, CATEGORIES)
    with pytest.raises(BadInput, match="the items have no categories"):
        mask(where(category="kitchen"), ITEMS)


def test_a_condition_on_what_the_items_lack_is_named():
    with pytest.raises(BadInput, match=r"the items have no price, .* they have item_id"):
        mask(where(price_max=3), ITEMS[["item_id"]])


def test_categories_that_lie_below_each_other_end():
    circle = pd.DataFrame({"category_id": ["a", "b"], "parent_id": ["b", "a"]})
    within = pd.DataFrame({"item_id": ["kettle", "pan"], "category_id": ["a", "b"]})
    categories = ItemCategories.of(Ids(pd.Index(ITEMS["item_id"])), within, circle)
    assert mask(where(category="a"), ITEMS, categories).tolist() == [True, True, False, False, False, False]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("price < 35", ["pan", "novel", "odd"]),
        ("PRICE < 35 AND Brand = 'Acme'", ["pan", "odd"]),
        ("price is null or popularity is null", ["rug", "odd"]),
        ("not available", ["pan"]),
        ("available", ["kettle", "pot", "novel", "rug", "odd"]),
        ("title ilike 'iron%'", ["pan", "pot"]),
        ("title like '%;%' or title = 'Rug'", ["rug"]),
        ("brand in ('Bolt', 'Press')", ["pot", "novel"]),
        ("brand not in ('Bolt', 'Press')", ["kettle", "pan", "odd"]),
        ("price between 10 and 30", ["pan", "novel"]),
        ("category = 'pots'", ["pan", "pot"]),
        ("category is null", ["odd"]),
        ("coalesce(group_id, item_id) = 'iron'", ["pan", "pot"]),
        ("length(title) = 3 and starts_with(title, 'R')", ["rug"]),
        ("case when price > 30 then brand = 'Bolt' else price = 5 end", ["pot", "odd"]),
        ("price * 2 - 1 >= 79 and round(price / 3, 1) = 13.3", ["kettle"]),
        ("regexp_matches(lower(title), '^(iron|copper) ')", ["kettle", "pan", "pot"]),
        ("brand = 'O''Neil'", []),
        ("true", ["kettle", "pan", "pot", "novel", "rug", "odd"]),
        ("false -- a comment", []),
        ("price < 35 or price >= 35", ["kettle", "pan", "pot", "novel", "odd"]),
    ],
)
def test_an_expression_is_true_of_these_items(text, expected):
    assert allowed(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "true); drop table items; --",
        "true; drop table items",
        "true;",
        "drop table items",
        "select true",
        "(select true)",
        "exists(select 1)",
        "price in (select 1)",
        "price > (select max(price) from items)",
        "price > all(select 1)",
        "price in items",
        "item_id in (select content from read_text('/etc/passwd'))",
        "read_csv('/etc/passwd') is null",
        "getenv('HOME') = 'x'",
        "current_setting('threads') = '1'",
        "nextval('a') = 1",
        "max(price) > 3",
        "count(*) > 1",
        "row_number() over () = 1",
        "price > 1 union select true",
        "copy items to 'x.csv'",
        "attach 'x.db'",
        "install httpfs",
        "pragma database_list",
        "price = $1",
        "price = ?",
        "items.price > 1",
        "*",
        "{'a': 1}.a = 1",
        "[1, 2][1] = 1",
        "list_transform([1], x -> x) = [1]",
        "price::integer > 3",
        "cast(title as integer) > 3",
        "repeat(title, 1000000000) = 'a'",
        "title = e'\\x41'",
        "interval 1 day > interval 1 hour",
        "",
        " ",
        "price >",
        "price < 3 and",
        "'unclosed",
        "/* unclosed",
        "price",
        "1",
        "null",
        "'true'",
        "price + 1",
        "\x00",
        "\ud800",
        "title = '\ud800'",
        "price > 'abc'",
        "title + 1 > 2",
        "regexp_matches(title, '(')",
        "(" * 2000 + "true" + ")" * 1990,
        "not " * 900 + "true",
        " and ".join(["true"] * 600) + " and",
        "true" + " " * 4000,
    ],
)
def test_what_is_no_condition_on_items_is_refused_and_named(text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadInput, match=r"the filter"):
        mask(text, ITEMS, CATEGORIES)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "prize < 3",
            'the column prize, which items do not have \\(did you mean "price"\\?\\); the columns are item_id, title',
        ),
        ('brand = "Acme"', "the column \"Acme\", .* a text is written in single quotes: 'Acme'"),
        ("price", "gives DOUBLE, not true or false"),
        ("sum(price) > 3", "holds sum, which a filter may not: .* lower, upper"),
        ("hack(price)", "holds hack, which a filter may not"),
        ("true; drop table items", "is no SQL expression: .* Write one condition over the columns item_id"),
    ],
)
def test_an_error_says_what_was_written_and_what_is_allowed(text, message):
    with pytest.raises(BadInput, match=message):
        mask(text, ITEMS, CATEGORIES)


WORDS = [
    *("price", "title", "available", "brand", "category", "prize", "items", "and", "or", "not", "in", "is", "null"),
    *("(", ")", "=", "<", ">", "<>", ",", ";", "--", "'", '"', "'a'", "1", "2.5", "true", "like", "between", "case"),
    *("when", "then", "else", "end", "select", "from", "drop", "table", "union", "*", "+", "-", "/", "||", "::", "int"),
    *("lower", "max", "read_csv", "getenv", "over", "exists", "$1", "?", "[", "]", "{", "}", ":", "->", "/*", "*/"),
]
TEXTS = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))


@given(TEXTS)
@settings(max_examples=400, deadline=None)
def test_any_text_is_a_condition_on_items_or_refused(text):
    try:
        tree = checked(text, COLUMNS)
    except BadInput:
        return
    assert not {exp.Select, exp.Subquery, exp.Command, exp.Anonymous, exp.Star} & {type(node) for node in tree.walk()}
    assert {column.name for column in tree.find_all(exp.Column)} <= set(COLUMNS)
    try:
        result = mask(text, ITEMS, CATEGORIES)
    except BadInput:
        return
    assert result.dtype == bool
    assert result.shape == (len(ITEMS),)


def test_a_mask_is_kept_by_the_state_of_the_items_and_the_text():
    filters._masks.clear()
    first = mask("price < 35", ITEMS, CATEGORIES, key="one")
    assert mask("price < 35", ITEMS, CATEGORIES, key="one") is first
    assert mask("price < 35", ITEMS, CATEGORIES, key="two") is not first
    assert mask(where(price_max=35), ITEMS, CATEGORIES, key="one") is mask(
        where(price_max=35.0), ITEMS, CATEGORIES, key="one"
    )
    with pytest.raises(ValueError, match="read-only"):
        first[0] = True
    for number in range(filters.KEPT):
        mask(f"price < {number}", ITEMS, CATEGORIES, key="one")
    assert len(filters._masks) == filters.KEPT
    assert mask("price < 35", ITEMS, CATEGORIES, key="two") is not first


def test_what_a_user_bought_in_the_last_days_is_left_out_for_that_user():
    # User 0 bought item 0 on day 0 and item 1 on day 9; user 1 viewed item 2 on day 9; user 2 did nothing.
    histories = Histories(np.array([0, 2, 3, 3]), np.array([0, 1, 2]), np.array([2, 2, 0]))
    times = np.array([0, 9, 9]) * DAY_MS
    assert bought_within(5, histories, times, 3).toarray().tolist() == [
        [False, True, False],
        [False, False, False],
        [False, False, False],
    ]
    assert bought_within(10, histories, times, 3).toarray()[0].tolist() == [True, True, False]
    assert bought_within(5, histories, times, 3, now=4 * DAY_MS).toarray()[0].tolist() == [True, False, False]
    assert bought_within(5, histories, times, 3, now=20 * DAY_MS).nnz == 0
    with pytest.raises(BadInput, match="without times"):
        bought_within(5, histories, None, 3)

"""Tests of what interactions mean: words for events, quantities and returns, ratings, missing and damaged ids."""

import pytest

from kartograph.loaders.interactions import InteractionOptions, read
from kartograph.loaders.shared.event_words import KINDS, USUAL, WORDS, plain, said_words
from kartograph.tables.derived.derive import derive
from kartograph.tables.describe import describe
from kartograph.tables.errors import BadInput
from kartograph.tables.events import TAKES_BACK
from kartograph.tables.rejects import RejectLimit


@pytest.fixture
def load(tmp_path):
    """Read the text of a table; rows as tuples of the columns named, and the report."""

    def of(text: str, *columns: str, **options):
        path = tmp_path / "rows.csv"
        path.write_text(text)
        said = {"rejects": tmp_path / "rejects.csv", "limit": RejectLimit(share=1)} | options
        source = read(path, InteractionOptions(**said))
        rows = source.interactions.order_by("timestamp", "item_id", "user_id").to_pyarrow().to_pylist()
        return [tuple(row[name] for name in columns) for row in rows], source.report

    return of


def test_every_usual_word_has_one_kind_and_every_kind_has_words():
    words = [plain(word) for listed in WORDS.values() for word in listed.split()]
    assert len(words) == len(set(words)) == len(USUAL)
    assert set(WORDS) == set(KINDS)


def test_usual_words_are_known_in_any_spelling_and_others_can_be_said(load):
    words = [
        "Add to cart",
        "PURCHASED",
        "product_view",
        "clicks",
        "orders",
        "pv",
        "Added-To-Basket",
        "wish",
        "Wish list",
    ]
    text = "user,item,event,time\n" + "".join(f"u,i{at},{word},{1600000000 + at}\n" for at, word in enumerate(words))
    result, report = load(text, "event", event_map=("wish=cart", "wish list=view"))
    assert [event for (event,) in result] == ["cart", "buy", "view", "view", "buy", "view", "cart", "cart", "view"]
    assert report.rejected == {}
    result, report = load(text, "event")
    assert report.rejected == {"event is no known word (--event-map WORD=KIND says what it means)": 2}


@pytest.mark.parametrize("pair", ["wish", "=view", "wish=stare"])
def test_a_word_without_a_known_kind_is_refused(pair):
    with pytest.raises(BadInput, match=r"does not say what a word means. Write --event-map WORD=KIND"):
        said_words([pair])
    with pytest.raises(BadInput, match=r"'stare' is no kind of event\. Allowed are view, cart, buy"):
        InteractionOptions(default_event="stare")


def test_without_a_column_of_events_the_load_says_what_rows_count_as(load):
    text = "customer_id,article_id,t_dat,price,shop\nc,00123,2020-03-01,0.5,2\nc,123,2020-03-02,0.7,2\n"
    result, report = load(text, "item_id", "event")
    assert result == [("00123", "view"), ("123", "view")]
    assert [words for words in report.notes if "--default-event buy" in words] != []
    assert report.notes["columns that are not used: shop"] == 1
    result, report = load(text, "event", default_event="buy")
    assert (result, [words for words in report.notes if "views" in words]) == ([("buy",), ("buy",)], [])


def test_a_return_takes_back_the_latest_purchases_before_it(load, tmp_path):
    text = (
        "user,item,event,quantity,time\n"
        "u,a,buy,2,1600000000\n"
        "u,a,buy,3,1600000100\n"
        "u,a,refund,3,1600000200\n"  # takes back the second purchase
        "u,a,buy,1,1600000300\n"  # comes after it
        "u,b,buy,1,1600000000\n"
        "u,b,buy,-1,1600000100\n"
        "v,b,buy,1,1600000000\n"  # somebody else's
        "v,c,return,5,1600000000\n"
        "w,d,cart,1,1600000000\n"
        "w,d,remove_from_cart,1,1600000100\n"
        "w,d,begin_checkout,1,1600000200\n"
    )
    result, report = load(text, "user_id", "item_id", "event", "quantity")
    assert result[:2] == [("u", "a", "buy", 2.0), ("u", "b", "buy", None)]
    assert [row for row in result if row[2] in TAKES_BACK] == [
        ("v", "c", "return", 5.0),
        ("u", "b", "return", None),
        ("w", "d", "uncart", None),
        ("u", "a", "return", 3.0),
    ]
    assert report.notes == {"rows that are no act on an item, left out": 1}
    options = InteractionOptions(rejects=tmp_path / "rejects.csv")
    shop = derive(read(tmp_path / "rows.csv", options))
    kept = shop.session_items.filter(shop.session_items.taken_back.isnull()).order_by("at", "item_id").to_pyarrow()
    assert list(zip(kept["item_id"].to_pylist(), kept["at"].to_pylist(), strict=True)) == [
        ("a", 1_600_000_000_000),
        ("b", 1_600_000_000_000),
        ("a", 1_600_000_300_000),
    ]
    edges = shop.user_items.order_by("user_id", "item_id").to_pyarrow().to_pylist()
    assert [(row["user_id"], row["item_id"], row["count"]) for row in edges] == [("u", "a", 2 + 1), ("v", "b", 1)]
    assert describe(read(tmp_path / "rows.csv", options))["events"] == {"buy": 5, "cart": 1, "return": 3, "uncart": 1}


def test_what_is_returned_is_noted_in_a_dry_run_and_in_a_load(tmp_path):
    (tmp_path / "rows.csv").write_text(
        "user,item,event,quantity,time\nu,a,buy,2,1600000000\nu,a,return,3,1600000100\nu,b,return,5,1600000100\n"
    )
    noted = {
        "events of the kind return": 2,
        "buy events that these take back whole": 1,
        "return of what is not among these buy events, by quantity": (3 - 2) + 5,
    }
    for work in (describe, derive):
        source = read(tmp_path / "rows.csv", InteractionOptions(rejects=tmp_path / "rejects.csv"))
        work(source)
        assert source.report.notes == noted


def test_ratings_below_the_least_one_are_left_out(load):
    text = "user,item,rating,time\nu,a,5,1600000000\nu,b,3.5,1600000001\nu,c,,1600000002\n"
    result, report = load(text, "item_id", rating_at_least=4)
    assert result == [("a",)]
    assert report.notes["ratings below 4 or none, left out"] == 2
    assert len(load(text, "item_id")[0]) == 3
    with pytest.raises(BadInput, match="--rating-at-least needs a column of ratings"):
        load("user,item\nu,a\n", rating_at_least=4)


def test_words_for_nothing_are_no_users_and_sessions_stay(load):
    words = ["NA", "null", "NaN", "None", r"\N", "  ", "n/a", "(not set)", "UNKNOWN", "u"]
    text = "user,session,item,time\n" + "".join(f"{word},s{at},i,{1600000000 + at}\n" for at, word in enumerate(words))
    result, report = load(text, "user_id", "session_id")
    assert result == [*[(None, f"s{at}") for at in range(8)], ("UNKNOWN", "s8"), ("u", "s9")]
    assert report.notes["rows without user, their session stays"] == 8
    assert load(text, "user_id", null=("unknown",))[0][8] == (None,)
    kept, _ = load(text, "user_id", null=("", "u"))
    assert [user for (user,) in kept] == [*words[:9], None]


def test_somebody_who_holds_an_outsize_share_is_named_with_the_count(load):
    rows = [("guest", at) for at in range(30)] + [(f"u{at}", at) for at in range(60)]
    text = "user,item,time\n" + "".join(f"{user},i{at},{1600000000 + at}\n" for user, at in rows)
    _, report = load(text)
    assert report.notes["events of one user, 'guest', 33% of all: does it stand for a missing value (--null)?"] == 30
    assert [words for words in report.notes if "of one item" in words] == []


def test_ids_stay_as_written_damage_is_told_and_mended_where_that_is_certain(load):
    text = (
        "user,item,category,time\n17850.0,A,2.05E+18,1600000000\n17850,a,2.05E+18,1600000001\n00123,b ,c,1600000002\n"
    )
    result, report = load(text, "user_id", "item_id")
    assert result == [("17850.0", "A"), ("17850", "a"), ("00123", "b ")]
    assert [(words, count) for words, count in report.notes.items() if "views" not in words] == [
        ("rows whose user has a decimal point, as 17850.0: --repair-ids takes it off", 1),
        ("user ids that differ from another by case, blanks, accents or a decimal point alone, kept apart", 1),
        ("rows whose item has blanks around it, as 'b ': --repair-ids takes them off", 1),
        ("item ids that differ from another by case, blanks, accents or a decimal point alone, kept apart", 1),
        (
            "rows whose category is rounded to a power of ten, as 2.05E+18: different ones may have become one, "
            "export them as text",
            2,
        ),
    ]
    assert load(text, "user_id", "item_id", repair_ids=True)[0] == [("17850", "A"), ("17850", "a"), ("00123", "b")]


def test_letters_that_nobody_sees_accents_and_quotes_of_spreadsheets_are_told(load):
    rows = ['"=""007""",a', "\u200bu1,'42", "u1,caf\u00e9", "u2,cafe\u0301"]
    text = "user,item,time\n" + "".join(f"{row},{1_600_000_000 + at}\n" for at, row in enumerate(rows))
    _, report = load(text)
    assert [words.partition(",")[0] for words in report.notes if "views" not in words] == [
        "rows whose user has blanks around it",
        "rows whose user is in quotes",
        "user ids that differ from another by case",
        "rows whose item is in quotes",
        "item ids that differ from another by case",
    ]
    mended, _ = load(text, "user_id", "item_id", repair_ids=True)
    assert mended == [("007", "a"), ("u1", "42"), ("u1", "caf\u00e9"), ("u2", "cafe\u0301")]


def test_nested_names_and_columns_of_day_and_clock_are_guessed(load):
    text = (
        "properties.product_id,context.userId,order_date,order_time\nA,u1,2020-09-13,12:26:40\nB,u1,2020-09-13,25:00\n"
    )
    result, report = load(text, "user_id", "item_id", "timestamp", limit=RejectLimit(share=1))
    assert result == [("u1", "A", 1_600_000_000_000)]
    assert sum(report.rejected.values()) == 1


def test_what_rows_say_of_items_and_a_table_of_items_goes_before(load, tmp_path):
    items = tmp_path / "products.csv"
    items.write_text(
        'sku,name,price,vendor,product type,availability\na,"Lamp, red",$12.50,Lux,light,in stock\nz,New,,,,no\n'
    )
    (tmp_path / "rows.csv").write_text("user,sku,price,category,time\nu,a,10,old,1600000000\nu,b,free,x,1600000001\n")
    said = InteractionOptions(rejects=tmp_path / "rejects.csv", items=str(items))
    source = read(tmp_path / "rows.csv", said)
    rows = source.items.order_by("item_id").to_pyarrow().to_pylist()
    assert [tuple(row[name] for name in ("item_id", "title", "price", "brand", "available")) for row in rows] == [
        ("a", "Lamp, red", 12.5, "Lux", True),
        ("b", None, None, None, None),
        ("z", "New", None, None, False),
    ]
    categories = source.item_categories.order_by("item_id", "since").to_pyarrow().to_pylist()
    now = {row["item_id"]: row["category_id"] for row in categories if row["until"] is None}
    assert now == {"a": "light", "b": "x"}
    with pytest.raises(BadInput, match="usual name for items"):
        items.write_text("x,y\n1,2\n")
        read(tmp_path / "rows.csv", said)


def test_what_is_no_act_on_an_item_may_lack_all_else_and_a_view_of_a_page_its_item(load):
    text = (
        "user,item,event,time\nu,i,page_view,1600000000\nu,,page_view,1600000001\n,,session_start,never\n"
        "u,,view,1600000002\nu,j,buy,1600000003\n"
    )
    result, report = load(text, "item_id", "event")
    assert result == [("i", "view"), ("j", "buy")]
    assert report.rejected == {"no item": 1}
    assert report.notes["rows that are no act on an item, left out"] == 2

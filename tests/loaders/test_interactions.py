"""Tests of reading any table of interactions, and of guessing its columns."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kartograph.loaders.interactions import read
from kartograph.tables.describe import describe
from kartograph.tables.errors import BadInput


def events(source):
    return source.interactions.order_by("user_id", "item_id", "timestamp").to_pyarrow().to_pylist()


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("12,50", 12.5), ("1.234,50 €", 1234.5), ("$1,234.50", 1234.5), ("1,234", 1234), ("12.50 EUR", 12.5),
        ("1.234.567", 1_234_567), ("EUR 5", 5), ("0,99", 0.99), ("1,234,567.5", 1_234_567.5), ("free", None),
    ],
)  # fmt: skip
def test_prices_are_read_with_a_decimal_point_or_comma(tmp_path, options, text, price):
    path = tmp_path / "clicks.csv"
    path.write_text(f"user;item;quantity;price\nu;i;1,5;{text}\n")
    source = read(path, options())
    assert source.items.to_pyarrow().to_pylist()[0]["price"] == price
    assert source.interactions.to_pyarrow().to_pylist()[0]["quantity"] == 1.5


def test_a_table_that_seems_to_have_one_column_asks_for_the_delimiter(tmp_path, options):
    path = tmp_path / "clicks.csv"
    path.write_text("user~item\nu~i\n")
    with pytest.raises(BadInput, match=r"seems to have one column alone, 'user~item'. Say with --delimiter"):
        read(path, options())
    assert len(events(read(path, options(delimiter="~")))) == 1


def test_columns_apart_by_blanks_are_read_and_where_they_are_not_in_line_the_remedy_is_named(tmp_path, options):
    path = tmp_path / "clicks.txt"
    path.write_text(
        "user_id  item_id  timestamp\nu1       a b      2024-01-01 10:00\nu2       c        2024-01-01 11:00\n"
    )
    assert [(one["user_id"], one["item_id"]) for one in events(read(path, options()))] == [("u1", "a b"), ("u2", "c")]
    path.write_text("user_id  item_id\nu1xxxxxxxx a b\nu2       c\n")
    with pytest.raises(BadInput, match=r"with blanks alone between its names.* put a line of dashes below the header"):
        read(path, options())


def test_without_a_column_of_events_all_are_views(tmp_path, options):
    path = tmp_path / "pairs.csv"
    path.write_text("user_id,item_id\nu,i\n")
    source = read(path, options())
    assert events(source) == [
        {
            "user_id": "u",
            "item_id": "i",
            "event": "view",
            "timestamp": None,
            "session_id": None,
            "position": None,
            "quantity": None,
        }
    ]
    assert source.report.columns == {"user": "user_id", "item": "item_id"}


def test_parquet_reads_like_csv(tmp_path, options):
    path = tmp_path / "clicks.parquet"
    pq.write_table(pa.table({"who": [1, 2], "sku": ["a", "b"], "action": ["Click", "PURCHASE"]}), path)
    source = read(path, options(user="who"))
    assert [(row["user_id"], row["item_id"], row["event"]) for row in events(source)] == [
        ("1", "a", "view"),
        ("2", "b", "buy"),
    ]


def test_a_row_may_lack_user_or_session_but_not_both(tmp_path, options):
    path = tmp_path / "clicks.csv"
    path.write_text("user,session,item\nu,,i\n,s,i\nu,s,i\n" + "u,s,j\n" * 20 + ",,i\n")
    report = read(path, options()).report
    assert report.rejected == {"no user and no session": 1}


def test_a_file_without_items_or_without_anybody_says_which_option_helps(tmp_path, options):
    path = tmp_path / "odd.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(BadInput, match=r"usual name for items; its columns are 'a', 'b'. Name it with"):
        read(path, options())
    with pytest.raises(BadInput, match=r"users or sessions; .* Name one of them with --user or --session"):
        read(path, options(item="b"))


@pytest.mark.parametrize(
    ("column", "values"),
    [("items", '"A,B"'), ("items", "A|B"), ("product_ids", '"A, B"'), ("item_id", '"[""A"", ""B""]"'), ("skus", "A;B")],
)
def test_a_column_of_items_that_holds_several_is_refused(tmp_path, options, column, values):
    path = tmp_path / "orders.csv"
    path.write_text(f"user_id,{column}\nu1,A\nu2,{values}\n")
    item = {} if column in ("items", "item_id") else {"item": column}
    with pytest.raises(BadInput, match=f"column '{column}' holds lists or objects, such as .*Write a row"):
        read(path, options(**item))
    path.write_text('user_id,item_id\nu1,"Lamp, red"\nu2,"Rug; blue"\nu3,[bold]\nu4,[/]\n')
    assert [row["item_id"] for row in events(read(path, options()))] == ["Lamp, red", "Rug; blue", "[bold]", "[/]"]


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("item", '{""id"": ""a""}', "column 'item' holds lists or objects"),
        ("properties", '{""product_id"": ""a""}', "no column of items, but JSON in column 'properties'"),
    ],
)
def test_json_in_a_column_is_named_with_the_form_in_which_it_is_read(tmp_path, options, column, value, words):
    path = tmp_path / "events.csv"
    path.write_text(f'user,{column}\nu,"{value}"\n')
    with pytest.raises(BadInput, match=f"{words}.* JSON lines"):
        read(path, options())


def test_objects_by_ids_load_as_events(tmp_path, options):
    path = tmp_path / "export.json"
    path.write_text(
        '{"events": {"-Nx1": {"user": "u1", "item": "a", "ts": 1705312800000},'
        ' "-Nx2": {"user": "u2", "item": "b", "ts": 1705312860000}}}'
    )
    result = [(row["user_id"], row["item_id"], row["timestamp"]) for row in events(read(path, options()))]
    assert result == [("u1", "a", 1705312800000), ("u2", "b", 1705312860000)]


def test_a_column_that_is_not_there_is_named_with_the_nearest(tmp_path, options):
    path = tmp_path / "clicks.csv"
    path.write_text("user,item\nu,i\n")
    with pytest.raises(BadInput, match=r"has no column 'usr' \(did you mean 'user'\?\)"):
        read(path, options(user="usr"))


def test_the_data_report_counts_missing_values_and_duplicates(tmp_path, options):
    path = tmp_path / "clicks.csv"
    path.write_text("user,session,item,event,time\nu,s,i,view,1430623510\nu,s,i,view,1430623510\n,s,i,buy,1430623520\n")
    data = describe(read(path, options()))
    assert data["rows"] == 3
    assert data["users"] == 1
    assert data["events"] == {"buy": 1, "view": 2}
    assert data["missing"] == {"user_id": 1, "timestamp": 0, "session_id": 0}
    assert data["duplicates"] == 1
    assert (data["first"], data["last"]) == (1_430_623_510_000, 1_430_623_520_000)


@pytest.mark.parametrize(
    ("file", "rows"), [("retailrocket/buyers.csv.gz", 97_381), ("retailrocket/visitor_item_weights.csv.gz", 450_427)]
)
def test_the_real_files_read_whole(real_data, options, file, rows):
    report = read(real_data / file, options()).report
    assert (report.rows, report.rejected) == (rows, {})


def test_a_category_that_is_a_path_lies_below_the_one_before_it(tmp_path, options):
    path = tmp_path / "clicks.csv"
    path.write_text("user,item,category\nu,i,Home>Light > Lamps\nu,j,Home » Light\nu,k,Toys & Games/Cars\n")
    source = read(path, options())
    held = {row["item_id"]: row["category_id"] for row in source.item_categories.to_pyarrow().to_pylist()}
    assert held == {"i": "Home > Light > Lamps", "j": "Home > Light", "k": "Toys & Games/Cars"}
    edges = {tuple(row.values()) for row in source.category_tree.to_pyarrow().to_pylist()}
    assert edges == {("Home > Light > Lamps", "Home > Light"), ("Home > Light", "Home"), ("Home", None)}


def test_other_signs_between_categories_are_said_to_divide_nothing_and_tags_do_not(tmp_path, options):
    path = tmp_path / "views.csv"
    path.write_text(
        "user,item,category_path\nu,i,Home/Light/Lamps\nu,j,Home/Light\nu,k,AC/DC\nu,l,<i>c</i>\nu,m,A >> B\n"
    )
    source = read(path, options())
    held = set(source.item_categories.to_pyarrow()["category_id"].to_pylist())
    assert held == {"Home/Light/Lamps", "Home/Light", "AC/DC", "<i>c</i>", "A > B"}
    words = "categories such as 'Home/Light/Lamps', each one name: write A > B where B lies below A"
    assert source.report.notes[words] == 1


def test_columns_that_are_named_hold_for_the_table_of_items_too(tmp_path, options):
    (tmp_path / "sales.csv").write_text("Kunde,Nummer\nu,7\n")
    (tmp_path / "wares.csv").write_text("Nummer,Bezeichnung,Preis\n7,Kanne,2.5\n")
    named = {"user": "Kunde", "item": "Nummer", "title": "Bezeichnung", "price": "Preis"}
    source = read(tmp_path / "sales.csv", options(items=str(tmp_path / "wares.csv"), **named))
    [item] = source.items.to_pyarrow().to_pylist()
    assert (item["item_id"], item["title"], item["price"]) == ("7", "Kanne", 2.5)
    wrong = options(items=str(tmp_path / "wares.csv"), **{**named, "brand": "Marke"})
    with pytest.raises(BadInput, match=r"wares\.csv has no column 'Marke'"):
        read(tmp_path / "sales.csv", wrong)

"""Data frames load like files."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from kartograph.loaders import interactions, retailrocket
from kartograph.loaders.interactions import InteractionOptions
from kartograph.loaders.shared.frames import as_path, with_items
from kartograph.loaders.specifications.retailrocket import RetailRocketOptions
from kartograph.tables.errors import BadInput
from kartograph.tables.rejects import RejectLimit

EVENTS = pd.DataFrame(
    {
        "user_id": [1.0, 1.0, None, 2.0],
        "item_id": ["a", 7, "a", "b"],
        "event": ["view", "buy", "view", "cart"],
        "timestamp": pd.to_datetime(
            ["2019-10-01 12:00", "2019-10-01 12:05", "2019-10-01 13:00", "2019-10-02 00:00"], utc=True
        ),
    },
    index=pd.Index([5, 5, 6, 7], name="row"),
)
AT = 1569931200_000  # 2019-10-01 12:00 UTC


@pytest.fixture
def options(tmp_path):
    return InteractionOptions(rejects=tmp_path / "rejects.csv", limit=RejectLimit(share=0.5))


def test_a_frame_is_read_with_ids_as_they_are_meant_and_its_bad_rows_are_a_frame(options):
    with as_path(EVENTS) as path:
        source = interactions.read(path, options)
        rows = source.interactions.to_pyarrow().to_pandas().sort_values("timestamp")
    assert not Path(path).exists()
    assert rows["user_id"].tolist() == ["1", "1", "2"] and rows["item_id"].tolist() == ["a", "7", "b"]
    assert rows["timestamp"].tolist() == [AT, AT + 5 * 60_000, AT + 12 * 60 * 60_000]
    rejects = source.report.rejects
    assert rejects[["file", "line", "column", "reason"]].to_dict("records") == [
        {"file": "the frame", "line": 2, "column": "user_id", "reason": "no user_id"}
    ]
    assert EVENTS.iloc[rejects["line"]]["user_id"].isna().all()


def test_errors_name_the_frame_and_the_place_of_its_row(options):
    with as_path(EVENTS) as path, pytest.raises(BadInput, match=r"1 of 4 rows .* iloc\[2\] of the frame: no user_id"):
        interactions.read(path, replace(options, limit=RejectLimit(rows=0)))
    with as_path(EVENTS) as path, pytest.raises(BadInput, match=r"^the frame has no column 'usr'"):
        interactions.read(path, replace(options, user="usr"))
    with as_path(EVENTS[["event"]]) as path, pytest.raises(BadInput, match="No column of the frame has a usual name"):
        interactions.read(path, options)
    with as_path(EVENTS.iloc[:0]) as path:
        assert interactions.read(path, options).report.rows == 0


def test_errors_name_the_one_of_several_frames_and_the_place_of_its_row(tmp_path):
    events = pd.DataFrame({"timestamp": [AT, AT], "visitorid": ["1\n2", None], "event": "view", "itemid": [10, 11]})
    properties = pd.DataFrame({"timestamp": [AT], "itemid": [10], "property": ["available"], "value": ["1"]})
    tree = pd.DataFrame({"categoryid": [3], "parentid": [None]})
    frames = {"events": events, "item_properties": properties, "category_tree": tree}
    chosen = RetailRocketOptions(rejects=tmp_path / "rejects.csv", limit=RejectLimit(rows=0))
    with as_path(frames) as path, pytest.raises(BadInput, match=r"iloc\[1\] of the frame 'events': no visitorid"):
        retailrocket.read(path, chosen)
    del events["event"]
    with as_path(frames) as path, pytest.raises(BadInput, match=r"^the frame 'events' has no column 'event'"):
        retailrocket.read(path, chosen)


def test_without_a_bad_row_the_frame_of_rejects_is_empty(options):
    with as_path(EVENTS.dropna()) as path:
        assert interactions.read(path, options).report.rejects.empty


@pytest.mark.parametrize(
    ("column", "ids"),
    [
        (pd.Series([b"u", b"\xff\x00", "v"]), ["u", "ff00", "v"]),
        (pd.Series(pd.arrays.SparseArray([7, 8, 9])), ["7", "8", "9"]),
        (pd.Series(pd.period_range("2024-01", periods=3, freq="M")), ["2024-01", "2024-02", "2024-03"]),
        (pd.Series([1 + 2j, 3j, 4]), ["(1+2j)", "3j", "(4+0j)"]),
    ],
    ids=["bytes", "sparse", "periods", "complex"],
)
def test_ids_of_any_type_of_pandas_are_text(options, column, ids):
    with as_path(pd.DataFrame({"user": column, "item": ["a", "b", "c"]})) as path:
        rows = interactions.read(path, options).interactions.order_by("item_id").to_pyarrow().to_pylist()
    assert [row["user_id"] for row in rows] == ids


def test_ids_that_are_floats_beyond_what_these_hold_exactly_are_told(options):
    with as_path(pd.DataFrame({"user": [float(2**53), 1.0], "item": ["a", "b"]})) as path:
        notes = interactions.read(path, options).report.notes
    assert any(words.startswith("rows whose user is rounded to a power of ten") for words in notes)


def test_what_set_index_took_is_read_as_a_column(options):
    frame = pd.DataFrame({"user": ["u", "v"], "item": ["a", "b"], "time": [1_600_000_000, 1_600_000_001]})
    expected = None
    for index in (None, "time", ["user", "item"]):
        with as_path(frame if index is None else frame.set_index(index)) as path:
            rows = interactions.read(path, options).interactions.order_by("item_id").to_pyarrow().to_pylist()
        expected = expected or rows
        assert rows == expected


@pytest.mark.parametrize("data", [{"events": 1}, {1: EVENTS}, EVENTS["item_id"], [1], None])
def test_what_is_no_frame_is_refused(data):
    with pytest.raises(BadInput, match=r"give a path, a frame, or frames by the names of their files"), as_path(data):
        pass


def test_two_columns_of_one_name_are_refused():
    frame = pd.DataFrame([["u", "a", "b"]], columns=["user", "item", "item"])
    with pytest.raises(BadInput, match="the frame has the column 'item' twice"), as_path(frame):
        pass


@pytest.mark.parametrize(
    ("data", "words"),
    [(pd.DataFrame(), "the frame has no columns"), ({"a/b": EVENTS}, "'a/b' is no name for a frame")],
)
def test_frames_without_columns_or_a_name_of_a_file_are_refused(data, words):
    with pytest.raises(BadInput, match=words), as_path(data):
        pass


def test_frames_by_name_stand_for_a_folder(options):
    frames = {
        "events": pd.DataFrame({"timestamp": [AT], "visitorid": [1], "event": ["view"], "itemid": [10]}),
        "item_properties": pd.DataFrame(
            {"timestamp": [AT], "itemid": [10], "property": ["categoryid"], "value": ["3"]}
        ),
        "category_tree": pd.DataFrame({"categoryid": [3, 4], "parentid": [4.0, None]}),
    }
    with as_path(frames) as path:
        source = retailrocket.read(path)
        assert source.item_categories.to_pyarrow().to_pandas()["category_id"].tolist() == ["3"]
        tree = source.category_tree.to_pyarrow().to_pylist()
    assert tree == [{"category_id": "3", "parent_id": "4"}, {"category_id": "4", "parent_id": None}]


def test_items_get_what_a_frame_says(options):
    items = pd.DataFrame(
        {
            "item_id": ["a", "7"],
            "title": ["One", None],
            "price": [2, None],
            "category": ["y > x", "z"],
            "year": [1999, 2001],
        }
    )
    with as_path(EVENTS) as path:
        source = with_items(interactions.read(path, options), items)
    rows = source.items.to_pyarrow().to_pandas().set_index("item_id")
    assert rows.loc["a", ["title", "price", "year"]].tolist() == ["One", 2, 1999]
    assert source.item_categories.to_pyarrow().to_pandas()["item_id"].tolist() == ["a", "7"]
    tree = source.category_tree.order_by("category_id").to_pyarrow().to_pylist()
    assert [tuple(row.values()) for row in tree] == [("y", None), ("y > x", "y"), ("z", None)]


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ({"id": ["a"]}, r"has the columns \['id'\]; it needs item_id"),
        ({"item_id": ["a", None]}, r"the frame of items has no id in 1 row, first in iloc\[1\]"),
        ({"item_id": ["a", "b", "a"]}, r"the frame of items has an id that comes twice in 1 row, first in iloc\[2\]"),
        (
            {"item_id": ["a"], "price": ["cheap"]},
            r"iloc\[0\] of the frame of items has the price 'cheap'",
        ),
    ],
)
def test_a_frame_of_items_that_cannot_be_used_is_refused(options, items, message):
    with as_path(EVENTS) as path, pytest.raises(BadInput, match=message):
        with_items(interactions.read(path, options), pd.DataFrame(items))


@pytest.mark.server
def test_frames_load_into_a_graph_from_python(graph, options):
    items = pd.DataFrame({"item_id": ["a", "b"], "title": ["One", "Two"], "category": ["x", "y"]})
    report = interactions.load(graph, EVENTS, options, items=items)
    assert report.counts["new events"] == 3 and len(report.rejects) == 1
    result = graph.query(
        "MATCH (i:Item) OPTIONAL MATCH (i)-[:IN_CATEGORY]->(c) "
        "RETURN i.id AS id, i.title AS title, c.id AS c ORDER BY id"
    )
    assert result.fillna("").to_numpy().tolist() == [["7", "", ""], ["a", "One", "x"], ["b", "Two", "y"]]


@pytest.mark.server
def test_a_path_of_items_loads_from_python_like_the_option_of_the_command(graph, options, tmp_path):
    (tmp_path / "items.csv").write_text("id;name\na;One\n")
    interactions.load(graph, EVENTS, options, items=tmp_path / "items.csv")
    assert graph.query("MATCH (i:Item {id: 'a'}) RETURN i.title AS title")["title"].tolist() == ["One"]
    with pytest.raises(BadInput, match="retailrocket has no option 'items'"):
        retailrocket.load(graph, tmp_path, items="items.csv")


def test_ids_of_a_frame_that_32_bits_have_rounded_are_refused(options):
    frame = pd.DataFrame({"user": pd.Series([1, 2**24 + 1], dtype="float32"), "item": ["a", "b"]})
    with as_path(frame) as path, pytest.raises(BadInput, match="floats of 32 bits"):
        interactions.read(path, options)

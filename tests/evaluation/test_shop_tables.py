from dataclasses import replace

import ibis
import pandas as pd
import pytest

from kartograph.evaluation.shop_tables import ShopTables, read_source, read_tables, tables_of, tables_of_graph
from kartograph.tables.errors import BadInput, Leak

DAYS = [1_430_000_000_000 + 86_400_000 * day for day in range(10)]
EVENTS = "timestamp,visitorid,event,itemid,transactionid\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "events.csv").write_text(
        EVENTS
        + f"{DAYS[3]},1,view,20,\n{DAYS[1]},1,view,10,\n{DAYS[1] + 60_000},1,transaction,10,5\n{DAYS[9]},2,view,30,\n"
    )
    (tmp_path / "category_tree.csv").write_text("categoryid,parentid\n7,\n8,7\n9,7\n")
    (tmp_path / "item_properties.csv").write_text(
        "timestamp,itemid,property,value\n"
        f"{DAYS[1]},10,categoryid,8\n{DAYS[5]},10,categoryid,9\n{DAYS[1]},20,categoryid,8\n{DAYS[1]},40,categoryid,9\n"
    )
    return tmp_path


def test_a_folder_becomes_events_in_order_of_time_with_sessions_and_categories(folder):
    tables = read_tables(folder)

    assert tables.name == folder.name
    assert set(tables.sums) == {"sha256"}
    assert tables.events["item_id"].tolist() == ["10", "10", "20", "30"]
    assert tables.events["session_id"].nunique() == 3
    assert set(tables.item_categories["category_id"]) == {"8", "9"}


def test_training_data_has_the_categories_of_its_time_and_only_events_before_the_cut(folder):
    tables = read_tables(folder)
    early = tables.events[tables.events["timestamp"] < DAYS[4]]

    data = tables.training(early, "user_id", before=DAYS[4], catalogue=True)

    assert data.categories is not None
    of_item_10 = data.categories.matrix[[data.items.rows(["10"])[0]]].toarray()[0]
    assert data.categories.ids.external[of_item_10.argmax()] == "8"  # it moves to 9 a day after the cut
    assert data.items.external.tolist() == ["10", "20", "40"]
    with pytest.raises(Leak, match="1 training events lie at or after the cut"):
        tables.training(tables.events, "user_id", before=DAYS[4])


def test_a_column_that_counts_the_whole_period_is_refused_before_anything_is_cut(folder):
    source = read_source(folder)
    counted = source.items.mutate(borrow_count=ibis.literal(7))

    with pytest.raises(Leak, match="Columns borrow_count count over the whole period"):
        tables_of(replace(source, items=counted))


@pytest.mark.slow
def test_a_file_is_read_by_the_loader_that_it_looks_like(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "clicks.csv").write_text("session_id,position,item_id\n1,0,a\n")
    (tmp_path / "rows.csv").write_text("user_id,item_id,event,timestamp\nu,a,view,1430623510\n")
    (tmp_path / "rees.csv").write_text(
        "event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session\n"
        "2019-10-01 00:00:00 UTC,view,44600062,21038,,shiseido,35.79,541312140,72d7\n"
    )

    names = [read_source(tmp_path / name).name for name in ("clicks.csv", "rows.csv", "rees.csv")]

    assert names == ["sessions", "interactions", "rees46"]
    with pytest.raises(BadInput, match="The events of sessions have no times"):
        read_tables(tmp_path / "clicks.csv")


def test_a_folder_of_no_known_layout_is_refused(tmp_path):
    with pytest.raises(BadInput, match=r"has neither events\.csv nor borrows\.csv"):
        read_source(tmp_path)


def test_a_column_that_only_an_option_can_name_is_refused_with_the_command_that_has_the_option(tmp_path):
    (tmp_path / "mine.csv").write_text("kunde,artikel,wann\n1,a,2024-01-09\n")
    with pytest.raises(BadInput, match=r"Name it with --item. The option is one of `kartograph load interactions`"):
        read_source(tmp_path / "mine.csv")


def test_events_without_a_user_belong_to_no_known_user():
    events = pd.DataFrame({"user_id": ["u", None], "item_id": ["a", "b"]})

    assert ShopTables("made", events, events, events).known_users["item_id"].tolist() == ["a"]


@pytest.mark.slow
def test_the_same_file_gives_the_same_tables_in_the_same_order(real_data, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    one, other = (read_tables(real_data / "rees46" / "2019-Oct.csv.gz") for _ in range(2))
    pd.testing.assert_frame_equal(one.events, other.events)
    pd.testing.assert_frame_equal(one.item_categories, other.item_categories)
    pd.testing.assert_frame_equal(one.category_tree, other.category_tree)
    assert one.item_categories["item_id"].is_monotonic_increasing


def test_the_bookshop_has_events_of_its_readers_and_no_column_of_the_whole_period(real_data, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    tables = read_tables(real_data / "shakespeare")

    assert set(tables.events["event"]) == {"borrow"}
    assert tables.events["timestamp"].is_monotonic_increasing
    assert tables.item_categories["category_id"].nunique() >= 5


@pytest.mark.server
def test_a_graph_gives_events_with_their_sessions_and_the_categories_of_every_time(graph):
    graph.query(
        "CREATE (x:Category {id: 'x'})-[:CHILD_OF]->(:Category {id: 'top'}), (y:Category {id: 'y'}),"
        " (a:Item {id: 'a'})-[:WAS_IN_CATEGORY {since: 5, until: 9}]->(x), (a)-[:WAS_IN_CATEGORY {since: 9}]->(y),"
        " (a)-[:IN_CATEGORY]->(y), (b:Item {id: 'b'})-[:IN_CATEGORY]->(x),"
        " (u:User {id: 'u'})-[:HAD]->(s:Session {id: 's'}), (t:Session {id: 't'}),"
        " (s)-[:INCLUDES {position: 0, at: 20, event: 'view'}]->(a),"
        " (s)-[:INCLUDES {position: 1, at: 30, event: 'buy'}]->(b),"
        " (t)-[:INCLUDES {position: 0, at: 10, event: 'view'}]->(b)",
        write=True,
    )

    tables = tables_of_graph(graph, "shop")

    rows = tables.events[["user_id", "item_id", "event", "timestamp"]].to_numpy().tolist()
    assert rows == [["t", "b", "view", 10], ["u", "a", "view", 20], ["u", "b", "buy", 30]]
    assert tables.events["session_id"].nunique() == 2
    early = tables.training(tables.events[:1], "user_id", before=15)
    assert early.categories is not None
    at_8 = tables.item_categories[tables.item_categories["item_id"] == "a"]
    assert at_8[["category_id", "since"]].to_numpy().tolist() == [["x", 5], ["y", 9]]
    assert at_8["until"].isna().tolist() == [False, True]


def test_prices_are_known_without_a_cut_and_unknown_before_one(tmp_path):
    (tmp_path / "shop.csv").write_text(
        "event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session\n"
        "2019-10-01 00:00:00 UTC,purchase,10,1,,,5.0,1,a\n2019-10-01 00:00:01 UTC,view,20,1,,,,1,a\n"
    )
    tables = read_tables(tmp_path / "shop.csv")
    facts = tables.training(tables.events, "user_id").facts
    assert facts is not None
    assert dict(zip(facts["item_id"], facts["price"].fillna(-1), strict=True)) == {"10": 5.0, "20": -1}
    assert tables.training(tables.events, "user_id", before=2**60).facts is None

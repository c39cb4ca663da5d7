"""Tests of the snapshot on the small shop of the query tests, against arrays written by hand."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tests.queries import small_shop

from kartograph.graph.connection import Graph
from kartograph.graph.enrichment.preferences import Preferences, write_preferences
from kartograph.graph.managed.home import Home
from kartograph.graph.snapshot.events import NO_TIME
from kartograph.graph.snapshot.snapshot import PARTS, snapshot_folder
from kartograph.tables.errors import BadInput, NothingThere, ServerError
from kartograph.tables.events import EVENTS

pytestmark = pytest.mark.server

T0 = 1_600_000_000_000
MINUTE = 60_000
VIEW, CART, BUY, BORROW = range(4)
THERE = ("events", "items", "categories", "ranks", "embeddings", "co_occurs", "similar")
"""The parts that the small shop holds: nobody has computed communities or preferences."""


@pytest.fixture
def empty(graph, server, home):
    """A graph that holds nothing, as one of a server that Kartograph does not manage: its snapshots go into `home`."""
    with Graph.connect(server.uri, server.auth) as connected:
        yield connected


@pytest.fixture
def shop(empty):
    """The small shop."""
    small_shop.fill(empty)
    return empty


def add_load(graph, name="late"):
    graph.query("CREATE (:Load {id: $name, source: 'x', batch: 1, finished: 1700000000000})", write=True, name=name)


def add_run(graph, step, status="done", run="again"):
    graph.query(
        "OPTIONAL MATCH (old:Run {step: $step}) DETACH DELETE old WITH count(*) AS old "
        "CREATE (:Run {id: $step + $run, step: $step, status: $status, finished: 1700000000000})",
        write=True,
        step=step,
        status=status,
        run=run,
    )


def test_events_come_in_order_of_time_with_rows_of_users_sessions_and_items(shop):
    events = shop.snapshot("events").events
    assert list(events.users.index) == ["1", "2", "3", "4", "5", "6"]
    assert list(events.items.index) == ["101", "102", "103", "104", "105", "106", "107"]
    assert list(events.sessions.index) == ["1-0", "1-1", "2-0", "2-1", "3-0", "3-1", "4-0", "x-0"]
    assert events.session_users.tolist() == [0, 0, 1, 1, 2, 2, 3, -1]
    expected = [  # session, user, then item, event, minute of each event
        (0, 0, [(0, VIEW, 0), (1, VIEW, 1), (1, CART, 2), (1, BUY, 3)]),
        (2, 1, [(0, VIEW, 60), (1, VIEW, 61), (0, BUY, 62)]),
        (1, 0, [(2, VIEW, 1440), (3, VIEW, 1441)]),
        (4, 2, [(0, VIEW, 1500), (2, VIEW, 1501), (2, BUY, 1502), (0, BUY, 1503)]),
        (3, 1, [(1, VIEW, 2880), (2, VIEW, 2881), (2, BUY, 2882)]),
        (7, -1, [(0, VIEW, 2940), (2, VIEW, 2941)]),
        (5, 2, [(3, VIEW, 4320), (4, VIEW, 4321)]),
        (6, 3, [(4, VIEW, 4380), (3, VIEW, 4381), (5, VIEW, 4382), (5, BORROW, 4383)]),
    ]
    rows = [(s, u, i, e, T0 + m * MINUTE) for s, u, acts in expected for i, e, m in acts]
    columns = (events.session, events.user, events.item, events.event, events.time)
    assert list(zip(*(column.tolist() for column in columns), strict=True)) == rows
    assert [str(column.dtype) for column in columns] == ["int32", "int32", "int32", "int8", "int64"]


def test_events_of_one_moment_are_ordered_by_session_and_position(empty):
    empty.query(
        "CREATE (i:Item {id: 'i'}), (j:Item {id: 'j'}), (b:Session {id: 'b'}), (a:Session {id: 'a'}) "
        "CREATE (b)-[:INCLUDES {at: 5, event: 'view', position: 0}]->(i) "
        "CREATE (a)-[:INCLUDES {at: 5, event: 'buy', position: 1}]->(i) "
        "CREATE (a)-[:INCLUDES {at: 5, event: 'view', position: 0}]->(j) "
        "CREATE (b)-[:INCLUDES {at: 4, event: 'view', position: 1}]->(j)",
        write=True,
    )
    events = empty.snapshot("events").events
    assert events.session.tolist() == [1, 0, 0, 1]
    assert events.item.tolist() == [1, 1, 0, 0]


def test_without_times_the_order_is_that_of_sessions_and_positions(empty):
    empty.query(
        "CREATE (i:Item {id: 'i'}), (j:Item {id: 'j'}), (k:Item {id: 'k'}) "
        "CREATE (b:Session {id: 'b'}), (a:Session {id: 'a'}) "
        "CREATE (a)-[:INCLUDES {event: 'view', position: 2}]->(i) "
        "CREATE (a)-[:INCLUDES {event: 'view', position: 10}]->(j) "
        "CREATE (b)-[:INCLUDES {event: 'view', position: 0}]->(k)",
        write=True,
    )
    events = empty.snapshot("events").events
    assert events.item.tolist() == [0, 1, 2]
    assert events.time.tolist() == [NO_TIME] * 3
    assert np.isnat(events.time.view("datetime64[ms]")).all()


def test_an_event_without_a_time_stands_after_the_one_before_it_in_its_session(empty):
    empty.query(
        "CREATE (i:Item {id: 'i'}), (j:Item {id: 'j'}), (k:Item {id: 'k'}), (b:Session {id: 'b', started: 7}), "
        "(a:Session {id: 'a', started: 1}) "
        "CREATE (a)-[:INCLUDES {event: 'view', position: 0, at: 9}]->(i) "
        "CREATE (a)-[:INCLUDES {event: 'view', position: 1}]->(j) "
        "CREATE (b)-[:INCLUDES {event: 'view', position: 0}]->(k)",
        write=True,
    )
    events = empty.snapshot("events").events
    assert events.item.tolist() == [2, 0, 1]  # b began at 7; what follows i at 9 is not before it
    assert events.time.tolist() == [NO_TIME, 9, NO_TIME]


def test_what_was_only_counted_of_a_user_without_sessions_becomes_events_in_no_session(shop):
    shop.query(
        "MATCH (u:User {id: '5'}), (i:Item {id: '107'}) CREATE (u)-[:BOUGHT {count: 3, first: 10, last: 20}]->(i)",
        write=True,
    )
    events = shop.snapshot("events").events
    assert events.user[:3].tolist() == [4, 4, 4]
    assert events.session[:3].tolist() == [-1, -1, -1]
    assert events.item[:3].tolist() == [6, 6, 6]
    assert events.event[:3].tolist() == [BUY] * 3
    assert events.time[:3].tolist() == [10, 20, 20]
    assert len(events) == 24 + 3


def test_a_session_that_two_users_had_belongs_to_the_first_by_id(shop):
    shop.query("MATCH (u:User {id: '1'}), (s:Session {id: '2-0'}) CREATE (u)-[:HAD]->(s)", write=True)
    assert shop.snapshot("events").events.session_users.tolist() == [0, 0, 0, 1, 2, 2, 3, -1]


def test_items_come_as_a_frame_with_what_they_lack_missing(shop):
    shop.query(
        "MATCH (i:Item {id: '101'}) SET i.available = null, i.price = null, i.brand = null, i.group_id = 'kettles', "
        "i.title = 'Kettle, süß'",
        write=True,
    )
    frame = shop.snapshot(("events", "items")).items.frame().set_index("item_id")
    assert list(frame.index) == ["101", "102", "103", "104", "105", "106", "107"]
    assert frame.loc["101", "title"] == "Kettle, süß"
    assert frame["group_id"].dropna().to_dict() == {"101": "kettles"}
    assert frame["available"].isna().tolist() == [True] + [False] * 6
    assert not frame.loc["105", "available"]
    assert frame["price"].tolist()[1:] == [30.0, 35.0, 20.0, 15.0, 10.0, 25.0]
    assert np.isnan(frame["price"].iloc[0])
    assert frame["brand"].isna().sum() == 1
    assert frame["popularity"].tolist() == [6, 5, 6, 3, 2, 2, 0]
    assert frame.loc["101", ["first_seen", "last_seen"]].tolist() == [T0, T0 + 2940 * MINUTE]
    assert frame.loc[["107"], "first_seen"].isna().all()


def test_categories_come_with_their_tree_the_present_and_the_past(shop):
    categories = shop.snapshot("categories").categories
    assert list(categories.ids.index) == ["1", "2", "3", "4", "5"]
    assert not categories.derived.any()
    assert list(zip(categories.child, categories.parent, strict=True)) == [(1, 0), (2, 0), (3, 1)]
    assert categories.item.tolist() == [0, 1, 2, 3, 4, 5, 6]
    assert categories.category.tolist() == [1, 3, 3, 2, 2, 4, 2]
    noon = T0 + 720 * MINUTE
    assert categories.past_item.tolist() == [2, 2]
    assert categories.past_category.tolist() == [1, 3]
    assert categories.since.tolist() == [NO_TIME, noon]
    assert categories.until.tolist() == [noon, NO_TIME]


def test_what_the_enrichment_computed_comes_by_row(shop):
    snapshot = shop.snapshot(THERE)
    np.testing.assert_array_equal(snapshot.ranks.items, [1.6, 1.4, 1.5, 1.1, 1.0, 0.7, np.nan])
    np.testing.assert_array_equal(snapshot.ranks.categories, [0.5, 1.2, 0.8, 1.5, 0.3])
    assert snapshot.embeddings.shape == (7, 4)
    assert snapshot.embeddings.dtype == np.float32
    np.testing.assert_allclose(snapshot.embeddings[2], [0.8, 0.3, 0.0, 0.0], rtol=1e-6)
    assert np.isnan(snapshot.embeddings[6]).all()
    pairs = snapshot.co_occurs.items
    assert list(zip(pairs.a, pairs.b, pairs.sessions, strict=True)) == [(0, 1, 2), (0, 2, 2), (3, 4, 2)]
    assert pairs.weight.tolist() == [23 / 6, 4.0, 2.0]
    above = snapshot.co_occurs.categories
    assert (above.a.tolist(), above.b.tolist(), above.weight.tolist()) == ([1], [3], [47 / 6])
    similar = snapshot.similar
    assert similar.measures == ("jaccard",)
    assert list(zip(similar.item, similar.other, similar.score, strict=True)) == [
        (0, 1, 0.75),
        (1, 0, 0.75),
        (2, 3, 0.5),
        (3, 4, 0.5),
    ]
    with pytest.raises(BadInput, match='no item is similar by "cosine"; the graph holds jaccard'):
        similar.of("cosine")


def test_communities_and_preferences_come_once_they_are_computed(shop):
    shop.query("MATCH (i:Item) WHERE i.id < '103' SET i.community = 0", write=True)
    write_preferences(shop, "run-1", Preferences(view=1, cart=1))
    snapshot = shop.snapshot(("communities", "prefers"))
    assert snapshot.communities.tolist() == [0, 0, -1, -1, -1, -1, -1]
    prefers = snapshot.prefers
    first = prefers.user == 0  # the first user: one view of a kettle and of a shovel; four acts on pots
    assert prefers.category[first].tolist() == [1, 2, 3]
    assert prefers.frequency[first].tolist() == [1.0, 1.0, 4.0]
    assert prefers.score[first].tolist() == [1 / 6, 1 / 6, 4 / 6]
    assert np.isnan(prefers.pagerank).all()


def test_a_part_that_no_step_has_computed_names_the_step(shop):
    with pytest.raises(
        NothingThere,
        match='holds no prefers: the step "preferences" of the enrichment, which computes them, has not run',
    ):
        shop.snapshot("prefers")
    snapshot = shop.snapshot()
    assert snapshot.parts == THERE
    with pytest.raises(NothingThere, match='the step "communities" of the enrichment ran and had nothing to compute'):
        _ = snapshot.communities


def test_a_part_whose_step_is_not_finished_is_refused(shop):
    add_run(shop, "embedding", status="running")
    with pytest.raises(NothingThere, match='"embedding" of the enrichment is at work or broke off'):
        shop.snapshot("embeddings")
    assert "embeddings" not in shop.snapshot().parts


def test_a_part_that_does_not_exist_or_was_not_asked_for_is_named(shop):
    with pytest.raises(BadInput, match='no part "vectors"; the parts are events, items'):
        shop.snapshot(("events", "vectors"))
    with pytest.raises(BadInput, match="embeddings was not asked for; this snapshot holds events"):
        _ = shop.snapshot("events").embeddings


def test_what_is_fresh_is_not_exported_again(shop):
    first = shop.snapshot()
    assert first.exported == PARTS  # that there are no communities was looked up too
    again = shop.snapshot()
    assert again.exported == ()
    assert again.key == first.key
    assert again.events.item.tolist() == first.events.item.tolist()


def test_what_was_changed_by_hand_is_exported_again_when_asked_for(shop):
    shop.snapshot("items")
    shop.query("MATCH (i:Item {id: '101'}) SET i.price = 41.0", write=True)
    again = shop.snapshot("items", again=True)
    assert again.exported == ("items",)
    assert again.items.frame()["price"][0] == 41.0


def test_only_the_part_that_a_step_wrote_is_exported_anew(shop):
    first = shop.snapshot()
    shop.query("MATCH (i:Item {id: '101'}) SET i.pagerank = 9.0", write=True)
    add_run(shop, "pagerank")
    second = shop.snapshot()
    assert second.exported == ("ranks",)
    assert second.ranks.items[0] == 9.0
    assert second.key != first.key
    assert first.ranks.items[0] == 1.6  # who still holds the former one reads on


def test_a_load_makes_the_loaded_parts_stale_and_leaves_the_computed_ones(shop):
    shop.snapshot()
    shop.query("MATCH (i:Item {id: '101'}) SET i.price = 41.0", write=True)
    add_load(shop)
    second = shop.snapshot()
    assert second.exported == ("events", "items", "categories")
    assert second.items.frame()["price"][0] == 41.0


def test_a_new_item_renumbers_every_part_that_holds_items(shop):
    shop.snapshot()
    shop.query("CREATE (:Item {id: '1001', title: 'first by its bytes'})", write=True)
    second = shop.snapshot(THERE)
    assert second.exported == THERE
    assert second.item_ids.index[0] == "1001"
    assert second.events.item[:2].tolist() == [1, 2]


def test_old_parts_are_removed(shop):
    shop.snapshot()
    add_run(shop, "pagerank")
    add_load(shop)
    shop.snapshot("items")
    names = [folder.name.partition("-")[0] for folder in snapshot_folder(shop).iterdir() if folder.is_dir()]
    assert sorted(names) == sorted({*names})
    assert not {"ranks", "events", "categories"} & {*names}  # stale, and not asked for
    assert {"items", "embeddings"} <= {*names}


@pytest.mark.parametrize("damage", ["flipped", "cut", "gone", "no description"])
def test_a_damaged_file_is_exported_anew(shop, damage):
    shop.snapshot(THERE)
    [folder] = snapshot_folder(shop).glob("events-*")
    file = folder / "time.npy"
    if damage == "flipped":
        content = bytearray(file.read_bytes())
        content[-1] ^= 255
        file.write_bytes(content)
    elif damage == "cut":
        file.write_bytes(file.read_bytes()[:-8])
    elif damage == "gone":
        file.unlink()
    else:
        (folder / "part.json").write_text("{", "utf-8")
    snapshot = shop.snapshot(THERE)
    assert snapshot.exported == ("events",)
    assert snapshot.events.time[0] == T0
    assert shop.snapshot(THERE).exported == ()


def test_a_folder_that_cannot_be_written_is_named(shop, home):
    (home / "snapshots").write_text("a file", "utf-8")
    with pytest.raises(ServerError, match=f"a snapshot cannot be kept at {home}.*KARTOGRAPH_HOME"):
        shop.snapshot("items")


def test_a_kill_in_the_middle_leaves_the_former_snapshot(shop, home):
    first = shop.snapshot("events")
    [former] = snapshot_folder(shop).glob("events-*")
    files = {file.name: file.read_bytes() for file in former.iterdir()}
    add_load(shop)
    script = Path(__file__).with_name("killed.py")
    done = subprocess.run(
        [sys.executable, script, shop.uri, *shop._auth],
        env=os.environ | {"KARTOGRAPH_HOME": str(home)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert {file.name: file.read_bytes() for file in former.iterdir()} == files
    assert list(snapshot_folder(shop).glob(".unfinished-*"))
    assert first.events.time[0] == T0
    assert shop.snapshot("events").exported == ("events",)
    assert not former.exists()
    assert not list(snapshot_folder(shop).glob(".unfinished-*"))


def test_a_graph_that_changes_while_it_is_read_is_read_again(shop):
    changes = iter(["first", "second"])

    def progress(step, done=None, total=None):
        if step.startswith("Reading events") and done and (name := next(changes, None)):
            add_load(shop, name)

    assert len(shop.snapshot("events", progress=progress).events) == 24
    assert next(changes, None) is None


def test_a_graph_that_keeps_changing_is_an_error(shop):
    count = 0

    def progress(step, done=None, total=None):
        nonlocal count
        count += 1
        add_load(shop, f"load-{count}")

    with pytest.raises(BadInput, match="the graph changed 3 times while it was read"):
        shop.snapshot("events", progress=progress)


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("CREATE (:Item {id: 5})", "1 of 8 Item nodes have no text in the property id"),
        ("CREATE (:User)", "1 of 7 User nodes have no text in the property id"),
        (
            "MATCH (i:Item {id: '101'}) CREATE (:Session {id: 's'})-[:INCLUDES {event: 'liked', position: 0}]->(i)",
            f'has the event "liked"; the graph knows {", ".join(EVENTS)}',
        ),
        ("MATCH (i:Item {id: '101'}) SET i.embedding = [1.0]", "Item.embedding holds lists of 1, 4 numbers"),
        ("MATCH (i:Item) SET i.embedding = ['a']", r"Item.embedding is \['a'\], which is no number"),
        ("MATCH ()-[e:INCLUDES]->() SET e.at = datetime()", "INCLUDES.at is .*, which is no number; times"),
        ("MATCH (s:Session) SET s.started = 'noon'", "Session.started is 'noon', which is no number"),
        (
            "MATCH ()-[e:INCLUDES]->() SET e.event = 5",
            "INCLUDES relationship is 5: ids and texts .* have to be strings",
        ),
    ],
)
def test_what_cannot_be_exported_is_named(shop, statement, message):
    shop.query(statement, write=True)
    with pytest.raises(BadInput, match=message):
        shop.snapshot(("events", "embeddings"))


def test_an_empty_graph_gives_empty_parts(empty):
    snapshot = empty.snapshot()
    assert len(snapshot.events) == 0
    assert snapshot.items.frame().empty
    assert len(snapshot.categories) == 0
    assert empty.snapshot().exported == ()


def test_a_snapshot_is_kept_in_the_folder_of_its_shop(server, home):
    with Graph.connect(server.uri, server.auth) as graph:
        graph.home = Home(home, "shop")
        assert snapshot_folder(graph) == home / "shops" / "shop" / "snapshot"
    with Graph.connect(server.uri, server.auth) as graph:
        assert snapshot_folder(graph).parent == home / "snapshots"


def test_an_answer_of_several_pages_is_read_whole(shop, monkeypatch):
    whole = shop.snapshot(THERE)
    add_load(shop)
    monkeypatch.setattr("kartograph.graph.snapshot.reading.NODES", 2)
    paged = shop.snapshot(THERE)
    assert paged.events.time.tolist() == whole.events.time.tolist()
    assert paged.events.session.tolist() == whole.events.session.tolist()
    assert paged.items.frame().equals(whole.items.frame())

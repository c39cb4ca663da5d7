"""Tests of writers that meet: one waits for the other and goes on, or gives up and says what is in the graph."""

import threading
import time
from contextlib import contextmanager

import pandas as pd
import pytest

from kartograph.graph import connection
from kartograph.graph.connection import Graph
from kartograph.graph.recommendations import WriteBack, write_recommendations
from kartograph.loaders import interactions
from kartograph.tables.errors import GaveUp

pytestmark = pytest.mark.server
EVENTS = "user,item,event,time\nu,a,view,1600000000\nv,b,view,1600000000\n"


@contextmanager
def another_writer(graph):
    """A writer that holds the lock of the item "a" until the block ends."""
    with graph.driver.session() as session, session.begin_transaction() as transaction:
        transaction.run("MATCH (i:Item {id: 'a'}) SET i.held = true").consume()
        yield
        transaction.rollback()


@pytest.fixture
def impatient(graph, server, monkeypatch, tmp_path):
    """A connection that gives up at the first refusal, to a shop of two items."""
    (tmp_path / "events.csv").write_text(EVENTS)
    interactions.load(graph, tmp_path / "events.csv")
    monkeypatch.setattr(connection, "TRIES_FOR", -1.0)  # which has passed already; with 0 or more the driver asks again
    with Graph.connect(server.uri, server.auth) as impatient:
        yield impatient


def test_a_writer_waits_for_another_and_goes_on(graph):
    graph.execute("CREATE (:Item {id: 'a'})")
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with another_writer(graph):
            held.set()
            time.sleep(1)
            assert not done.is_set()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait()
    graph.execute("MATCH (i:Item {id: 'a'}) SET i.title = 'changed'")
    done.set()
    holder.join()
    assert graph.query("MATCH (i:Item) RETURN i.title AS title, i.held AS held").values.tolist() == [["changed", None]]


@pytest.mark.slow
def test_a_load_that_gave_up_says_what_is_in_the_graph_and_goes_on_later(graph, impatient, tmp_path):
    more = tmp_path / "more.csv"
    more.write_text("user,item,event,time\nw,a,view,1600000000\n")
    with another_writer(graph), pytest.raises(GaveUp, match=r"In the graph are \d batches of this load, whole, with 0"):
        interactions.load(impatient, more)
    assert interactions.load(graph, more).counts["new events"] == 1
    assert interactions.load(graph, more).counts["new events"] == 0


@pytest.mark.slow
def test_recommendations_that_gave_up_are_not_seen(graph, impatient):
    def frame(item):
        return pd.DataFrame({"user_id": ["u"], "item_id": [item], "rank": [1], "score": [1.0]})

    options = WriteBack(edges="all", grace_seconds=0)
    first = write_recommendations(graph, "model", [frame("b")], options)
    with another_writer(graph), pytest.raises(GaveUp, match="readers see nothing: they see the former one, whole"):
        write_recommendations(impatient, "model", [frame("a")], options)
    current = graph.query("MATCH (:Model {id: 'model'})-[:CURRENT]->(r:Run) RETURN r.id AS run")["run"].tolist()
    assert current == [first.run]
    write_recommendations(graph, "model", [frame("a")], options)
    assert graph.query("MATCH (:User)-[r:RECOMMENDED]->(i) RETURN i.id AS item")["item"].tolist() == ["a"]

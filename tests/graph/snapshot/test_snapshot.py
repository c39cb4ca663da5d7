"""Tests of the snapshot as a whole: what cannot be exported, and graphs that change while they are read."""

import pytest
from tests.graph.snapshot.shops import THERE, add_load

from kartograph.tables.errors import BadInput
from kartograph.tables.events import EVENTS

pytestmark = pytest.mark.server


def test_a_part_that_does_not_exist_or_was_not_asked_for_is_named(shop):
    with pytest.raises(BadInput, match='no part "vectors"; the parts are events, items'):
        shop.snapshot(("events", "vectors"))
    with pytest.raises(BadInput, match="embeddings was not asked for; this snapshot holds events"):
        _ = shop.snapshot("events").embeddings


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


def test_an_answer_of_several_pages_is_read_whole(shop, monkeypatch):
    whole = shop.snapshot(THERE)
    add_load(shop)
    monkeypatch.setattr("kartograph.graph.snapshot.reading.NODES", 2)
    paged = shop.snapshot(THERE)
    assert paged.events.time.tolist() == whole.events.time.tolist()
    assert paged.events.session.tolist() == whole.events.session.tolist()
    assert paged.items.frame().equals(whole.items.frame())

"""Old sessions leave a graph as if they had never been loaded."""

import pytest
from tests.queries import small_shop
from tests.queries.small_shop import run

from kartograph.graph.enrichment.freshness import stale_because
from kartograph.graph.expire import expire
from kartograph.tables.errors import BadInput

pytestmark = pytest.mark.server
MINUTE = 60_000
BEGIN = 1_600_000_000_000


@pytest.fixture
def shop(graph):
    small_shop.fill(graph)
    return graph


def test_whole_sessions_that_ended_before_go_with_their_counts(shop):
    # The last event is at minute 4383; 2 days before is minute 1503, at which session 3-0 ended: it stays.
    gone = expire(shop, 2)
    assert (gone.sessions, gone.users, gone.before) == (3, 1, BEGIN + 1503 * MINUTE)
    assert shop.query("MATCH (s:Session) RETURN s.id AS id ORDER BY id")["id"].tolist() == [
        "2-1",
        "3-0",
        "3-1",
        "4-0",
        "x-0",
    ]
    edges = shop.query(
        "MATCH (:User {id: '2'})-[r:VIEWED|CARTED|BOUGHT]->(i) RETURN type(r) AS type, i.id AS item, r.count AS count, "
        "r.first AS first ORDER BY type, item"
    )
    assert edges.to_numpy().tolist() == [
        ["BOUGHT", "103", 1, BEGIN + 2882 * MINUTE],
        ["VIEWED", "102", 1, BEGIN + 2880 * MINUTE],
        ["VIEWED", "103", 1, BEGIN + 2881 * MINUTE],
    ]
    seen = shop.query("MATCH (u:User {id: '2'}) RETURN u.first_seen AS first, u.last_seen AS last").iloc[0]
    assert (seen["first"], seen["last"]) == (BEGIN + 2880 * MINUTE, BEGIN + 2882 * MINUTE)


def test_a_user_without_a_session_left_goes_and_items_are_counted_anew(shop):
    expire(shop, 2)
    assert shop.query("MATCH (u:User {id: '1'}) RETURN count(u) AS n")["n"][0] == 0
    # Item 102 had five events in 1-0, 2-0 and 2-1; the one of 2-1 is left.
    assert shop.query("MATCH (i:Item {id: '102'}) RETURN i.popularity AS n")["n"][0] == 1


def test_the_enrichment_is_stale_afterwards_and_a_second_call_changes_nothing(shop):
    assert stale_because(shop, "co-occurrence", "of a test") is None
    expire(shop, 2)
    assert stale_because(shop, "co-occurrence", "of a test") == "data was loaded since"
    loads = shop.query("MATCH (l:Load) RETURN count(l) AS n")["n"][0]
    assert expire(shop, 2).sessions == 0
    assert shop.query("MATCH (l:Load) RETURN count(l) AS n")["n"][0] == loads


def test_counts_of_what_was_shown_on_the_days_before_go(shop):
    run(shop, "serving/add_exposures")  # of 2020-09-13 and 2020-09-14; minute 4383 is 2020-09-16 13:29
    expire(shop, 2.5)
    assert shop.query("MATCH (e:Exposure) RETURN DISTINCT e.day AS day")["day"].tolist() == ["2020-09-14"]


def test_a_shop_without_times_keeps_everything(graph):
    graph.query("CREATE (:User {id: 'a'})-[:HAD]->(:Session {id: 'a@'})", write=True)
    assert expire(graph, 1).sessions == 0


def test_no_days_are_refused(graph):
    with pytest.raises(BadInput, match="Events of 0 days cannot be kept"):
        expire(graph, 0)

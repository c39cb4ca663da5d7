"""What comes back into a served shop: changes of items and events, at once in the answers and once in the graph."""

import json
import os
import signal
import time

import httpx
import pytest

pytestmark = [pytest.mark.server, pytest.mark.slow]


def ids(answer) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["item_id"] for item in answer.json()["items"]]


def everything(served) -> list[str]:
    """What one of the workers has; a new connection may come to the other one."""
    with httpx.Client(base_url=served.client.base_url) as client:
        body = {"items": [], "k": 1000}
        return ids(client.post("/v1/sessions/recommendations", json=body))


def until(condition, served, seconds: float = 300):
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if value := condition():
            return value
        time.sleep(0.1)
    raise AssertionError(f"it did not come about\n{served.log.read_text()[-3000:]}")


def test_an_item_that_was_set_unavailable_is_not_served_by_any_worker(served) -> None:
    assert "106" in everything(served)
    for available in (False, True, False, None):
        answer = served.client.patch("/v1/items", json=[{"item_id": "106", "available": available}])
        assert answer.json() == {"accepted": 1, "rejected": []}
        for _ in range(10):
            assert ("106" in everything(served)) is (available is not False)


def test_changes_that_cannot_be_come_back_with_their_position(served) -> None:
    changes = [
        {"item_id": "106", "price": 11},
        {"item_id": "106", "price": -1},
        {"item_id": ""},
        7,
        {"item_id": "106", "colour": "red"},
    ]
    answer = served.client.patch("/v1/items", json=changes).json()
    assert answer["accepted"] == 1
    assert [one["position"] for one in answer["rejected"]] == [1, 2, 3, 4]
    assert "greater than or equal to 0" in answer["rejected"][0]["reason"]
    assert "colour" in answer["rejected"][3]["reason"]
    body = {"items": [], "filters": {"price_min": 11, "price_max": 11}}
    assert ids(served.client.post("/v1/sessions/recommendations", json=body)) == ["106"]


def test_a_new_item_with_a_category_is_recommended_and_has_neighbours_at_once(served) -> None:
    served.client.patch("/v1/items", json=[{"item_id": "new/1", "category": "3", "title": "Fork", "price": 9.5}])
    assert "new/1" in everything(served)
    similar = served.client.get("/v1/items/new%2F1/similar", params={"k": 2})
    assert set(ids(similar)) <= {"104", "107"}, "the garden, less the rake that is sold out"
    assert similar.json()["served_by"] == "category-popularity"
    garden = served.client.get("/v1/items/104/similar", params={"k": 3, "filters": json.dumps({"category": "3"})})
    assert "new/1" in ids(garden)
    served.client.patch("/v1/items", json=[{"item_id": "new/1", "available": False}])


def test_one_item_of_a_group_is_shown(served) -> None:
    changes = [{"item_id": f"shirt-{size}", "group_id": "shirt", "category": "5"} for size in "SML"]
    served.client.patch("/v1/items", json=changes)
    assert sum(item.startswith("shirt-") for item in everything(served)) == 1
    served.client.patch("/v1/items", json=[{**change, "available": False} for change in changes])


def test_a_feed_makes_what_it_does_not_name_unavailable_and_is_refused_where_it_loses_too_much(served) -> None:
    before = everything(served)
    assert served.client.put("/v1/items", json=[{"item_id": "101"}]).status_code == 422
    feed = [{"item_id": item} for item in before if item != "107"]
    assert served.client.put("/v1/items", json=feed).json()["accepted"] == len(feed)
    assert sorted(everything(served)) == sorted(set(before) - {"107"})
    served.client.put("/v1/items", json=[*feed, {"item_id": "107"}])
    assert sorted(everything(served)) == sorted(before)


def test_the_first_click_of_a_user_brings_related_items(served) -> None:
    path = "/v1/users/fresh/recommendations"
    before = served.client.get(path, params={"k": 2}).json()
    assert before["served_by"] != "item-knn"
    click = {"user_id": "fresh", "item_id": "101", "event": "view", "session_id": "s1"}
    assert served.client.post("/v1/events", json=[click]).status_code == 202
    after = served.client.get(path, params={"k": 2}).json()
    assert (after["served_by"], [item["item_id"] for item in after["items"]]) == ("item-knn", ["102", "103"])
    assert after["items"][0]["reason"].endswith("which you viewed")


def test_a_login_takes_over_what_was_looked_at_before(served) -> None:
    at = int(time.time() * 1000)
    before = {"session_id": "s9", "item_id": "101", "event": "view", "timestamp": at}
    login = {"session_id": "s9", "user_id": "late", "item_id": "104", "event": "view", "timestamp": at + 1}
    served.client.post("/v1/events", json=[before, login])
    listed = ids(served.client.get("/v1/users/late/recommendations", params={"k": 1000}))
    assert not {"101", "104"} & set(listed)


def test_events_come_back_with_their_position_and_reason_where_they_are_none(served) -> None:
    events = [
        {"item_id": "101", "event": "view", "user_id": "42"},
        {"item_id": "101", "event": "stare", "user_id": "42"},
        {"item_id": "101", "event": "view"},
        {"event": "view", "user_id": "42"},
        {"item_id": "101", "event": "view", "user_id": "42", "timestamp": "yesterday"},
        {"item_id": "101", "event": "click", "user_id": "42"},
        "view",
    ]
    answer = served.client.post("/v1/events", json=events)
    assert (answer.status_code, answer.json()["accepted"]) == (202, 1)
    reasons = {one["position"]: one["reason"] for one in answer.json()["rejected"]}
    assert sorted(reasons) == [1, 2, 3, 4, 5, 6]
    assert "stare" in reasons[1]
    assert "user_id nor session_id" in reasons[2]


def test_events_are_in_the_graph_once_though_they_were_sent_twice_and_everything_was_killed(served, connected) -> None:
    at = int(time.time() * 1000)
    events = [
        {"event_id": f"e{n}", "user_id": "once", "item_id": "101", "event": "view", "timestamp": at + n}
        for n in range(20)
    ]
    for _ in range(2):
        assert served.client.post("/v1/events", json=events).json()["accepted"] == 20
    for process in children(served):
        os.kill(process, signal.SIGKILL)
    served.wait()
    assert served.client.post("/v1/events", json=events).json()["accepted"] == 20
    statement = "MATCH (:User {id: 'once'})-[:HAD]->(:Session)-[e:INCLUDES]->(:Item {id: '101'}) RETURN count(e) AS n"
    until(lambda: connected.query(statement)["n"][0] >= 20, served)
    served.wait(until=lambda answer: answer.json()["queued_events"] == 0, seconds=300)
    assert connected.query(statement)["n"][0] == 20


def test_changes_of_items_come_into_the_graph_with_their_category(served, connected) -> None:
    served.client.patch("/v1/items", json=[{"item_id": "g1", "title": "Hose", "price": 8, "category": "3"}])
    statement = (
        "MATCH (i:Item {id: 'g1'})-[:IN_CATEGORY]->(c) RETURN i.title AS title, i.price AS price, c.id AS category"
    )
    until(lambda: len(connected.query(statement)), served)
    assert connected.query(statement).iloc[0].to_dict() == {"title": "Hose", "price": 8, "category": "3"}
    served.client.patch("/v1/items", json=[{"item_id": "g1", "category": None}])
    in_garden = {"items": [], "k": 1000, "filters": {"category": "3"}}
    assert "g1" not in ids(served.client.post("/v1/sessions/recommendations", json=in_garden))
    cleared = "MATCH (i:Item {id: 'g1'}) WHERE NOT EXISTS { (i)-[:IN_CATEGORY]->() } RETURN i.id AS id"
    until(lambda: len(connected.query(cleared)), served)
    former = "MATCH (:Item {id: 'g1'})-[r:WAS_IN_CATEGORY]->(c) RETURN c.id AS c, r.until IS NOT NULL AS ended"
    assert connected.query(former).to_dict("records") == [{"c": "3", "ended": True}]
    served.client.patch("/v1/items", json=[{"item_id": "g1", "available": False}])


def children(served) -> list[int]:
    """The workers and the keeper."""
    import psutil

    return [child.pid for child in psutil.Process(served.process.pid).children()]

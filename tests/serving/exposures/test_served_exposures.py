"""Through the real server: what is shown, clicked and bought comes into the graph, once, whoever is killed."""

import time
from contextlib import suppress

import psutil
import pytest

pytestmark = [pytest.mark.server, pytest.mark.slow]
COUNTED = (
    "MATCH (e:Exposure) WHERE e.place STARTS WITH $place "
    "RETURN e.version AS version, e.model AS model, e.place AS place, e.category AS category, "
    "sum(e.shown) AS shown, sum(e.clicked) AS clicked, sum(e.bought) AS bought ORDER BY version, place, category"
)


def counted(served, connected, place: str, wanted: int) -> list[tuple]:
    """Rows of the graph when `wanted` showings are there and nothing waits."""
    limit = time.monotonic() + 120
    while time.monotonic() < limit:
        rows = connected.query(COUNTED, place=place)
        if rows["shown"].sum() >= wanted and served.client.get("/readyz").json()["queued_events"] == 0:
            break
        time.sleep(0.2)
    rows = connected.query(COUNTED, place=place)
    return [tuple(row) for row in rows.itertuples(index=False)]


def test_click_through_and_conversion_come_into_the_graph_by_version_place_and_category(served, connected) -> None:
    body = {"items": ["101"], "k": 3, "user_id": "shown-1", "place": "home-1"}
    answer = served.client.post("/v1/sessions/recommendations", json=body).json()
    assert [item["item_id"] for item in answer["items"]][:2] == ["102", "103"]
    own = {"user_id": "shown-1", "recommendation_id": answer["recommendation_id"]}
    events = [{**own, "item_id": item["item_id"], "event": "impression"} for item in answer["items"]]
    events += [{**own, "item_id": "102", "event": "click"}, {**own, "item_id": "103", "event": "click", "place": "x y"}]
    taken = served.client.post("/v1/events", json=[*events, *events]).json()
    assert (taken["accepted"], [one["position"] for one in taken["rejected"]]) == (8, [4, 9])
    assert "place" in taken["rejected"][0]["reason"]
    served.client.post("/v1/events", json=[{"user_id": "shown-1", "item_id": "102", "event": "buy"}])
    version, third = answer["version"], answer["items"][2]["item_id"]
    [row] = [row for row in counted(served, connected, "home-1", 3) if row[3] == "4"]
    assert row == (version, "item-knn", "home-1", "4", 2, 1, 1)
    others = [row for row in counted(served, connected, "home-1", 3) if row[3] != "4"]
    assert [row[4:] for row in others] == [(1, 0, 0)], f"item {third}"
    statement = "MATCH (:Model {id: 'item-knn'})-[:HAS_VERSION]->(v)-[:SHOWED]->(e {place: 'home-1'}) RETURN v.id AS v"
    assert set(connected.query(statement)["v"]) == {version}


def test_every_call_counts_at_a_place_of_its_own_or_at_the_one_it_names(served) -> None:
    calls = {
        "/v1/users/1/recommendations": "user",
        "/v1/items/101/similar": "similar",
        "/v1/items/101/together": "together",
        "/v1/trending": "trending",
        "/v1/items/search?q=iron": "search",
    }
    for path, place in calls.items():
        answer = served.client.get(path).json()
        assert answer["recommendation_id"].split("~")[:2] == [answer["version"] or "fallback", place]
        words = {"q": "iron"} if place == "search" else {}
        named = served.client.get(path, params={**words, "place": "cart.page"}).json()
        assert named["recommendation_id"].split("~")[1] == "cart.page"
        assert served.client.get(path, params={**words, "place": "a~b"}).status_code == 422


def test_counts_are_right_though_the_keeper_and_the_workers_are_killed_again_and_again(served, connected) -> None:
    clients = 0
    for round in range(6):
        body = {"items": ["104"], "k": 2, "place": "killed"}
        answer = served.client.post("/v1/sessions/recommendations", json=body).json()
        assert len(answer["items"]) == 2
        own = {"recommendation_id": answer["recommendation_id"], "session_id": f"killed-{round}"}
        events = [
            {**own, "item_id": item["item_id"], "event": kind, "event_id": f"{kind}-{round}-{item['rank']}"}
            for item in answer["items"]
            for kind in ("impression", "click")
        ]
        for _ in range(2):
            assert served.client.post("/v1/events", json=events).json()["accepted"] == 4
        clients += 2
        time.sleep(0.15 * round)
        for child in psutil.Process(served.process.pid).children():
            with suppress(psutil.Error):  # one that ended just now
                if "kartograph.serving.keeper" in child.cmdline() or round == 3:
                    child.kill()
        served.wait()
    rows = counted(served, connected, "killed", clients)
    assert [sum(column) for column in list(zip(*rows, strict=True))[4:]] == [clients, clients, 0]

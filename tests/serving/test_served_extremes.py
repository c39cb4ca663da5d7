"""Shops of three items, of one user and of none, and questions at the limits, through the real server."""

import json
from urllib.parse import quote

import pytest
from tests.serving.conftest import serving

from kartograph.graph.schema import apply_schema

pytestmark = pytest.mark.server
LONG = "x" * 10_240
ONE_USER = """
UNWIND ['a/b', '🙂', 'c'] AS id
CREATE (i:Item {id: id, title: 'Item ' + id, popularity: 1})
WITH collect(i) AS items
CREATE (u:User {id: 'only', first_seen: 1, last_seen: 3})
CREATE (u)-[:HAD]->(s:Session {id: 'only-1', started: 1, ended: 3, length: 3})
WITH items, u, s
UNWIND range(0, 2) AS place
WITH items[place] AS i, place, u, s
CREATE (s)-[:INCLUDES {position: place, at: place + 1, event: 'buy', event_key: 'k' + place}]->(i)
CREATE (u)-[:BOUGHT {count: 1, first: place + 1, last: place + 1}]->(i)
"""


def ids(answer) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["item_id"] for item in answer.json()["items"]]


def test_a_shop_of_none_answers_with_nothing_until_it_has_something(server, connected, tmp_path_factory) -> None:
    connected.query("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS", write=True)
    with serving(tmp_path_factory.mktemp("none"), server.uri, server.auth, "") as empty:
        assert ids(empty.client.get("/v1/users/1/recommendations")) == []
        assert ids(empty.client.get("/v1/trending")) == []
        assert ids(empty.client.get("/v1/items/search", params={"q": "anything"})) == []
        assert empty.client.get("/v1/items/1/similar").status_code == 404
        assert empty.client.patch("/v1/items", json=[{"item_id": "1", "category": "new"}]).json()["accepted"] == 1
        assert ids(empty.client.get("/v1/users/1/recommendations")) == ["1"]


@pytest.fixture(scope="module")
def tiny(server, connected, tmp_path_factory):
    """A shop of three items and one user, who bought everything; no model is trained."""
    connected.query("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS", write=True)
    apply_schema(connected)
    connected.query(ONE_USER, write=True)
    with serving(tmp_path_factory.mktemp("tiny"), server.uri, server.auth, "") as running:
        yield running


def test_a_user_who_bought_everything_gets_nothing_new_and_everything_again(tiny) -> None:
    answer = tiny.client.get("/v1/users/only/recommendations")
    assert (ids(answer), answer.json()["served_by"], answer.json()["model"]) == ([], "nobody", None)
    again = tiny.client.get("/v1/users/only/recommendations", params={"include_seen": True})
    assert sorted(ids(again)) == sorted(["a/b", "🙂", "c"])
    bought = {"include_seen": True, "filters": json.dumps({"not_bought_days": 1e5})}
    assert ids(tiny.client.get("/v1/users/only/recommendations", params=bought)) == []


@pytest.mark.parametrize(("k", "length"), [(1, 1), (3, 3), (1000, 3)])
def test_a_list_is_as_long_as_the_shop_or_as_was_asked(tiny, k: int, length: int) -> None:
    listed = ids(tiny.client.get("/v1/users/stranger/recommendations", params={"k": k}))
    assert len(listed) == len(set(listed)) == length
    assert len(ids(tiny.client.get("/v1/trending", params={"k": k}))) == length


@pytest.mark.parametrize("k", [0, -1, 1001, "many", 1.5])
def test_a_k_that_cannot_be_is_refused(tiny, k) -> None:
    assert tiny.client.get("/v1/users/only/recommendations", params={"k": k}).status_code == 422


def test_a_query_parameter_that_a_call_does_not_have_is_refused_and_those_it_has_are_named(tiny) -> None:
    answer = tiny.client.get("/v1/trending", params={"k": 2, "price_max": 50})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith('the call has no query parameter "price_max"; it has category, hours, k')
    assert tiny.client.get("/healthz", params={"probe": 1}).status_code == 200


def test_a_body_that_is_no_json_is_refused_with_what_to_send(tiny) -> None:
    for kind in ({}, {"Content-Type": "application/x-www-form-urlencoded"}):
        answer = tiny.client.post("/v1/sessions/recommendations", content=b'{"items": ["c"]}', headers=kind)
        assert answer.status_code == 415
        assert answer.json()["detail"].endswith("with the header Content-Type: application/json")
    url, text = "/v1/sessions/recommendations", b'{"items": ["c"], "k": 2}'
    with_charset = tiny.client.post(url, content=text, headers={"Content-Type": "application/json; charset=utf-8"})
    plain = tiny.client.post(url, json={"items": ["c"], "k": 2})
    assert with_charset.status_code == 200
    assert with_charset.json()["items"] == plain.json()["items"]
    json_type = {"Content-Type": "application/json"}
    no_json = tiny.client.post(url, content=b'{"items": [}', headers=json_type)
    assert (no_json.status_code, no_json.json()["detail"][:23]) == (422, "the body is no JSON: Ex")
    broken = tiny.client.post("/v1/events", content=b"[{]", headers=json_type)
    assert (broken.status_code, broken.json()["detail"][:23]) == (422, "the body is no JSON: Ex")
    assert broken.json()["detail"].endswith("at character 2")


def test_a_field_that_does_not_exist_is_refused_and_those_there_are_are_named(tiny) -> None:
    misspelt = tiny.client.post("/v1/sessions/recommendations", json={"itms": ["c"]})
    assert misspelt.json()["detail"].startswith("there is no field body.itms; there are items, events, session_id")
    within = tiny.client.post("/v1/sessions/recommendations", json={"filters": {"categry": "x"}})
    assert within.json()["detail"].startswith("there is no field body.filters.categry; there are available, category")
    change = tiny.client.patch("/v1/items", json=[{"item_id": "c", "availabl": False}])
    assert change.json()["rejected"][0]["reason"].startswith("there is no field availabl; there are item_id, available")


def test_a_method_that_a_path_does_not_have_is_answered_with_those_it_has(tiny) -> None:
    answer = tiny.client.post("/v1/trending", json={})
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
    assert "allowed: GET" in answer.json()["detail"]


def test_a_filter_that_leaves_nothing_gives_an_empty_list(tiny) -> None:
    nothing = {"filters": json.dumps({"include": ["nowhere"]})}
    assert ids(tiny.client.get("/v1/users/stranger/recommendations", params=nothing)) == []
    assert ids(tiny.client.get("/v1/trending", params=nothing)) == []


@pytest.mark.parametrize("id", ["a/b", "🙂", "c"])
def test_ids_with_slashes_and_emoji_are_the_items_own(tiny, id: str) -> None:
    similar = ids(tiny.client.get(f"/v1/items/{quote(id, safe='')}/similar"))
    assert sorted([*similar, id]) == sorted(["a/b", "🙂", "c"])
    event = {"user_id": f"u {id}", "item_id": id, "event": "view"}
    assert tiny.client.post("/v1/events", json=[event]).status_code == 202
    after = ids(tiny.client.get(f"/v1/users/{quote(event['user_id'], safe='')}/recommendations"))
    assert id not in after
    assert len(after) == 2
    answer = tiny.client.get("/v1/explanations", params={"user": event["user_id"], "item": id})
    assert (answer.status_code, answer.json()["item"]["item_id"]) == (200, id)
    assert tiny.client.patch("/v1/items", json=[{"item_id": id, "price": 3}]).json()["accepted"] == 1


def test_an_id_of_ten_kilobytes_is_refused_wherever_it_stands(tiny) -> None:
    assert tiny.client.get(f"/v1/users/{LONG}/recommendations").status_code in (414, 422)
    assert tiny.client.get(f"/v1/items/{LONG}/similar").status_code in (414, 422)
    assert tiny.client.post("/v1/sessions/recommendations", json={"items": [LONG]}).status_code == 422
    for call, body in (("post", [{"item_id": LONG, "event": "view", "user_id": "u"}]), ("patch", [{"item_id": LONG}])):
        path = "/v1/events" if call == "post" else "/v1/items"
        answer = getattr(tiny.client, call)(path, json=body)
        assert (answer.json()["accepted"], answer.json()["rejected"][0]["position"]) == (0, 0)


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_load_balancers_that_ask_by_head_get_the_status_alone(tiny, path) -> None:
    asked = tiny.client.head(path)
    assert (asked.status_code, asked.content) == (200, b"")

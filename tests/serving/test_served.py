"""A served shop answers over HTTP: lists, filters, ids of any kind, refusals, and takes up what changes."""

import json
import time
from urllib.parse import quote

import pytest

pytestmark = pytest.mark.server
JSON = {"Content-Type": "application/json"}


def ids(answer) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["item_id"] for item in answer.json()["items"]]


def ask(served, **body):
    return served.client.post("/v1/sessions/recommendations", json=body)


def test_a_session_is_answered_with_model_version_rank_and_reason(served) -> None:
    answer = ask(served, items=["101"], k=2).json()
    assert (answer["model"], answer["served_by"]) == ("item-knn", "item-knn")
    assert answer["version"].startswith("item-knn-")
    assert answer["recommendation_id"].startswith(answer["version"])
    assert [(item["item_id"], item["rank"]) for item in answer["items"]] == [("102", 1), ("103", 2)]
    assert answer["items"][0]["reason"] == "often in the same session as Copper kettle (101)"


def test_the_issue_of_a_session_with_all_fields_is_understood(served) -> None:
    filters = {"available": True, "category": "2", "price_max": 50}
    answer = ask(served, items=["101", "104"], user_id="5", k=20, model="stan", filters=filters, diversity=0.3)
    assert answer.json()["model"] == "stan"
    assert set(ids(answer)) == {"102", "103"}, "kitchen and pots below it, less the kettle of the session"


def test_a_list_is_as_long_as_there_are_items_that_pass(served) -> None:
    assert len(ids(ask(served, items=["101"], k=1000))) == 5, "7 items, less that of the session and the sold-out one"
    everything = ask(served, items=[], k=1000, include_seen=True, filters={"available": None})
    assert "105" not in ids(everything)
    assert ids(ask(served, items=[], filters={"available": False})) == ["105"]
    assert ids(ask(served, items=[], filters={"price_max": 1})) == []


def test_a_stranger_gets_what_the_fallbacks_have_and_a_user_nothing_that_was_seen(served) -> None:
    stranger = served.client.get("/v1/users/nobody/recommendations", params={"k": 3})
    assert len(ids(stranger)) == 3
    assert stranger.json()["served_by"] in ("trending", "popularity")
    assert not {"101", "102", "103", "104"} & set(ids(served.client.get("/v1/users/1/recommendations")))
    again = served.client.get("/v1/users/1/recommendations", params={"include_seen": True})
    assert {"101", "102"} & set(ids(again))


@pytest.mark.parametrize("id", ["a/b", "🙂", "x" * 3_000, "a%2Fb", "?#&", " ", "\x00"])
def test_ids_of_any_kind_are_answered(served, id: str) -> None:
    assert len(ids(served.client.get(f"/v1/users/{quote(id, safe='')}/recommendations"))) > 0
    missing = served.client.get(f"/v1/items/{quote(id, safe='')}/similar")
    assert (missing.status_code, "no item" in missing.json()["detail"]) == (404, True)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/v1/users/1/recommendations?k=0", "greater than or equal to 1"),
        ("/v1/users/1/recommendations?k=1001", "less than or equal to 1000"),
        ("/v1/users/1/recommendations?model=none", "There are item-knn, stan"),
        ("/v1/users/1/recommendations?filters={}x", "JSON"),
        ('/v1/users/1/recommendations?filters={"colour":1}', 'no condition "colour"'),
        ('/v1/users/1/recommendations?filters={"category":"nope"}', 'no category_id "nope"'),
        (f"/v1/users/{'x' * 10_240}/recommendations", "4,000 bytes"),
        ("/v1/users/%FF/recommendations", "UTF-8"),
        ("/v1/trending?hours=nan", "finite"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_a_sentence(served, path: str, words: str) -> None:
    answer = served.client.get(path)
    assert answer.status_code == 422
    assert words in answer.json()["detail"]


def test_bodies_that_are_too_large_or_no_json_are_refused(served) -> None:
    url = "/v1/sessions/recommendations"
    assert served.client.post(url, content=b"x" * 70_000).status_code == 413
    assert served.client.post(url, content=b"{", headers=JSON).status_code == 422
    assert served.client.post(url, content=b'{"items": ["\\ud800"]}', headers=JSON).status_code == 422
    assert served.client.get("/v1/nothing").status_code == 404
    assert served.client.delete(url).status_code == 405


def test_a_batch_may_be_larger_than_other_bodies(served) -> None:
    events = [{"user_id": f"user {number}", "item_id": "i1", "event": "no kind"} for number in range(2_000)]
    body = json.dumps(events).encode()
    answer = served.client.post("/v1/events", content=body, headers=JSON)
    assert len(body) > 64 * 1024
    assert (answer.status_code, answer.json()["accepted"], len(answer.json()["rejected"])) == (202, 0, 2_000)


def test_similar_together_and_trending_items(served) -> None:
    assert ids(served.client.get("/v1/items/101/similar", params={"k": 2})) == ["102", "103"]
    together = served.client.get("/v1/items/101/together")
    # weight / sqrt(popularity): 103 has 4 / sqrt(6), 102 has 23/6 / sqrt(5)
    assert ids(together) == ["102", "103"]
    assert together.json()["items"][1]["score"] == pytest.approx(4 / 6**0.5)
    assert ids(served.client.get("/v1/items/107/together")) == []
    assert set(ids(served.client.get("/v1/trending", params={"category": "2"}))) == {"101", "102", "103"}


def test_a_new_version_is_taken_up_while_requests_go_on(served, connected, small_shop, monkeypatch) -> None:
    from kartograph.models.registry import make
    from kartograph.models.saved.version_files import folder_of
    from kartograph.models.saved.versions import keep, rollback

    monkeypatch.setenv("KARTOGRAPH_HOME", str(small_shop))
    before = ask(served, items=["101"]).json()["version"]
    folder = folder_of("shop", managed=False)
    fresh = keep(connected, folder, "item-knn", make("item-knn").fit(connected)).version
    for wanted in (fresh, before):
        if wanted == before:
            rollback(connected, folder, "item-knn", before)
        seen, limit = set(), time.monotonic() + 120
        while wanted not in seen and time.monotonic() < limit:
            answer = ask(served, items=["101"], k=1)
            assert answer.status_code == 200
            seen.add(answer.json()["version"])
        assert wanted in seen

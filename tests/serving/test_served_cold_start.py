"""An item that was created just now by what an ontology says of it, through the real server."""

import time

import httpx
import pytest
from tests.serving.conftest import serving

from kartograph.graph.schema import apply_schema

pytestmark = [pytest.mark.server, pytest.mark.slow]
ONTOLOGY = """
MERGE (ann:Individual:Author {iri: 'urn:shop#ann'}) SET ann.name = 'Ann'
MERGE (bob:Individual:Author {iri: 'urn:shop#bob'}) SET bob.name = 'Bob'
MERGE (y:Attribute {iri: 'urn:shop#year'})
SET y += {name: 'year', label: 'year', kind: 'Numeric', compared: true, property: 'year', weight: 0.5}
MERGE (w:Attribute {iri: 'urn:shop#writtenBy'})
SET w += {name: 'writtenBy', label: 'author', kind: 'Linked', compared: true, relationship: 'WRITTEN_BY'}
MERGE (c:Attribute {iri: 'urn:shop#colour'})
SET c += {name: 'colour', label: 'colour', kind: 'Enumerated', compared: true, property: 'colour'}
WITH ann, bob
MATCH (kettle:Item {id: '101'}), (pan:Item {id: '102'}), (novel:Item {id: '106'})
SET kettle.year = 1900, kettle.colour = 'red', pan.year = 2000, pan.colour = 'red', novel.year = 1950
MERGE (kettle)-[:WRITTEN_BY]->(ann)
MERGE (novel)-[:WRITTEN_BY]->(ann)
MERGE (pan)-[:WRITTEN_BY]->(bob)
"""


def ids(answer) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["item_id"] for item in answer.json()["items"]]


@pytest.fixture(scope="module")
def described(server, small_shop, connected):
    """The small shop with authors, years and colours, served."""
    apply_schema(connected)
    connected.query(ONTOLOGY, write=True)
    with serving(small_shop, server.uri, server.auth) as running:
        yield running


def test_an_item_with_attributes_alone_has_neighbours_in_the_next_answer(described) -> None:
    book = {"item_id": "fresh", "attributes": {"writtenBy": "Ann", "year": 1960}}
    assert described.client.patch("/v1/items", json=[book]).json() == {"accepted": 1, "rejected": []}
    answer = described.client.get("/v1/items/fresh/similar", params={"k": 3})
    # By author 1 and year 0.5: 106 has (1 + 0.5 · 0.9) / 1.5, 101 (1 + 0.5 · 0.4) / 1.5, 102 (0.5 · 0.6) / 1.5
    assert [item["score"] for item in answer.json()["items"]] == pytest.approx([1.45 / 1.5, 1.2 / 1.5, 0.3 / 1.5])
    assert ids(answer) == ["106", "101", "102"]
    assert answer.json()["served_by"] == "attributes"
    assert answer.json()["items"][0]["reason"] == "like item fresh by its attributes"
    with httpx.Client(base_url=described.client.base_url) as client:
        everything = ids(client.post("/v1/sessions/recommendations", json={"items": [], "k": 1000}))
    assert "fresh" in everything
    why = described.client.get("/v1/explanations", params={"session": "106", "item": "fresh"}).json()
    assert {"attribute": "writtenBy", "value": "urn:shop#ann", "item_id": "106"} in why["alike"]


def test_a_new_item_is_shown_after_one_that_it_is_like(described) -> None:
    twin = {"item_id": "twin", "attributes": {"writtenBy": ["Ann"], "year": 1950}}
    described.client.patch("/v1/items", json=[twin])
    # 104 was in a session with 106, which the model knows; the rake of that session is sold out.
    similar = described.client.get("/v1/items/106/similar", params={"k": 2})
    assert [(item["item_id"], item["served_by"]) for item in similar.json()["items"]] == [
        ("104", "item-knn"),
        ("twin", "attributes"),
    ]
    described.client.patch("/v1/items", json=[{"item_id": "twin", "attributes": {"writtenBy": "Bob"}}])
    assert "twin" not in ids(described.client.get("/v1/items/106/similar", params={"k": 2}))
    assert ids(described.client.get("/v1/items/twin/similar", params={"k": 1})) == ["102"]


def test_attributes_and_links_come_into_the_graph_and_a_new_item_stays_new(described, connected) -> None:
    item = {"item_id": "kept", "category": "3", "attributes": {"writtenBy": "Bob", "colour": "red", "year": 1999}}
    described.client.patch("/v1/items", json=[item])
    statement = (
        "MATCH (i:Item {id: 'kept'})-[:WRITTEN_BY]->(b) MATCH (i)-[:IN_CATEGORY]->(c) "
        "RETURN i.colour AS colour, i.year AS year, b.name AS author, c.id AS category"
    )
    limit = time.monotonic() + 60
    while connected.query(statement).empty and time.monotonic() < limit:
        time.sleep(0.2)
    assert connected.query(statement).to_dict("records") == [
        {"colour": "red", "year": 1999, "author": "Bob", "category": "3"}
    ]
    # A bundle that was made since holds the item: it still heads the lists of its category.
    made = described.folder / "current"
    before, limit = made.read_text(), time.monotonic() + 60
    connected.query("MATCH (l:Load) SET l.finished = l.finished + 1", write=True)
    while made.read_text() == before and time.monotonic() < limit:
        time.sleep(0.2)
    time.sleep(1.5)
    assert "kept" in ids(described.client.get("/v1/items/107/similar", params={"k": 3}))
    assert ids(described.client.get("/v1/items/kept/similar", params={"k": 1})) == ["102"]


def test_a_first_click_brings_what_is_like_the_new_item(described) -> None:
    described.client.patch("/v1/items", json=[{"item_id": "first", "attributes": {"writtenBy": "Ann"}}])
    path = "/v1/users/curious/recommendations"
    before = ids(described.client.get(path, params={"k": 2}))
    described.client.post("/v1/events", json=[{"user_id": "curious", "item_id": "first", "event": "view"}])
    after = ids(described.client.get(path, params={"k": 3}))
    assert set(after) & {"101", "106", "fresh"} == set(after), "all by Ann"
    assert after != before


def test_an_attribute_that_is_null_is_taken_away_and_the_others_stay(described, connected) -> None:
    item = {"item_id": "plain", "attributes": {"writtenBy": "Ann", "colour": "blue", "year": 1950}}
    described.client.patch("/v1/items", json=[item])
    nothing = {"item_id": "plain", "attributes": {"writtenBy": None, "colour": None}}
    assert described.client.patch("/v1/items", json=[nothing]).json() == {"accepted": 1, "rejected": []}
    # By the year alone, which is left: 106 is of 1950 too, 101 and 102 are half a range away.
    among = {"k": 1, "filters": '{"include": ["101", "102", "106"]}'}
    answer = described.client.get("/v1/items/plain/similar", params=among).json()
    assert [(item["item_id"], item["score"]) for item in answer["items"]] == [("106", 1.0)]
    statement = (
        "MATCH (i:Item {id: 'plain'}) WHERE i.year = 1950 RETURN i.colour AS colour, "
        "count {(i)-[:WRITTEN_BY]->()} AS authors"
    )
    limit = time.monotonic() + 60
    while connected.query(statement).to_dict("records") != [{"colour": None, "authors": 0}]:
        assert time.monotonic() < limit
        time.sleep(0.2)

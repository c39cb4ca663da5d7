"""Bundles of graphs: empty shops, and a shop that is served while Neo4j is away."""

import shutil

import pytest
from tests.serving.conftest import serving

from kartograph.graph.schema import apply_schema
from kartograph.models.registry import make
from kartograph.models.saved.version_files import folder_of
from kartograph.models.saved.versions import keep, rollback
from kartograph.models.where.conditions import where
from kartograph.serving.bundle.making import change_versions, make_bundle, read_description
from kartograph.serving.bundle.opened import Bundle
from kartograph.serving.catalogue.changes import ChangeLog
from kartograph.serving.config import FallbackSection
from kartograph.serving.events.log import EventLog
from kartograph.serving.paths import ServingPaths
from kartograph.serving.ranking.lists import recommended
from kartograph.serving.ranking.question import Past, Question
from kartograph.serving.view import View
from kartograph.tables.errors import ServerError

pytestmark = [pytest.mark.server, pytest.mark.slow]
NOWHERE = "bolt://127.0.0.1:1"


@pytest.mark.parametrize("items", [0, 1, 3])
def test_a_shop_without_events_and_users_is_served(graph, home, items) -> None:
    apply_schema(graph)
    graph.query("UNWIND range(1, $n) AS i CREATE (:Item {id: toString(i)})", write=True, n=items)
    paths = ServingPaths.of("shop", managed=False)
    paths.create()
    with pytest.raises(ServerError, match="holds no bundle to serve from"):
        Bundle.open(paths)
    made = make_bundle(graph, home / "models", paths)
    assert read_description(paths) == made
    view = View.of(Bundle.open(paths), ChangeLog(paths.items), EventLog(paths.events))
    listed = recommended(view, Question(10, where(available=True)), None, FallbackSection().chain)
    assert sorted(view.catalogue.id(item.row) for item in listed) == [str(n + 1) for n in range(items)]
    assert view.history("nobody") == []


def test_other_versions_come_into_use_without_reading_the_shop_again(connected, small_shop, monkeypatch) -> None:
    monkeypatch.setenv("KARTOGRAPH_HOME", str(small_shop))
    paths, models = ServingPaths.of("shop", managed=False), folder_of("shop", managed=False)
    before = make_bundle(connected, models, paths)
    version = keep(connected, models, "item-knn", make("item-knn").fit(connected)).version
    try:
        after = change_versions(connected, models, paths)
        assert after.versions == before.versions | {"item-knn": version}
        assert after.tried == before.tried | {"item-knn": version}
        assert (after.made, after.item_seq, after.state) == (before.made, before.item_seq, before.state)
        assert read_description(paths) == after
        old, new = paths.bundles / before.bundle, paths.bundles / after.bundle
        assert {path.name for path in old.iterdir()} == {path.name for path in new.iterdir()}
        assert (old / "item_ids.bytes.npy").samefile(new / "item_ids.bytes.npy")
        assert (old / "models/stan/rows.npy").samefile(new / "models/stan/rows.npy")
        opened = Bundle.of(old)
        view = View.of(Bundle.open(paths, opened), ChangeLog(paths.items), EventLog(paths.events))
        assert view.bundle.models["stan"].model is opened.models["stan"].model
        question = Question(2, where(), [Past(view.catalogue.row("101"), 0, 0)])
        listed = recommended(view, question, view.bundle.models["item-knn"], ())
        assert [view.catalogue.id(item.row) for item in listed] == ["102", "103"]
    finally:
        rollback(connected, models, "item-knn", before.versions["item-knn"])


def test_a_version_that_cannot_be_read_has_failed_until_there_is_another(connected, small_shop, monkeypatch) -> None:
    monkeypatch.setenv("KARTOGRAPH_HOME", str(small_shop))
    paths, models = ServingPaths.of("shop", managed=False), folder_of("shop", managed=False)
    before = make_bundle(connected, models, paths)
    version = keep(connected, models, "item-knn", make("item-knn").fit(connected)).version
    shutil.rmtree(models / "item-knn" / version)
    try:
        after = change_versions(connected, models, paths)
        assert set(after.versions) == {"stan"}
        assert set(after.failed) - set(before.failed) == {"item-knn"}
        assert after.tried == before.tried | {"item-knn": version}
    finally:
        rollback(connected, models, "item-knn", before.versions["item-knn"])
    assert change_versions(connected, models, paths).versions == before.versions


def test_a_model_that_ranks_in_neo4j_is_not_served_and_the_shop_says_what_to_train(connected, small_shop, monkeypatch):
    monkeypatch.setenv("KARTOGRAPH_HOME", str(small_shop))
    paths, models = ServingPaths.of("shop", managed=False), folder_of("shop", managed=False)
    keep(connected, models, "pagerank", make("pagerank").fit(connected))
    try:
        made = make_bundle(connected, models, paths)
        assert "pagerank" not in made.versions
        assert "train one that is kept in arrays, such as walk or item-knn" in made.failed["pagerank"]
    finally:
        connected.query("MATCH (m:Model {id: 'pagerank'})-[:HAS_VERSION]->(v) DETACH DELETE m, v", write=True)


def test_lists_go_on_and_what_comes_in_is_kept_while_neo4j_is_away(connected, small_shop, monkeypatch) -> None:
    monkeypatch.setenv("KARTOGRAPH_HOME", str(small_shop))
    paths = ServingPaths.of("shop", managed=False)
    paths.create()
    make_bundle(connected, folder_of("shop", managed=False), paths)
    with serving(small_shop, NOWHERE, ("neo4j", "none")) as running:
        ready = running.wait(until=lambda answer: answer.json()["neo4j"] == "down").json()
        assert ready["status"] == "ready"
        assert "no Neo4j answers" in ready["error"]
        body = {"items": ["101"], "k": 2}
        answer = running.client.post("/v1/sessions/recommendations", json=body)
        assert [item["item_id"] for item in answer.json()["items"]] == ["102", "103"]
        assert running.client.patch("/v1/items", json=[{"item_id": "102", "available": False}]).status_code == 200
        answer = running.client.post("/v1/sessions/recommendations", json=body)
        assert answer.json()["items"][0]["item_id"] == "103"
        event = {"user_id": "u", "item_id": "101", "event": "view"}
        assert running.client.post("/v1/events", json=[event]).status_code == 202
        assert running.client.get("/readyz").json()["queued_events"] == 1
        assert running.client.delete("/v1/users/u").status_code == 503
        assert running.client.get("/v1/promotions").status_code == 503

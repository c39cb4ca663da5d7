"""Every model of the registry goes through the whole contract on a real graph: a shop of two tastes, loaded live."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from tests.models.test_contract import EVENTS, ITEMS, PLACED

from kartograph import queries
from kartograph.graph.enrichment.enrich import enrich
from kartograph.graph.recommendations import WriteBack, write_recommendations
from kartograph.loaders import interactions
from kartograph.models.base import Recommender
from kartograph.models.registry import declaration, make, names
from kartograph.models.saved.saving import load

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def shop(connected):
    """The shop in an otherwise empty database, enriched by what models need."""
    connected.query("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS", write=True)
    interactions.load(connected, EVENTS, items=ITEMS.merge(PLACED).rename(columns={"category_id": "category"}))
    enrich(connected, ("embedding", "pagerank"))
    return connected


def _made(name: str) -> Recommender:
    """The preset, with less training where that takes long."""
    model = make(name, 1)
    for part in getattr(model, "components", {"": model}).values():
        if hasattr(part.options, "training"):
            part.options = replace(part.options, training=replace(part.options.training, epochs=1))
        elif "epochs" in part.options.__dataclass_fields__:
            part.options = replace(part.options, epochs=1)
    return model


def assert_the_graph_explains_as(model: Recommender, shop, user: str, item: str) -> None:
    """`explain/recommended.cypher` shows the largest parts of what `kartograph explain` shows, with their amounts."""
    rows = shop.query(queries.load("explain/recommended"), user=user, item=item)
    [kept] = rows[rows["model"] == model.called].to_dict("records")
    shown = model.explain(item, user=user)
    shown = shown[shown["amount"] > 0].head(3)
    assert kept["kinds"] == shown["kind"].tolist()
    assert kept["via"] == shown["behind"].tolist()
    assert kept["amounts"] == pytest.approx(shown["amount"].tolist(), rel=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("name", names())
def test_a_model_is_fitted_asked_explained_saved_and_written_back(name, shop, tmp_path):
    model = _made(name).fit(shop)

    asked = model.recommend(["uk0", "nobody"], k=3, include_seen=True)
    assert asked["user_id"].unique().tolist() == ["uk0", "nobody"]
    assert asked.loc[asked["rank"] > 0, "item_id"].notna().all()
    assert asked["reason"].notna().all()
    session = model.recommend_sessions([["pan", "unheard"]], k=3)
    assert session["session"].unique().tolist() == [0]
    alike = model.similar(["pan"], k=2)
    assert "pan" not in alike["similar_item_id"].tolist()
    best = asked[(asked["user_id"] == "uk0") & (asked["served_by"] == name)].head(1)
    if len(best) and declaration(name).explains == "sum":
        parts = model.explain(best["item_id"].iloc[0], user="uk0")
        assert parts["amount"].sum() == pytest.approx(best["score"].iloc[0], rel=1e-4)

    model.save(tmp_path / "model")
    again, _ = load(tmp_path / "model")
    again.bind(shop)
    pd.testing.assert_frame_equal(again.recommend(["uk0", "nobody"], k=3, include_seen=True), asked)
    run = write_recommendations(shop, name, model.portions(["uk0"], 3, include_seen=True), WriteBack(grace_seconds=0))
    written = shop.query(queries.load("recommend/current"), model=name, user="uk0")
    assert run.written == len(written) == len(asked[(asked["user_id"] == "uk0") & (asked["rank"] > 0)])
    assert np.isclose(written["score"], asked.loc[asked["user_id"] == "uk0", "score"]).all()
    for item in written["item"]:
        assert_the_graph_explains_as(model, shop, "uk0", item)


def test_what_happened_a_moment_ago_counts_in_the_next_answer(shop):
    model = make("item-knn").fit(shop)
    before = model.recommend(["uk0"], k=8, include_seen=True)
    late = pd.DataFrame([("uk0", "late", "spade", "view", 1_700_000_000_000)], columns=list(EVENTS.columns))
    interactions.load(shop, late)
    after = model.recommend(["uk0"], k=8, include_seen=True)
    assert "rake" not in before["item_id"].tolist()
    assert "rake" in after["item_id"].tolist()


@pytest.mark.parametrize("name", ["walk", "mcprhrec", "als"])
def test_a_list_on_the_user_explains_as_an_edge_does(name, shop):
    model = make(name).fit(shop)
    # Nobody of the shop was active in the last day before its last event, so that all get lists.
    options = WriteBack(edges="active", active_days=1, grace_seconds=0)
    shop.query("CREATE (:User {id: 'latest', last_seen: 1800000000000})", write=True)
    write_recommendations(shop, name, model.portions(["ug1"], 3, include_seen=True), options)
    shop.query("MATCH (u:User {id: 'latest'}) DELETE u", write=True)

    assert shop.query("MATCH (:User {id: 'ug1'})-[r:RECOMMENDED]->() RETURN r").empty
    for item in shop.query(queries.load("recommend/current"), model=name, user="ug1")["item"]:
        assert_the_graph_explains_as(model, shop, "ug1", item)

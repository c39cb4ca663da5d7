from dataclasses import replace

import numpy as np
import pytest
from tests.queries import small_shop

from kartograph import queries
from kartograph.graph.enrichment.enrich import enrich, rank_users
from kartograph.models.columns import RECOMMENDATIONS
from kartograph.models.graph_data import training_data
from kartograph.models.mcprhrec.model import MCPRHRec, MCPRHRecOptions
from kartograph.models.mcprhrec.presets import MCPRHREC
from kartograph.models.mcprhrec.user_items import UserItemOptions
from kartograph.models.patterns.databases import CLICKS, sequences
from kartograph.models.patterns.gsp import MiningOptions, mine
from kartograph.models.patterns.in_graph import write_patterns, write_rules
from kartograph.models.patterns.rules import consequential_rules
from kartograph.models.registry import make
from kartograph.tables.errors import BadInput

pytestmark = pytest.mark.server
OPTIONS = MCPRHRecOptions(user_items=UserItemOptions(mining=MiningOptions(support=1)))


def test_the_graph_gives_every_event_in_order_and_every_item_with_its_category(graph):
    small_shop.fill(graph)
    data = training_data(graph)

    assert data.owners.external.tolist() == ["1", "2", "3", "4"]
    of_first = data.histories.part(0, 1)
    assert data.items.external[of_first.items].tolist() == ["101", "102", "102", "102", "103", "104"]
    assert "107" in data.items.external  # an item without events
    assert data.categories is not None
    [row] = data.items.rows(["107"])
    assert data.categories.ids.external[data.categories.matrix[[row]].indices].tolist() == ["3"]
    assert data.categories.parents[data.categories.ids.rows(["4"])] == data.categories.ids.rows(["2"])


def test_recommendations_have_reasons_and_explanations_add_up_to_the_scores(graph):
    small_shop.fill(graph)
    model = MCPRHRec(OPTIONS).fit(graph)
    result = model.recommend(["1", "nobody"], 3)

    assert list(result.columns) == list(RECOMMENDATIONS)
    assert set(result["user_id"]) == {"1", "nobody"}
    assert result["reason"].notna().all()
    for row in result.to_dict("records"):
        told = model.explain(row["item_id"], user=row["user_id"])
        assert told["amount"].sum() == pytest.approx(row["score"], rel=1e-4)
        assert told["share"].sum() == pytest.approx(1)
    met = {"101", "102", "103", "104"}
    assert not met & set(result.loc[result["user_id"] == "1", "item_id"])


def test_an_unknown_item_cannot_be_explained(graph):
    small_shop.fill(graph)
    with pytest.raises(BadInput, match='does not know item "999"'):
        MCPRHRec(OPTIONS).fit(graph).explain("999", user="1")


def test_an_empty_graph_is_an_error_that_says_what_to_do(graph):
    with pytest.raises(BadInput, match="this graph holds no events: load a shop first"):
        training_data(graph)
    with pytest.raises(BadInput, match="this graph holds no events: load a shop first"):
        training_data(graph, needs=("embedding",))  # and not that a step has not run


def test_rules_and_patterns_stand_in_the_graph_beside_their_items_and_a_new_run_replaces_them(graph):
    small_shop.fill(graph)
    data = training_data(graph)
    rules = consequential_rules(data, options=MiningOptions(support=1))
    patterns = mine(sequences(data, CLICKS), MiningOptions(support=2))

    assert write_rules(graph, rules, data.items, "first") == len(rules)
    assert write_patterns(graph, patterns, data.items, "first") > 0
    top = graph.query(queries.load("patterns/rules_to_item"), item="103", k=100)
    [one] = top[top["rule"] == "consequential:event:101>103"].to_dict("records")
    # 101 was clicked by users 1, 2 and 3; 2 and 3 bought 103 later, and nobody else did.
    assert (one["support"], one["confidence"], one["lift"]) == (2, pytest.approx(2 / 3), pytest.approx(2 / 3 * 4 / 2))

    assert write_rules(graph, rules, data.items, "second", most=2) == 2
    assert graph.query("MATCH (r:Rule) RETURN count(r) AS rules, collect(DISTINCT r.run) AS runs").to_dict(
        "records"
    ) == [{"rules": 2, "runs": ["second"]}]


STEPS = ("popularity", "co-occurrence", "preferences", "pagerank", "user-pagerank")


def test_the_model_from_the_graph_equals_the_one_from_tables(graph):
    small_shop.fill(graph)
    enrich(graph, STEPS, again=True)
    data = training_data(graph, uses=MCPRHRec.uses)
    assert data.computed is not None and data.computed.prefers is not None
    from_graph, from_tables = (MCPRHRec(MCPRHREC).fit(source) for source in (graph, replace(data, computed=None)))
    everyone = data.histories, np.arange(len(data.owners))

    assert data.computed.category_pagerank is not None and np.isfinite(data.computed.category_pagerank).all()
    read, worked_out = (model.scores(*everyone).toarray() for model in (from_graph, from_tables))
    assert read == pytest.approx(worked_out, abs=1e-6) and read.any()
    assert from_graph.profiler.everywhere == pytest.approx(from_tables.profiler.everywhere, abs=1e-6)
    assert from_graph._preferred is not None and from_tables._preferred is None


@pytest.mark.slow
def test_the_model_reads_what_the_graph_says_and_not_what_it_could_work_out(graph):
    small_shop.fill(graph)
    enrich(graph, STEPS, again=True)
    graph.query("MATCH (c:Category) SET c.pagerank = CASE c.id WHEN '5' THEN 1.0 ELSE 0.0 END", write=True)
    enrich(graph, ("co-occurrence",), again=True)  # the snapshot is read anew after a step alone
    graph.query("MATCH (r:Run {step: 'pagerank'}) SET r.finished = r.finished + 1", write=True)
    model = MCPRHRec(MCPRHREC).fit(graph)
    assert model.known is not None
    names = model.known.ids.external
    assert dict(zip(names, model.profiler.everywhere, strict=True))["5"] == 1.0


@pytest.mark.slow
def test_personalised_preferences_come_from_the_walks_in_the_graph(graph):
    small_shop.fill(graph)
    enrich(graph, STEPS, again=True)
    rank_users(graph, ["1"])
    model = MCPRHRec(make("mcprhrec-personalised").options).fit(graph)
    assert model.known is not None and model._preferred is not None
    written = graph.query("MATCH (:User {id: '1'})-[p:PREFERS]->(c) RETURN c.id AS c, p.pagerank AS share")
    [row] = np.flatnonzero(model.owners.external[model.buyers] == "1")
    shares = dict(zip(written["c"], written["share"], strict=True))
    names = model.known.ids.external
    assert model._preferred.visited[[row]].toarray()[0] == pytest.approx([shares.get(name, 0.0) for name in names])

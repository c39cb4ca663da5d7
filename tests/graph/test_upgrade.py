"""A graph that release 0.1.0 wrote is read by the commands of today.

`graph_0_1_0.json` has every node and relationship of a shop of 72 events, loaded, enriched and recommended in by 0.1.0.
"""

import json
from pathlib import Path

import pytest

from kartograph.graph.connection import Graph
from kartograph.graph.enrichment.enrich import enrich
from kartograph.graph.migrate import migrate, present_version, schema_advice
from kartograph.models.registry import make

pytestmark = pytest.mark.server
CREATE = (
    "UNWIND $nodes AS row CREATE (n:$(row.labels)) SET n = row.properties SET n.upgrade_number = row.n",
    "UNWIND $relationships AS row MATCH (a {upgrade_number: row.from}), (b {upgrade_number: row.to}) "
    "CREATE (a)-[r:$(row.type)]->(b) SET r = row.properties",
    "MATCH (n) REMOVE n.upgrade_number",
)


@pytest.fixture
def former(graph) -> Graph:
    content = json.loads((Path(__file__).with_name("graph_0_1_0.json")).read_text("utf-8"))
    for statement in CREATE:
        asked = {name: rows for name, rows in content.items() if f"${name}" in statement}
        graph.query(statement, write=True, **asked)
    return graph


def test_its_schema_is_the_present_one_and_an_upgrade_keeps_everything(former):
    before = former.query("MATCH (n) OPTIONAL MATCH (n)-[r]->() RETURN count(DISTINCT n) AS nodes, count(r) AS edges")
    assert schema_advice(former) is None
    assert migrate(former).now == present_version()
    after = former.query("MATCH (n) OPTIONAL MATCH (n)-[r]->() RETURN count(DISTINCT n) AS nodes, count(r) AS edges")
    assert after.to_dict("records") == before.to_dict("records") == [{"nodes": 53, "edges": 186}]


def test_its_events_are_those_that_models_learn_from(former):
    assert len(former.snapshot().events) == 72


@pytest.mark.slow
def test_its_recommendations_are_read_and_models_answer_anew(former):
    from kartograph import queries

    kept = former.query(queries.load("recommend/current"), model="co-occurrence", user="u0")
    assert kept["item"].tolist() == ["i5"]
    enrich(former)
    for name in ("walk", "co-occurrence"):
        answer = make(name).fit(former).recommend(["u0"], k=3)
        assert (answer["rank"] > 0).all() and answer["reason"].notna().all(), name

"""Tests of which steps of the enrichment run again: those for which something has changed."""

from dataclasses import replace

import pytest
from tests.queries import small_shop

from kartograph import queries
from kartograph.graph.enrichment import steps
from kartograph.graph.enrichment.enrich import STEPS, Enrichment, enrich
from kartograph.graph.enrichment.pagerank import PageRankOptions
from kartograph.tables.errors import NothingThere

pytestmark = pytest.mark.server

CHEAP = ("popularity", "co-occurrence", "communities", "categories", "preferences", "pagerank")


@pytest.fixture
def shop(graph):
    """The small shop with these steps fresh."""
    small_shop.fill(graph)
    graph.query("MATCH (r:Run) WHERE r.step IS NOT NULL DELETE r", write=True)
    assert {result.because for result in enrich(graph, CHEAP)} == {"never ran"}
    return graph


def ran(graph, steps=CHEAP, options=None) -> dict[str, str]:
    return {result.step: result.because for result in enrich(graph, steps, options) if result.because is not None}


def stale(graph) -> dict[str, str]:
    result = graph.query(queries.load("operate/stale_runs"))
    return {of: why for of, why in zip(result["of"], result["why"], strict=True) if of in STEPS}


def test_what_is_fresh_is_not_run_again(shop):
    assert ran(shop) == {}
    assert stale(shop) == {}


def test_all_of_them_run_when_asked_for_again(shop):
    assert [result.because for result in enrich(shop, CHEAP, again=True)] == ["asked for"] * len(CHEAP)


def test_a_load_makes_every_step_stale(shop):
    shop.query("CREATE (:Load {id: 'live-1', source: 'live', batch: 1, finished: 1700000000000})", write=True)
    assert stale(shop) == dict.fromkeys(CHEAP, "data was loaded since")
    assert ran(shop) == dict.fromkeys(CHEAP, "data was loaded since")
    assert stale(shop) == {}


def test_a_step_makes_those_stale_that_read_what_it_wrote(shop):
    enrich(shop, ("co-occurrence",), again=True)
    assert stale(shop) == {"communities": "ran since: co-occurrence", "pagerank": "ran since: co-occurrence"}
    # Communities run, so the categories derived from them are stale, and so on.
    assert list(ran(shop)) == ["communities", "categories", "preferences", "pagerank"]


def test_other_options_make_a_step_stale(shop):
    slower = replace(Enrichment(), pagerank=PageRankOptions(damping=0.5))
    assert ran(shop, options=slower) == {"pagerank": "ran with other options"}
    assert ran(shop, options=slower) == {}


def test_what_a_bulk_load_counted_is_counted_anew_with_other_options(shop):
    shop.query("MATCH (r:Run {step: 'co-occurrence'}) REMOVE r.options", write=True)
    assert ran(shop, ("co-occurrence",)) == {}
    nearest = replace(Enrichment(), co_occurrence=replace(Enrichment().co_occurrence, weighting="nearest"))
    assert ran(shop, ("co-occurrence",), nearest) == {"co-occurrence": "ran with other options"}
    assert ran(shop, ("co-occurrence",)) == {"co-occurrence": "ran with other options"}


def test_a_step_that_failed_stays_stale(shop, monkeypatch):
    def failing(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(steps, "write_preferences", failing)
    with pytest.raises(KeyboardInterrupt):
        enrich(shop, ("preferences",), again=True)
    monkeypatch.undo()
    assert stale(shop) == {"preferences": "never finished", "pagerank": "ran since: preferences"}
    assert ran(shop) == {"preferences": "never finished", "pagerank": "ran since: preferences"}


def test_a_shop_without_users_is_enriched_as_far_as_it_goes(graph):
    graph.query(
        "CREATE (s:Session {id: '1', length: 2}) FOREACH (id IN ['a', 'b'] | CREATE (s)-[:INCLUDES {position: "
        "CASE id WHEN 'a' THEN 0 ELSE 1 END}]->(:Item {id: id}))",
        write=True,
    )
    results = {result.step: result for result in enrich(graph)}
    assert results["pagerank"].written > 0
    assert results["similarity"].because == "there is nothing to work on"
    assert "similarity" not in stale(graph)
    assert {result.step for result in enrich(graph) if result.because} == set()
    with pytest.raises(NothingThere, match="no user has seen 2 items or more: there is nothing to compare"):
        enrich(graph, ("similarity",))

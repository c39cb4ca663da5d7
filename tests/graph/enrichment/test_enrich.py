"""Tests of the enrichment on the small shop, whose numbers can be worked out by hand."""

import math

import numpy as np
import pandas as pd
import pytest
from tests.graph.enrichment.pairs_of_graph import counted, edges
from tests.queries import small_shop

from kartograph import queries
from kartograph.graph.enrichment.embedding import FastRP, write_embeddings
from kartograph.graph.enrichment.enrich import STEPS, enrich
from kartograph.graph.enrichment.pagerank import PageRankOptions, personalised_pagerank, write_pagerank
from kartograph.graph.enrichment.pairs.co_occurrence import (
    write_category_co_occurrence,
    write_given_category_co_occurrence,
    write_item_co_occurrence,
)
from kartograph.graph.enrichment.preferences import Preferences, write_preferences
from kartograph.tables.derived.co_occurrence import CoOccurrenceOptions, category_co_occurrence, item_co_occurrence
from kartograph.tables.errors import BadInput, NothingThere, TooLarge

pytestmark = pytest.mark.server


@pytest.fixture
def shop(graph):
    """The small shop in an empty database."""
    small_shop.fill(graph)
    return graph


@pytest.mark.parametrize(
    "options",
    [
        CoOccurrenceOptions(),
        CoOccurrenceOptions(min_sessions=1),
        CoOccurrenceOptions(1, top_k=1),
        CoOccurrenceOptions(1, None, window=1),
        CoOccurrenceOptions(weighting="nearest"),
        CoOccurrenceOptions(1, weighting="frequency"),
    ],
    ids=["default", "one session", "the best alone", "window of one", "nearest", "frequency"],
)
@pytest.mark.parametrize(
    ("write", "label", "in_tables"),
    [
        (write_item_co_occurrence, "Item", item_co_occurrence),
        (write_category_co_occurrence, "Category", category_co_occurrence),
        (write_given_category_co_occurrence, "Category", category_co_occurrence),
    ],
    ids=["items", "categories", "given categories"],
)
def test_co_occurrence_on_a_running_database_is_that_of_the_tables(shop, write, label, in_tables, options):
    expected = counted(shop, in_tables, options)
    assert len(expected) > 0
    assert write(shop, "run-1", options) == len(expected)
    pd.testing.assert_frame_equal(edges(shop, label), expected, check_dtype=False)


def test_the_pasted_statement_counts_the_same_pairs_of_categories(shop):
    every = write_given_category_co_occurrence(shop, "run-1")
    pairs = edges(shop, "Category")
    small_shop.fill(shop)
    assert small_shop.run(shop, "enrich/category_co_occurrence")["pairs"].tolist() == [every]
    pd.testing.assert_frame_equal(edges(shop, "Category"), pairs)


def test_co_occurrence_counts_again_without_leftovers(shop):
    write_item_co_occurrence(shop, "run-1", CoOccurrenceOptions(min_sessions=1))
    assert write_item_co_occurrence(shop, "run-2") == 3


def test_pairs_of_categories_that_stay_the_same_keep_their_run_and_those_that_are_no_more_go(shop):
    def runs() -> dict[str, int]:
        of = shop.query("MATCH (:Category)-[w:CO_OCCURS]->(:Category) RETURN w.run AS run, count(*) AS n ORDER BY run")
        return dict(zip(of["run"], of["n"], strict=True))

    every = write_given_category_co_occurrence(shop, "run-1", CoOccurrenceOptions(min_sessions=1))
    assert runs() == {"run-1": every}
    some = write_given_category_co_occurrence(shop, "run-2", CoOccurrenceOptions(min_sessions=2))
    assert 0 < some < every and runs() == {"run-1": some}
    shop.query("MATCH (:Category)-[w:CO_OCCURS]->() WITH w LIMIT 1 SET w.weight = 7.5", write=True)
    assert write_given_category_co_occurrence(shop, "run-3") == some == 1
    assert runs() == {"run-3": 1}


def test_preferences_count_purchases(shop):
    # User 1 bought 102 (category 4), user 2 101 and 103 (2 and 4), user 3 103 and 101 (4 and 2), user 4 borrowed 106.
    assert write_preferences(shop, "run-1") == 1 + 2 + 2 + 1
    result = shop.query("MATCH (:User {id: '2'})-[p:PREFERS]->(c) RETURN c.id AS c, p.score AS score ORDER BY c")
    assert result.values.tolist() == [["2", 0.5], ["4", 0.5]]


def test_a_shop_without_purchases_counts_every_event(shop):
    shop.query("MATCH ()-[b:BOUGHT|BORROWED]->() DELETE b", write=True)
    assert write_preferences(shop, "run-1", Preferences(otherwise_all=False)) == 0
    assert write_preferences(shop, "run-1") > 6


def test_preferences_are_replaced_and_not_added(shop):
    assert write_preferences(shop, "run-1") == write_preferences(shop, "run-2") == 6
    assert shop.query("MATCH ()-[p:PREFERS]->() RETURN DISTINCT p.run AS run")["run"].tolist() == ["run-2"]


@pytest.mark.parametrize("weights", [{"view": -1}, {"view": 0, "cart": 0, "buy": 0, "borrow": 0}])
def test_weights_that_mean_nothing_are_refused(weights):
    with pytest.raises(BadInput, match="each has to be 0 or more, one above 0"):
        Preferences(**weights)


def test_pagerank_of_two_items_that_occur_with_each_other_alone_is_one(shop):
    assert write_pagerank(shop, "item") == 6
    ranks = shop.query("MATCH (i:Item) RETURN i.id AS id, i.pagerank AS rank").set_index("id")["rank"]
    # 104 and 105 have one edge between them: PR = 0.15 + 0.85 PR. 106 has none: 0.15. 107 has no events: not ranked.
    assert ranks["104"] == pytest.approx(1, abs=1e-5)
    assert ranks["105"] == pytest.approx(1, abs=1e-5)
    assert ranks["106"] == pytest.approx(1 - 0.85)
    assert math.isnan(ranks["107"])


def test_pagerank_of_categories_covers_all_of_them_and_needs_preferences(shop):
    with pytest.raises(NothingThere, match="no user prefers a category"):
        write_pagerank(shop, "category")
    write_preferences(shop, "run-1", Preferences(borrow=0))
    assert write_pagerank(shop, "category") == 5
    ranks = shop.query("MATCH (c:Category) RETURN c.id AS id, c.pagerank AS rank").set_index("id")["rank"]
    # Of 2 and 4: x = 0.15 + 0.85 (v/2 + w/2), y = 0.15 + 0.85 (u + v/2 + w/2), u = 0.15 + 0.85 y/3, v = w = 0.15 +
    # 0.85 (x/2 + y/3), for user 1 (u) bought in 4 once, 2 and 3 (v, w) in both. Nobody bought in the others.
    ahead = np.array([[0, 0, 0, 1, 0], [0, 0, 0, 1, 1], [0, 0, 0, 1, 1], [1, 1, 1, 0, 0], [0, 1, 1, 0, 0]], float)
    step = ahead / ahead.sum(axis=1, keepdims=True)
    truth = np.linalg.solve(np.eye(5) - 0.85 * step.T, np.full(5, 0.15))
    assert ranks[["4", "2"]].tolist() == pytest.approx(truth[3:].tolist(), abs=1e-8)
    assert ranks.drop(["4", "2"]).tolist() == pytest.approx([0.15] * 3)


def test_the_pasted_statement_writes_the_same_pagerank(shop):
    write_pagerank(shop, "item")
    ranks = shop.query("MATCH (i:Item) RETURN i.pagerank AS rank ORDER BY i.id")
    small_shop.fill(shop)
    small_shop.run(shop, "enrich/item_pagerank")
    pd.testing.assert_frame_equal(shop.query("MATCH (i:Item) RETURN i.pagerank AS rank ORDER BY i.id"), ranks)


def test_walks_from_one_item_reach_its_only_neighbour(shop):
    result = personalised_pagerank(shop, ["104"], k=5, options=PageRankOptions(tolerance=1e-12))
    # x = PR(104) = 0.15 + 0.85 y and y = PR(105) = 0.85 x.
    assert result["item_id"].tolist() == ["105"]
    assert result["score"][0] == pytest.approx(0.85 * 0.15 / (1 - 0.85**2))


def test_walks_need_an_item_to_start_from(shop):
    with pytest.raises(BadInput, match="knows none of the items nowhere"):
        personalised_pagerank(shop, ["nowhere"])


@pytest.mark.slow
def test_embeddings_are_the_same_under_one_seed_and_others_under_another(shop):
    def made(seed: int) -> list:
        assert write_embeddings(shop, FastRP(seed=seed)) == 6
        return shop.query("MATCH (i:Item) RETURN i.embedding AS e ORDER BY i.id")["e"].tolist()

    first = made(1)
    assert first[6] is None  # the item without events
    assert first == made(1)
    assert first != made(2)


def test_embeddings_can_be_asked_for_neighbours(shop):
    write_embeddings(shop, FastRP(seed=3))
    shop.query(queries.load("operate/await_indexes"), seconds=60)
    near = shop.query(queries.load("recommend/by_embedding"), item="104", k=2).set_index("item")["score"]
    # Which items these are depends on chance: the seed counts the numbers that the database gave the nodes.
    found = "i.embedding IS NOT NULL AND coalesce(i.available, true)"
    result = shop.query(f"MATCH (i:Item) WHERE {found} RETURN i.id AS item, i.embedding AS embedding")
    vectors = np.stack(result["embedding"].to_numpy())
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    cosine = pd.Series(vectors @ vectors[result["item"] == "104"][0], index=result["item"]).drop("104")
    assert near.to_numpy() == pytest.approx((1 + cosine.nlargest(2).to_numpy()) / 2, abs=1e-5)
    assert near.to_numpy() == pytest.approx((1 + cosine[near.index].to_numpy()) / 2, abs=1e-5)


@pytest.mark.slow
def test_all_steps_run_in_their_order_and_leave_no_projection(shop):
    told = []
    results = enrich(shop, tuple(reversed(STEPS)), progress=lambda step, done=None, total=None: told.append(done))
    assert [result.step for result in results] == list(STEPS)
    assert told == list(range(len(STEPS) + 1))
    # The shop has categories, so none are derived, and six items with events are one community of fewer than two.
    assert [result.step for result in results if not result.written] == ["communities", "categories"]
    assert shop.query("CALL gds.graph.list() YIELD graphName RETURN graphName").empty


@pytest.mark.slow
def test_enriching_twice_writes_the_same(shop):
    def written():
        return [(result.step, result.written) for result in enrich(shop, again=True)]

    assert written() == written()


def test_a_step_that_does_not_exist_is_named_with_those_that_do(shop):
    with pytest.raises(BadInput, match=r'no step "pagerang": the steps are popularity, co-occurrence'):
        enrich(shop, ("pagerang",))


def test_an_algorithm_that_does_not_fit_says_so(shop):
    with pytest.raises(TooLarge, match=r"^FastRP embeddings takes up to .* MiB of memory"):
        write_embeddings(shop, FastRP(dimension=20_000_000))

"""Tests of the comparison of items by their users, and of what is written of it."""

import random
import re
import shutil

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import csr_array
from tests.queries import small_shop

from kartograph.graph.enrichment.enrich import Enrichment, enrich
from kartograph.graph.enrichment.similar import seen, similarity
from kartograph.graph.enrichment.similar.similarity import SimilarityOptions, alike, least_degree, write_similarity
from kartograph.graph.schema import apply_schema
from kartograph.graph.snapshot.snapshot import snapshot_folder
from kartograph.loaders import interactions
from kartograph.tables.errors import BadInput

MINUTE, START = 60_000, 1_600_000_000_000


@pytest.fixture
def shop(graph):
    """The small shop in an empty database."""
    small_shop.fill(graph)
    return graph


def similar(graph) -> pd.DataFrame:
    return graph.query(
        "MATCH (a:Item)-[s:SIMILAR {measure: 'jaccard'}]->(b:Item) "
        "RETURN a.id AS a, b.id AS b, s.score AS score ORDER BY a, score DESC, b"
    )


@given(arrays(np.bool_, st.tuples(st.integers(1, 12), st.integers(1, 9))), st.integers(1, 4), st.sampled_from([0, 0.5]))
def test_the_kernel_keeps_the_largest_jaccard_indexes_equals_by_number(met, top, cutoff):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(similarity, "AT_ONCE", 4)
        result, scores = alike(csr_array(met.astype(np.int8)), top, cutoff)
    sets = [set(np.flatnonzero(column)) for column in met.T]
    for item, users in enumerate(sets):
        every = [(-len(users & of) / len(users | of), other) for other, of in enumerate(sets) if users & of]
        expected = sorted((score, other) for score, other in every if other != item and -score >= cutoff)[:top]
        assert result[item][result[item] >= 0].tolist() == [other for _, other in expected]
        assert scores[item][result[item] >= 0].tolist() == [-score for score, _ in expected]


def test_many_items_raise_the_least_number_of_users():
    users = np.array([3, 2, 3, 3, 2, 1])
    assert least_degree(users, SimilarityOptions(least_users=1)) == 1
    assert least_degree(users, SimilarityOptions(least_users=1, most_items=5)) == 2
    assert least_degree(users, SimilarityOptions(least_users=1, most_items=4)) == 3
    assert least_degree(users, SimilarityOptions(least_users=1, most_items=2)) == 4


def test_numbers_that_keep_nothing_are_refused():
    with pytest.raises(BadInput, match="top 0, most_items 10000: both are at least 1"):
        SimilarityOptions(top=0)


@pytest.mark.server
def test_similar_items_share_users(shop):
    edges = len(similar(shop))
    written, changed, read_of = write_similarity(shop, "run-1", SimilarityOptions(least_users=1))
    scores = similar(shop).set_index(["a", "b"])["score"]
    assert scores["104", "105"] == 2 / 3  # users 1, 3, 4 and users 3, 4
    assert scores["101", "103"] == 1  # users 1, 2, 3 both
    assert written == len(scores)
    assert changed >= written - edges
    assert write_similarity(shop, "run-2", SimilarityOptions(least_users=1)) == (written, 0, None)
    assert read_of is None, "what all users have seen"
    assert shop.query("MATCH ()-[s:SIMILAR]->() WHERE s.run = 'run-2' RETURN count(s) AS n")["n"][0] == 0


@pytest.mark.server
def test_the_pasted_statement_writes_the_same_scores(shop):
    write_similarity(shop, "run-1", SimilarityOptions(top=10, least_users=1))
    ours = similar(shop)
    small_shop.fill(shop)
    small_shop.run(shop, "enrich/similar_items")
    pd.testing.assert_frame_equal(similar(shop), ours)


@pytest.mark.server
def test_links_that_are_gone_doubled_or_damaged_are_put_right(shop):
    options = SimilarityOptions(least_users=1)
    write_similarity(shop, "run-1", options)
    expected = similar(shop)
    shop.query(
        "MATCH (a:Item {id: '101'})-[s:SIMILAR {measure: 'jaccard'}]->(b:Item {id: '103'}) "
        "CREATE (a)-[:SIMILAR {measure: 'jaccard', score: 1.0, run: 'twin'}]->(b) "
        "WITH a MATCH (a)-[r:SIMILAR {measure: 'jaccard'}]->(:Item {id: '102'}) SET r.score = 0.123 "
        "WITH a MATCH (c:Item {id: '107'}) CREATE (a)-[:SIMILAR {measure: 'jaccard', score: 0.5, run: 'x'}]->(c)",
        write=True,
    )
    shop.query("MATCH (:Item {id: '104'})-[s:SIMILAR {measure: 'jaccard'}]->() DELETE s", write=True)
    assert not similar(shop).equals(expected)
    write_similarity(shop, "run-2", options)
    pd.testing.assert_frame_equal(similar(shop), expected)


@pytest.mark.slow
@pytest.mark.server
@pytest.mark.parametrize("read", [1, 2, 50_000])
def test_users_are_read_page_by_page_and_who_met_one_item_in_two_ways_met_one(graph, monkeypatch, read):
    monkeypatch.setattr(seen, "READ", read)
    apply_schema(graph)
    met = [(who, item, "view", START) for who, *items in ("1ab", "2ab", "4bc", "5a") for item in items]
    rows = [*met, ("3", "a", "view", START), ("3", "a", "buy", START + MINUTE)]  # 3 links nothing, nor does 5
    interactions.load(graph, pd.DataFrame(rows, columns=["user_id", "item_id", "event", "timestamp"]))
    write_similarity(graph, "first", SimilarityOptions(least_users=1))
    assert similar(graph).to_numpy().tolist() == [
        ["a", "b", 2 / 3],  # users 1 and 2 of 1, 2 and 4
        ["b", "a", 2 / 3],
        ["b", "c", 1 / 3],
        ["c", "b", 1 / 3],
    ]


@pytest.mark.slow
@pytest.mark.server
def test_a_link_whose_score_changes_keeps_the_run_that_wrote_it(graph):
    apply_schema(graph)

    def told(*met: str) -> None:
        rows = [(who, item, "view", START) for who, *items in met for item in items]
        interactions.load(graph, pd.DataFrame(rows, columns=["user_id", "item_id", "event", "timestamp"]))

    told("1ab", "2ab", "3bc", "4bc")
    assert write_similarity(graph, "first", SimilarityOptions(top=1)) == (3, 3, None)
    told("5bc", "6cd", "7cd")  # b comes to 5 users, c to 5, of whom they share 3; d to 2, both of c
    assert write_similarity(graph, "second", SimilarityOptions(top=1)) == (4, 5, None)
    result = graph.query(
        "MATCH (a)-[s:SIMILAR]->(b) RETURN a.id AS a, b.id AS b, s.score AS score, s.run AS run ORDER BY a"
    )
    assert result.to_numpy().tolist() == [
        ["a", "b", 2 / 5, "first"],
        ["b", "c", 3 / 7, "second"],  # of equals, 2 of 4 users both, it was a
        ["c", "b", 3 / 7, "first"],
        ["d", "c", 2 / 5, "second"],
    ]


@pytest.mark.slow
@pytest.mark.server
@pytest.mark.parametrize("seed", range(2))
def test_after_live_loads_the_edges_are_those_of_a_shop_compared_for_the_first_time(graph, seed):
    rng = random.Random(seed)
    apply_schema(graph)

    def told(count: int, users: int, first: int) -> pd.DataFrame:
        rows = [
            (f"u{rng.randrange(users)}", f"i{rng.randrange(60):02}", "view", START + (first + n) * MINUTE)
            for n in range(count)
        ]
        return pd.DataFrame(rows, columns=["user_id", "item_id", "event", "timestamp"])

    options = Enrichment(similarity=SimilarityOptions(top=3, most_items=(40, 1000)[seed]))

    def compared(again: bool = False) -> tuple[int, int, str]:
        """How many edges there are, how many changed, and of whom was read."""
        [result] = enrich(graph, ("similarity",), options, again=again)
        [(read, changed)] = re.findall(r"^(.*?)([\d,]+) edges? changed", result.note or "")
        return result.written, int(changed.replace(",", "")), read

    interactions.load(graph, told(800, 120, 0))
    compared()
    for count, users in ((8, 120), (12, 150), (15, 160), (60, 160)):
        load = told(count, users, 1000 * count)
        interactions.load(graph, load)
        number, changed, read = compared()
        some = f"read of {load['user_id'].nunique()} users who did something; "
        assert read == (some if count < 60 else ""), "more than 5 % of the events: of all"
        assert changed > 0
        result = similar(graph)
        graph.query("MATCH ()-[s:SIMILAR {measure: 'jaccard'}]->() DELETE s", write=True)
        assert compared(again=True) == (len(result), len(result), "")
        assert number == len(result)
        pd.testing.assert_frame_equal(result, similar(graph))
    assert graph.query("MATCH (u:SimilarityStale) RETURN count(u) AS n")["n"][0] == 0


@pytest.mark.slow
@pytest.mark.server
@pytest.mark.parametrize("what", ["nothing was kept", "another run came between", "a file is damaged"])
def test_everything_is_read_where_what_was_kept_is_not_of_the_run_before(graph, what):
    apply_schema(graph)
    users = [f"u{n:02}" for n in range(40)]
    rows = [(user, item, "view", START) for user in users for item in ("a", "b")]
    interactions.load(graph, pd.DataFrame(rows, columns=["user_id", "item_id", "event", "timestamp"]))
    enrich(graph, ("similarity",))
    if what == "nothing was kept":
        shutil.rmtree(snapshot_folder(graph))
    elif what == "another run came between":
        graph.query("MATCH (r:Run {step: 'similarity'}) SET r.id = 'of another machine'", write=True)
    else:
        [file] = snapshot_folder(graph).glob("step-similarity-*/indices.npy")
        file.write_bytes(file.read_bytes()[:-1])
    late = pd.DataFrame([("u01", "c", "view", START + MINUTE)], columns=["user_id", "item_id", "event", "timestamp"])
    interactions.load(graph, late)
    unmarked = "MATCH (c {id: 'c'}), (u {id: 'u00'})-[of:VIEWED]->({id: 'a'}) DELETE of CREATE (u)-[:VIEWED]->(c)"
    graph.query(unmarked, write=True)
    [step] = enrich(graph, ("similarity",))
    scores = similar(graph).set_index(["a", "b"])["score"]
    assert (scores["a", "b"], scores["b", "c"], scores["a", "c"]) == (39 / 40, 2 / 40, 1 / 40)
    assert step.note == "6 edges changed"
    whole = "MATCH (r:Run {step: 'similarity'}) RETURN r.whole = r.started AS whole ORDER BY r.started DESC LIMIT 1"
    assert graph.query(whole)["whole"].tolist() == [True]

"""P(u, c) on five nodes that can be worked out by hand: three users, two categories."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from kartograph.graph.enrichment.agreement import error_bound
from kartograph.graph.enrichment.enrich import Enrichment, enrich, rank_users
from kartograph.graph.enrichment.user_pagerank import (
    UserPageRank,
    write_new_user_pagerank,
    write_pagerank_of_users,
    write_user_pagerank,
)
from kartograph.graph.walks.user_categories import UserCategoryGraph
from kartograph.tables.errors import BadInput, NothingThere

FREQUENCIES = {("u1", "x"): 2.0, ("u1", "y"): 1.0, ("u2", "y"): 3.0, ("u3", "x"): 1.0}
NODES = ["u1", "u2", "u3", "x", "y"]


def exact(user: str) -> dict[str, float]:
    """The shares of x and y in the visits to categories: v = e_u + 0.85 · v · step."""
    step = np.zeros((5, 5))
    for (owner, category), frequency in FREQUENCIES.items():
        step[NODES.index(owner), NODES.index(category)] = frequency
        step[NODES.index(category), NODES.index(owner)] = frequency
    step /= step.sum(axis=1, keepdims=True)
    visits = np.linalg.solve((np.eye(5) - 0.85 * step).T, np.eye(5)[NODES.index(user)])[3:]
    return dict(zip("xy", (visits / visits.sum()).tolist(), strict=True))


@pytest.fixture
def five(graph):
    graph.query(
        "UNWIND $rows AS row MERGE (u:User {id: row[0]}) MERGE (c:Category {id: row[1]}) "
        "CREATE (u)-[:PREFERS {frequency: row[2], score: 0.5, run: 'p'}]->(c)",
        write=True,
        rows=[[*pair, frequency] for pair, frequency in FREQUENCIES.items()],
    )
    return graph


def written(graph) -> dict[str, dict[str, float]]:
    rows = graph.query(
        "MATCH (u:User)-[p:PREFERS]->(c:Category) WHERE p.pagerank IS NOT NULL "
        "RETURN u.id AS user, c.id AS category, p.pagerank AS share"
    )
    return {user: dict(zip(of["category"], of["share"], strict=True)) for user, of in rows.groupby("user")}


@pytest.mark.server
def test_gds_gives_the_shares_of_the_equation_and_says_so(five):
    number, agreement = write_pagerank_of_users(five, "r", ["u1", "u3"])
    assert number == 2 * 2 and agreement.error < agreement.bound
    assert set(written(five)) == {"u1", "u3"}
    for user, shares in written(five).items():
        assert shares == pytest.approx(exact(user), abs=1e-6)
    result = five.query(
        "MATCH (:User {id: 'u3'})-[p:PREFERS]->(:Category {id: 'y'}) RETURN p.frequency AS f, p.method AS m"
    )
    assert result.values.tolist() == [[0.0, "gds"]]  # u3 never bought in y


@pytest.mark.server
def test_walks_come_as_near_to_gds_as_the_bound_says_and_a_new_run_replaces_the_old_one(five):
    write_pagerank_of_users(five, "r", ["u1"])
    number, agreement = write_user_pagerank(five, "s", UserPageRank(walks=20_000))
    assert number == 3 * 2 and agreement is not None
    assert agreement.users == 3 and agreement.error <= agreement.bound == pytest.approx(
        float(error_bound(np.array([2]), 20_000)[0])
    )
    for user, shares in written(five).items():
        assert shares == pytest.approx(exact(user), abs=0.02)
        assert sum(shares.values()) == pytest.approx(1)
    assert five.query("MATCH ()-[p:PREFERS]->() RETURN DISTINCT p.method AS m")["m"].tolist() == ["walks"]
    assert write_user_pagerank(five, "t", UserPageRank(walks=50, kept=1, compared=0)) == (3, None)
    assert {len(shares) for shares in written(five).values()} == {1}
    assert five.query("MATCH ()-[p:PREFERS {run: 'p'}]->() RETURN count(p) AS n")["n"][0] == 4


@pytest.mark.server
def test_the_step_and_the_command_for_chosen_users_say_how_near_walks_come(five):
    [ran] = enrich(five, ("user-pagerank",), Enrichment(user_pagerank=UserPageRank(walks=100)))
    assert ran.note is not None and ran.note.startswith("100 walks from each user; against GDS on 3 of them")
    [again] = enrich(five, ("user-pagerank",), Enrichment(user_pagerank=UserPageRank(walks=100)))
    assert again.because is None
    assert rank_users(five, ["u2"]).written == 2


@pytest.mark.server
def test_users_without_preferences_and_shops_without_any_are_errors(graph, five):
    with pytest.raises(BadInput, match="users 'nobody' prefer no category"):
        write_pagerank_of_users(five, "r", ["u1", "nobody"])
    five.query("MATCH ()-[p:PREFERS]->() DELETE p", write=True)
    with pytest.raises(NothingThere, match="no user prefers a category: run `kartograph enrich --steps preferences`"):
        write_user_pagerank(five, "r")


def test_the_bound_holds_on_average_and_falls_with_the_root_of_the_walks():
    random = np.random.default_rng(0)
    weights = random.integers(1, 5, (40, 12)) * (random.random((40, 12)) < 0.3)
    weights[:, 0] = 1
    graph = UserCategoryGraph.of(csr_array(weights.astype(float)))
    truth = graph.of_users(np.arange(40), walks=200_000, kept=12).toarray()
    errors = [
        np.abs(graph.of_users(np.arange(40), walks, 12).toarray() - truth).sum(axis=1).mean() for walks in (25, 400)
    ]
    bounds = [float(error_bound(np.array([12]), walks)[0]) for walks in (25, 400)]
    assert errors[0] < bounds[0] and errors[1] < bounds[1]
    assert bounds[0] / bounds[1] == pytest.approx(4)
    assert 3 < errors[0] / errors[1] < 5


@pytest.mark.server
def test_after_preferences_changed_their_users_walk_alone(five):
    options = UserPageRank(walks=20_000, compared=0)
    write_user_pagerank(five, "whole", options)
    before = written(five)
    five.query(
        "MATCH (u:User {id: 'u3'})-[p:PREFERS]->(c) DELETE p WITH DISTINCT u MATCH (c:Category {id: 'x'}) "
        "CREATE (u)-[:PREFERS {frequency: 1.0, score: 1.0, run: 'again'}]->(c)",
        write=True,
    )
    assert write_new_user_pagerank(five, "partly", options) == (2, 1)  # x, and y by way of u1
    after = written(five)
    assert {user: after[user] for user in ("u1", "u2")} == {user: before[user] for user in ("u1", "u2")}
    assert sum(abs(after["u3"][category] - exact("u3")[category]) for category in "xy") < error_bound(
        np.array([2]), 20_000
    )
    assert write_new_user_pagerank(five, "partly", options) == (0, 0)

"""Tests of writing recommendations back: readers see a whole run, and what dies is cleaned up."""

import threading

import pandas as pd
import pytest
from tests.queries import small_shop

from kartograph import queries
from kartograph.graph import recommendations
from kartograph.graph.recommendations import (
    WriteBack,
    active_users,
    remove_superseded,
    write_recommendations,
)
from kartograph.tables.errors import BadInput, ServerError

pytestmark = pytest.mark.server

NOW = WriteBack(grace_seconds=0, batch=2)


@pytest.fixture
def shop(graph):
    """The small shop in an empty database: its model "popular" has a current run, an old one and a dead one."""
    small_shop.fill(graph)
    return graph


def frame(*rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["user_id", "item_id", "score", "rank"])


def seen(graph, user: str, model: str = "popular") -> list[tuple]:
    result = graph.query(queries.load("recommend/current"), model=model, user=user)
    return list(result[["rank", "item", "score"]].itertuples(index=False, name=None))


def runs(graph) -> list[str]:
    return graph.query("MATCH (r:Run {model: 'popular'}) RETURN r.id AS id")["id"].tolist()


def test_a_new_run_is_what_readers_see_and_the_only_one_left(shop):
    rows = frame(("2", "104", 3.0, 1), ("2", "105", 2.0, 2), ("3", "102", 1.0, 1))
    result = write_recommendations(shop, "popular", [rows], NOW)
    assert (result.written, result.left_out, result.removed) == (3, 0, 3)
    assert seen(shop, "2") == [(1, "104", 3.0), (2, "105", 2.0)]
    assert seen(shop, "1") == []
    assert runs(shop) == [result.run]
    assert shop.query("MATCH ()-[r:RECOMMENDED]->() RETURN count(r) AS n")["n"][0] == 3


def test_the_items_behind_a_recommendation_come_along(shop):
    rows = frame(("1", "105", 3.0, 1))
    parts = [[("sessions", "104", 2.0), ("sessions", "102", 1.0)]]
    rows = rows.assign(parts=pd.Series(parts, dtype=object))
    write_recommendations(shop, "popular", [rows], NOW)
    assert shop.query(queries.load("recommend/current"), model="popular", user="1")["via"].tolist() == [["104", "102"]]


def test_readers_see_the_former_run_while_a_new_one_is_written(shop):
    def portions():
        yield frame(("1", "106", 3.0, 1))
        assert seen(shop, "1") == [(1, "105", 2.0), (2, "106", 1.0)]
        yield frame(("2", "106", 3.0, 1))

    write_recommendations(shop, "popular", portions(), NOW)
    assert seen(shop, "1") == [(1, "106", 3.0)]


def test_a_writer_that_fails_leaves_the_former_run_and_nothing_else(shop):
    def portions():
        yield frame(("1", "106", 3.0, 1))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_recommendations(shop, "popular", portions(), NOW)
    assert seen(shop, "1") == [(1, "105", 2.0), (2, "106", 1.0)]
    assert runs(shop) == ["popular-2"]
    assert shop.query("MATCH ()-[r:RECOMMENDED]->() RETURN count(r) AS n")["n"][0] == 2


def test_what_a_dead_writer_left_is_removed_by_the_next(shop):
    rows = [{"user": "2", "item": "104", "rank": 1, "score": 1.0, "kinds": [], "via": [], "amounts": []}]
    shop.query(queries.load("write_back/write_recommendations"), write=True, run="popular-3", rows=rows)
    assert remove_superseded(shop, "popular") == 2
    assert runs(shop) == ["popular-2"]
    assert shop.query("MATCH (:User {id: '2'})-[r:RECOMMENDED]->() RETURN count(r) AS n")["n"][0] == 0


def test_a_writer_whose_run_another_one_closed_stops(shop):
    def portions():
        yield frame(("1", "106", 3.0, 1))
        remove_superseded(shop, "popular")
        yield frame(("2", "106", 3.0, 1))

    with pytest.raises(ServerError, match=r"^the run popular-\S+ was closed by another writer"):
        write_recommendations(shop, "popular", portions(), NOW)
    assert seen(shop, "1") == [(1, "105", 2.0), (2, "106", 1.0)]


def test_a_run_closed_before_it_is_shown_is_not_shown(shop, monkeypatch):
    publish = recommendations._publish

    def closed_just_before(graph, *rest):
        remove_superseded(graph, "popular")
        publish(graph, *rest)

    monkeypatch.setattr(recommendations, "_publish", closed_just_before)
    with pytest.raises(ServerError, match="closed by another writer"):
        write_recommendations(shop, "popular", [frame(("1", "106", 3.0, 1))], NOW)
    assert runs(shop) == ["popular-2"]


def test_other_models_keep_their_recommendations(shop):
    write_recommendations(shop, "other", [frame(("1", "101", 1.0, 1))], NOW)
    assert seen(shop, "1") == [(1, "105", 2.0), (2, "106", 1.0)]
    assert seen(shop, "1", "other") == [(1, "101", 1.0)]


def test_unknown_users_and_items_are_left_out_and_counted(shop):
    rows = frame(("1", "101", 1.0, 1), ("1", "nowhere", 1.0, 2), ("nobody", "101", 1.0, 1), ("2", None, 0.0, 0))
    result = write_recommendations(shop, "other", [rows], NOW)
    assert (result.written, result.left_out) == (1, 2)


def test_nothing_to_write_keeps_the_former_run(shop):
    with pytest.raises(BadInput, match=r"nothing to write: its recommendations \(1\) are of users or items"):
        write_recommendations(shop, "popular", [frame(("nobody", "101", 1.0, 1))], NOW)
    with pytest.raises(BadInput, match=r"^popular has nothing to write: it recommends nothing to these users"):
        write_recommendations(shop, "popular", [frame(("1", None, 0.0, 0))], NOW)
    assert seen(shop, "1") == [(1, "105", 2.0), (2, "106", 1.0)]


def test_a_frame_without_ranks_is_refused(shop):
    with pytest.raises(BadInput, match="lack the column rank: they need user_id, item_id, score, rank"):
        write_recommendations(shop, "popular", [frame(("1", "101", 1.0, 1)).drop(columns="rank")], NOW)


def test_a_batch_that_is_sent_twice_is_written_once(shop):
    rows = [{"user": "2", "item": "104", "rank": 1, "score": 1.0, "kinds": [], "via": [], "amounts": []}]
    for _ in range(2):
        shop.query(queries.load("write_back/write_recommendations"), write=True, run="popular-3", rows=rows)
    assert shop.query("MATCH (:User {id: '2'})-[r:RECOMMENDED]->() RETURN count(r) AS n")["n"][0] == 1


def test_users_are_active_by_the_time_of_the_shop_and_not_of_the_clock(shop):
    # The last event is in minute 4383; user 2 was last seen in minute 2882, which is 1501 minutes before.
    assert active_users(shop, days=1) == ["3", "4"]
    assert active_users(shop, days=2) == ["2", "3", "4"]


LISTS = WriteBack(grace_seconds=0, batch=2, edges="active", active_days=1)
"""Users 3 and 4 are active; the others get lists."""


def lists_of(graph, user: str) -> dict[str, object]:
    [properties] = graph.query("MATCH (u:User {id: $user}) RETURN properties(u) AS p", user=user)["p"]
    return {name: value for name, value in properties.items() if name.startswith("recommended")}


def test_users_who_are_not_active_get_a_list_and_readers_see_no_difference(shop):
    rows = frame(("3", "102", 3.0, 1), ("2", "105", 2.0, 2), ("2", "104", 3.0, 1), ("1", "106", 1.0, 1))
    result = write_recommendations(shop, "popular", [rows], LISTS)
    assert (result.written, result.left_out) == (4, 0)
    assert seen(shop, "2") == [(1, "104", 3.0), (2, "105", 2.0)]
    assert seen(shop, "3") == [(1, "102", 3.0)]
    assert shop.query("MATCH (u)-[r:RECOMMENDED]->() RETURN u.id AS u")["u"].tolist() == ["3"]
    actual = shop.query(queries.load("explain/recommended"), user="2", item="105")
    assert actual[["model", "rank", "score"]].values.tolist() == [["popular", 2, 2.0]]
    [run] = shop.query(queries.load("operate/current_runs"))[["recommendations", "edges"]].values.tolist()
    assert run == [4, 1]


def test_lists_of_the_former_run_are_read_until_the_new_ones_are_whole(shop):
    write_recommendations(shop, "popular", [frame(("1", "106", 1.0, 1), ("2", "101", 1.0, 1))], LISTS)

    def portions():
        yield frame(("1", "104", 3.0, 1))
        assert (seen(shop, "1"), seen(shop, "2")) == ([(1, "106", 1.0)], [(1, "101", 1.0)])
        yield frame(("2", "104", 3.0, 1))
        assert (seen(shop, "1"), seen(shop, "2")) == ([(1, "106", 1.0)], [(1, "101", 1.0)])

    result = write_recommendations(shop, "popular", portions(), LISTS)
    assert (seen(shop, "1"), seen(shop, "2")) == ([(1, "104", 3.0)], [(1, "104", 3.0)])
    kept = [["", "", ""], ["", "", ""], ["104"], [0.0, 0.0, 0.0], [3.0], result.run]
    assert sorted(lists_of(shop, "1").values(), key=str) == kept


def test_the_lists_of_a_writer_that_fails_are_removed(shop):
    def portions():
        yield frame(("1", "104", 3.0, 1))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_recommendations(shop, "popular", portions(), LISTS)
    assert lists_of(shop, "1") == {}
    assert seen(shop, "1") == [(1, "105", 2.0), (2, "106", 1.0)]


def test_lists_leave_out_unknown_users_and_items(shop):
    rows = frame(("1", "nowhere", 2.0, 1), ("1", "101", 1.0, 2), ("nobody", "101", 1.0, 1))
    result = write_recommendations(shop, "popular", [rows], LISTS)
    assert (result.written, result.left_out) == (1, 2)
    assert seen(shop, "1") == [(1, "101", 1.0)]


@pytest.mark.slow
def test_a_reader_beside_a_writer_sees_whole_runs_only(shop):
    """Runs of ten users, half of them active, are written one after the other while a reader asks for all of them."""
    shop.query(
        "UNWIND range(10, 19) AS n CREATE (:User {id: toString(n), last_seen: CASE WHEN n < 15 THEN 1600263000000 "
        "ELSE 1 END})",
        write=True,
    )
    users = [str(n) for n in range(10, 20)]
    read = (
        "MATCH (:Model {id: 'popular'})-[:CURRENT]->(r:Run) MATCH (u:User) WHERE u.id IN $users "
        "OPTIONAL MATCH (u)-[rec:RECOMMENDED]->() WHERE rec.run = r.id "
        "WITH r, u, rec.score AS score, 'recommended_popular_' + r.slot AS list "
        "RETURN u.id AS user, coalesce(score, CASE WHEN u[list + '_run'] = r.id THEN u[list + '_scores'][0] END) AS s"
    )
    begun, done = threading.Event(), threading.Event()
    seen_scores: list[set] = []

    def reading():
        last = False
        while not last:
            last = done.is_set()
            seen_scores.append(set(shop.query(read, users=users)["s"].tolist()))
            begun.set()

    def written(score: float):
        options = WriteBack(grace_seconds=1, batch=2, edges="active", active_days=1)
        frames = [frame((user, "101", score, 1)) for user in users]
        write_recommendations(shop, "popular", frames, options)

    written(1.0)
    reader = threading.Thread(target=reading)
    reader.start()
    try:
        assert begun.wait(60)
        for score in (2.0, 3.0, 4.0):
            written(score)
    finally:
        done.set()
        reader.join()
    assert {1.0, 4.0} <= set().union(*seen_scores)
    assert all(len(scores) == 1 and None not in scores for scores in seen_scores), seen_scores

"""Tests of writing recommendations back: readers see a whole run, and what dies is cleaned up."""

import pandas as pd
import pytest
from tests.queries import small_shop

from kartograph import queries
from kartograph.graph import recommendations
from kartograph.graph.recommendations import (
    WriteBack,
    active_users,
    current_recommendations,
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
    found = current_recommendations(graph, model, user)
    return list(found[["rank", "item", "score"]].itertuples(index=False, name=None))


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
    rows["via"] = [["104", "102"]]
    write_recommendations(shop, "popular", [rows], NOW)
    assert current_recommendations(shop, "popular", "1")["via"].tolist() == [["104", "102"]]


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
    rows = [{"user": "2", "item": "104", "rank": 1, "score": 1.0, "via": []}]
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
    rows = frame(("1", "101", 1.0, 1), ("1", "nowhere", 1.0, 2), ("nobody", "101", 1.0, 1))
    result = write_recommendations(shop, "other", [rows], NOW)
    assert (result.written, result.left_out) == (1, 2)


def test_nothing_to_write_keeps_the_former_run(shop):
    with pytest.raises(BadInput, match=r"^popular has nothing to write: it recommended 1 items"):
        write_recommendations(shop, "popular", [frame(("nobody", "101", 1.0, 1))], NOW)
    assert seen(shop, "1") == [(1, "105", 2.0), (2, "106", 1.0)]


def test_a_frame_without_ranks_is_refused(shop):
    with pytest.raises(BadInput, match="lack the column rank: they need user_id, item_id, score, rank"):
        write_recommendations(shop, "popular", [frame(("1", "101", 1.0, 1)).drop(columns="rank")], NOW)


def test_a_batch_that_is_sent_twice_is_written_once(shop):
    rows = [{"user": "2", "item": "104", "rank": 1, "score": 1.0, "via": []}]
    for _ in range(2):
        shop.query(queries.load("write_back/write_recommendations"), write=True, run="popular-3", rows=rows)
    assert shop.query("MATCH (:User {id: '2'})-[r:RECOMMENDED]->() RETURN count(r) AS n")["n"][0] == 1


def test_users_are_active_by_the_time_of_the_shop_and_not_of_the_clock(shop):
    # The last event is in minute 4383; user 2 was last seen in minute 2882, which is 1501 minutes before.
    assert active_users(shop, days=1) == ["3", "4"]
    assert active_users(shop, days=2) == ["2", "3", "4"]

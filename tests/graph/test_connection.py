"""Tests of `Graph` on the real local server."""

import pytest

pytestmark = pytest.mark.server


def test_a_query_returns_a_frame_with_a_column_per_name(graph):
    frame = graph.query("UNWIND $ids AS id RETURN id, size(id) AS length ORDER BY id", ids=["b", "aa"])
    assert frame.to_dict("list") == {"id": ["aa", "b"], "length": [2, 1]}


def test_a_query_without_rows_keeps_its_columns(graph):
    assert list(graph.query("MATCH (n) RETURN n.id AS id, n.title AS title").columns) == ["id", "title"]


def test_execute_returns_what_it_changed(graph):
    assert graph.execute("UNWIND range(1, 3) AS i CREATE (:Item {id: toString(i)})").nodes_created == 3


def test_the_database_is_empty_before_each_test(graph):
    assert graph.query("MATCH (n) RETURN count(n) AS n")["n"][0] == 0

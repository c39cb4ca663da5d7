"""Tests of erasing a user from a graph."""

import pandas as pd
import pytest

from kartograph.graph.erasure.graph import erase_from_graph
from kartograph.graph.schema import apply_schema
from kartograph.loaders import interactions

pytestmark = pytest.mark.server
USERS = 10
EVENTS = pd.DataFrame(
    [(str(user), item, event, 1_700_000_000_000 + user) for user in range(USERS) for item, event in ("av", "bb")],
    columns=["user_id", "item_id", "event", "timestamp"],
).replace({"event": {"v": "view", "b": "buy"}})


class Stopped(Exception):
    """Stands for a kill."""


@pytest.mark.slow
def test_an_erasure_that_is_stopped_before_any_of_its_statements_is_finished_by_the_next(graph, monkeypatch):
    apply_schema(graph)
    interactions.load(graph, EVENTS)
    for erased in range(1, USERS):
        with monkeypatch.context() as patched:
            patched.setattr(graph, "query", _stopping(graph.query, at=erased))
            try:
                erase_from_graph(graph, str(erased))
                ended = True
            except Stopped:
                ended = False
        erase_from_graph(graph, str(erased))
        left = graph.query(
            "MATCH (i:Item) RETURN i.popularity AS popularity, COUNT { (:User)-[:VIEWED|BOUGHT]->(i) } AS users"
        )
        assert left.to_numpy().tolist() == [[USERS - erased] * 2] * 2, "a and b, seen by every user once"
        assert graph.query("MATCH (l:Load {id: 'erasures'}) RETURN l.rows AS n")["n"].tolist() == [erased]
        if ended:
            return
    pytest.fail("an erasure takes more statements than there are users")


def _stopping(query, at):
    asked = 0

    def ask(*statement, **parameters):
        nonlocal asked
        asked += 1
        if asked == at:
            raise Stopped
        return query(*statement, **parameters)

    return ask

"""Tests of projections: they hold what they should, and nothing of them stays."""

import pytest
from tests.queries import small_shop

from kartograph.graph.enrichment import projection
from kartograph.graph.enrichment.projection import projected
from kartograph.tables.errors import BadInput, TooLarge

pytestmark = pytest.mark.server


@pytest.fixture
def shop(graph):
    """The small shop in an empty database."""
    small_shop.fill(graph)
    return graph


def held(graph) -> int:
    return len(graph.query("CALL gds.graph.list() YIELD graphName RETURN graphName"))


def test_a_projection_holds_the_items_with_events_and_both_directions_of_their_edges(shop):
    with projected(shop, "item_co_occurrence") as items:
        assert items.node_count() == 6
        assert items.relationship_count() == 2 * 3


def test_users_and_sessions_with_too_few_items_are_left_out(shop):
    with (
        projected(shop, "owner_items", least_items=4, left_out={}) as few,
        projected(shop, "owner_items", least_items=3, left_out={}) as all_,
        projected(shop, "owner_items", least_items=2, left_out={}) as with_session,
    ):
        # Users 1 and 3 saw four items, users 2 and 4 three each.
        assert few.relationship_count() == 2 * (4 + 4)
        assert all_.relationship_count() == 2 * (4 + 4 + 3 + 3)
        # Session x-0 belongs to no user and holds two items; the other sessions count through their users.
        assert with_session.relationship_count() == 2 * (4 + 4 + 3 + 3 + 2)


def test_a_projection_is_dropped_after_use(shop):
    with projected(shop, "item_co_occurrence"):
        assert held(shop) == 1
    assert held(shop) == 0


def test_a_projection_is_dropped_when_the_work_fails(shop):
    with pytest.raises(ZeroDivisionError), projected(shop, "item_co_occurrence"):
        raise ZeroDivisionError
    assert held(shop) == 0


def test_a_projection_that_does_not_fit_is_refused_before_it_is_made(shop, monkeypatch):
    monkeypatch.setattr(projection, "HEAP_SHARE", 0.0)
    message = (
        r"^projecting item_co_occurrence \(7 nodes, 8 relationships\) takes up to .* MiB of memory, .*KARTOGRAPH_HEAP"
    )
    with pytest.raises(TooLarge, match=message), projected(shop, "item_co_occurrence"):
        pass
    assert held(shop) == 0


def test_an_empty_graph_has_nothing_to_project(graph):
    with (
        pytest.raises(
            BadInput,
            match="nothing to project for owner_items: no user, and no session without a user, has two items or more",
        ),
        projected(graph, "owner_items", least_items=2, left_out={}),
    ):
        pass
    assert held(graph) == 0

"""Graphs whose snapshots go into the home of the test."""

import pytest
from tests.queries import small_shop

from kartograph.graph.connection import Graph


@pytest.fixture
def empty(graph, server, home):
    """A graph that holds nothing, as one of a server that Kartograph does not manage: its snapshots go into `home`."""
    with Graph.connect(server.uri, server.auth) as connected:
        yield connected


@pytest.fixture
def shop(empty):
    """The small shop."""
    small_shop.fill(empty)
    return empty

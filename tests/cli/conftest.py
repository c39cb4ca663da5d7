"""What tests of commands share."""

import pytest


@pytest.fixture
def addressed(graph, server, monkeypatch):
    """The empty database that NEO4J_URI names, where commands look first."""
    monkeypatch.setenv("NEO4J_URI", server.uri)
    monkeypatch.setenv("NEO4J_USERNAME", server.auth[0])
    monkeypatch.setenv("NEO4J_PASSWORD", server.auth[1])
    return graph

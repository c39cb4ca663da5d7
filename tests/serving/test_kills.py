"""A few of the kills that `benchmarks/kill_serving.py` makes many of: a worker, the keeper, Neo4j and the server."""

import sys
from pathlib import Path

import pytest


@pytest.mark.slow
@pytest.mark.server
def test_what_was_acknowledged_is_in_the_graph_once_whoever_is_killed(home, monkeypatch) -> None:
    monkeypatch.setattr(sys, "path", [str(Path(__file__).parents[2] / "benchmarks"), *sys.path])
    from kill_serving import PARTS, run  # pyright: ignore[reportMissingImports]

    outcome = run(home, kills=len(PARTS))
    assert outcome.wrong == []
    assert outcome.events > 0
    assert outcome.impressions > 0
    assert outcome.lists > 0

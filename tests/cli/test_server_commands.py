"""Tests of `kartograph start | status | logs | stop` on the server of this test run, which they leave running."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kartograph.cli import server as commands
from kartograph.cli.app import app
from kartograph.tables.errors import BadInput

pytestmark = pytest.mark.server
assert commands.app is app


@pytest.fixture
def kartograph(server, monkeypatch):
    """Run the command line in the home of the running test server."""
    root = Path(server.state.data).parents[4]
    monkeypatch.setenv("KARTOGRAPH_HOME", str(root))

    def run(*arguments: str, shop: str = "test") -> str:
        result = CliRunner().invoke(app, ["--shop", shop, *arguments], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.stdout

    return run


def test_status_as_json_holds_addresses_sizes_and_counts(kartograph, graph, server):
    graph.execute("CREATE (:Item {id: 'a'})-[:SIMILAR]->(:Item {id: 'b'})")
    facts = json.loads(kartograph("status", "--json"))
    assert (facts["running"], facts["nodes"], facts["relationships"]) == (True, 2, 1)
    assert (facts["bolt"], facts["pid"]) == (server.uri, server.state.pid)
    assert facts["heap_mib"] == 1024
    assert facts["rss_mib"] > 100
    assert min(facts[name] for name in ("store_bytes", "log_bytes", "free_disk_bytes", "uptime_seconds")) > 0
    assert Path(facts["plugins"]).is_dir()


def test_status_of_a_shop_that_was_never_started_says_that_nothing_runs(kartograph):
    facts = json.loads(kartograph("status", "--json", shop="never-started"))
    assert (facts["running"], facts["pid"], facts["nodes"], facts["store_bytes"]) == (False, None, None, 0)


def test_status_for_people_shows_the_same(kartograph, server):
    assert server.uri in kartograph("status")


def test_a_second_start_attaches(kartograph, server):
    assert server.uri in kartograph("start")
    assert json.loads(kartograph("status", "--json"))["pid"] == server.state.pid


def test_a_start_says_when_the_graph_has_to_be_upgraded(kartograph, graph):
    graph.execute("CREATE (:Item {id: 'of a former release'})")
    result = CliRunner().invoke(app, ["--shop", "test", "start"])
    assert result.exit_code == 0
    assert "run `kartograph upgrade`" in " ".join(result.stderr.split())
    graph.execute("MATCH (i:Item) DELETE i")
    assert "upgrade" not in CliRunner().invoke(app, ["--shop", "test", "start"]).stderr


def test_logs_prints_as_many_lines_as_asked_for(kartograph):
    assert len(kartograph("logs", "-n", "3").splitlines()) == 3


def test_a_log_that_does_not_exist_is_refused_with_those_that_do(kartograph):
    with pytest.raises(BadInput, match='there is no log "query"; choose one of neo4j, debug, console'):
        kartograph("logs", "--log", "query")
    with pytest.raises(BadInput, match=r"has no log yet: .* start it with `kartograph start`"):
        kartograph("logs", shop="never-started")


def test_stopping_a_shop_that_does_not_run_is_no_error(kartograph):
    kartograph("stop", shop="never-started")

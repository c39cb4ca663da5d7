"""Tests of `kartograph backup | restore | upgrade`."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kartograph.cli import backup as commands
from kartograph.cli.app import app
from kartograph.graph.managed.home import ShopDirectory
from kartograph.graph.managed.lifecycle import running, start, stop
from kartograph.graph.managed.memory import Memory
from kartograph.tables.errors import BadInput

assert commands.app is app


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, [*arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.slow
@pytest.mark.server
@pytest.mark.timeout(1800)
def test_a_stopped_shop_is_kept_and_comes_back_as_another_shop_that_stays_stopped(home, tmp_path):
    start(ShopDirectory.of("shop"), Memory(512, 64))
    stop(ShopDirectory.of("shop"))
    file = tmp_path / "kept"
    kept = json.loads(run("backup", str(file), "--json"))
    assert kept["shop"] == "shop"
    assert file.stat().st_size > kept["size"]
    restored = json.loads(run("--shop", "other", "restore", str(file), "--yes", "--json"))
    assert restored["sha256"] == kept["sha256"]
    assert restored["schema"] >= 1
    assert (ShopDirectory.of("other").current / "databases" / "neo4j").is_dir()
    assert running(ShopDirectory.of("shop")) is None
    assert running(ShopDirectory.of("other")) is None


@pytest.mark.slow
@pytest.mark.server
@pytest.mark.timeout(1800)
def test_trained_versions_come_back_with_the_shop_under_another_name(home, tmp_path):
    events = tmp_path / "events.csv"
    rows = [f"{user},{item},view,17000000{user}{item}" for user in "123" for item in "456"]
    events.write_text("\n".join(["user_id,item_id,event,timestamp", *rows]))
    run("load", "interactions", str(events), "--json")
    run("train", "walk")
    asked = ("recommend", "walk", "--session", "4", "--json")
    answer = json.loads(run(*asked))
    file = tmp_path / "kept"
    kept = json.loads(run("backup", str(file), "--json"))
    assert (kept["versions"], kept["versions_size"] > 0) == (1, True)
    stop(ShopDirectory.of("shop"))
    run("--shop", "other", "restore", str(file), "--yes", "--json")
    try:
        assert json.loads(run("--shop", "other", *asked)) == answer
        [one] = json.loads(run("--shop", "other", "versions", "--json"))
        assert (one["model"], one["current"], one["state"]) == ("walk", True, "whole")
        [place] = (ShopDirectory.of("other").folder / "models" / "walk").iterdir()
        assert files(place) == files(ShopDirectory.of("shop").folder / "models" / "walk" / place.name)
    finally:
        stop(ShopDirectory.of("other"))


def files(place: Path) -> dict[str, bytes]:
    """The files of a version by their names, without what was found out about them."""
    return {path.name: path.read_bytes() for path in place.rglob("*.*") if path.is_file() and path.name[0] != "."}


def test_a_restore_asks_before_it_replaces_a_shop(home, tmp_path):
    ShopDirectory.of("shop").current.mkdir(parents=True)
    (tmp_path / "file").touch()
    refused = CliRunner().invoke(app, ["restore", str(tmp_path / "file")], input="n\n")
    assert refused.exit_code == 1
    assert 'Replace the database of the shop "shop"?' in refused.output
    with pytest.raises(BadInput, match="is no backup"):
        run("restore", str(tmp_path / "file"), "--yes")


@pytest.mark.server
def test_upgrade_brings_the_graph_to_the_present_schema(server, graph, monkeypatch):
    monkeypatch.setenv("KARTOGRAPH_HOME", str(Path(server.state.data).parents[4]))
    graph.query("CREATE (:Item {id: '1'})-[:CO_OCCURS {sessions: 2}]->(:Item {id: '2'})", write=True)
    first = json.loads(run("--shop", "test", "upgrade", "--json"))
    assert (first["before"], first["applied"][0]) == (0, "migrate/0001_co_occurrence_run")
    assert json.loads(run("--shop", "test", "upgrade", "--json"))["applied"] == []

"""Tests of `kartograph load`, as far as no server is needed."""

import json

import pytest
from typer.testing import CliRunner

from kartograph.cli.app import app
from kartograph.cli.loading import load  # noqa: F401 - adds the commands
from kartograph.loaders import interactions
from kartograph.loaders.interactions import InteractionOptions
from kartograph.tables.errors import BadInput
from kartograph.tables.rejects import RejectLimit

runner = CliRunner()


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("KARTOGRAPH_HOME", str(tmp_path / "home"))


@pytest.fixture
def clicks(tmp_path):
    path = tmp_path / "clicks.csv"
    path.write_text("visitor,sku,when\nu,i,1430623510\nu,j,never\n")
    return path


def test_a_dry_run_tells_what_was_guessed_what_was_found_and_where_bad_rows_are(clicks, tmp_path):
    rejects = tmp_path / "bad.csv"
    result = runner.invoke(
        app, ["load", "interactions", str(clicks), "--time", "when", "--dry-run", "--rejects", str(rejects)]
    )
    assert result.exit_code == 1, result.output
    assert "verdict: this load would be refused: 1 of 2 rows of interactions are bad" in result.stdout
    assert "user: column 'visitor'" in result.stderr
    assert "2, of them 1 rejected" in result.stdout
    assert "2015-05-03 03:25:10+00:00" in result.stdout
    reason = "when is no time: write it as 2024-03-05 14:30 or say its format"
    assert rejects.read_text().splitlines()[1] == f"{clicks},3,when,never,{reason}"


def test_a_dry_run_of_a_new_shop_leaves_none_unless_rejected_rows_lie_there(clicks, tmp_path):
    whole = tmp_path / "whole.csv"
    whole.write_text("visitor,sku,when\nu,i,1430623510\n")
    assert runner.invoke(app, ["load", "interactions", str(whole), "--dry-run"]).exit_code == 0
    assert not (tmp_path / "home" / "shops").exists()
    runner.invoke(app, ["load", "interactions", str(clicks), "--dry-run"])
    assert [file.name for file in (tmp_path / "home").rglob("*.csv")] == ["interactions-rejects.csv"]


def test_json_is_for_scripts(clicks):
    result = runner.invoke(app, ["load", "interactions", str(clicks), "--dry-run", "--json", "--max-rejects", "1"])
    assert result.exit_code == 0, result.output
    summary = json.loads(result.stdout)
    assert summary["columns"] == {"user": "visitor", "item": "sku", "time": "when"}
    assert summary["data"]["events"] == {"view": 1}


def test_a_limit_that_is_none_is_refused(clicks):
    result = runner.invoke(app, ["load", "interactions", str(clicks), "--max-rejects", "some"])
    assert isinstance(result.exception, BadInput)
    assert "'some' is no limit for rejected rows. Give a share such as 10%" in str(result.exception)


@pytest.mark.parametrize("source", ["retailrocket", "rees46", "interactions", "sessions"])
def test_every_source_shows_an_example(source):
    result = runner.invoke(app, ["load", source, "--help"])
    assert result.exit_code == 0
    assert "Example: kartograph load" in result.stdout


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--engine", "spark"], "--engine spark and --master go together"),
        (["--master", "local[1]"], "--engine spark and --master go together"),
        (["--exchange", "folder"], "--exchange goes with --engine spark"),
    ],
)
def test_half_an_engine_is_refused(clicks, options, message):
    result = runner.invoke(app, ["load", *options, "interactions", str(clicks)])
    assert result.exit_code == 2
    assert message in result.output


@pytest.mark.slow
@pytest.mark.server
@pytest.mark.usefixtures("addressed")
def test_a_live_load_goes_into_the_graph_that_neo4j_uri_names_and_again_adds_nothing(graph, clicks):
    command = ["load", "interactions", str(clicks), "--time", "when", "--max-rejects", "50%", "--live", "--json"]
    options = InteractionOptions(time="when", rejects=clicks.with_name("bad.csv"), limit=RejectLimit(share=0.5))
    for new in (1, 0):
        result = runner.invoke(app, command)
        assert result.exit_code == 0, result.output
        tables = json.loads(result.stdout)["tables"]
        assert (tables["new events"], tables["events that the graph had"]) == (new, 1 - new)
    assert graph.query("MATCH (:User {id: 'u'})-[r:VIEWED]->(:Item {id: 'i'}) RETURN r.count AS n")["n"].tolist() == [1]
    assert interactions.load(graph, clicks, options).counts["new events"] == 0
    result = runner.invoke(app, ["load", "--engine", "spark", "--master", "local[1]", *command[1:]])
    assert "leave out --engine spark, or load in bulk without --live" in str(result.exception)

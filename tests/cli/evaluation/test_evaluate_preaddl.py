"""Tests of what `evaluate preaddl` and `train` read."""

import json

import pytest
from typer.testing import CliRunner

from kartograph.cli.app import app
from kartograph.cli.evaluation.evaluate_preaddl import preaddl  # noqa: F401  (adds the command)
from kartograph.evaluation.papers.preaddl.shop import read_shop
from kartograph.models.preaddl.pairs import PairOptions, prepare
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import silent


def test_sessions_are_visitors_and_the_order_of_their_clicks_is_time(tmp_path):
    file = tmp_path / "sessions.csv"
    file.write_text("session_id,position,item_id\n10,0,c\n9,1,b\n9,0,a\n")
    events = read_shop(file, silent).events
    assert events.to_dict("list") == {
        "user_id": ["9", "9", "10"],
        "item_id": ["a", "b", "c"],
        "event": ["view", "view", "view"],
        "timestamp": [0, 1, 2],
    }


def test_the_latest_sessions_are_the_test_part(tmp_path):
    file = tmp_path / "sessions.csv"
    clicks = [f"{session},{place},{'ab'[place]}" for session in range(10) for place in (0, 1)]
    file.write_text("\n".join(["session_id,position,item_id", *clicks]) + "\n")
    prepared = prepare(read_shop(file, silent), PairOptions(test_share=0.2))
    assert prepared.visitors.external.tolist() == [str(session) for session in range(8)]
    assert (prepared.test.visitors == -1).all()  # nobody knows the visitor of a later session
    assert prepared.facts["test_positives"] == 2 * 2


def test_interactions_without_a_time_are_refused(tmp_path):
    file = tmp_path / "interactions.csv"
    file.write_text("user_id,item_id,event\nu,a,view\n")
    with pytest.raises(BadInput, match="events without a time"):
        read_shop(file, silent)


def test_the_papers_figures_stand_only_beside_its_data(tmp_path, monkeypatch):
    monkeypatch.setenv("KARTOGRAPH_HOME", str(tmp_path / "home"))
    file = tmp_path / "sessions.csv"
    clicks = [f"{session},{place},{'abc'[(session + place) % 3]}" for session in range(20) for place in (0, 1)]
    file.write_text("\n".join(["session_id,position,item_id", *clicks]) + "\n")
    command = [
        "evaluate",
        "preaddl",
        str(file),
        "--models",
        "naive-bayes,always-yes",
        "--json",
        str(tmp_path / "o.json"),
    ]

    other = CliRunner().invoke(app, command, catch_exceptions=False).output
    named = CliRunner().invoke(app, [*command, "--benchmark", "retailrocket"], catch_exceptions=False).output

    # Without the columns of the paper only the table of what its rows imply speaks of reported figures.
    assert other.count("reported") == other.partition("What the reported rows imply")[2].count("reported") + 1
    assert named.count("reported") > other.count("reported")
    record = json.loads((tmp_path / "o.json").read_text())
    assert set(record["figures"]) == {"naive-bayes", "always-yes"}
    assert (record["protocol"], record["benchmark"]) == ("preaddl-time", "retailrocket")

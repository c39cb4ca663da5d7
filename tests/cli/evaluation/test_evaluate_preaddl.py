"""Tests of what `evaluate preaddl` and `train` read."""

import json
import sys

import pytest
from typer.testing import CliRunner

from kartograph.cli.app import app
from kartograph.cli.evaluation.evaluate_preaddl import preaddl  # noqa: F401  (adds the command)
from kartograph.evaluation.papers.preaddl.shop import read_shop
from kartograph.models.preaddl.pairs import PairOptions
from kartograph.models.preaddl.preparation import prepare
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


@pytest.fixture
def events(tmp_path, monkeypatch):
    """Interactions of 30 users on 13 items over 6 days, one in ten a purchase."""
    monkeypatch.setenv("KARTOGRAPH_HOME", str(tmp_path / "home"))
    file = tmp_path / "events.csv"
    rows = [
        f"u{n % 30},{'abcdefghijklm'[(n + n // 7) % 13]},{'buy' if n % 10 == 3 else 'view'},{1_600_000_000 + 1700 * n}"
        for n in range(300)
    ]
    file.write_text("\n".join(["user_id,item_id,event,timestamp", *rows]) + "\n")
    return file


def ask(*arguments):
    result = CliRunner().invoke(app, ["evaluate", "preaddl", *map(str, arguments)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return " ".join(result.output.split())


@pytest.mark.slow
def test_the_papers_figures_stand_only_beside_its_data_and_its_question(events, tmp_path):
    models = ("--models", "naive-bayes")

    def table_4(*options):
        return ask(events, *models, *options).partition("Table 4")[2].partition("What the reported rows imply")[0]

    assert "reported" not in table_4("--labels", "event")
    assert "reported" not in table_4("--benchmark", "retailrocket")
    assert "reported" in table_4("--labels", "event", "--benchmark", "retailrocket", "--json", tmp_path / "o")
    record = json.loads((tmp_path / "o").read_text())
    assert (record["protocol"], record["benchmark"]) == ("preaddl-event-time", "retailrocket")


def test_a_model_that_cannot_run_is_a_row_with_its_reason(events, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "transformers", None)

    shown = ask(events, "--models", "naive-bayes,bert,always-yes", "--json", tmp_path / "o.json")

    assert 'pip install "kartograph[bert]"' in shown
    assert set(json.loads((tmp_path / "o.json").read_text())["figures"]) == {"naive-bayes", "always-yes"}


def test_sessions_of_views_alone_cannot_be_told_apart_by_their_kind(tmp_path, monkeypatch):
    monkeypatch.setenv("KARTOGRAPH_HOME", str(tmp_path / "home"))
    file = tmp_path / "sessions.csv"
    clicks = [f"{session},{place},{'abc'[(session + place) % 3]}" for session in range(20) for place in (0, 1)]
    file.write_text("\n".join(["session_id,position,item_id", *clicks]) + "\n")

    with pytest.raises(BadInput, match="32 are views"):
        ask(file, "--labels", "event", "--models", "always-view")


def test_visitors_who_met_everything_leave_nothing_to_tell_apart(tmp_path, monkeypatch):
    monkeypatch.setenv("KARTOGRAPH_HOME", str(tmp_path / "home"))
    file = tmp_path / "events.csv"
    rows = [f"u{n % 3},{'ab'[n // 3 % 2]},view,{1_600_000_000 + 1700 * n}" for n in range(60)]
    file.write_text("\n".join(["user_id,item_id,event,timestamp", *rows]) + "\n")

    with pytest.raises(BadInput, match="48 are positive: there is nothing to classify"):
        ask(file, "--models", "naive-bayes")

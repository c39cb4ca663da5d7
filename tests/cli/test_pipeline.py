"""The commands of the pipeline, without a server: what they refuse, plan and list."""

import json

import pytest
from tests.pipeline.events import write_shop
from typer.testing import CliRunner

from kartograph.cli import pipeline  # noqa: F401  (adds the commands)
from kartograph.cli.app import app
from kartograph.pipeline.journal import Journal, StepRecord
from kartograph.pipeline.run import journals_of
from kartograph.tables.errors import BadInput

DECLARED = '[[sources]]\nloader = "interactions"\npath = "events.csv"\n[train]\nmodels = ["walk"]\n'


@pytest.fixture
def file(tmp_path, home):
    path = tmp_path / "shop.toml"
    path.write_text(DECLARED, "utf-8")
    write_shop(tmp_path / "events.csv")
    return path


def run(*arguments):
    return CliRunner().invoke(app, [str(one) for one in arguments])


def test_a_plan_says_what_each_step_would_do_and_changes_nothing(file, home):
    result = run("run", file, "--dry-run", "--json")
    steps = json.loads(result.stdout)
    assert result.exit_code == 0
    assert [step["step"] for step in steps] == [
        "sources", "checks", "checks", "load", "expire", "enrich", "measure", "gate", "train", "publish", "report"
    ]  # fmt: skip
    assert steps[7]["why"] == "nothing is published yet: the best recipe passes"
    assert not (home / "shops").exists() or not list((home / "shops").glob("*/pipeline/runs"))


def test_a_plan_ends_where_a_source_cannot_be_read(file):
    file.write_text(DECLARED.replace("[train]", 'user = "visitor"\n[train]'), "utf-8")
    result = run("run", file, "--dry-run", "--json")
    [step] = json.loads(result.stdout)
    assert (result.exit_code, step["would"]) == (1, "stop")
    assert "has no column 'visitor'" in step["why"]


def test_what_is_wrong_with_the_file_is_told_to_on_failure_too(file, tmp_path):
    told = tmp_path / "told.txt"
    file.write_text(DECLARED.replace("walk", "wolk") + f'[publish]\non_failure = "tee {told}"\n', "utf-8")
    result = run("run", file)
    assert isinstance(result.exception, BadInput)
    assert "the model 'wolk'" in str(result.exception)
    assert "the model 'wolk'" in told.read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["--dry-run", "--every", "24h"], "not both"), (["--every", "often"], "as 90m, 24h or 1d")],
)
def test_a_wrong_call_is_refused(file, arguments, words):
    result = run("run", file, *arguments)
    assert result.exit_code in (1, 2)
    assert words in result.output + str(result.exception)


def test_another_shop_than_that_of_the_file_is_refused(file):
    result = CliRunner().invoke(app, ["--shop", "books", "run", str(file), "--dry-run"])
    assert '--shop is "books"' in str(result.exception)


def test_a_bulk_source_is_refused_for_a_server_that_is_not_managed(file, monkeypatch):
    monkeypatch.setenv("NEO4J_URI", "bolt://db.example.org:7687")
    file.write_text(DECLARED.replace("[train]", 'mode = "bulk"\n[train]'), "utf-8")
    assert "allowed is" in str(run("run", file, "--dry-run").exception)


def journal(name: str, started: int, status) -> Journal:
    step = StepRecord("done", started, 1.0, "3 new events")
    return Journal(name, "shop", "key", started, status, started + 60_000, f"verdict of {name}", steps={"load": step})


def test_runs_are_listed_the_latest_first_and_a_failed_one_is_not_overlooked(home):
    journals_of("shop").write(journal("night-1", 0, "done"))
    listed = run("runs")
    assert listed.exit_code == 0
    assert "verdict of night-1" in listed.stdout
    for number in (2, 3, 4):
        journals_of("shop").write(journal(f"night-{number}", number, "stopped"))
    result = run("runs", "--json")
    content = json.loads(result.stdout)
    assert result.exit_code == 1
    assert (content["last_success"], content["failures_in_a_row"]) == ("night-1", 3)
    assert [one["id"] for one in content["runs"]] == ["night-4", "night-3", "night-2", "night-1"]
    assert "3 new events" in run("runs", "--run", "night-4").stdout


def test_a_run_that_does_not_exist_is_refused(home):
    assert "There is no run 'night-9'" in str(run("runs", "--run", "night-9").exception)


def test_a_shop_without_runs_says_so(home):
    result = run("runs")
    assert result.exit_code == 0
    assert "has not run yet" in result.output

import json

import pytest
from tests.evaluation.report import retailrocket
from tests.evaluation.report.records import figures_only
from typer.testing import CliRunner

from kartograph.cli.app import app
from kartograph.cli.report import report  # noqa: F401  (adds the command)
from kartograph.tables.errors import BadInput


def run(*arguments) -> str:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_kept_records_are_reported_without_being_named(home):
    (home / "records").mkdir()
    (home / "records" / "sequences-1.json").write_text(json.dumps(figures_only()))
    written = json.loads(run("report", "--json"))

    assert written["page"] == str(home / "report" / "report.html")
    assert "51.23" in (home / "report" / "report.html").read_text("utf-8")
    assert str(home / "report" / "sequences-hr-20.png") in written["charts"]


@pytest.mark.slow
def test_a_folder_of_data_is_shown_with_named_records(home, tmp_path):
    (tmp_path / "record.json").write_text(json.dumps(figures_only()))
    data = retailrocket.write(tmp_path / "rr")
    printed = run("report", tmp_path / "record.json", "--data", data, "--out", tmp_path / "out")

    assert printed.strip().endswith(str(tmp_path / "out" / "report.html"))
    assert (tmp_path / "out" / "data-purchases.png").exists()


def test_two_sources_of_data_are_refused(home, tmp_path):
    with pytest.raises(BadInput, match="--data and --loaded both name data"):
        run("report", "--data", tmp_path, "--loaded")


def test_a_damaged_record_is_named_and_left_out(home, tmp_path):
    (tmp_path / "good.json").write_text(json.dumps(figures_only()))
    (tmp_path / "huge.json").write_text(json.dumps({"figures": {"stan": {"HR@20": 1e300}}}))
    told = CliRunner().invoke(app, ["report", str(tmp_path), "--out", str(tmp_path / "page")], catch_exceptions=False)
    assert told.exit_code == 0
    assert "huge.json is damaged" in told.stderr
    assert "figures.stan.HR@20: a number between" in told.stderr
    assert "51.23" in (tmp_path / "page" / "report.html").read_text("utf-8")


def test_damaged_records_alone_make_no_report(home, tmp_path):
    (tmp_path / "cut.json").write_text('{"figures": ')
    with pytest.raises(BadInput, match="None of the records can be read, so there is no report"):
        CliRunner().invoke(app, ["report", str(tmp_path), "--out", str(tmp_path / "page")], catch_exceptions=False)
    assert not (tmp_path / "page").exists()

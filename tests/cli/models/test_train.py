import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.models.preaddl.test_pairs import busy_shop
from tests.queries import small_shop
from typer.testing import CliRunner

from kartograph.cli.app import app
from kartograph.cli.evaluation import evaluate_preaddl as _  # noqa: F401  (adds the command)
from kartograph.cli.models import recommend, train, versions  # noqa: F401  (adds the commands)
from kartograph.graph.managed.configuration import free_ports
from kartograph.models.data import TrainingData
from kartograph.models.preaddl.attention.model import GraphModel
from kartograph.models.preaddl.paper.model import PaperModel
from kartograph.tables.errors import BadInput


@pytest.fixture
def events(tmp_path):
    file = tmp_path / "events.csv"
    shop = busy_shop().events
    shop.assign(timestamp=shop["timestamp"] + 1_600_000_000_000).to_csv(file, index=False)
    return file


def run(*arguments: object):
    return CliRunner().invoke(app, [str(one) for one in arguments], catch_exceptions=False)


def test_a_trained_model_is_written_and_serves_elsewhere(events, tmp_path):
    out = tmp_path / "model"
    done = run("train", "preaddl", "--data", events, "--out", out, "--epochs", 1, "--checkpoint", tmp_path / "state.pt")
    assert done.exit_code == 0
    assert (tmp_path / "state.pt").exists()
    model = PaperModel.load(out)
    data = TrainingData.from_table(busy_shop().events, "user_id")
    assert not model.rank(data.histories.part(0, 2), 5).unserved.any()


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize(("name", "kind"), [("preaddl", PaperModel), ("preaddl-graph", GraphModel)])
def test_two_processes_train_one_model_and_one_of_them_writes_it(events, tmp_path, name, kind):
    out, script = tmp_path / "model", Path(sys.executable).with_name("kartograph")
    started = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2", "--master-addr", "127.0.0.1"]
    command = [
        *started,
        "--master-port",
        str(free_ports(usual=False).bolt),
        str(script),
        "train",
        name,
        "--data",
        str(events),
    ]
    done = subprocess.run(
        [*command, "--out", str(out), "--epochs", "1"],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("Wrote") == 1
    data = TrainingData.from_table(busy_shop().events, "user_id")
    assert not kind.load(out).rank(data.histories.part(0, 2), 5).unserved.any()


def test_names_and_folders_that_do_not_exist_are_refused(tmp_path):
    with pytest.raises(BadInput, match=r'Unknown model "magic"\. Choose from '):
        run("train", "magic")
    with pytest.raises(BadInput, match="is no folder"):
        run("train", "preaddl", "--data", tmp_path, "--out", tmp_path / "none" / "m")
    with pytest.raises(BadInput, match="finds no CUDA here: give cpu"):
        run("train", "preaddl", "--device", "cuda:99")
    assert run("train", "stan", "--out", tmp_path / "m").exit_code == 2
    with pytest.raises(BadInput, match=r"split is 'mixed'\. Allowed are time, random"):
        run("evaluate", "preaddl", tmp_path, "--split", "mixed")
    with pytest.raises(BadInput, match="There is no model 'oracle' of pairs"):
        run("evaluate", "preaddl", tmp_path, "--models", "oracle")


def test_options_are_set_by_name_and_strange_ones_are_refused_before_a_server_starts():
    with pytest.raises(BadInput, match=r"\"stan\" has no option 'neighbors'\. Options are past, neighbours, sample"):
        run("train", "stan", "--option", "neighbors=3")
    with pytest.raises(BadInput, match=r"--option is 'neighbours': give it as key=value"):
        run("train", "stan", "--option", "neighbours")
    with pytest.raises(BadInput, match=r"The option 'neighbours' of \"stan\" is 'many'\. It has to be a number"):
        run("train", "stan", "--option", "neighbours=many")
    with pytest.raises(BadInput, match=r"stan takes no --epochs: leave it out"):
        run("train", "stan", "--epochs", 3)
    with pytest.raises(BadInput, match=r'"walk" is a RandomWalk and "stan" a STAN: it is no preset of it'):
        run("train", "stan", "--preset", "walk")


@pytest.mark.slow
@pytest.mark.server
def test_a_model_is_trained_kept_asked_and_taken_back(addressed, tmp_path, monkeypatch):
    monkeypatch.setenv("KARTOGRAPH_HOME", str(tmp_path / "home"))
    small_shop.fill(addressed)
    first = run("train", "item-knn", "--option", "neighbours=2")
    assert "Kept item-knn as version item-knn-" in first.stderr.replace("\n", " ").replace("  ", " ")
    run("train", "item-knn", "--candidate")
    kept = json.loads(run("versions", "item-knn", "--json").stdout)
    assert [row["current"] for row in kept] == [False, True]  # the latest first: the candidate is not asked
    answered = run("recommend", "item-knn", "--user", "3", "--top", "2", "--json")
    assert "training one" not in answered.stderr
    assert {row["served_by"] for row in json.loads(answered.stdout)} == {"item-knn"}
    run("rollback", "item-knn", kept[0]["version"])
    kept = json.loads(run("versions", "item-knn", "--json").stdout)
    assert [row["current"] for row in kept] == [True, False]


@pytest.mark.server
def test_a_filter_holds_before_the_list_is_cut(addressed, tmp_path, monkeypatch):
    monkeypatch.setenv("KARTOGRAPH_HOME", str(tmp_path / "home"))
    small_shop.fill(addressed)
    wanted = addressed.query("MATCH (i:Item) WHERE i.popularity > 0 RETURN i.id AS id, i.title AS title ORDER BY id")
    title = wanted["title"].iloc[-1]
    for model in ("popularity", "popular-in-category"):
        asked = ("recommend", model, "--user", "5", "--where", f"title = '{title}'", "--json")
        assert [row["title"] for row in json.loads(run(*asked).stdout)] == [title]
    with pytest.raises(BadInput, match="colour"):
        run("recommend", "popularity", "--user", "5", "--where", "colour = 'red'")


def test_the_papers_tables_are_printed_and_the_record_names_the_leak(events, tmp_path, monkeypatch):
    monkeypatch.setenv("KARTOGRAPH_HOME", str(tmp_path / "home"))
    out = tmp_path / "record.json"
    done = run(
        *("evaluate", "preaddl", events, "--models", "preaddl,naive-bayes,always-yes", "--split", "random"),
        *("--epochs", 1, "--json", out, "--charts", tmp_path / "charts"),
    )
    assert done.exit_code == 0
    for title in ("Table 2", "Table 3", "Table 4", "What the reported rows imply"):
        assert title in done.stdout
    record = json.loads(out.read_text())
    assert record["protocol"] == "preaddl-random-leaking"
    assert set(record["figures"]) == {"preaddl", "naive-bayes", "always-yes"}
    assert (tmp_path / "charts" / "roc.png").exists()

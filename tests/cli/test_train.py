import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.models.preaddl.test_pairs import busy_shop
from typer.testing import CliRunner

from kartograph.cli import train as __  # noqa: F401  (adds the command)
from kartograph.cli.app import app
from kartograph.cli.evaluation import evaluate_preaddl as _  # noqa: F401  (adds the command)
from kartograph.graph.managed.configuration import free_ports
from kartograph.models.base import TrainingData
from kartograph.models.preaddl.attention.model import GraphModel
from kartograph.models.preaddl.paper.model import PaperModel
from kartograph.tables.errors import BadInput


@pytest.fixture
def events(tmp_path):
    file = tmp_path / "events.csv"
    busy_shop().events.to_csv(file, index=False)
    return file


def run(*arguments: object):
    return CliRunner().invoke(app, [str(one) for one in arguments], catch_exceptions=False)


def test_a_trained_model_is_written_and_serves_elsewhere(events, tmp_path):
    out = tmp_path / "model.pt"
    done = run("train", "preaddl", "--data", events, "--out", out, "--epochs", 1, "--checkpoint", tmp_path / "state.pt")
    assert done.exit_code == 0
    assert (tmp_path / "state.pt").exists()
    model = PaperModel.load(out)
    data = TrainingData.from_table(busy_shop().events, "user_id")
    assert not model.recommend(data.histories.part(0, 2), 5).unserved.any()


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("name", "kind"), [("preaddl", PaperModel), ("preaddl-graph", GraphModel)])
def test_two_processes_train_one_model_and_one_of_them_writes_it(events, tmp_path, name, kind):
    out, script = tmp_path / "model.pt", Path(sys.executable).with_name("kartograph")
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
    assert not kind.load(out).recommend(data.histories.part(0, 2), 5).unserved.any()


def test_names_and_folders_that_do_not_exist_are_refused(tmp_path):
    with pytest.raises(BadInput, match=r"There is no model 'stan' to train\. Names are preaddl, preaddl-graph"):
        run("train", "stan", "--out", tmp_path / "m.pt")
    with pytest.raises(BadInput, match="is no folder"):
        run("train", "preaddl", "--out", tmp_path / "none" / "m.pt")
    with pytest.raises(BadInput, match="finds no CUDA here: give cpu"):
        run("train", "preaddl", "--out", tmp_path / "m.pt", "--device", "cuda:99")
    with pytest.raises(BadInput, match=r"--split is 'mixed'\. Allowed are time, random"):
        run("evaluate", "preaddl", tmp_path, "--split", "mixed")
    with pytest.raises(BadInput, match="There is no model 'oracle' of pairs"):
        run("evaluate", "preaddl", tmp_path, "--models", "oracle")


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

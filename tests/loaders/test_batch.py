"""Tests of running loaders unattended: exit codes, log file, one at a time."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from kartograph.graph.managed.generations import build_lock
from kartograph.graph.managed.home import ShopDirectory
from kartograph.loaders.registry import Loader, loader
from kartograph.tables.errors import BadInput


@pytest.fixture
def batch(tmp_path, monkeypatch):
    monkeypatch.setenv("KARTOGRAPH_HOME", str(tmp_path / "home"))
    return loader("sessions")


@pytest.fixture
def clicks(tmp_path):
    path = tmp_path / "clicks.csv"
    path.write_text("session_id,position,item_id\ns,0,a\n,1,b\n")
    return path


def test_a_dry_run_prints_json_logs_and_ends_as_the_load_would(batch, clicks, capsys):
    assert batch.main([str(clicks), "--dry-run", "--max-rejects", "1"]) == 0
    assert "verdict: this would be loaded" in capsys.readouterr().out
    assert batch.main([str(clicks), "--dry-run", "--json"]) == 1
    summary = json.loads(capsys.readouterr().out)
    assert (summary["rows"], summary["good"], summary["rejected"]) == (2, 1, {"no session_id": 1})
    folder = ShopDirectory.of("shop").folder / "loads"
    assert summary["rejects_file"] == str(folder / "sessions-rejects.csv")
    log = (folder / "sessions.log").read_text()
    assert "INFO began with" in log
    assert "INFO done: " in log


def test_the_log_grows_from_run_to_run(batch, clicks, tmp_path):
    log = tmp_path / "own.log"
    for _ in range(2):
        assert batch.main([str(clicks), "--dry-run", "--max-rejects", "1", "--log", str(log)]) == 0
    assert log.read_text().count("INFO began with") == 2


def test_too_many_bad_rows_end_with_1_and_stand_in_the_log(batch, clicks, tmp_path, capsys):
    log = tmp_path / "own.log"
    assert batch.main([str(clicks), "--max-rejects", "0", "--log", str(log)]) == 1
    assert "1 of 2 rows of clicks are bad; the limit is 0 rows" in capsys.readouterr().err
    assert "ERROR 1 of 2 rows of clicks are bad" in log.read_text()


def test_a_failure_that_nobody_foresaw_ends_with_1_and_its_trace_stands_in_the_log(tmp_path, clicks, capsys):
    def broken(path, options, progress):
        raise RuntimeError("no such luck")

    log = tmp_path / "own.log"
    assert Loader("broken", "Fails.", read=broken).main([str(clicks), "--dry-run", "--log", str(log)]) == 1
    assert "no such luck" in capsys.readouterr().err
    assert "Traceback" in log.read_text()


def test_wrong_usage_ends_with_2(batch):
    with pytest.raises(SystemExit) as caught:
        batch.main(["--no-such-option"])
    assert caught.value.code == 2


def test_a_second_load_into_the_same_shop_is_refused_and_another_shop_is_not(batch, clicks, capsys):
    with build_lock(ShopDirectory.of("shop"), "load"):
        with (
            pytest.raises(BadInput, match='Another load is at work on the shop "shop"\\.'),
            build_lock(ShopDirectory.of("shop"), "load"),
        ):
            pass
        assert batch.main([str(clicks), "--max-rejects", "50%"]) == 1
        assert "Another load is at work" in capsys.readouterr().err
        with build_lock(ShopDirectory.of("other"), "load"):
            pass
    with build_lock(ShopDirectory.of("shop"), "load"):
        pass


def test_the_lock_goes_with_the_process_that_held_it(batch):
    held = (
        "import os\n"
        "from kartograph.graph.managed.home import ShopDirectory\n"
        "from kartograph.graph.managed.generations import build_lock\n"
        "with build_lock(ShopDirectory.of('shop'), 'load'): os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", held], check=False).returncode == 9
    with build_lock(ShopDirectory.of("shop"), "load"):
        pass


@pytest.mark.parametrize(
    ("name", "option"),
    [
        ("retailrocket", "--max-rejects"), ("rees46", "--max-rejects"), ("interactions", "--user"),
        ("sessions", "--max-rejects"), ("books", "--clusters"), ("access_log", "--mapping"), ("ontology", "--clusters"),
        ("pages", "--patterns"), ("properties", "--neighbours"),
    ],
)  # fmt: skip
def test_every_loader_runs_as_a_module(name, option):
    ran = subprocess.run(
        [sys.executable, "-m", f"kartograph.loaders.{name}", "--help"], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert option in ran.stdout


def test_a_log_is_read_unattended_with_its_pages_and_ontology(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("KARTOGRAPH_HOME", str(tmp_path / "home"))
    log, pages, films = tmp_path / "access.log", tmp_path / "pages.csv", tmp_path / "films.ttl"
    log.write_text('10.0.0.1 - - [20/Feb/2016:05:00:46 +0000] "GET /a HTTP/1.1" 200 1 "-" "Mozilla/5.0 Firefox"\n')
    pages.write_text("url,item_id\n/a,f1\n")
    films.write_text(
        "@prefix : <urn:film#> . @prefix kg: <urn:kartograph:vocabulary#> . "
        "@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . "
        ":Film a owl:Class ; kg:isTarget true . "
        ":year a owl:DatatypeProperty ; rdfs:domain :Film ; kg:kind kg:Numeric . "
        ":f1 a :Film ; :year 1999 ."
    )
    batch = loader("access-log")
    said = [str(log), "--ontology", str(films), "--dry-run", "--json", "--mapping"]
    assert batch.main([*said, str(pages)]) == 0
    assert json.loads(capsys.readouterr().out)["tables"]["mapped items in the ontology"] == 1
    assert batch.main([*said, str(pages), "--session-gap", "0"]) == 1
    assert "the gap that ends a session is 0 minutes" in capsys.readouterr().err
    pages.write_text("url,item_id\n/a,x\n")
    assert batch.main([*said, str(pages)]) == 1
    assert "0 of 1 mapped items are in the ontology" in capsys.readouterr().err


@pytest.mark.server
def test_an_ontology_is_written_beside_what_a_graph_holds(graph, tmp_path):
    from kartograph.loaders.ontology import OntologyOptions, load, write

    films = Path(__file__).resolve().parents[1] / "ontology" / "films.ttl"
    assert write(None, films).counts == {"Film": 6, "Person": 4, "Country": 2}
    graph.query("CREATE (:Item {id: 'vertigo'}), (:Item {id: 'other'})", write=True)
    counts = load(graph, films, neighbours=2, clusters=3).counts
    assert (counts["items"], counts["similarities"], counts["clusters"]) == (6, 12, 3)
    methods = graph.query("MATCH (c:Cluster) RETURN DISTINCT c.method AS method")["method"]
    assert methods.tolist() == ["k-medoids"]  # merging would part single items from the rest
    assert int(graph.query("MATCH (i:Item) RETURN count(i) AS items")["items"][0]) == 7
    with pytest.raises(BadInput, match="--clusters is -1; give 0 for none, or more"):
        OntologyOptions(clusters=-1)


def test_a_shop_that_cannot_be_is_an_error_without_a_trace(batch, clicks, capsys):
    assert batch.main([str(clicks), "--shop", "My Shop"]) == 1
    assert capsys.readouterr().err.startswith('error: "My Shop" cannot be the name of a shop')


@pytest.mark.parametrize("gap", ["nan", "inf", "-inf"])
def test_a_gap_that_is_no_finite_number_is_wrong_usage(batch, clicks, capsys, gap):
    with pytest.raises(SystemExit) as ended:
        batch.main([str(clicks), f"--session-gap={gap}"])
    assert ended.value.code == 2
    assert f"{gap} is no finite number" in capsys.readouterr().err


def test_a_new_log_is_its_owners_alone(batch, clicks, tmp_path):
    before = os.umask(0)
    try:
        batch.main([str(clicks), "--dry-run", "--log", str(tmp_path / "own.log")])
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "own.log").stat().st_mode) == 0o600

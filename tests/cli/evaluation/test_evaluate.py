import hashlib
import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from kartograph.cli.app import app
from kartograph.cli.evaluation import evaluate as _  # noqa: F401  (adds the commands)
from kartograph.cli.models import listing as __  # noqa: F401  (adds the command)
from kartograph.evaluation.graph_models import chosen
from kartograph.models.registry import names
from kartograph.tables.errors import BadInput

TRAIN = "session_id,position,item_id\n1,0,a\n1,1,b\n2,0,a\n2,1,b\n3,0,a\n3,1,c\n"
OTHER = ("timings", "machine")
EVENTS = "user_id,item_id,event,timestamp\nu,a,buy,1\nu,b,view,2\nv,a,buy,1\nv,b,view,2\nv,c,view,3\n"


def _run(*arguments) -> str:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.setenv("KARTOGRAPH_HOME", str(tmp_path / "home"))
    (tmp_path / "train.csv").write_text(TRAIN)
    (tmp_path / "test.csv").write_text("session_id,position,item_id\n8,0,a\n8,1,c\n9,0,b\n9,1,new\n")
    (tmp_path / "events.csv").write_text(EVENTS)
    (tmp_path / "kept.csv").write_text("user_id,item_id\nu,c\nstranger,a\n")
    return tmp_path


def test_sequences_writes_the_record_and_the_run(files):
    _run(
        *("evaluate", "sequences", "--train", files / "train.csv", "--test", files / "test.csv", "--k", 2),
        *("--models", "markov", "--json", files / "out.json", "--export-run", files / "run.txt", "--seed", 7),
    )

    record = json.loads((files / "out.json").read_text())
    promised = {"figures", "timings", "data", "versions", "seed", "options"}
    added = {"protocol", "name", "intervals", "significance", "by_length", "by_popularity", "machine"}
    assert set(record) == promised | added
    # a is followed by b twice, by c once: c is second. Nothing follows b.
    promised = ("HR@2", "MRR@2", "NDCG@2", "Recall@2", "Coverage@2", "cases", "unserved")
    assert {name: record["figures"]["markov"][name] for name in promised} == {
        "HR@2": 1 / 2,
        "MRR@2": 1 / 2 / 2,
        "NDCG@2": pytest.approx(1 / 2 * 0.63093, abs=1e-4),
        "Recall@2": 1 / 2,
        "Coverage@2": 2 / 3,
        "cases": 2,
        "unserved": 1,
    }
    assert set(record["timings"]["markov"]) == {"fit_s", "ms_p50", "ms_p99", "ms_batch", "peak_mib"}
    assert record["data"]["train_sha256"] == hashlib.sha256(TRAIN.encode()).hexdigest()
    assert record["seed"] == 7
    assert record["options"]["markov"] == {"order": 1, "backoff": 0.1}
    assert (files / "run.txt").read_text() == "8 Q0 b 1 2 markov\n8 Q0 c 2 1 markov\n"
    kept = list((files / "home" / "records").glob("sequences-*.json"))
    assert [json.loads(file.read_text()) for file in kept] == [record]
    cases = pd.read_parquet(kept[0].with_suffix(".cases.parquet"))
    assert cases[["model", "case", "MRR@2"]].to_numpy().tolist() == [["markov", "8", 0.5], ["markov", "9", 0.0]]


def test_several_models_write_a_run_each(files):
    _run(
        *("evaluate", "sequences", "--train", files / "train.csv", "--test", files / "test.csv"),
        *("--models", "markov, popularity", "--export-run", files / "run.txt"),
    )

    assert (files / "run.markov.txt").exists()
    assert (files / "run.popularity.txt").read_text().startswith("8 Q0 a 1 20 popularity\n")


def test_all_prefixes_makes_more_cases(files):
    (files / "test.csv").write_text("session_id,position,item_id,target\n8,0,a,c\n8,1,b,c\n")
    _run(
        *("evaluate", "sequences", "--train", files / "train.csv", "--test", files / "test.csv", "--all-prefixes"),
        *("--models", "markov", "--json", files / "out.json"),
    )

    assert json.loads((files / "out.json").read_text())["figures"]["markov"]["cases"] == 2


@pytest.mark.parametrize(("mask", "rank"), [("bought", 2), ("seen", 1), ("none", 3)])
def test_interactions_leave_out_what_the_mask_says(files, mask, rank):
    _run(
        *("evaluate", "interactions", "--train", files / "events.csv", "--test", files / "kept.csv", "--mask", mask),
        *("--models", "popularity", "--json", files / "out.json"),
    )

    figures = json.loads((files / "out.json").read_text())["figures"]["popularity"]
    assert figures["cases"] == 2
    assert figures["MRR@20"] == pytest.approx((1 / rank + 1) / 2)


def test_two_runs_with_one_seed_give_one_record_but_for_the_times(files):
    records = []
    for name in ("one.json", "two.json"):
        _run(
            *("evaluate", "sequences", "--train", files / "train.csv", "--test", files / "test.csv"),
            *("--models", "stan,walk,session-net", "--json", files / name),
        )
        records.append({key: part for key, part in json.loads((files / name).read_text()).items() if key not in OTHER})

    assert records[0] == records[1]


def test_models_lists_every_preset_and_each_can_be_made():
    listed = json.loads(_run("models", "--json"))

    assert [row["model"] for row in listed] == names()
    for row in listed:
        chosen(row["model"])(0)


def test_an_unknown_model_is_answered_with_the_names(files):
    with pytest.raises(BadInput, match=r'Unknown model "magic"\. Choose from .*popularity'):
        _run("evaluate", "sequences", "--train", files / "train.csv", "--test", files / "test.csv", "--models", "magic")


def test_no_model_at_all_is_refused(files):
    with pytest.raises(BadInput, match="No model is named"):
        _run("evaluate", "sequences", "--train", files / "train.csv", "--test", files / "test.csv", "--models", " ,")


def test_a_record_that_cannot_be_written_is_refused_before_anything_is_measured(files):
    with pytest.raises(BadInput, match=r"cannot be written: .*nowhere is no folder"):
        _run(
            *("evaluate", "sequences", "--train", files / "train.csv", "--test", files / "test.csv"),
            *("--models", "markov", "--json", files / "nowhere" / "out.json"),
        )


def test_a_model_that_fails_and_one_that_the_protocol_is_not_made_for_are_rows(files):
    output = _run(
        *("evaluate", "sequences", "--train", files / "train.csv", "--test", files / "test.csv", "--k", 2),
        *("--models", "markov,category-popularity,mcprhrec", "--json", files / "out.json", "--name", "small"),
    )

    record = json.loads((files / "out.json").read_text())
    assert list(record["figures"]) == ["markov"]
    assert list(record["failed"]) == ["category-popularity"]
    assert record["not_applicable"] == {"mcprhrec": "learns from users; here only sessions are known"}
    assert record["name"] == "small"
    for row in ("small: sequences: 2 cases, 3 items", "category-popularity failed", "mcprhrec: n/a, learns from users"):
        assert row in " ".join(output.split())


def test_several_seeds_write_means_and_deviations(files):
    _run(
        *("evaluate", "sequences", "--train", files / "train.csv", "--test", files / "test.csv", "--k", 2),
        *("--models", "markov", "--json", files / "out.json", "--seeds", "1,2,3"),
    )

    record = json.loads((files / "out.json").read_text())
    assert record["seeds"] == [1, 2, 3]
    assert record["deviations"]["markov"]["MRR@2"] == 0
    with pytest.raises(BadInput, match="--seeds is '1;2'"):
        _run(
            *("evaluate", "sequences", "--train", files / "train.csv", "--test", files / "test.csv"),
            *("--models", "markov", "--seeds", "1;2"),
        )


def test_ids_that_never_meet_are_refused(files):
    (files / "kept.csv").write_text("user_id,item_id\nu.0,c.0\n")
    with pytest.raises(BadInput, match=r"0 of 1 users, 0 of 1 items of the test part .* 'u\.0' .* as 'u'"):
        _run(
            *("evaluate", "interactions", "--train", files / "events.csv", "--test", files / "kept.csv"),
            *("--models", "popularity"),
        )


def test_a_protocol_of_ones_own_is_run_by_its_file(files):
    (files / "mine.py").write_text(
        "from kartograph.evaluation.protocols.sequences import NextClicks\n"
        "class Every(NextClicks):\n    name = 'every-click'\n"
    )
    _run(
        *("evaluate", "by", f"{files / 'mine.py'}:Every", files / "train.csv", "--test", files / "test.csv"),
        *("--models", "markov", "--json", files / "out.json"),
    )

    assert json.loads((files / "out.json").read_text())["protocol"] == "every-click"


def test_the_old_name_of_the_ontology_protocol_says_the_new_one(files):
    from kartograph.cli.ontologies.ontology import evaluate_books  # noqa: F401  (adds the commands)

    with pytest.raises(BadInput, match="`kartograph evaluate books` is now `kartograph evaluate ontology`"):
        _run("evaluate", "books", files, "--folds", 3)

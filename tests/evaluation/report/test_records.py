import json

import pytest
from tests.evaluation.report.records import bare, full

from kartograph.evaluation.report.records import Record, leaderboards, read_records
from kartograph.tables.errors import BadInput


def written(folder, name, content):
    path = folder / name
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def boards_of(tmp_path, *contents):
    paths = [written(tmp_path, f"r{place}.json", content) for place, content in enumerate(contents)]
    return leaderboards(read_records(paths))


def test_the_protocol_of_older_records_stands_in_their_options(tmp_path):
    [record] = read_records([written(tmp_path, "old.json", bare())])

    assert (record.name, record.protocol) == ("old", "sequences")
    assert record.options == {"k": 20, "all_prefixes": True}


def test_a_folder_gives_its_records_by_name(tmp_path):
    written(tmp_path, "b.json", full())
    written(tmp_path, "a.json", full())
    (tmp_path / "notes.txt").write_text("no record")

    assert [record.name for record in read_records([tmp_path])] == ["a", "b"]


def test_nested_figures_get_the_names_of_their_groups_and_what_is_no_number_is_left_out(tmp_path):
    content = {"figures": {"m": {"warm": {"HR@20": 0.5}, "cold": {"HR@20": 0.1}, "F1": None, "leaks": True}}}
    [record] = read_records([written(tmp_path, "r.json", content)])

    assert record.figures == {"m": {"warm HR@20": 0.5, "cold HR@20": 0.1}}
    assert record.protocol == "unnamed"


def test_records_on_the_same_files_share_a_leaderboard(tmp_path):
    other = full() | {"figures": {"blend": {"HR@20": 0.6, "cases": 15132}}, "timings": {"blend": {"fit_s": 9.0}}}
    [board] = boards_of(tmp_path, full(), other)

    assert set(board.figures) == {"stan", "markov", "blend"}
    assert board.part("timings")["blend"] == {"fit_s": 9.0}


@pytest.mark.parametrize(
    "change",
    [{"data": {"train_sha256": "aa", "test_sha256": "other"}}, {"options": {"k": 10}}, {"protocol": "windows"}],
)
def test_records_that_cannot_be_compared_have_leaderboards_of_their_own(tmp_path, change):
    assert len(boards_of(tmp_path, full(), full() | change)) == 2


def test_leaderboards_stand_in_the_order_of_the_protocols_and_the_larger_first(tmp_path):
    small = full() | {"figures": {"stan": {"HR@20": 0.5, "cases": 10}}, "data": {}}
    names = [full() | {"protocol": name} for name in ("my own", "mcprhrec-folds", "windows")]

    boards = boards_of(tmp_path, small, *names, full())
    assert [board.protocol for board in boards] == ["sequences", "sequences", "windows", "mcprhrec-folds", "my own"]
    assert [len(board.figures) for board in boards[:2]] == [2, 1]


def test_a_model_measured_twice_alike_stands_once_and_otherwise_with_its_seed(tmp_path):
    changed = full() | {"seed": 4, "figures": {"stan": {"HR@20": 0.4}, "markov": full()["figures"]["markov"]}}
    [board] = boards_of(tmp_path, full(), changed)

    assert set(board.figures) == {"stan", "markov", "stan (seed 4)"}
    assert board.figures["stan (seed 4)"] == {"HR@20": 0.4}


def test_what_the_records_lack_is_told_with_the_models(tmp_path):
    content = full()
    del content["intervals"], content["cold"]["markov"]
    [board] = boards_of(tmp_path, content)

    assert board.missing == {"intervals": ["stan", "markov"], "cold": ["markov"], "learning": ["markov"]}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", r"r\.json cannot be read as JSON: .* Give a record of `kartograph evaluate`"),
        ("[1]", r"r\.json has no figures of models: .*--json FILE"),
        ('{"figures": {}}', r"r\.json has no figures of models"),
        ('{"figures": {"stan": 0.5}}', r"r\.json has no figures of models"),
    ],
)
def test_a_file_that_is_no_record_is_refused(tmp_path, text, message):
    (tmp_path / "r.json").write_text(text)
    with pytest.raises(BadInput, match=message):
        read_records([tmp_path / "r.json"])


def test_a_path_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadInput, match=r"gone\.json is not there\. Name a record, or a folder of records"):
        read_records([tmp_path / "gone.json"])


def test_parts_that_are_no_dictionaries_are_as_good_as_missing():
    record = Record("r", "sequences", {"m": {"HR@20": 0.5}}, {"intervals": None, "cold": "unknown"})

    assert record.part("intervals") == record.part("cold") == record.options == {}

"""Figures of models are kept by model and data set and read back as they were; each table names its record or none."""

import json
import re
import sys

import pytest
from tests.docs.shown import ROOT

from kartograph.models.registry import names
from kartograph.reference import measured as module
from kartograph.reference import measurements, records
from kartograph.reference import peers as peers_module
from kartograph.reference.measured import Measured, data_sets, keep, measured, number
from kartograph.reference.peers import Peer, peers, peers_table
from kartograph.reference.records import filled, keep_table, machine_in_words, recorded


@pytest.fixture
def empty(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "FILE", tmp_path / "measured.csv")
    measured.cache_clear()
    yield
    measured.cache_clear()


def row(model: str, first: float | None = 0.5, **others) -> Measured:
    known = {"data": "Clicks", "protocol": "sequences", "cases": 4, "second": first, "fit_s": 1.5, "ms_p50": None}
    return Measured(
        model, first=first, **{**known, **others}, machine="2 cores, x86_64", date="2026-01-31", command="c"
    )


def test_rows_are_read_as_they_were_kept_and_replace_older_ones(empty):
    keep([row("b"), row("a", None, reason="needs users")])
    keep([row("b", 0.25), row("c", data="Buyers", protocol="interactions")])
    assert measured() == {
        ("a", "Clicks"): row("a", None, reason="needs users"),
        ("b", "Clicks"): row("b", 0.25),
        ("c", "Buyers"): row("c", data="Buyers", protocol="interactions"),
    }
    assert data_sets() == {"Clicks": "sequences", "Buyers": "interactions"}


def test_figures_are_percents_and_what_is_not_there_says_so():
    assert row("a", 0.5594).accuracy == "55.9\u00a0/\u00a055.9"
    assert row("a", None).accuracy == "n/a"
    assert [number(value) for value in (None, 0.0437, 9.7, 2600.0)] == ["–", "0.044", "9.7", "2,600"]


def test_every_row_that_is_kept_is_of_a_model():
    assert {name for name, _ in measured()} <= set(names())


def test_rows_of_other_libraries_replace_those_of_their_data_set(tmp_path, monkeypatch):
    def peer(data: str, model: str) -> Peer:
        return Peer(data, "a", model, "preset", 50.0, 25.0, 49.5, 50.5, 1.0, 0.25, 100.0, "2 cores", "2026-01-31", "c")

    monkeypatch.setattr(peers_module, "FILE", tmp_path / "peers.csv")
    (tmp_path / "peers.csv").touch()
    for model in ("old", "new"):
        peers_module.keep("users", [peer("users", model)])
    peers_module.keep("sessions", [peer("sessions", "walk")])
    assert peers("users") == [peer("users", "new")]
    assert peers("sessions") == [peer("sessions", "walk")]
    assert peers_table("users").splitlines()[2:] == [
        "| a | `new` | preset | 50.00 / 25.00 | 49.5 to 50.5 | 1.0 | 0.25 | 100 |",
        "",
        "Measured on 2026-01-31 (2 cores) by `c`.",
    ]


def test_every_benchmark_that_has_a_command_is_on_the_page():
    page = (ROOT / "docs" / "benchmarks.md").read_text("utf-8")
    texts = {file.name: file.read_text("utf-8") for file in (ROOT / "benchmarks").glob("*.py")}
    with_command = [
        name for name, text in texts.items() if f"python benchmarks/{name}" in text and ": a part of `" not in text
    ]
    assert len(with_command) > 20
    assert [name for name in with_command if f"`benchmarks/{name}" not in page] == []


@pytest.mark.parametrize("page", measurements.PAGES, ids=lambda page: page.name)
def test_every_table_of_figures_is_made_of_a_record_or_says_that_none_is_kept(page):
    text = page.read_text("utf-8")
    by_hand = filled(text, dict.fromkeys([*recorded(), *measurements.PARTS], str))
    tables = re.findall(r"((?:^\|.*\n)+)\n(.*)", by_hand, re.MULTILINE)
    figures = [(table, below) for table, below in tables if re.search(r"\| [\d.,]+ [|/]", table)]
    assert [table for table, below in figures if "no record of this table is kept" not in below] == []


class Quiet:
    """A machine on which nothing else runs."""

    def of_others(self) -> float:
        return 0.0


def test_a_record_has_what_was_measured_where_and_how_and_becomes_the_table_between_its_marks(tmp_path, monkeypatch):
    monkeypatch.setattr(records, "FOLDER", tmp_path / "records")
    monkeypatch.setattr(sys, "argv", ["/a/benchmarks/cuts.py", "/data/clicks.csv", "--models", "stan,walk"])
    monkeypatch.setattr(records, "machine", lambda: {"cores": 2, "processor": "x86_64", "memory_gib": 23.5})
    monkeypatch.setattr(records, "BEGAN", Quiet())
    keep_table("cuts", ("model", "cut 1"), [("stan", 0.5)])
    kept = json.loads((tmp_path / "records" / "cuts.json").read_text("utf-8"))
    command = "python benchmarks/cuts.py clicks.csv --models stan,walk"
    text = "a\n\n<!-- cuts -->\n\nold\n\n<!-- /cuts -->\n\n<!-- none -->\n\nby hand\n\n<!-- /none -->\n"
    assert filled(text, recorded()).splitlines() == [
        *("a", "", "<!-- cuts -->", "", "| model | cut 1 |", "| --- | --- |", "| stan | 0.5 |", ""),
        f"Measured on {kept['date']} (2 cores, x86_64, 24 GiB) by `{command}`.",
        *("", "<!-- /cuts -->", "", "<!-- none -->", "", "by hand", "", "<!-- /none -->"),
    ]


def test_work_of_others_is_named_where_there_was_some():
    host = {"cores": 2, "processor": "x86_64", "memory_gib": 23.5}
    assert machine_in_words(host, 0.04) == "2 cores, x86_64, 24 GiB"
    assert machine_in_words(host, 1.34) == "2 cores, x86_64, 24 GiB, 1.3 cores busy with other work"

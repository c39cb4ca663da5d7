"""Tests of records that somebody changed: a line for each odd value, and the others make the page all the same."""

import json

import pytest
from tests.evaluation.report.records import figures_only, full

from kartograph.evaluation.report.page import build_page
from kartograph.evaluation.report.record_file import DEEPEST, parse_record
from kartograph.evaluation.report.records import read_records
from kartograph.tables.errors import BadInput


def changed(*way, value):
    """A whole record with one value put in place of another."""
    content = full()
    part = content
    for step in way[:-1]:
        part = part[step]
    part[way[-1]] = value
    return content


def nested(levels: int):
    return {"deeper": nested(levels - 1)} if levels else 1


def lines_of(tmp_path, content) -> list[str]:
    """What is wrong with a record, without the sentence before it."""
    (tmp_path / "r.json").write_text(json.dumps(content))
    with pytest.raises(BadInput, match=r"r\.json is damaged: it holds values that no record has") as error:
        parse_record(tmp_path / "r.json")
    return [line.strip() for line in str(error.value).splitlines()[1:]]


ODD = [
    (("figures", "stan", "HR@20"), "0.5", "figures.stan.HR@20: Input should be a valid number, not '0.5'"),
    (("figures", "stan", "HR@20"), [0.5], "figures.stan.HR@20: Input should be a valid number, not [0.5]"),
    (
        ("figures", "stan", "HR@20"),
        1e300,
        "figures.stan.HR@20: a number between -1e+15 and 1e+15 is allowed, not 1e+300",
    ),
    (
        ("figures", "stan", "cases"),
        10**400,
        "figures.stan.cases: a number between -1e+15 and 1e+15 is allowed, not a whole",
    ),
    (("timings", "stan"), 3, "timings.stan: Input should be a valid dictionary, not 3"),
    (("timings", "stan", "ms_p50"), -1, "timings.stan.ms_p50: Input should be greater than or equal to 0, not -1"),
    (("timings", "stan", "ms_p50"), "fast", "timings.stan.ms_p50: Input should be a valid number, not 'fast'"),
    (("intervals", "stan", "HR@20"), [0.5], "intervals.stan.HR@20: List should have at least 2 items"),
    (("intervals", "stan", "HR@20"), 0.5, "intervals.stan.HR@20: Input should be a valid list, not 0.5"),
    (("significance", "HR@20"), "yes", "significance.HR@20: Input should be a valid dictionary"),
    (("significance", "HR@20", "alpha"), "small", "significance.HR@20.alpha: Input should be a valid number"),
    (("significance", "HR@20", "groups"), ["a"], "significance.HR@20.groups: Input should be a valid dictionary"),
    (("by_length", "stan"), {"from": 1}, "by_length.stan: Input should be a valid list"),
    (("by_length", "stan", 0, "from"), "one", "by_length.stan.0.from: Input should be a valid number"),
    (("by_length", "stan", 0, "HR@20"), [1], "by_length.stan.0.HR@20: Input should be a valid number, not [1]"),
    (("cold", "stan", "no events"), 0.5, "cold.stan.no events: Input should be a valid dictionary, not 0.5"),
    (("cold", "stan"), [], "cold.stan: Input should be a valid dictionary, not []"),
    (("learning", "stan", 0, "loss"), "low", "learning.stan.0.loss: Input should be a valid number, not 'low'"),
    (("splits",), {"stan": 1}, "splits.stan: Input should be a valid list, not 1"),
    (
        ("confusion",),
        {"stan": {"true_positives": "all"}},
        "confusion.stan.true_positives: Input should be a valid number",
    ),
    (("options",), ["k"], "options: Input should be a valid dictionary, not ['k']"),
    (("protocol",), {"name": "x"}, "protocol: Input should be a valid string"),
    (("tables",), [1], "tables: Input should be a valid dictionary, not [1]"),
    (("tables",), {"books": [{"n": 10**400}]}, "tables.books.0.n: a number between"),
    (("layout",), {"points": [[0, 0]], "clusters": [0], "medoids": [0]}, "layout.names: Field required"),
    (
        ("layout",),
        {"points": [[0, 0]], "clusters": [1], "medoids": [0], "names": ["a"]},
        "layout: 1 names stand for other clusters",
    ),
    (
        ("layout",),
        {"points": [[0, 0]], "clusters": [0], "medoids": [5], "names": ["a"]},
        "layout: a medoid is none of the 1 points",
    ),
    (("note",), nested(DEEPEST + 5), "note." + "deeper." * 10),
]


@pytest.mark.parametrize(("way", "value", "line"), ODD)
def test_a_value_that_no_record_has_is_named_on_one_line(tmp_path, way, value, line):
    [result] = lines_of(tmp_path, changed(*way, value=value))
    assert result.startswith(line)


def test_several_odd_values_are_named_each_on_a_line_and_many_are_counted(tmp_path):
    content = figures_only()
    content["figures"] = {f"m{n:02}": {"HR@20": "high"} for n in range(12)}
    result = lines_of(tmp_path, content)
    assert result[0] == "figures.m00.HR@20: Input should be a valid number, not 'high'"
    assert (len(result), result[-1]) == (11, "… and 2 more")


@pytest.mark.parametrize(
    "figures", [{"stan": {}}, {"stan": {"cases": 5}}, {"stan": {"cold": {"cases": 5}, "HR@20": None}}]
)
def test_a_record_that_measured_nothing_is_refused(tmp_path, figures):
    [result] = lines_of(tmp_path, {"figures": figures})
    assert result.startswith("the whole: no model has a figure that is a number, beside counts of cases")


def test_what_is_not_defined_is_as_good_as_missing(tmp_path):
    content = changed("figures", "stan", "MRR@20", value=float("nan"))
    content["learning"]["stan"][0]["loss"] = float("inf")
    content["by_length"]["stan"][0]["HR@20"] = None
    content["intervals"]["stan"]["HR@20"] = None
    content["cold"] = None
    (tmp_path / "r.json").write_text(json.dumps(content))
    result = parse_record(tmp_path / "r.json")
    assert "MRR@20" not in result["figures"]["stan"]
    assert result["learning"]["stan"][0] == {"epoch": 1, "HR@20": 0.4}
    assert result["by_length"]["stan"][0] == {"from": 1, "to": 1, "cases": 40}
    assert result["by_length"]["stan"][1].get("to") is None
    assert result["intervals"]["stan"] == {}
    build_page(read_records([tmp_path]))


@pytest.mark.parametrize("text", ["[" * 100_000, '{"figures": ' + "9" * 5000 + "}", "\\ud800", "{'figures': 1}"])
def test_a_text_that_is_no_json_is_refused(tmp_path, text):
    (tmp_path / "r.json").write_text(text)
    with pytest.raises(BadInput, match=r"r\.json cannot be read as JSON"):
        parse_record(tmp_path / "r.json")


def test_damaged_records_are_named_and_left_out_and_the_others_read(tmp_path):
    (tmp_path / "good.json").write_text(json.dumps(figures_only()))
    (tmp_path / "cut.json").write_text("{")
    (tmp_path / "huge.json").write_text(json.dumps(changed("figures", "stan", "HR@20", value=1e300)))
    damaged: list[str] = []
    assert [record.name for record in read_records([tmp_path], damaged)] == ["good"]
    assert ["cut.json" in damaged[0], "huge.json" in damaged[1], len(damaged)] == [True, True, 2]


def test_a_model_without_folds_does_not_hinder_the_others(tmp_path):
    content = figures_only() | {"splits": {"stan": [], "markov": [{"HR@20": 0.25}]}}
    (tmp_path / "r.json").write_text(json.dumps(content))
    assert "HR@20" in build_page(read_records([tmp_path])).html

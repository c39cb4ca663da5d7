"""The report's tables of what was shown are those of the queries."""

import pytest
from tests.queries import small_shop

from kartograph.evaluation.report.experiment_tables import experiment_tables
from kartograph.evaluation.report.exposure_tables import exposure_tables
from kartograph.evaluation.report.page import build_page

pytestmark = pytest.mark.server


def test_what_was_shown_is_a_section_of_the_page(graph) -> None:
    assert exposure_tables(graph) == []
    small_shop.fill(graph)
    small_shop.run(graph, "serving/add_exposures")
    tables = exposure_tables(graph)
    assert [table.title.split(",")[0] for table in tables] == ["By version", "By place", "By category", "By day"]
    assert tables[0].headings[:5] == ["Model", "Version", "Shown", "Clicked", "Bought"]
    assert tables[0].rows[0] == ["popular", "popular-v2", "13", "2", "1", "15.38", "7.69"]  # 2 / 13, 1 / 13
    assert [row[0] for row in tables[3].rows] == ["2020-09-14", "2020-09-13"]
    html = build_page([], shown=tables).html
    assert "What was shown, clicked and bought" in html
    assert "15.38" in html
    assert "No leaderboard" not in html


def test_an_experiment_is_a_table_with_its_verdict(graph) -> None:
    assert experiment_tables(graph) == []
    small_shop.fill(graph)
    small_shop.run(graph, "exposures/experiments")
    [table] = experiment_tables(graph)
    # 20 of 100 and 33 of 110: pooled 53 / 210, deviation 0.0600, z = 1.67, p = 0.096
    verdict, split = table.title.split(" (")
    assert verdict == "Experiment spring: decided: no arm differs from popular-v1 beyond chance"
    assert split == "p of the split 0.49)"  # 5² / 105 · 2 = 0.476 with one degree of freedom
    assert [row[:4] for row in table.rows] == [
        ["popular-v1", "100", "20", "20.00"],
        ["popular-v2", "110", "33", "30.00"],
    ]
    assert [row[5:] for row in table.rows][1] == ["50.00", "0.096"]

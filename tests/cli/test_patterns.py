"""Tests of the command that mines patterns and rules, on the small shop."""

import json

import pytest
from tests.queries import small_shop
from typer.testing import CliRunner

from kartograph import queries
from kartograph.cli import patterns as _  # noqa: F401  (adds the command)
from kartograph.cli.app import app
from kartograph.tables.errors import BadInput

pytestmark = pytest.mark.server


def run(*arguments: str):
    return CliRunner().invoke(app, ["patterns", *arguments], catch_exceptions=False)


def test_rules_and_patterns_of_a_shop_stand_in_its_graph_and_the_next_run_replaces_them(addressed):
    small_shop.fill(addressed)
    written = json.loads(run("--support", "2", "--json").stdout)
    assert written["rules_written"] == written["rules"] > 0
    assert written["patterns_written"] == written["patterns"] > 0
    # Users 2 and 3 bought 103 after they had clicked 101.
    rules = addressed.query(queries.load("patterns/rules_to_item"), item="103", k=100).set_index("rule")
    assert rules.loc["consequential:event:101>103", "support"] == 2
    result = addressed.query("MATCH (p:Pattern) RETURN min(p.support) AS least, collect(DISTINCT p.kind) AS kinds")
    assert result["least"][0] == 2
    assert "clicks" in result["kinds"][0]

    again = json.loads(run("--support", "2", "--most", "1", "--json").stdout)
    assert again["rules"] == written["rules"]
    left = addressed.query("MATCH (r:Rule) RETURN count(r) AS rules").iloc[0]["rules"]
    assert left == again["rules_written"] < written["rules_written"]


def test_a_person_reads_a_table_and_what_to_ask_next(addressed):
    small_shop.fill(addressed)
    done = run("--support", "2", "--period", "day")
    assert "rules_written" in done.stdout
    assert "patterns/rules_to_item" in done.stderr


def test_an_empty_shop_is_told_to_load_first(addressed):
    with pytest.raises(BadInput, match="load a shop first"):
        run()

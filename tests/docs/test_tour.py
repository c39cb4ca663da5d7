"""The commands of the tour of the graph run as they stand, on the small shop, and give the rows that the page shows."""

import json
import shlex

import pytest
from tests.docs.shown import ROOT, blocks
from tests.queries import small_shop
from typer.testing import CliRunner

from kartograph import queries
from kartograph.cli import query  # noqa: F401  (adds the command)
from kartograph.cli.app import app
from kartograph.queries.cells import cell
from kartograph.queries.header import header_of
from kartograph.queries.readme import expected_rows
from kartograph.reference.tour import DEMO_ROWS, STOPS

DEMO = "kartograph --shop demo "
SHOWN = [one.text for one in blocks((ROOT / "docs" / "tour.md").read_text("utf-8")) if one.language == "sh"]
COMMANDS = [line for line in SHOWN if not line.startswith(DEMO)]


@pytest.mark.server
def test_every_command_of_the_tour_gives_the_rows_of_the_page(graph, server, monkeypatch, record_property):
    monkeypatch.setenv("NEO4J_URI", server.uri)
    monkeypatch.setenv("NEO4J_USERNAME", server.auth[0])
    monkeypatch.setenv("NEO4J_PASSWORD", server.auth[1])
    small_shop.fill(graph)
    for line in COMMANDS:
        words = shlex.split(line)[1:]
        for needed in header_of(queries.load(words[1])).needs:
            small_shop.run(graph, needed)
        done = CliRunner().invoke(app, [*words, "--json"], catch_exceptions=False)
        rows = json.loads(done.stdout)
        assert [[*rows[0]], *([cell(value) for value in row.values()] for row in rows)] == expected_rows(words[1]), line
    for line in set(SHOWN) - set(COMMANDS):  # of another shop: here they only have to be understood
        CliRunner().invoke(app, shlex.split(line.removeprefix(DEMO)), catch_exceptions=False)
    record_property("commands of tour.md run", len(COMMANDS))
    assert len(COMMANDS) == 6


def test_every_statement_of_the_tour_has_an_answer_in_the_demo_shop():
    answers = json.loads(DEMO_ROWS.read_text("utf-8"))
    assert len(SHOWN) == 2 * len(COMMANDS)
    for name, stop in STOPS.items():
        assert set(stop.demo) == set(queries.load(name).shown), name
        assert answers[name][0] == expected_rows(name)[0], name
        assert len(answers[name]) > 1, name

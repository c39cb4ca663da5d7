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

COMMANDS = [one.text for one in blocks((ROOT / "docs" / "tour.md").read_text("utf-8")) if one.language == "sh"]


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
    record_property("commands of tour.md run", len(COMMANDS))
    assert len(COMMANDS) == 6

"""The demo runs from nothing to recommendations, and what it offers for pasting gives rows."""

import re
from typing import Any

import pytest
from typer.testing import CliRunner

from kartograph.cli import demo
from kartograph.cli.app import app
from kartograph.graph.connection import Graph
from kartograph.graph.managed.home import Home
from kartograph.graph.managed.lifecycle import stop


@pytest.mark.slow
@pytest.mark.server
def test_the_demo_ends_with_recommendations_and_statements_that_give_rows(home, monkeypatch):
    monkeypatch.setenv("KARTOGRAPH_HEAP", "512m")
    monkeypatch.setenv("KARTOGRAPH_PAGE_CACHE", "64m")
    try:
        done = CliRunner().invoke(app, ["demo", "--scale", "0.002", "--users", "20"])
        assert done.exit_code == 0, done.output
        with Graph.local("demo") as graph:
            written = graph.query("MATCH (:User)-[r:RECOMMENDED]->(:Item) RETURN count(r) AS written")["written"][0]
            assert 0 < written <= 20 * 5
            titled = graph.query("MATCH (i:Item) RETURN count(i) = count(i.title) AND count(i.price) > 0 AS titled")
            assert titled["titled"][0], "the shop window shows titles and prices"
            assert "kartograph --shop demo serve" in done.output, "without a terminal nothing is left running but Neo4j"
            pasted = done.output.split("queries/")[1:]
            assert len(pasted) == len(demo.TO_PASTE)
            for text in pasted:
                values = dict(re.findall(r"^:param (\w+) => (.+)$", text, re.MULTILINE))
                statement = text[text.index("MATCH") : text.index(";")]
                parameters: dict[str, Any] = {
                    name: int(value) if value.isdigit() else value.strip('"') for name, value in values.items()
                }
                assert len(graph.query(statement, **parameters)) > 0, statement
    finally:
        stop(Home.of("demo"))

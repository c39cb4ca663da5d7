"""The demo runs from nothing to recommendations, and what it offers for pasting gives rows."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from kartograph.cli.app import app
from kartograph.cli.demo import command, reading_room, shop, stages
from kartograph.graph.connection import Graph
from kartograph.graph.managed.home import ShopDirectory


@pytest.mark.slow
@pytest.mark.server
def test_the_demo_ends_with_recommendations_and_statements_that_give_rows(small_servers):
    done = CliRunner().invoke(app, ["demo", "--scale", "0.002", "--users", "20"])
    assert done.exit_code == 0, done.output
    with Graph.local("demo") as graph:
        written = graph.query("MATCH (:User)-[r:RECOMMENDED]->(:Item) RETURN count(r) AS written")["written"][0]
        assert 0 < written <= 20 * 5
        sold = graph.query(
            "MATCH (i:Item {available: false}) RETURN count(i) > 0 AS some, sum(COUNT { ()-[:RECOMMENDED]->(i) })"
        )
        assert sold.values.tolist() == [[True, 0]], "what cannot be bought is in no list"
        titled = graph.query("MATCH (i:Item) RETURN count(i) = count(i.title) AND count(i.price) > 0 AS titled")
        assert titled["titled"][0], "the shop window shows titles and prices"
        assert "kartograph --shop demo serve" in done.output, "without a terminal nothing is left running but Neo4j"
        said = done.output[done.output.index("Done in") : done.output.index("queries/")].splitlines()
        assert f"Password file  {ShopDirectory.of('demo').password_file}" in said, (
            "it can be copied, however long it is"
        )
        assert [line for line in said if len(line) > 80 and not line.startswith("Password file")] == []
        assert "title" in done.output.split("each with its reason")[1].split("reason")[0]
        assert_pasted_statements_give_rows(graph, done.output, shop.TO_PASTE)


@pytest.mark.slow
@pytest.mark.server
def test_the_demo_of_books_ends_with_suggestions_that_say_why(small_servers):
    done = CliRunner().invoke(app, ["demo", "--books"])
    assert done.exit_code == 0, done.output
    assert "same kind:" in " ".join(done.output.split())
    assert "kartograph remove --shop demo-books" in done.output
    weights = dict(re.findall(r"│ (\w[\w.]*) +│ +([\d.]+) │", done.output))
    assert float(weights["binding"]) < float(weights["kind"]), "readers choose by the kind, nobody by the binding"
    with Graph.local("demo-books") as graph:
        assert_pasted_statements_give_rows(graph, done.output, reading_room.TO_PASTE)


def test_the_demo_is_one_command_for_both():
    assert [one.callback for one in app.registered_commands if one.callback is command.demo]


def test_without_its_extra_the_demo_says_what_the_shop_window_needs(monkeypatch, tmp_path, capsys):
    running = SimpleNamespace(browser="http://127.0.0.1:7474/browser/", uri="bolt://127.0.0.1:7687")
    monkeypatch.setattr("kartograph.graph.managed.lifecycle.running", lambda home: running)
    monkeypatch.setattr("kartograph.tables.extras.is_installed", lambda extra: False)
    stages.end(ShopDirectory(tmp_path, "demo"), 1.0, (), {}, serve=False)
    printed = " ".join(capsys.readouterr().out.split())
    assert 'kartograph --shop demo serve, after pip install "kartograph[serve]" Stop it' in printed


def test_options_of_the_shop_are_refused_for_the_reading_room(home):
    done = CliRunner().invoke(app, ["demo", "--books", "--scale", "1"])
    assert done.exit_code == 2
    assert not (home / "shops").exists()


def assert_pasted_statements_give_rows(graph: Graph, output: str, names: tuple[str, ...]) -> None:
    pasted = output.split("queries/")[1:]
    assert [text.partition(".cypher")[0] for text in pasted] == list(names)
    for text in pasted:
        values = dict(re.findall(r"^:param (\w+) => (.+)$", text, re.MULTILINE))
        statement = text[text.index("MATCH") : text.index(";")]
        parameters: dict[str, Any] = {
            name: int(value) if value.isdigit() else value.strip('"') for name, value in values.items()
        }
        assert len(graph.query(statement, **parameters)) > 0, statement

"""Tests of how the Cypher prompt reads text, and of what it prints for statements on the real server."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartograph.cli.shared.prompt import entries, run_prompt, split_statements
from kartograph.tables.errors import BadInput


def read(text: str) -> list[str]:
    return [entry.strip() for entry in entries(iter(text.splitlines(keepends=True)))]


def test_statements_end_at_their_semicolon_and_commands_at_their_line():
    assert read(":param k => 1;\nRETURN 1;\nRETURN\n2; RETURN 3;\n:params\n") == [
        ":param k => 1;",
        "RETURN 1;",
        "RETURN\n2;",
        "RETURN 3;",
        ":params",
    ]


def test_semicolons_and_colons_in_strings_names_and_comments_do_not_count():
    text = "// a; b\n/*\n:param k => 1\n;*/\nMATCH (n\n:Item) RETURN ';' AS `a;b`, \"//;\" AS c; // end;\n"
    assert read(text) == [text.removesuffix(" // end;\n")]


def test_what_has_no_semicolon_at_the_end_is_run_too():
    assert read("RETURN 1") == ["RETURN 1"]
    assert read("// only a comment\n;\n") == []


@given(st.text(alphabet="a;'\"`/*\n: ", max_size=40))
def test_splitting_loses_no_text(text):
    statements, rest = split_statements(text)
    assert text.endswith(rest)
    assert all(statement in text and statement.endswith(";") for statement in statements)


@pytest.fixture
def typed(monkeypatch):
    """Give the text that the prompt reads from standard input."""
    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text))


@pytest.mark.server
def test_a_pasted_file_runs_with_the_parameters_that_it_shows_unless_they_were_set(graph, typed, capsys):
    typed(
        "/*\n:param k => 2\n*/\nUNWIND range(1, $k) AS n RETURN n AS number;\n:param k => 1 + 2\n"
        "UNWIND range(1, $k) AS n RETURN n * 11 AS number;\nCREATE (:Item {id: 'x'});\nMATCH (i:Item) RETURN i;"
    )
    run_prompt(graph)
    printed = capsys.readouterr()
    assert [word for word in printed.out.split() if word.isdigit()] == ["1", "2", "11", "22", "33"]
    assert "(:Item {'id': 'x'})" in printed.out


@pytest.mark.server
def test_an_error_in_piped_text_ends_the_run_and_names_the_statement(graph, typed):
    typed("RETURN 1 AS one; RETURN nothing; CREATE (:Item);")
    with pytest.raises(BadInput, match=r"(?s)Variable `nothing` not defined.*in: RETURN nothing;"):
        run_prompt(graph)
    assert graph.query("MATCH (n) RETURN count(n) AS n")["n"][0] == 0


@pytest.mark.server
def test_a_command_that_does_not_exist_is_refused_with_those_that_do(graph, typed):
    typed(":parm k => 1\n")
    with pytest.raises(BadInput, match=r'":parm k => 1" is no command; there are ":param name => expression"'):
        run_prompt(graph)


@pytest.mark.server
def test_null_is_shown_as_null_and_numbers_beside_it_stay_whole(graph, typed, capsys):
    typed(
        "UNWIND [1, null] AS number RETURN number, [number, 'a'] AS list, {of: number} AS map, number = 1 AS one;\n"
        "RETURN null AS nothing;\n:param k => null\n:params\n"
    )
    run_prompt(graph)
    printed = capsys.readouterr().out
    assert "nan" not in printed.lower()
    assert "None" not in printed
    [first, second] = [[cell.strip() for cell in line.split("│")[1:-1]] for line in printed.splitlines()[3:5]]
    assert first == ["1", "[1, 'a']", "{'of': 1}", "true"]
    assert second == ["null", "[null, 'a']", "{'of': null}", "null"]
    assert "k => null" in printed

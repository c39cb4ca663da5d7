import pandas as pd
import pytest
from rich.console import Console

from kartograph.cli.shared import console


def test_the_names_of_rows_stay_whole_where_a_table_is_wider_than_the_terminal(monkeypatch, capsys):
    monkeypatch.setattr(console, "out", Console(width=60))
    figures = {f"a measure with number {number}": [0.123456] for number in range(8)}

    console.print_frame(pd.DataFrame({"model": ["sequential-rules"], **figures}))

    assert "sequential-rules" in capsys.readouterr().out


def test_no_number_is_folded_and_columns_that_do_not_fit_follow_below(monkeypatch, capsys):
    monkeypatch.setattr(console, "out", Console(width=60))
    figures = {f"measure {number}": [0.123456, 1234567] for number in range(8)}

    console.print_frame(pd.DataFrame({"model": ["stan", "markov"], **figures}), "Figures")

    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 60
    assert sum("stan" in line for line in lines) == 2
    assert sum(line.count("0.1235") for line in lines) == 8
    assert sum(line.count("1234567") for line in lines) == 8


def test_a_table_without_rows_shows_its_headings(monkeypatch, capsys):
    monkeypatch.setattr(console, "out", Console(width=60))
    console.print_frame(pd.DataFrame({"item": [], "score": []}))
    assert "score" in capsys.readouterr().out


ODD = ["sku:fire:7", "[bold]u3[/bold]", "a\x1b[31mred", "tab\tand\nline", "right \u202e left", "[/] \\[x]"]
SHOWN = ["sku:fire:7", "[bold]u3[/bold]", r"a\x1b[31mred", r"tab\tand\nline", r"right \u202e left", "[/] \\[x]"]


def test_ids_in_a_list_appear_as_they_are_too(monkeypatch, capsys):
    monkeypatch.setattr(console, "out", console.PlainConsole(width=80))
    console.print_frame(pd.DataFrame({"session": ["s"], "items": [[":smile:", "[/] \\[x]", "a\x1bb"]]}))
    assert r"[:smile:, [/] \[x], a\x1bb]" in capsys.readouterr().out


def test_ids_and_titles_appear_as_they_are_in_tables_facts_and_remarks(monkeypatch, capsys):
    monkeypatch.setattr(console, "out", console.PlainConsole(width=80))
    monkeypatch.setattr(console, "notes", console.PlainConsole(width=80, stderr=True))
    console.print_frame(pd.DataFrame({"item": ODD, "[b]x[/b]": ODD}), ":fire: [b]title[/b]")
    console.print_facts({":fire:": ODD[0], "[b]": ODD[1], "esc": ODD[2]})
    console.notes.print(ODD[2], markup=False, highlight=False)
    shown = capsys.readouterr()
    for text in (*SHOWN, "[b]x[/b]", ":fire: [b]title[/b]"):
        assert text in shown.out
    assert "\x1b" not in shown.out + shown.err
    assert SHOWN[2] in shown.err


def test_a_long_path_among_facts_is_shown_whole(monkeypatch, capsys):
    monkeypatch.setattr(console, "out", console.PlainConsole(width=40))
    path = "/shops/" + "x" * 60
    console.print_facts({"rejected rows": path})
    assert capsys.readouterr().out == f"rejected rows  {path}\n"


def test_a_long_value_among_facts_goes_on_below_its_beginning(monkeypatch, capsys):
    monkeypatch.setattr(console, "out", console.PlainConsole(width=20))
    console.print_facts({"rows": "some of them were read", "rows without an item": 1, "left": 2})
    assert capsys.readouterr().out == "rows  some of them\n      were read\nrows without an item  1\nleft  2\n"


def test_errors_show_what_they_name_as_it_is(monkeypatch, capsys):
    from kartograph.cli import app
    from kartograph.tables.errors import BadInput

    def fail() -> None:
        raise BadInput("no user " + ", ".join(ODD[:3]))

    monkeypatch.setattr(app, "app", fail)
    monkeypatch.setattr(app, "errors", console.PlainConsole(width=200, stderr=True))
    with pytest.raises(SystemExit):
        app.main()
    assert capsys.readouterr().err == "error: no user " + ", ".join(SHOWN[:3]) + "\n"


def test_ids_of_rows_stay_whole_so_that_they_can_be_copied(monkeypatch, capsys):
    monkeypatch.setattr(console, "out", Console(width=60))
    version = "blend-graph-20261126T222051-bb269c65"
    console.print_frame(pd.DataFrame({"version": [version], "state": ["not in the graph at all"], "mib": [10.68]}))
    assert version in capsys.readouterr().out


def test_the_last_load_of_a_status_is_a_sentence():
    from kartograph.cli.server import _readable

    load = {"load": "a", "source": "interactions", "batch": 0, "rows": 1_299, "started": 0, "finished": 86_400_000}
    assert _readable("last_load", load) == "a: interactions, 1,299 rows, finished 1970-01-02 00:00 UTC"
    assert _readable("last_load", {**load, "finished": None}) == "a: interactions, 1,299 rows, not finished"

import pandas as pd
from rich.console import Console

from kartograph.cli import console


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

import pandas as pd
from rich.console import Console

from kartograph.cli import shown


def test_the_names_of_rows_stay_whole_where_a_table_is_wider_than_the_terminal(monkeypatch, capsys):
    monkeypatch.setattr(shown, "out", Console(width=60))
    figures = {f"a measure with number {number}": [0.123456] for number in range(8)}

    shown.print_frame(pd.DataFrame({"model": ["sequential-rules"], **figures}))

    assert "sequential-rules" in capsys.readouterr().out

"""Pages in Markdown: titles, tables and sentences of what was reported, what was measured, and what tables hide."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from kartograph.evaluation.report.arithmetic import implied
from kartograph.evaluation.report.leaderboard import printed_as
from kartograph.evaluation.report.reported import ReportedTable


def markdown(frame: pd.DataFrame) -> str:
    """A table; numbers have four digits at most, what is not there is empty."""
    rows = [list(map(str, frame.columns)), ["---"] * len(frame.columns)]
    rows += [[_cell(value) for value in row] for row in frame.itertuples(index=False, name=None)]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)


def beside(reported: ReportedTable, figures: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """A row for each model, ours and theirs: `model, reported …, measured …`, empty where one side lacks it."""
    names = list(dict.fromkeys(name for row in reported.rows for name in row.figures))
    rows_reported = {row.ours or row.model: row for row in reported.rows}
    rows = []
    for model in [*rows_reported, *(name for name in figures if name not in rows_reported)]:
        theirs, ours = rows_reported[model].figures if model in rows_reported else {}, figures.get(model, {})
        rows.append(
            {
                "model": f"{rows_reported[model].model} (`{model}`)"
                if model in rows_reported and model in figures
                else model
            }
            | {f"reported {name}{printed_as(reported, name)}": theirs.get(name) for name in names}
            | {f"measured {name}": ours.get(name) for name in names}
        )
    return pd.DataFrame(rows)


def between(low: float, high: float) -> str:
    """An interval."""
    return f"{low:.4f} to {high:.4f}"


def difference_table(figures: pd.DataFrame, measure: str) -> pd.DataFrame:
    """The rows of `statistics.differences` as a page shows them."""
    ends = [between(low, high) for low, high in zip(figures["low"], figures["high"], strict=True)]
    shown = figures.reset_index()[["model", "difference"]].rename(columns={"difference": f"{measure}, difference"})
    return shown.assign(**{"95 %": ends, "": figures["verdict"].to_list()})


def hidden(reported: ReportedTable) -> str:
    """What the reported rows imply: the share of positives, and what calling every pair positive reaches there."""
    rows = []
    for row in reported.rows:
        try:
            counts = implied(row)
        except (KeyError, ZeroDivisionError):
            continue
        rows.append(
            {
                "reported": row.model,
                "share of positives implied": counts.positives,
                "F1 reported": counts.f1_reported,
                "F1 of precision and recall": counts.f1_computed,
                "F1 of always-yes": counts.f1_always_yes,
            }
        )
    return (
        "With accuracy A, precision P and recall R the share of positives is "
        "p = (1 - A) / (1 - R + R (1/P - 1)), and calling every pair positive has F1 = 2p / (1 + p).\n\n"
        + markdown(pd.DataFrame(rows))
    )


def page(title: str, data: str, sections: Mapping[str, str]) -> str:
    """A page with its sections by title."""
    parts = [f"# {title}", data, *(f"## {name}\n\n{text}" for name, text in sections.items())]
    return "\n\n".join(parts) + "\n"


def _cell(value: Any) -> str:
    if value is None or value != value:
        return ""
    return f"{value:.4f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)

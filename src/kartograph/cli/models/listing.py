"""The command that lists the models of the registry."""

from typing import Annotated

import typer

from kartograph.cli.app import app
from kartograph.cli.shared.console import notes, print_frame, print_json


@app.command("models", epilog="Example: kartograph models --json")
def list_models(as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")] = False) -> None:
    """List every model: what it does, whom it serves, what it needs, how it explains a score."""
    import pandas as pd

    from kartograph.models.registry import declarations
    from kartograph.tables.extras import advice, is_installed

    rows = [
        {
            "model": one.name,
            "about": one.about,
            "serves": one.serves,
            "learns_from": one.learns_from,
            "trained_on": one.trained_on,
            "explains": one.explains,
            "needs": list(one.needs),
            "uses": list(one.uses),
            "tuned_for": one.tuned_for,
            "asks_graph": one.asks_graph,
            "extra": one.extra,
            "installed": one.extra is None or is_installed(one.extra),
        }
        for one in declarations()
    ]
    if as_json:
        print_json(rows)
    else:
        steps = {name: [", ".join(row[name]) or "-" for row in rows] for name in ("needs", "uses")}
        lacking = [row["extra"] for row in rows if not row["installed"]]
        for number, row in enumerate(rows):
            if not row["installed"]:
                steps["needs"][number] = f"the extra {row['extra']}"
        print_frame(pd.DataFrame(rows).assign(**steps).drop(columns=["extra", "installed"]))
        for extra in dict.fromkeys(lacking):
            notes.print(f"Models that need the extra {extra}: {advice(extra)}", markup=False, highlight=False)

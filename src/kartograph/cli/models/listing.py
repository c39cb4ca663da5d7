"""The command that lists the models of the registry."""

from typing import Annotated

import typer

from kartograph.cli.app import app
from kartograph.cli.shared.console import print_frame, print_json


@app.command("models", epilog="Example: kartograph models --json")
def list_models(as_json: Annotated[bool, typer.Option("--json", help="Print as JSON, for scripts.")] = False) -> None:
    """List every model: what it does, whom it serves, what it needs, how it explains a score."""
    import pandas as pd

    from kartograph.models.registry import declarations

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
        }
        for one in declarations()
    ]
    if as_json:
        print_json(rows)
    else:
        steps = {name: [", ".join(row[name]) or "-" for row in rows] for name in ("needs", "uses")}
        print_frame(pd.DataFrame(rows).assign(**steps))

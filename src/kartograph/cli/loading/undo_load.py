"""The command that takes a load back: undo-load."""

from typing import TYPE_CHECKING, Annotated

import typer

from kartograph.cli.app import app
from kartograph.cli.shared.console import out, print_json, shown_progress

if TYPE_CHECKING:
    from kartograph.graph.ledger import Entry


@app.command("undo-load", epilog="Example: kartograph --shop books undo-load")
def undo_load(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")] = False,
) -> None:
    """Bring back the database that the last bulk load, or restored backup, replaced.

    Live loads, enrichment and recommendations since then go with it. Given twice, it brings all of that back again. A
    running server is stopped for it and started again.
    """
    from dataclasses import asdict

    from kartograph.graph.bulk import undo_load as undo
    from kartograph.graph.managed.home import ShopDirectory

    with shown_progress() as progress:
        done = undo(ShopDirectory.of(context.obj), progress)
    if as_json:
        print_json(asdict(done))
        return
    out.print(f"undone: {_named(done.undone)}", markup=False, highlight=False)
    out.print(f"the shop holds again: {_named(done.back)}", markup=False, highlight=False)


def _named(entries: "list[Entry]") -> str:
    return "; ".join(map(str, entries)) or "a database that no load of the ledger brought"

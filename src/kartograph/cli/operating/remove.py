"""The command that removes a shop, or everything that Kartograph keeps on this machine."""

import sys
from typing import Annotated

import typer

from kartograph.cli.app import app
from kartograph.cli.shared.completion import shops
from kartograph.cli.shared.console import notes, out, shown_progress
from kartograph.tables.errors import BadInput


@app.command(epilog="Example: kartograph remove --shop demo")
def remove(
    context: typer.Context,
    shop: Annotated[
        str | None,
        typer.Option(
            "--shop", help="The shop; as `kartograph --shop NAME remove`.", show_default="shop", autocompletion=shops
        ),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="All shops, the installed Neo4j, records and whatever else is Kartograph's.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Remove without asking.")] = False,
) -> None:
    """Stop a shop's Neo4j and remove all that is kept of it: database, trained versions, serving files, logs.

    It says first what goes and how large it is, and asks. What is not Kartograph's own is never touched, and a shop on
    which another command is at work is not removed.
    """
    from kartograph.graph.managed.home import ShopDirectory, default_root
    from kartograph.graph.managed.upkeep.removal import refuse_busy, shop_removal, total, whole_removal
    from kartograph.graph.managed.upkeep.removal import remove as remove_all

    if everything and shop is not None:
        raise typer.BadParameter("--all removes every shop: give --all or --shop, one of the two")
    removal = whole_removal(default_root()) if everything else shop_removal(ShopDirectory.of(shop or context.obj))
    refuse_busy(removal)
    sizes = removal.sizes
    for path, size in sizes.items():
        link = " (a link; what it leads to stays)" if path.is_symlink() else ""
        out.print(f"{total([size]):>12}  {path}{link}", markup=False, highlight=False, soft_wrap=True)
    for path in removal.left:
        notes.print(f"stays, as it is not known to be Kartograph's: {path}", markup=False, soft_wrap=True)
    if not yes:
        if not sys.stdin.isatty():
            raise BadInput("Nothing was removed: there is no terminal to ask on. Say --yes to remove what is listed.")
        if not typer.confirm(f"Remove this, {total(list(sizes.values()))} in all?", err=True):
            notes.print("Nothing was removed.")
            raise typer.Exit(1)
    with shown_progress() as progress:
        remove_all(removal, progress)
    out.print(f"Removed {total(list(sizes.values()))}.", highlight=False)

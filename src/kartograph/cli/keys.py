"""The commands for the keys of a served shop's clients."""

from typing import Annotated

import typer

from kartograph.cli.app import app
from kartograph.cli.shared.checked import Commands
from kartograph.cli.shared.console import notes, out, print_frame, print_json
from kartograph.tables.errors import BadInput

keys = Commands(no_args_is_help=True, help="Manage the keys of clients of a served shop.")
app.add_typer(keys, name="keys")


@keys.command(epilog="Example: kartograph keys add website --role read --role events")
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of the client that uses it.")],
    role: Annotated[list[str], typer.Option(help="read, events or admin; may be given several times.")],
) -> None:
    """Create a key and print it once; only its hash is stored."""
    from kartograph.serving.keys import ROLES, add_key
    from kartograph.serving.reach import Shop

    if unknown := sorted(set(role) - set(ROLES)):
        raise BadInput(f'There is no role "{unknown[0]}". Roles are {", ".join(ROLES)}.')
    secret = add_key(Shop(context.obj).paths.keys, name, [known for known in ROLES if known in role])
    notes.print("Send it as a header, Authorization: Bearer KEY. It is not shown again.")
    out.print(secret, markup=False, highlight=False, soft_wrap=True)


@keys.command("list", epilog="Example: kartograph keys list --json")
def list_keys(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")] = False,
) -> None:
    """List the keys by name with their roles."""
    import pandas as pd

    from kartograph.serving.keys import read_keys
    from kartograph.serving.reach import Shop

    rows = [
        {"name": key.name, "roles": ", ".join(key.roles), "created": pd.Timestamp(key.created, unit="ms").isoformat()}
        for key in read_keys(Shop(context.obj).paths.keys)
    ]
    if as_json:
        print_json(rows)
    elif rows:
        print_frame(pd.DataFrame(rows))
    else:
        notes.print("This shop has no keys: make one (`kartograph keys add --help`).")


@keys.command(epilog="Example: kartograph keys remove website")
def remove(context: typer.Context, name: Annotated[str, typer.Argument(help="Name of the key.")]) -> None:
    """Remove a key; a running server refuses it within a second."""
    from kartograph.serving.keys import remove_key
    from kartograph.serving.reach import Shop

    remove_key(Shop(context.obj).paths.keys, name)
    notes.print(f"Removed the key {name}.", markup=False, highlight=False)

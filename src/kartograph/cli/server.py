"""The commands for the managed server: start, stop, status, logs and shell."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from kartograph.cli.app import app
from kartograph.cli.shared.console import notes, out, print_facts, print_json, shown_progress
from kartograph.tables.errors import BadInput
from kartograph.tables.report import counted

LOGS = {"neo4j": "neo4j.log", "debug": "debug.log", "console": "console.log"}


@app.command(epilog="Example: kartograph --shop books start --heap 2g")
def start(
    context: typer.Context,
    heap: Annotated[
        str | None,
        typer.Option(
            help="Largest Java heap, such as 2g.",
            envvar="KARTOGRAPH_HEAP",
            show_default="a sixth of the memory, from 768m to 8g",
        ),
    ] = None,
    page_cache: Annotated[
        str | None,
        typer.Option(
            help="Cache of the store files, such as 1g.",
            envvar="KARTOGRAPH_PAGE_CACHE",
            show_default="a twelfth of the memory, from 256m to 4g",
        ),
    ] = None,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="Refuse all changes of the database, as for a copy to look at.")
    ] = False,
) -> None:
    """Start the shop's Neo4j, or find it running; the first time it is downloaded (170 MB)."""
    from kartograph.graph.connection import Graph
    from kartograph.graph.managed.home import ShopDirectory
    from kartograph.graph.managed.lifecycle import start as start_server
    from kartograph.graph.managed.memory import Memory
    from kartograph.graph.migrate import schema_advice

    home = ShopDirectory.of(context.obj)
    with shown_progress() as progress:
        server = start_server(home, Memory.sized(heap, page_cache), progress, read_only=read_only or None)
    notes.print("It was running already." if server.attached else "Neo4j is ready.")
    if server.state.read_only:
        notes.print("It is read-only: `kartograph stop` and `kartograph start` make it change its database again.")
    print_facts(
        {
            "Browser": server.state.browser,
            "Drivers": server.uri,
            "User": server.auth[0],
            "Password file": home.password_file,
        }
    )
    with Graph.connect(server.uri, server.auth) as graph:
        if advice := schema_advice(graph):
            notes.print(f"[bold yellow]note:[/] {escape(advice)}", highlight=False)


@app.command(epilog="Example: kartograph stop")
def stop(context: typer.Context) -> None:
    """Stop the shop's Neo4j; the data stays."""
    from kartograph.graph.managed.home import ShopDirectory
    from kartograph.graph.managed.lifecycle import stop as stop_server

    with shown_progress() as progress:
        stopped = stop_server(ShopDirectory.of(context.obj), progress)
    notes.print("Stopped." if stopped else "It was not running.")


@app.command(epilog="Example: kartograph status --json")
def status(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")] = False,
) -> None:
    """Show the server's addresses, memory, sizes, counts and last load."""
    from dataclasses import asdict

    from kartograph.graph.managed.home import ShopDirectory, shops
    from kartograph.graph.managed.status import status as server_status

    home = ShopDirectory.of(context.obj)
    facts = asdict(server_status(home))
    if as_json:
        print_json(facts)
        return
    if not home.exists:
        there = ", ".join(shops(home.root)) or "none"
        notes.print(f"There is no shop {home.shop} yet; shops of this home: {there}.", markup=False, highlight=False)
    known = {name: _readable(name, value) for name, value in facts.items() if value is not None}
    print_facts({name.removesuffix("_bytes").replace("_", " "): value for name, value in known.items()})


@app.command(epilog="Example: kartograph logs --follow")
def logs(
    context: typer.Context,
    lines: Annotated[int, typer.Option("-n", "--lines", min=1, help="Number of last lines.")] = 40,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Print new lines as they come, until interrupted.")
    ] = False,
    which: Annotated[str, typer.Option("--log", help="Which log: neo4j, debug or console.")] = "neo4j",
) -> None:
    """Print the last lines of the server's log."""
    from kartograph.graph.managed.diagnostics import last_lines
    from kartograph.graph.managed.home import ShopDirectory

    if which not in LOGS:
        raise BadInput(f'there is no log "{which}"; choose one of {", ".join(LOGS)}')
    file = ShopDirectory.of(context.obj).logs / LOGS[which]
    if not file.exists():
        raise BadInput(
            f'the shop "{context.obj}" has no log yet: {file} does not exist; start it with `kartograph start`'
        )
    for line in last_lines(file, lines):
        _print_line(line)
    if follow:
        _follow(file)


@app.command(epilog="Example: kartograph shell < queries/explore/funnel.cypher")
def shell(context: typer.Context) -> None:
    """Type or pipe in Cypher: statements end with `;`, parameters are set with `:param name => value`.

    It connects to the server that NEO4J_URI names, where that is set.
    """
    from kartograph.cli.shared.connect import open_graph
    from kartograph.cli.shared.prompt import run_prompt

    with shown_progress() as progress:
        graph = open_graph(context.obj, progress)
    with graph:
        run_prompt(graph)


def _follow(file: Path) -> None:
    position = file.stat().st_size
    while not out.reader_left:
        time.sleep(0.3)
        size = file.stat().st_size if file.exists() else 0
        if size < position:  # the log was rotated or begun anew
            position = 0
        if size > position:
            with file.open("rb") as opened:
                opened.seek(position)
                text = opened.read()
            whole = text[: text.rfind(b"\n") + 1]
            position += len(whole)
            for line in whole.decode("utf-8", "replace").splitlines():
                _print_line(line)


def _print_line(line: str) -> None:
    out.print(line, markup=False, highlight=False, soft_wrap=True)


def _readable(name: str, value: object) -> object:
    if name == "last_load" and isinstance(value, dict):
        finished = datetime.fromtimestamp(value["finished"] / 1_000, UTC) if value["finished"] else None
        end = f"finished {finished:%Y-%m-%d %H:%M} UTC" if finished else "not finished"
        return f"{value['load']}: {value['source']}, {counted(value['rows'], 'row')}, {end}"
    if isinstance(value, int) and name.endswith("_bytes"):
        return f"{value / 1e6:,.1f} MB"
    return value

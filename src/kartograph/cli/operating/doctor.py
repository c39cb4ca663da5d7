"""The command that looks for what is wrong on this machine, and says the remedy."""

from typing import Annotated

import typer

from kartograph.cli.app import app
from kartograph.cli.shared.console import out, print_json


@app.command(epilog="Example: kartograph doctor --json")
def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")] = False) -> None:
    """Check Java, the server, packages, disk, memory, ports, permissions and leftovers: a line each, and the remedy.

    Nothing is started or changed. The exit code is 1 where something is wrong.
    """
    from dataclasses import asdict

    from kartograph.graph.managed.home import default_root
    from kartograph.graph.managed.upkeep.diagnosis import diagnose

    findings = diagnose(default_root())
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        for one in findings:
            mark, style = ("ok   ", "green") if one.ok else ("wrong", "bold red")
            out.print(mark, style=style, end="  ", highlight=False)
            remedy = f" → {one.remedy}" if one.remedy else ""
            out.print(f"{one.check}: {one.says}{remedy}", markup=False, highlight=False, soft_wrap=True)
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)

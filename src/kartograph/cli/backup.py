"""The commands that keep a shop's database in a file and bring it back: backup, restore, verify, upgrade."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kartograph.cli.app import app
from kartograph.cli.shared.console import notes, out, print_facts, print_json, shown_progress

if TYPE_CHECKING:
    from kartograph.graph.managed.home import ShopDirectory
    from kartograph.tables.progress import Progress


@app.command(epilog="Example: kartograph --shop books backup books-monday.backup")
def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The file to write.")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file where it exists.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")] = False,
) -> None:
    """Keep the shop's database and its trained versions in one file; a server stops only while its files are copied."""
    from dataclasses import asdict

    from kartograph.graph.managed.backups.making import backup as keep
    from kartograph.graph.managed.home import ShopDirectory

    with shown_progress() as progress:
        kept = keep(ShopDirectory.of(context.obj), file, overwrite, progress)
    facts = {"file": str(file.absolute()), **asdict(kept.manifest), "seconds not served": kept.waited}
    print_json(facts) if as_json else print_facts(facts)


@app.command(epilog="Example: kartograph --shop books restore books-monday.backup")
def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A file that `kartograph backup` wrote.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Replace what the shop holds without asking.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")] = False,
) -> None:
    """Replace the shop's database by the one kept in a file, brought to the present schema; trained versions come too.

    The sums are verified first. Until the new database is whole the former one is served and stays untouched.
    """
    from dataclasses import asdict

    from kartograph.graph.managed.backups.restoring import restore as bring_back
    from kartograph.graph.managed.home import ShopDirectory

    home = ShopDirectory.of(context.obj)
    if home.current.is_dir() and not yes:
        typer.confirm(f'Replace the database of the shop "{context.obj}"?', abort=True, err=True)
    with shown_progress() as progress:
        restored = bring_back(home, file, progress)
        erased, versions = _erase_again(home, progress)
    facts: dict[str, object] = asdict(restored.manifest)
    if restored.manifest.versions is None:
        words = f"The backup holds no trained versions: release {restored.manifest.kartograph} kept none."
        notes.print(words, markup=False, highlight=False)
    facts |= {"schema before": restored.migrated.before, "schema": restored.migrated.now}
    facts |= {"findings": restored.findings} if restored.findings else {}
    facts |= {"users erased again": erased} if erased else {}
    facts |= {"versions erased again": ", ".join(versions)} if versions else {}
    if restored.without_files:
        facts |= {"versions without files": ", ".join(restored.without_files)}
    print_json(facts) if as_json else print_facts(facts)


def _erase_again(home: "ShopDirectory", progress: "Progress") -> tuple[int, list[str]]:
    """Erase the users of the restored database who had been erased, and versions that hold them.

    The server runs for it where somebody was erased. Returns the number of users, and the versions.
    """
    from kartograph.graph.connection import Graph
    from kartograph.graph.erasure.graph import erase_suppressed
    from kartograph.graph.erasure.suppression import read_suppression, suppression_file
    from kartograph.graph.managed.lifecycle import running, stop

    if not read_suppression(suppression_file(home)).users:
        return 0, []
    from kartograph.serving.erase import erase_suppressed_versions

    was_running = running(home) is not None
    with Graph.local(home.shop, progress) as graph:
        erased = erase_suppressed(graph)
        versions = erase_suppressed_versions(home.folder / "models", graph)
    if not was_running:
        stop(home, progress)
    return erased, versions


@app.command(epilog="Example: kartograph --shop books verify")
def verify(
    context: typer.Context,
    accept: Annotated[
        bool, typer.Option("--accept", help="Accept the events in the database as correct, as after changes by hand.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")] = False,
) -> None:
    """Check a copy of the shop's database: its files, its indexes, and whether it holds the events that were loaded.

    A running server stops only while its files are copied. What is wrong is printed, one fault a line; exit code 1.
    """
    from dataclasses import asdict

    from kartograph.graph.managed.home import ShopDirectory
    from kartograph.graph.managed.verify import verify as look

    with shown_progress() as progress:
        verified = look(ShopDirectory.of(context.obj), progress, accept)
    if as_json:
        print_json(asdict(verified))
    else:
        facts = {name: value for name, value in asdict(verified).items() if name not in ("findings", "notes", "waited")}
        print_facts({**facts, "seconds not served": verified.waited})
        for line in verified.notes:
            notes.print(f"note: {line}", markup=False, highlight=False)
        for line in verified.findings:
            out.print(line, markup=False, highlight=False, soft_wrap=True)
        notes.print("The database is sound." if not verified.findings else f"{len(verified.findings)} findings.")
    if verified.findings:
        raise typer.Exit(1)


@app.command(epilog="Example: kartograph upgrade")
def upgrade(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")] = False,
) -> None:
    """Bring the graph of the shop, made by a former release, to the present schema; back it up before."""
    from dataclasses import asdict

    from kartograph.cli.shared.connect import open_graph
    from kartograph.graph.migrate import migrate

    with shown_progress() as progress, open_graph(context.obj, progress) as graph:
        migrated = migrate(graph, progress)
    if as_json:
        print_json(asdict(migrated))
    elif migrated.applied:
        notes.print(f"The graph had schema {migrated.before} and has {migrated.now} now.")
    else:
        notes.print(f"The graph has schema {migrated.now} already.")

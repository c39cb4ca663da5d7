"""The commands about trained versions of models: list them, go back to one, remove old ones."""

from pathlib import Path
from typing import Annotated

import typer

from kartograph.cli.app import app
from kartograph.cli.shared.completion import models
from kartograph.cli.shared.connect import open_graph, versions_folder
from kartograph.cli.shared.console import notes, print_frame, print_json, shown_progress
from kartograph.tables.errors import BadInput

JSON = typer.Option("--json", help="Print JSON, for scripts.")


@app.command(epilog="Example: kartograph versions stan --check")
def versions(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(help="The model; all models by default.", autocompletion=models)] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Read all files, and count the items that have left the shop since.")
    ] = False,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """List the trained versions of models, the latest first: time, data, figures, and which one is current.

    State: whole; files missing; not in the graph (as after a bulk load: `rollback` takes it up again); damaged.
    """
    from kartograph.models.saved.versions import versions as all_versions

    folder = _folder(context.obj, name)
    with shown_progress() as progress, open_graph(context.obj, progress) as graph:
        listed = all_versions(graph, folder, name, check)
    if as_json:
        listed["trained"] = listed["trained"].map(lambda moment: moment.isoformat(), na_action="ignore")
        print_json(listed.astype(object).where(listed.notna(), None).to_dict("records"))
        return
    if listed.empty:
        notes.print("No model of this shop has a version: train one (`kartograph train --help`).")
        return
    listed["trained"] = listed["trained"].dt.strftime("%Y-%m-%d %H:%M:%S")
    listed["current"] = listed["current"].map({True: "current", False: ""})
    listed["figures"] = [", ".join(f"{key} {one:.4g}" for key, one in _numbers(cell)) for cell in listed["figures"]]
    listed["data_hash"] = listed["data_hash"].str[:8]
    listed = listed.drop(columns="model")  # which the version begins with
    print_frame(listed.astype(object).where(listed.notna(), ""))


@app.command(epilog="Example: kartograph rollback stan")
def rollback(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The model.", autocompletion=models)],
    version: Annotated[
        str | None, typer.Argument(help="A version listed by `kartograph versions`; the previous one by default.")
    ] = None,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Go back to a former version of a model, after its files are verified."""
    from dataclasses import asdict

    from kartograph.models.saved.versions import rollback as go_back

    folder = _folder(context.obj, name)
    with shown_progress() as progress, open_graph(context.obj, progress) as graph:
        published = go_back(graph, folder, name, version)
    if as_json:
        print_json(asdict(published))
    else:
        notes.print(f"{name} answers with {published.version} now.", highlight=False)


@app.command(epilog="Example: kartograph prune stan --keep 3")
def prune(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(help="The model; all models by default.", autocompletion=models)] = None,
    keep: Annotated[int, typer.Option(min=1, help="Number of latest versions to keep of each model.")] = 5,
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Remove old versions of models, files and records.

    The current version stays however old it is, and so does one that a running experiment needs.
    """
    from kartograph.models.saved.versions import prune as remove_old
    from kartograph.models.saved.versions import versions as all_versions

    folder = _folder(context.obj, name)
    with shown_progress() as progress, open_graph(context.obj, progress) as graph:
        names = [name] if name is not None else all_versions(graph, folder)["model"].unique().tolist()
        removed = {one: remove_old(graph, folder, one, keep) for one in names}
    if as_json:
        print_json(removed)
        return
    for one, gone in removed.items():
        notes.print(f"{one}: removed {', '.join(gone) or 'nothing'}.", highlight=False)
    if not removed:
        notes.print("No model of this shop has a version.")


def _folder(shop: str, name: str | None) -> Path:
    """The folder of the shop's versions; raises `BadInput` for a name that is of no model and of no folder in it."""
    from kartograph.models.registry import names
    from kartograph.models.saved.version_files import places

    folder = versions_folder(shop)
    kept = {version_folder.parent.name for version_folder in places(folder)}
    if name is not None and name not in names() and name not in kept:
        known = names()
        raise BadInput(f'Unknown model "{name}". Choose from {", ".join([*known, *sorted(kept - set(known))])}.')
    return folder


def _numbers(figures: object) -> list[tuple[str, float]]:
    shown = figures.items() if isinstance(figures, dict) else ()
    return [(key, one) for key, one in shown if isinstance(one, int | float)]

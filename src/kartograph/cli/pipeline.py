"""The commands of the nightly pipeline: run it as a file declares it, and list what became of its runs."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kartograph.cli.app import app, errors
from kartograph.cli.shared.connect import open_graph, versions_folder
from kartograph.cli.shared.console import notes, print_frame, print_json, shown_progress
from kartograph.tables.errors import BadInput, KartographError

if TYPE_CHECKING:
    from kartograph.pipeline.declaration import Declaration
    from kartograph.pipeline.journal import Journal

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]


@app.command(epilog="Example: kartograph run shop.toml --every 24h")
def run(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The declaration: shop.toml, see docs/pipeline.md.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read the sources, check them, and say what would happen and why.")
    ] = False,
    every: Annotated[
        str | None,
        typer.Option(help="Repeat forever at this interval, such as 24h, 90m or 1d; the first run starts now."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run the pipeline that a file declares: load, check, enrich, measure models, publish the best.

    After a killed run the same command continues at the step where it stopped. Exit code 1 if the checks stop the run
    or a step fails; keeping the published model is no failure.
    """
    if dry_run and every:
        raise typer.BadParameter("give --dry-run or --every, not both")
    from kartograph.pipeline.schedule import interval, run_every

    pause = interval(every) if every else None
    if dry_run:
        _show_plan(context.obj, file, as_json)
        return
    if pause is not None:
        _declared(context.obj, file)  # what is wrong with it now need not wait for the night
        run_every(pause, lambda: _told(context.obj, file, as_json))
        return
    if not _told(context.obj, file, as_json):
        raise typer.Exit(1)


@app.command(epilog="Example: kartograph runs --last 7")
def runs(
    context: typer.Context,
    last: Annotated[int, typer.Option(min=1, help="Number of runs, the latest first.")] = 14,
    run: Annotated[str | None, typer.Option("--run", help="Show the steps of this run.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the runs of the nightly pipeline: time, result, and the last one that succeeded.

    Exit code 1 where the latest run failed. No server is started.
    """
    from dataclasses import asdict

    import pandas as pd

    from kartograph.pipeline.run import in_words, journals_of

    journals = journals_of(context.obj)
    listed = journals.all()[::-1]
    if run is not None:
        listed = [one for one in listed if one.id == run]
        if not listed:
            raise BadInput(f"There is no run {run!r}. `kartograph runs` lists them.")
    listed = listed[:last]
    success, failed = journals.last_success(), journals.failures_in_a_row()
    if as_json:
        summary = {"last_success": success.id if success else None, "failures_in_a_row": failed}
        print_json(summary | {"runs": [asdict(one) for one in listed]})
    elif not listed:
        notes.print("The pipeline has not run yet: kartograph run shop.toml")
    elif run is not None:
        _show(listed[0])
    else:
        rows = [
            {
                "run": one.id,
                "began": in_words(one.started),
                "minutes": round(((one.finished or one.started) - one.started) / 60_000, 1),
                "status": one.status,
                "verdict": one.verdict,
            }
            for one in listed
        ]
        print_frame(pd.DataFrame(rows))
        since = f"The last success began {in_words(success.started)}." if success else "No run has got through yet."
        notes.print(f"{since} Runs that failed since: {failed}.", highlight=False)
    if failed:
        raise typer.Exit(1)


def _declared(shop: str, file: Path) -> "Declaration":
    """The declaration; refuses a shop other than the one of the command."""
    import os

    from kartograph.pipeline.declaration import read_declaration

    declared = read_declaration(file)
    if shop not in ("shop", declared.shop.name):
        raise BadInput(f'--shop is "{shop}" and {file} is for the shop "{declared.shop.name}": leave out --shop.')
    if os.environ.get("NEO4J_URI") and any(source.mode == "bulk" for source in declared.sources):
        raise BadInput(
            f'{file}: a source is loaded in mode "bulk" and NEO4J_URI names a server that is not managed: allowed is '
            '"live" there.'
        )
    return declared


def _told(shop: str, file: Path, as_json: bool) -> bool:
    """Run once and print what came of it; False where the run failed."""
    from dataclasses import asdict

    from kartograph.pipeline.run import failure_message, journals_of, run_pipeline

    try:
        declared = _declared(shop, file)
        name = declared.shop.name
        with shown_progress() as progress:
            opened = partial(open_graph, name, may_create=True)
            journal = run_pipeline(declared, opened, versions_folder(name), progress)
    except KartographError as error:
        _tell_of_no_run(file, shop, str(error))
        raise
    if as_json:
        print_json(asdict(journal))
    else:
        _show(journal)
    if journal.status == "done":
        return True
    errors.print(failure_message(journals_of(name), journal), style="bold red", markup=False, highlight=False)
    return False


def _show(journal: "Journal") -> None:
    import pandas as pd

    rows = [
        {"step": name, "state": step.state, "seconds": round(step.seconds, 1), "note": step.note}
        for name, step in journal.steps.items()
    ]
    print_frame(pd.DataFrame(rows), journal.id)
    notes.print(f"{journal.status}: {journal.verdict}", markup=False, highlight=False)


def _show_plan(shop: str, file: Path, as_json: bool) -> None:
    import pandas as pd

    from kartograph.pipeline.steps.plan import plan

    declared = _declared(shop, file)
    with shown_progress() as progress:
        steps = plan(declared, versions_folder(declared.shop.name), progress)
    if as_json:
        print_json(steps)
    else:
        print_frame(pd.DataFrame(steps))
    if any(step["would"] == "stop" for step in steps):
        raise typer.Exit(1)


def _tell_of_no_run(file: Path, shop: str, message: str) -> None:
    """Tell of a run that could not begin, so far as the file says whom."""
    from kartograph.pipeline.failures import tell
    from kartograph.tables.toml_files import read_toml

    try:
        content = read_toml(file)
    except BadInput:
        return
    publish = content.get("publish")
    on_failure = publish.get("on_failure") if isinstance(publish, dict) else None
    if isinstance(on_failure, str) and (complaint := tell(on_failure, shop, "none", message)):
        errors.print(complaint, style="bold red", markup=False, highlight=False)

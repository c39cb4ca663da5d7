"""`kartograph load auto PATH`: says what lies at a path and loads it after a yes."""

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
import typer.main

from kartograph.cli.loading.load import load
from kartograph.cli.shared.checked import CheckedCommand
from kartograph.cli.shared.console import notes, out, print_facts, print_frame, shown_progress

if TYPE_CHECKING:
    from kartograph.loaders.recognition import Reading, Recognition

UNANSWERED = 2
"""The exit code where nobody can be asked and --yes is not said."""


@load.command(
    "auto",
    epilog="Example: kartograph load auto exports/ --live",
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
)
def auto(
    context: typer.Context,
    path: Annotated[str, typer.Argument(help="A file, a folder, a pattern or an archive.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Load without asking, for scripts.")] = False,
) -> None:
    """Show which loader recognises a path and how it reads the first rows; load after confirmation.

    Further options go to the loader, as --live or --dry-run, which needs no confirmation. Where nobody can be asked (no
    terminal) the command that would run is printed, and the exit code is 2.
    """
    from kartograph.loaders.recognition import recognize

    with shown_progress() as progress:
        recognition, reading = recognize(path, progress)
    _show(recognition, reading)
    arguments = [*recognition.arguments(), *context.args]
    words = shlex.join(["kartograph", *(["--shop", context.obj] if context.obj != "shop" else []), "load", *arguments])
    flags = {argument.partition("=")[0] for argument in context.args}
    missing = [name for name in recognition.missing if f"--{name}" not in flags]
    if missing:
        from kartograph.tables.errors import BadInput

        needed = " ".join(f"--{name} FILE" for name in missing)
        raise BadInput(
            f"{path} is known, but nothing there says what {recognition.loader.name} needs. Run: {words} {needed}"
        )
    out.print(f"command: {words}", markup=False, highlight=False, soft_wrap=True)
    if not yes and "--dry-run" not in flags:
        if not sys.stdin.isatty():
            notes.print("Nothing was loaded: run that command, or add --yes (exit code 2).")
            raise typer.Exit(UNANSWERED)
        if not typer.confirm("Load it?"):
            notes.print("Nothing was loaded.")
            raise typer.Exit(0)
    _run(context, arguments)


def _run(context: typer.Context, arguments: list[str]) -> None:
    """Run the loader's command with its arguments, as if they had been typed."""
    group = context.parent.command  # pyright: ignore[reportOptionalMemberAccess]
    command: CheckedCommand = group.commands[arguments[0]]  # pyright: ignore[reportAttributeAccessIssue]
    with command.make_context(arguments[0], arguments[1:], parent=context.parent) as sub_context:
        command.invoke(sub_context)


def _show(recognition: "Recognition", reading: "Reading") -> None:
    """Print the loader, why, the columns and the first rows as they are read."""
    from kartograph.loaders.recognition import said_in_words

    facts: dict[str, object] = {
        "recognised as": recognition.loader.name + _with(said_in_words(recognition.match.options))
    }
    facts["because of"] = recognition.match.why
    for shown, columns in list(recognition.columns.items())[:5]:
        facts[f"columns of {Path(shown).name}"] = ", ".join(columns)
    facts |= {f"read as {part}": column for part, column in reading.report.columns.items()}
    rejected = sum(reading.report.rejected.values())
    if reading.report.reads:
        facts["rows sampled"] = f"{reading.report.rows:,}, of them {rejected:,} rejected"
    facts |= {f"rejected: {reason}": f"{count:,}" for reason, count in reading.report.rejected.items()}
    if recognition.loader.read is None:
        facts |= {name: f"{count:,}" for name, count in reading.report.counts.items()}
    print_facts(facts)
    for words in reading.report.refusals or []:
        notes.print(f"this would be refused: {words}", markup=False, highlight=False, soft_wrap=True)
    if len(reading.rows):
        print_frame(reading.rows, "the first rows, as they are read")


def _with(words: str) -> str:
    return f" with {words}" if words else ""

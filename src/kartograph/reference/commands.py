"""The page of the command line, made of the commands' own help: `python -m kartograph.reference.commands` writes it."""

import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import typer

from kartograph.cli.app import COMMAND_FILES, app
from kartograph.reference import DOCS
from kartograph.reference.markdown import code, table

PAGE = DOCS / "cli.md"
INTRODUCTION = """\
# Command line

`kartograph [--shop NAME] COMMAND …`; every command shows this text with `--help`. Exit codes: 0 done, 1 an error that
the message explains, 2 the command was called wrongly. This page is made by `python -m
kartograph.reference.commands`.
"""


def page() -> str:
    """Return the page as Markdown."""
    return "\n\n".join([INTRODUCTION.rstrip(), *(_section(name, one) for name, one in commands())]) + "\n"


def root() -> Any:
    """Return the command line with all its commands."""
    for name in COMMAND_FILES:
        import_module(f"kartograph.cli.{name}")
    return typer.main.get_command(app)


def commands() -> Iterator[tuple[str, Any]]:
    """Yield each command that help shows, with its whole name, by name."""
    yield from _below("kartograph", root())


def _below(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    if command.hidden:
        return
    yield name, command
    for word, below in sorted(getattr(command, "commands", {}).items()):
        yield from _below(f"{name} {word}", below)


def _section(name: str, command: Any) -> str:
    parts = [f"{'##' if name.count(' ') < 2 else '###'} {name}", inspect.cleandoc(command.help or "")]
    context = command.make_context(name, [], resilient_parsing=True)
    rows = [record for one in command.params if not one.hidden and (record := one.get_help_record(context))]
    rows = [
        (left, right) for left, right in rows if "--install-completion" not in left and "--show-completion" not in left
    ]
    if rows:
        parts.append(table(("argument or option", "meaning"), ((code(left), _text(right)) for left, right in rows)))
    below = [word for word, one in sorted(getattr(command, "commands", {}).items()) if not one.hidden]
    if below:
        parts.append(
            "Commands: " + ", ".join(f"[{word}](#{f'{name} {word}'.replace(' ', '-')})" for word in below) + "."
        )
    if command.epilog:
        parts.append(re.sub(r"^Example: (.*)$", r"```sh\n\1\n```", command.epilog.replace(", then ", "\n"), flags=re.S))
    return "\n\n".join(part for part in parts if part)


def _text(help_text: str) -> str:
    """Keep stars and brackets from being markup."""
    return re.sub(r"(`[^`]*`)|(\*|<(?=[A-Za-z/]))", lambda match: match[1] or f"\\{match[2]}", help_text)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

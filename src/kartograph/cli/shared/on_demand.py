"""A group of commands whose files are imported when a command is asked for: all of them take as long as an answer."""

import re
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import Any

from typer.core import TyperGroup
from typer.main import get_group

_COMMAND = re.compile(r'^@app\.command\((?:\s*"(?P<name>[\w-]+)")?.*?^def (?P<function>\w+)', re.DOTALL | re.MULTILINE)


class CommandsOnDemand(TyperGroup):
    """The commands of `kartograph.cli.app`: one that a file declares by its text needs that file alone."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names of all commands; imports every file."""
        self._import(_files())
        return super().list_commands(ctx)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of a name, None where there is none."""
        if cmd_name not in self.commands:
            file = declared(_files()).get(cmd_name)
            self._import(_files() if file is None else [file])
        return super().get_command(ctx, cmd_name)

    def _import(self, names: Iterable[str]) -> None:
        from kartograph.cli.app import app

        for name in names:
            import_module(f"kartograph.cli.{name}")
        self.commands = get_group(app).commands


@cache
def declared(names: tuple[str, ...]) -> dict[str, str]:
    """Each command that hangs on the application itself with its file, by the text of the files."""
    options = {}
    for name in names:
        *folders, module = name.split(".")
        text = files("kartograph.cli").joinpath(*folders, f"{module}.py").read_text("utf-8")
        for match in _COMMAND.finditer(text):
            options[match["name"] or match["function"].replace("_", "-")] = name
    return options


def _files() -> tuple[str, ...]:
    from kartograph.cli.app import COMMAND_FILES

    return COMMAND_FILES

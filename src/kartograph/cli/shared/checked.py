"""Commands that refuse what no option means, NaN and infinities among it, and name the value that they refuse."""

import inspect
import math
from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperCommand

_LARGEST = 2**63 - 1
"""Largest whole number that the database, NumPy and DuckDB hold."""

_WANTED = {
    "int_parsing": "no whole number",
    "int_from_float": "no whole number",
    "float_parsing": "no number",
    "greater_than_equal": "below {ge}, the smallest value",
    "greater_than": "not above {gt}",
    "less_than_equal": "above {le}, the largest value",
    "less_than": "not below {lt}",
}
"""What is wrong with a value, by pydantic's type of error."""


class CheckedCommand(TyperCommand):
    """A command that refuses numbers which are not finite, or have more than 64 bits, before it begins.

    Each paragraph of its help is one line, which the terminal breaks: Typer keeps the breaks of the docstring.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Take what Typer gives, with the lines of the help joined."""
        paragraphs = inspect.cleandoc(options.pop("help", None) or "").split("\n\n")
        super().__init__(*arguments, help="\n\n".join(one.replace("\n", " ") for one in paragraphs), **options)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse as usual, then look at every number."""
        _refuse_general_options(ctx, self, args)
        try:
            rest = super().parse_args(ctx, args)
        except typer.BadParameter as error:
            raise _naming_its_value(error) from None
        for parameter in self.params:
            value = ctx.params.get(parameter.name)
            for one in value if isinstance(value, list | tuple) else (value,):
                if isinstance(one, float) and not math.isfinite(one):
                    raise typer.BadParameter(f"{one} is no finite number.", ctx, parameter)  # pyright: ignore[reportArgumentType]
                if isinstance(one, int) and abs(one) > _LARGEST:
                    raise typer.BadParameter(f"{one} is beyond {_LARGEST}, the largest number.", ctx, parameter)  # pyright: ignore[reportArgumentType]
        return rest


def _refuse_general_options(ctx: Any, command: TyperCommand, args: list[str]) -> None:
    """Refuse an option of `kartograph` itself behind the command, and show it where it belongs."""
    root = ctx.find_root()
    general = {} if root.command is command else {name: one for one in root.command.params for name in one.opts}
    own = {name for one in command.get_params(ctx) for name in one.opts}
    for position, text in enumerate(args[: args.index("--")] if "--" in args else args):
        name, _, value = text.partition("=")
        if name in general and name not in own:
            value = "" if general[name].is_flag else value or " ".join(args[position + 1 : position + 2]) or "NAME"
            words = [root.info_name, name, value, ctx.command_path.removeprefix(root.info_name).strip(), "…"]
            right = " ".join(filter(None, words))
            raise typer.BadParameter(f"it stands before the command: {right}", ctx, param_hint=name)


def _naming_its_value(error: typer.BadParameter) -> typer.BadParameter:
    """The same error with the value received, where Typer has pydantic's words alone."""
    if not hasattr(error.__cause__, "errors"):
        return error
    fault = error.__cause__.errors(include_url=False)[0]  # pyright: ignore[reportOptionalMemberAccess, reportAttributeAccessIssue]
    if fault["type"] not in _WANTED:  # words of our own or of Typer's
        return error
    allowed = _WANTED[fault["type"]].format(**fault.get("ctx", {}))
    return typer.BadParameter(f'"{fault["input"]}" is {allowed}.', error.ctx, error.param)


class Commands(typer.Typer):
    """A group of commands, each of which is a `CheckedCommand`."""

    def command(self, *arguments: Any, **options: Any) -> Callable[[Any], Any]:
        """Return the decorator that adds a command, as `typer.Typer.command` does."""
        return super().command(*arguments, **{"cls": CheckedCommand, **options})

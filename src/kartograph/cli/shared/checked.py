"""Commands whose numbers are numbers: what no option means, NaN and infinities, none of them gets."""

import math
from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperCommand

_LARGEST = 2**63 - 1
"""Largest whole number that the database, NumPy and DuckDB hold."""


class CheckedCommand(TyperCommand):
    """A command that refuses numbers which are not finite, or have more than 64 bits, before it begins."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse as usual, then look at every number."""
        rest = super().parse_args(ctx, args)
        for parameter in self.params:
            value = ctx.params.get(parameter.name)
            for one in value if isinstance(value, list | tuple) else (value,):
                if isinstance(one, float) and not math.isfinite(one):
                    raise typer.BadParameter(f"{one} is no finite number.", ctx, parameter)  # pyright: ignore[reportArgumentType]
                if isinstance(one, int) and abs(one) > _LARGEST:
                    raise typer.BadParameter(f"{one} is beyond {_LARGEST}, the largest number.", ctx, parameter)  # pyright: ignore[reportArgumentType]
        return rest


class Commands(typer.Typer):
    """A group of commands, each of which is a `CheckedCommand`."""

    def command(self, *arguments: Any, **options: Any) -> Callable[[Any], Any]:
        """Return the decorator that adds a command, as `typer.Typer.command` does."""
        return super().command(*arguments, **{"cls": CheckedCommand, **options})

"""What a person can say to a loader: each option once, for Python, `kartograph load`, cron and shop.toml alike.

An option is a field of a frozen dataclass, with its words in the metadata. `kartograph load` and `python -m
kartograph.loaders.NAME` make their flags from the fields: `null_words` becomes `--null-words`, a tuple can be given
several times.
"""

import argparse
import math
from collections.abc import Iterable
from dataclasses import Field, field, fields
from numbers import Integral, Real
from pathlib import Path
from typing import Any, get_args

from kartograph.tables.errors import BadInput

_NUMBERS: dict[type, tuple[type, str]] = {
    int: (Integral, "a whole number"),
    float: (Real, "a number"),
    bool: (bool, "True or False"),
}
"""By the type of an option, what is taken for it, and what that is called."""


def option(default: Any, words: str, default_words: str | None = None) -> Any:
    """A field of an option: its default, its help, and what to show as the default where that is not a value."""
    return field(default=default, metadata={"help": words, "default": default_words})


def declared(options: type) -> list[Field[Any]]:
    """The fields of a class of options that a person can say, those of its own first."""
    said = [one for one in fields(options) if "help" in one.metadata]
    return sorted(said, key=lambda one: one.name not in vars(options).get("__annotations__", {}))


def kind_of(one: Field[Any]) -> type:
    """What the values of an option are: of one that can be given several times, each of them."""
    if isinstance(one.default, tuple):
        return str
    kinds = get_args(one.type)
    said = next((kind for kind in (Path, float, int) if kind in kinds), str)
    return said if one.default is None else type(one.default)


def flag_of(one: Field[Any]) -> str:
    """The flag of an option on the command line."""
    return f"--{one.name.replace('_', '-')}"


def add_arguments(parser: argparse.ArgumentParser, options: Iterable[Field[Any]]) -> None:
    """Add the flags of options to a parser."""
    for one in options:
        shown = one.metadata["default"] or one.default
        words: dict[str, Any] = {"help": f"{one.metadata['help']} (default: {shown})".replace("%", "%%")}
        if isinstance(one.default, bool):
            words["action"] = "store_true"
        elif isinstance(one.default, tuple):
            words |= {"action": "append", "default": []}
        else:
            kind = kind_of(one)
            words |= {"type": _finite if kind is float else kind, "default": one.default}
        parser.add_argument(flag_of(one), **words)


def typed(options: type, said: dict[str, Any]) -> dict[str, Any]:
    """What was said, in the types of the options: lists are tuples, one text is a tuple of it, numbers are floats.

    Raises `BadInput` where a text or the like stands for a number.
    """
    kinds = {one.name: one for one in fields(options)}
    return {name: _typed(value, kinds[name]) for name, value in said.items()}


def _typed(value: Any, one: Field[Any]) -> Any:
    if isinstance(one.default, tuple):
        return tuple(value) if isinstance(value, list | tuple) else (value,)
    kind = kind_of(one)
    if kind in _NUMBERS and value is not None:
        known, what = _NUMBERS[kind]
        if not isinstance(value, known) or (isinstance(value, bool) and kind is not bool):
            raise BadInput(f"{one.name} is {value!r}. Give {what}, without quotes.")
        return kind(value)
    return Path(value) if kind is Path and isinstance(value, str) else value


def _finite(text: str) -> float:
    """A number of the command line that is neither NaN nor an infinity."""
    value = float(text)
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"{text} is no finite number")
    return value

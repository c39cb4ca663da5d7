"""Which values of a model's options a search tries: ranges around those of its preset, by the fields of its options.

    number of whole     from a quarter of the preset's value to four times it, on a logarithmic scale; 0 to 5 around 0
    number              the same; up to 1 where the preset's value is at most 1; 0 to 1 around 0
    true or false, one of several texts (`Literal`)     every value
    a part with options of its own                      its fields, as `part.field`

Fields that do not change what is learned (`FIXED`), and those whose preset is None or of another kind, stay as they
are.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal, get_args, get_origin, get_type_hints

FIXED = frozenset({"seed", "device", "threads", "checkpoint"})
SPREAD = 4
"""How many times larger or smaller than the preset's value a number may become."""


@dataclass(frozen=True)
class Choice:
    """One of several values."""

    values: tuple[Any, ...]


@dataclass(frozen=True)
class Range:
    """A number from `low` up to `high`, both included."""

    low: float
    high: float
    whole: bool
    log: bool


def space_of(options: Any) -> dict[str, Choice | Range]:
    """What to search, by the names of the options; empty where there is nothing."""
    space: dict[str, Choice | Range] = {}
    hints = get_type_hints(type(options))
    for one in fields(options):
        value = getattr(options, one.name)
        if one.name in FIXED:
            continue
        if is_dataclass(value):
            space |= {f"{one.name}.{name}": inner for name, inner in space_of(value).items()}
        elif get_origin(hints[one.name]) is Literal:
            space[one.name] = Choice(get_args(hints[one.name]))
        elif isinstance(value, bool):
            space[one.name] = Choice((False, True))
        elif isinstance(value, int | float):
            space[one.name] = _around(value)
    return space


def values_of(options: Any, names: Mapping[str, Any]) -> dict[str, Any]:
    """The values that options have under these names."""
    return {name: _value(options, name) for name in names}


def _around(value: float) -> Range:
    whole = isinstance(value, int)
    if value <= 0:
        return Range(0, 5 if whole else 1, whole, False)
    if whole:
        return Range(max(1, int(value) // SPREAD), value * SPREAD, True, True)
    if value <= 1:
        return Range(value / SPREAD, min(1.0, value * SPREAD), False, True)
    return Range(value / SPREAD, value * SPREAD, False, True)


def _value(options: Any, name: str) -> Any:
    for part in name.split("."):
        options = getattr(options, part)
    return options

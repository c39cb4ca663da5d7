"""Options of a model with changes by name, each in the type of the value that it replaces."""

from dataclasses import is_dataclass, replace
from types import NoneType
from typing import Any, get_args, get_type_hints

from kartograph.tables.errors import BadInput


def with_changes(options: Any, changes: dict[str, Any], name: str) -> Any:
    """Options with all changes at once, by name; `a.b` is the option b of the part a.

    Raises `BadInput` for a name or a value that the options do not allow, and where they refuse the changes together.
    """
    fields = getattr(options, "__dataclass_fields__", {})
    values: dict[str, Any] = {}
    parts: dict[str, dict[str, Any]] = {}
    for key, value in changes.items():
        first, _, rest = key.partition(".")
        if first not in fields:
            raise BadInput(f'"{name}" has no option {first!r}. Options are {", ".join(fields) or "none"}.')
        standing = getattr(options, first)
        if rest:
            parts.setdefault(first, {})[rest] = value
        elif is_dataclass(standing):
            inside = ", ".join(f"{first}.{part}" for part in standing.__dataclass_fields__)
            raise BadInput(f'The option {first!r} of "{name}" has parts. Set one of {inside}.')
        elif value is None and NoneType in get_args(get_type_hints(type(options))[first]):
            values[first] = None
        else:
            values[first] = _fitting(value, standing, key, name)
    inner = {part: with_changes(getattr(options, part), inside, name) for part, inside in parts.items()}
    return replace(options, **values, **inner)


def _fitting(value: Any, standing: Any, key: str, name: str) -> Any:
    """The value in the type of the one that it replaces."""
    if isinstance(standing, bool) != isinstance(value, bool) and isinstance(standing, bool):
        raise BadInput(f'The option {key!r} of "{name}" is {value!r}. Allowed are true and false.')
    if isinstance(standing, int | float) and not isinstance(standing, bool):
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise BadInput(f'The option {key!r} of "{name}" is {value!r}. It has to be a number, such as {standing!r}.')
        return float(value) if isinstance(standing, float) else value
    if isinstance(standing, tuple) and isinstance(value, list):
        return tuple(value)
    return value

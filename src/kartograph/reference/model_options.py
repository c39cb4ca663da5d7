"""Options of models as text: names as `--option` takes them, types, defaults, meanings, and what a preset changes."""

import re
from collections.abc import Iterator
from dataclasses import fields as fields_of
from dataclasses import is_dataclass
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from kartograph.reference.docstrings import as_markdown, fields
from kartograph.reference.markdown import code

USUAL = {
    "seed": "Random seed.",
    "epochs": "Passes over the training data.",
    "learning_rate": "Step size of the optimiser.",
    "dropout": "Share of the units that is zeroed in training.",
    "heads": "Attention heads.",
    "layers": "Layers of the network.",
    "factors": "Length of the factors.",
    "dimensions": "Length of the vectors.",
    "neighbours": "Neighbours K.",
}
"""What options mean that have the field's names and no text of their own."""
COLUMNS = ("option", "meaning", "default", "type")


def rows(defaults: Any, before: str = "") -> Iterator[tuple[str, str, str, str]]:
    """Yield each option of an instance that has the defaults as `COLUMNS`; options of a part `a` are named `a.b`."""
    options = type(defaults)
    known, kinds = fields(options), get_type_hints(options)
    for one in fields_of(options):
        kind, name, standing = kinds[one.name], before + one.name, getattr(defaults, one.name)
        if is_dataclass(standing):
            yield from rows(standing, f"{name}.")
            continue
        text = as_markdown(known[one.name].text if one.name in known else "") or USUAL.get(one.name, "")
        for word in (None, True, False):  # as `--option` has them
            text = re.sub(rf"\b{word}\b", value(word), text)
        yield code(name), text, value(standing), _kind(kind)


def changes(options: Any, base: Any) -> dict[str, str]:
    """Return the options that differ from another instance of the same class, by name, each with its value."""
    standing = _flat(base)
    return {name: value(each) for name, each in _flat(options).items() if each != standing.get(name)}


def value(what: Any) -> str:
    """Return a value as `--option` takes it, as code."""
    if what is None:
        return code("null")
    if isinstance(what, bool):
        return code(str(what).lower())
    if isinstance(what, tuple):
        return code("[" + ", ".join(f'"{one}"' if isinstance(one, str) else repr(one) for one in what) + "]")
    return code(what if isinstance(what, str) else repr(what))


def _flat(options: Any) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for one in fields_of(options):
        each = getattr(options, one.name)
        if is_dataclass(each):
            flat |= {f"{one.name}.{name}": inner for name, inner in _flat(each).items()}
        else:
            flat[one.name] = each
    return flat


def _kind(kind: Any) -> str:
    """A type in words: `number`, `whole number`, or the values that are allowed."""
    origin, inside = get_origin(kind), get_args(kind)
    if origin is Literal:
        return ", ".join(code(one) for one in inside)
    if origin in (Union, UnionType):
        return ", ".join(_kind(one) for one in inside)
    if origin is tuple:
        return f"list of {_kind(inside[0])}"
    words = {bool: "`true`, `false`", int: "whole number", float: "number", str: "text", NoneType: "`null`"}
    return words[kind]

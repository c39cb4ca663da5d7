"""Known layouts, declared in presets.toml: which column is what, and options that hold with it."""

import tomllib
from collections.abc import Sequence
from dataclasses import fields, replace
from functools import cache
from importlib.resources import files
from typing import Any

from kartograph.loaders.shared.recognizing.guess import columns_named
from kartograph.loaders.specifications.interactions import PARTS
from kartograph.tables.errors import BadInput

ABOUT = ("about", "recognized_by", "rows")
"""What a layout says of itself; everything else is a part's column or an option."""


@cache
def presets() -> dict[str, dict[str, Any]]:
    """All layouts by name."""
    return tomllib.loads((files("kartograph.loaders") / "presets.toml").read_text("utf-8"))


def preset(name: str) -> dict[str, Any]:
    """One layout. Raises `BadInput` for an unknown name."""
    if name not in presets():
        raise BadInput(f"{name!r} is no preset. Allowed are {', '.join(presets())}.")
    return presets()[name]


def with_preset(options: Any, layout: dict[str, Any]) -> Any:
    """Options of interactions with those of a layout wherever nothing else is said."""
    defaults = {one.name: one.default for one in fields(options)}
    said = {name: tuple(value) if isinstance(value, list) else value for name, value in layout.items()}
    held = {name: value for name, value in said.items() if name not in (*PARTS, *ABOUT)}
    # What is said for a word comes after what the layout says, and so holds.
    words = {"event_map": (*held["event_map"], *options.event_map)} if "event_map" in held else {}
    free = {name: value for name, value in held.items() if getattr(options, name) == defaults[name]}
    return replace(options, **free | words)


def columns_of(layout: dict[str, Any], present: Sequence[str]) -> dict[str, str]:
    """The column of each part that a layout names and a table has, its name in any case of letters."""
    matches = {part: columns_named(layout.get(part, ()), present) for part in PARTS}
    return {part: columns[0] for part, columns in matches.items() if columns}

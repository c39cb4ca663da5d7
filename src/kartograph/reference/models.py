"""The page of models, made of the registry and of docstrings: `python -m kartograph.reference.models` writes it."""

import inspect
from collections.abc import Iterator
from dataclasses import fields as fields_of
from dataclasses import is_dataclass
from itertools import groupby
from typing import Any

from kartograph.models.base import Recommender
from kartograph.models.registry import GROUP, Declaration, declarations
from kartograph.reference import DOCS
from kartograph.reference.docstrings import as_markdown, fields
from kartograph.reference.markdown import code, table

PAGE = DOCS / "models.md"
INTRODUCTION = """\
# Models

`kartograph models` prints this table, `kartograph train NAME` fits a model on the shop and keeps a version, and
`kartograph evaluate` measures any of them ([how](evaluation.md)). Several names may stand for one class with other
options. This page is made by `python -m kartograph.reference.models`.

**Serves**: *a history* needs at least one known item of the user or session; *anyone* is answered without any; *new
items* are recommended before their first event. **Needs** names steps of `kartograph enrich` without whose results
the model refuses a graph; *uses* those that it reads where they are there. **Explains**: *sum*, parts that add up to
the score; *influence*, the change of the score when an item of the history is left out; *paths* in the graph; *none*.
Models marked † rank in Cypher and ask a running Neo4j; the others answer from memory.
"""
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


def page() -> str:
    """Return the page as Markdown."""
    known = [one for one in declarations() if one.module.startswith(f"{GROUP}.")]
    made = [(one, one.make(0)) for one in known]
    made.sort(key=lambda pair: (pair[0].module.split(".")[2], _title(pair[1]).lower()))
    parts = [INTRODUCTION.rstrip(), _overview(known)]
    for _, group in groupby(made, key=lambda pair: (pair[0].module.split(".")[2], _title(pair[1]))):
        parts.append(_section(list(group)))
    return "\n\n".join(parts) + "\n"


def _overview(known: list[Declaration]) -> str:
    head = ("model", "what it does", "serves", "trained on", "needs", "explains")
    return table(head, (_row(one) for one in known))


def _row(one: Declaration) -> tuple[str, ...]:
    steps = ", ".join([*one.needs, *(f"uses {step}" for step in one.uses)]) or "–"
    return code(one.name) + " †" * one.asks_graph, one.about, one.serves, one.trained_on, steps, one.explains


def _title(model: Recommender) -> str:
    return type(model).__name__


def _section(group: list[tuple[Declaration, Recommender]]) -> str:
    model = group[0][1]
    cls = type(model)
    module = inspect.getdoc(inspect.getmodule(cls)) or ""
    names = ", ".join(code(one.name) for one, _ in group)
    parts = [f"## {cls.__name__}", f"{names}, class {code(f'{cls.__module__}.{cls.__name__}')}", as_markdown(module)]
    own = inspect.cleandoc(cls.__doc__ or "")
    if own and own not in module:
        parts.append(as_markdown(own))
    if is_dataclass(model.options) and fields_of(model.options):
        parts.append(table(("option", "default", "meaning"), _options(model.options)))
        presets = [line for one, each in group if (line := _changes(one.name, each.options))]
        parts += ["Options of the names:\n\n" + "\n".join(presets)] if presets else []
    return "\n\n".join(parts)


def _options(options: Any) -> Iterator[tuple[str, str, str]]:
    known, defaults = fields(type(options)), _default(type(options))
    for one in fields_of(options):
        text = as_markdown(known[one.name].text if one.name in known else "") or USUAL.get(one.name, "")
        yield code(one.name), _value(getattr(defaults, one.name, None)), text


def _changes(name: str, options: Any) -> str:
    defaults = _default(type(options))
    changed = {one.name: getattr(options, one.name) for one in fields_of(options)}
    changed = {key: value for key, value in changed.items() if value != getattr(defaults, key, None)}
    return (
        f"- {code(name)}: " + ", ".join(f"{key} {_value(value)}" for key, value in changed.items()) if changed else ""
    )


def _default(cls: type) -> Any:
    try:
        return cls()
    except TypeError:  # options without defaults
        return None


def _value(value: Any) -> str:
    if is_dataclass(value) and not isinstance(value, type):
        defaults = _default(type(value))
        changed = [
            f"{one.name}={getattr(value, one.name)!r}"
            for one in fields_of(value)
            if getattr(value, one.name) != getattr(defaults, one.name, None)
        ]
        return code(f"{type(value).__name__}({', '.join(changed)})")
    return code(repr(value) if not isinstance(value, str) else f'"{value}"')


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

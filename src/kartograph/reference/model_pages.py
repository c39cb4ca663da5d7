"""A page for each model, made of the registry and of docstrings: `python -m kartograph.reference` writes them.

Names that one file declares for one class, with other options, share a page. It is called by the name that is the
class's own, or by the shortest.
"""

import inspect
import operator
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import groupby
from typing import TYPE_CHECKING

from kartograph.models.registry import GROUP, Declaration, declarations, file_of
from kartograph.reference import DOCS
from kartograph.reference import model_options as options_text
from kartograph.reference.docstrings import as_markdown
from kartograph.reference.markdown import code, table
from kartograph.reference.measured import MEASURES, Measured, data_sets, measured, number

if TYPE_CHECKING:
    from kartograph.models.base import Recommender

FOLDER = DOCS / "models"
COLUMNS = ("model", "what it does", "serves", "trained on", "needs", "explains")
MEASURED = ("model", "data", "measures", "%", "cases", "fit s", "ms a question")
EXPLAINED = {
    "sum": "parts that add up to the score.",
    "influence": "for each item of the history, the change of the score when that item is left out.",
    "paths": "paths in the graph from the history to the item.",
    "none": "the list is the same for everybody, so there is nothing to take apart.",
}
PARTS = re.compile(r"\n\nParts: (.*?)(?=\n\n|\Z)", re.DOTALL)
"""The line of a docstring that names modules of this package whose formulas belong to the page."""
EXAMPLE = "copper-kettle"
"""An item of the shop of `docs/examples`."""


@dataclass(frozen=True)
class Family:
    """The names that share a page, with their models, in the order of the registry."""

    members: list[tuple[Declaration, "Recommender"]]

    @property
    def name(self) -> str:
        """The name of the page."""
        own = _own_name(type(self.members[0][1]))
        names = [one.name for one, _ in self.members]
        return min(names, key=lambda name: (name.replace("-", "") != own, len(name)))

    @property
    def declaration(self) -> Declaration:
        """The declaration of that name."""
        return next(one for one, _ in self.members if one.name == self.name)

    @property
    def model(self) -> "Recommender":
        """The model that gives the page its name."""
        return next(model for one, model in self.members if one.name == self.name)


def pages() -> dict[str, str]:
    """Return the text of each page by its file's name."""
    return {f"{family.name}.md": _page(family) for family in families()}


@cache
def families() -> list[Family]:
    """Return what shares a page, in the order of the registry; models of other packages have none."""
    known = [(one, one.make(0)) for one in declarations() if one.module.startswith(f"{GROUP}.")]
    known.sort(key=_page_of)
    return [Family(list(members)) for _, members in groupby(known, key=_page_of)]


def row(one: Declaration, link: str = "") -> tuple[str, ...]:
    """Return a name as a row of `COLUMNS`."""
    steps = ", ".join([*one.needs, *(["uses " + ", ".join(one.uses)] if one.uses else [])]) or "–"
    name = f"[{code(one.name)}]({link})" if link else code(one.name)
    return name + " †" * one.asks_graph, one.about, one.serves, one.trained_on, steps, one.explains


def _page_of(member: tuple[Declaration, "Recommender"]) -> tuple[str, str]:
    return file_of(member[0].name), type(member[1]).__name__


def _page(family: Family) -> str:
    parts = [
        f"# {family.name}",
        table(COLUMNS, (row(one) for one, _ in family.members)),
        _facts(family),
        "## How it scores",
        *_scoring(family),
        *_measured(family),
        *_options(family),
        "## Commands",
        *_commands(family),
    ]
    return "\n\n".join(parts) + "\n"


def _scoring(family: Family) -> Iterator[str]:
    """The docstrings of the module, of the class, of the parts, and of the file that declares the names."""
    cls, declaring = type(family.model), file_of(family.name)
    main = min((one for one in families() if type(one.model) is cls), key=lambda one: one.name != _own_name(cls))
    if family is not main:  # other systems, made of the same parts
        yield _docstring(declaring)
        yield f"Its parts are those of [{main.name}]({main.name}.md#how-it-scores)."
        return
    text = inspect.getdoc(inspect.getmodule(cls)) or ""
    yield as_markdown(PARTS.sub("", text))
    own = inspect.cleandoc(cls.__doc__ or "")
    if own and own not in text:
        yield as_markdown(own)
    named = PARTS.search(text)
    for part in re.findall(r"`([\w.]+)`", named[1]) if named else ():
        yield f"### {code(part)}"
        yield _docstring(f"kartograph.{part}")
    if family.members[0][0].module != declaring:  # what the names mean stands in another file than the class
        yield "## The names"
        yield _docstring(declaring)


def _docstring(module: str) -> str:
    return as_markdown(inspect.getdoc(import_module(module)) or "")


def _own_name(cls: type) -> str:
    return cls.__name__.lower()


def _facts(family: Family) -> str:
    one, cls = family.declaration, type(family.model)
    lines = [f"- Class {code(f'{cls.__module__}.{cls.__name__}')}; [all models](../models.md) explains the columns."]
    if one.extra:
        lines.append(f"- Needs the extra of the package: {code(f'kartograph[{one.extra}]')}.")
    if one.asks_graph:
        lines.append("- † Ranks in Cypher: a running Neo4j answers each question.")
    lines.append(f"- Explains by *{one.explains}*: {EXPLAINED[one.explains]}")
    return "\n".join(lines)


def _measured(family: Family) -> Iterator[str]:
    """Accuracy and cost of the names that were measured; nothing where none was."""
    known = [measured().get((one.name, data)) for one, _ in family.members for data in data_sets()]
    rows = [one for one in known if one is not None and not one.reason]
    if not rows:
        return
    yield "## Accuracy and cost"
    yield table(MEASURED, (_figures(one) for one in rows))
    yield "Measured on " + "; ".join(_circumstances(rows)) + "."
    yield "Made by:\n\n```sh\n" + "\n".join(one.command for one in rows) + "\n```"


def _figures(one: Measured) -> tuple[str, ...]:
    measures, timings = " / ".join(MEASURES[one.protocol]), (number(one.fit_s), number(one.ms_p50))
    return code(one.model), one.data, measures, one.accuracy, f"{one.cases:,}", *timings


def _circumstances(rows: list[Measured]) -> Iterator[str]:
    """The machines and dates of rows, with the rows of each where they differ."""
    key = operator.attrgetter("machine", "date")
    kinds = {each: [one for one in rows if key(one) == each] for each in sorted(map(key, rows))}
    for (machine, date), members in kinds.items():
        which = ", ".join(f"{code(one.model)} on {one.data}" for one in members)
        yield f"{machine}, {date}" + (f" ({which})" if len(kinds) > 1 else "")


def _options(family: Family) -> list[str]:
    defaults = base = type(family.model.options)()
    rows = list(options_text.rows(defaults))
    if not rows:
        return ["## Options", "It has none."]
    parts = ["## Options", table(options_text.COLUMNS, rows), "`kartograph train NAME --option KEY=VALUE` sets one."]
    presets = []
    for one, model in sorted(family.members, key=lambda member: member[0].name != family.name):
        changed = options_text.changes(model.options, base)
        texts = [f"{code(key)} {each}" for key, each in changed.items()]
        standing = "the defaults" if base is defaults else f"as {code(family.name)}"
        texts += [f"else {standing}" if texts else standing]
        tuned = "" if one.tuned_for == "none" else f"; tuned for {one.tuned_for}"
        presets.append(f"- {code(one.name)}: {', '.join(texts)}{tuned}")
        if one.name == family.name:
            base = model.options
    return [*parts, "## Presets", "\n".join(presets)]


def _commands(family: Family) -> list[str]:
    one = family.declaration
    lines = [
        f"kartograph train {one.name}" + " --enrich" * bool(one.needs or one.uses),
        f"kartograph recommend {one.name} --user 42 --top 5",
    ]
    if one.explains != "none":
        lines.append(f"kartograph explain {one.name} --user 42 --item {EXAMPLE}")
    return ["On [the example shop](../index.md#your-own-shop):", "```sh\n" + "\n".join(lines) + "\n```"]

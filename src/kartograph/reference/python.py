"""The page of the Python interface, made of docstrings: `python -m kartograph.reference.python` writes it."""

import inspect
from collections.abc import Iterator

import kartograph
from kartograph.evaluation.protocols.base import Protocol
from kartograph.evaluation.runner import Evaluation, evaluate
from kartograph.graph.connection import Graph
from kartograph.loaders.registry import Loader, loaders
from kartograph.models.base import Recommender
from kartograph.models.data import TrainingData
from kartograph.models.saved.opened import current
from kartograph.models.where.conditions import Where
from kartograph.reference import DOCS
from kartograph.reference.docstrings import as_markdown, fields, function, members, parameters_as_list
from kartograph.reference.markdown import code, table

PAGE = DOCS / "python.md"
INTRODUCTION = """\
# Python

```python
import kartograph as kg
```

The public names are {names}; what else the packages hold may change. Arguments named `progress`, which take a
callable that receives the progress, are left out here. This page is made by `python -m
kartograph.reference.python`.
"""
CLASSES = {
    "kg.Graph": (Graph, "A graph that is connected to."),
    "kg.models.Recommender": (
        Recommender,
        "What every model can do; `kg.models.STAN` and each other class of [models](models.md) is one.",
    ),
    "kg.TrainingData": (TrainingData, "What models learn from, without a database."),
    "kg.where(…)": (Where, 'Which items may be recommended; an expression such as `"price < 50"` is taken too.'),
    "Evaluation": (Evaluation, "What `kg.evaluate` returns."),
    "Protocol": (Protocol, "What a protocol of your own is made of; see [extending](extending.md)."),
    "kg.loaders.NAME": (Loader, "What every loader can do."),
}


def page() -> str:
    """Return the page as Markdown."""
    parts = [INTRODUCTION.format(names=", ".join(code(f"kg.{one}") for one in kartograph.__all__)).rstrip()]
    for title, (cls, line) in CLASSES.items():
        parts += [f"## {title}", line, *_class(cls)]
        if cls is Recommender:
            parts += ["### kg.models.current", *_function(current)]
        if cls is Loader:
            parts.append("Loaders: " + ", ".join(code(name.replace("-", "_")) for name in loaders()) + ".")
    parts += ["## kg.evaluate", *_function(evaluate), "## kg.errors", "The classes of [errors](errors.md)."]
    return "\n\n".join(parts) + "\n"


def _class(cls: type) -> Iterator[str]:
    yield f"Class {code(f'{cls.__module__}.{cls.__name__}')}. {as_markdown(inspect.cleandoc(cls.__doc__ or ''))}"
    known = [one for one in fields(cls).values() if one.text]
    if known:
        yield table(
            ("field", "meaning", "type"), ((code(one.name), as_markdown(one.text), code(one.kind)) for one in known)
        )
    for one in members(cls):
        yield f"### {one.name}"
        yield f"```python\n{one.signature}\n```"
        yield as_markdown(one.text)


def _function(of: object) -> Iterator[str]:
    member = function(of)
    yield f"```python\n{member.signature}\n```"
    yield as_markdown(parameters_as_list(member.text))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

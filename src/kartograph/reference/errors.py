"""The page of errors, made of the docstrings of their classes: `python -m kartograph.reference.errors` writes it."""

import inspect
from collections.abc import Iterator

from kartograph.models.patterns.gsp import TooManyPatterns
from kartograph.pipeline.night import Stopped
from kartograph.reference import DOCS
from kartograph.reference.markdown import code
from kartograph.serving.api.errors import UnknownThing
from kartograph.tables.errors import KartographError

PAGE = DOCS / "errors.md"
ELSEWHERE = (TooManyPatterns, Stopped, UnknownThing)
"""Classes of packages that stand to the right of `tables`, imported here so that the tree has them."""
INTRODUCTION = """\
# Errors

Every error that a person can meet is one of these classes, most of them in `kartograph.errors`. The command line
prints the message (what was received, what is allowed, the next step) and ends with exit code 1; a command that was
called wrongly ends with exit code 2 before it does anything. In Python `except kartograph.errors.BadInput` catches a
class and those below it; over HTTP the message is `detail` of the answer. This page is made by `python -m
kartograph.reference.errors`.
"""


def page() -> str:
    """Return the page as Markdown."""
    return "\n".join([INTRODUCTION, *_tree(KartographError), "", *(_section(one) for one in classes())]).rstrip() + "\n"


def classes(base: type[KartographError] = KartographError) -> Iterator[type[KartographError]]:
    """Yield the classes of errors of this package, each before those below it."""
    yield base
    for below in _below(base):
        yield from classes(below)


def _below(base: type[KartographError]) -> list[type[KartographError]]:
    own = [one for one in base.__subclasses__() if one.__module__.startswith("kartograph.")]
    return sorted(own, key=lambda one: (one.__module__ != KartographError.__module__, one in ELSEWHERE, _line(one)))


def _line(error: type[KartographError]) -> int:
    return inspect.getsourcelines(error)[1]


def _tree(base: type[KartographError], depth: int = 0) -> Iterator[str]:
    meaning = (inspect.getdoc(base) or "").partition("\n")[0]
    yield f"{'    ' * depth}- [{base.__name__}](#{base.__name__.lower()}): {meaning}"
    for below in _below(base):
        yield from _tree(below, depth + 1)


def _section(error: type[KartographError]) -> str:
    text = inspect.getdoc(error) or ""
    for word in ("Raised", "Remedy"):
        text = text.replace(f"\n{word}: ", f"\n**{word}:** ")
    below = "" if error is KartographError else f"A kind of {code(error.__mro__[1].__name__)}. "
    elsewhere = "" if error.__module__ == KartographError.__module__ else f"\n\nIn {code(error.__module__)}."
    return f"## {error.__name__}\n\n{below}{text}{elsewhere}\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

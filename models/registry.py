"""The one list of models: each is declared once, in its own file, by `@model(…)` above its class.

Names are read from the files' text, so that listing them imports no model; a model's file is imported when the model is
made or described. Other packages add models through the entry-point group `kartograph.models`, whose entries are a name
and the module that declares it; `file.py:Class` names a class in a file of one's own.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any

from kartograph.models.changed_options import with_changes
from kartograph.models.own_class import own_class
from kartograph.tables.errors import BadInput
from kartograph.tables.extras import refuse_without

if TYPE_CHECKING:
    from kartograph.models.base import Recommender

GROUP = "kartograph.models"
"""The entry-point group of models of other packages; also the package whose files are searched."""


@dataclass(frozen=True)
class Declaration:
    """A model by name."""

    name: str
    about: str
    """What it does, in one line."""
    make: Callable[[int], "Recommender"] = field(repr=False)
    """The model for a seed; models without chance ignore it."""
    serves: str = "a history"
    """Who gets an answer: `a history` of at least one known item; `anyone`, also with an empty history; `anyone, new
    items`: items without events as well, and users of whom only a category is known. Needs data with categories."""
    tuned_for: str = "none"
    """`sequences`, `interactions`, or `none` where the options are those of the source."""
    trained_on: str = "users"
    """`users` or `sessions`: whose histories it is fitted on and asked with, where the source knows both."""
    learns_from: str = "any"
    """`users` or `sessions` for a model that is made for these alone, else `any`."""
    explains: str = "influence"
    """`sum`, `influence`, `paths`, or `none`; see `models.base`."""
    needs: tuple[str, ...] = ()
    """Steps of `kartograph enrich` whose results it reads."""
    uses: tuple[str, ...] = ()
    """Steps whose results it reads where they are there, and does without where they are not."""
    asks_graph: bool = False
    """Whether it ranks in Cypher when it is asked, and so needs a running server."""
    extra: str | None = None
    """The extra of the package without which it cannot be made; see `tables.extras`."""
    module: str = ""


_DECLARED = re.compile(r'^@?model\(\s*"([^"]+)"', re.MULTILINE)
_declared: dict[str, Declaration] = {}


def model(
    name: str,
    about: str,
    *,
    serves: str = "a history",
    tuned_for: str = "none",
    trained_on: str | None = None,
    learns_from: str | None = None,
    explains: str | None = None,
    needs: tuple[str, ...] | None = None,
    uses: tuple[str, ...] | None = None,
    options: Any = None,
    extra: str | None = None,
) -> Callable[[Any], Any]:
    """Declare a class under a name, with the options of a preset; a class may have several names.

    `options` is an instance of the class's options; the seed of a run is put into it. Above a function of
    a seed it declares what the function makes: for classes whose import is dear, or that are made of other models.
    `trained_on`, `learns_from`, `explains`, `needs` and `uses` replace those of the class; above a function
    `trained_on` and `explains` are needed. `extra` names the extra of the package that brings what the class imports:
    without it the model is listed, and making it raises `ExtraMissing`.
    """

    def declare(maker: Any) -> Any:
        def build(seed: int) -> "Recommender":
            if extra is not None:
                refuse_without(extra, name)
            recommender = maker.seeded(options, seed) if isinstance(maker, type) else maker(seed)
            recommender.name = name
            if trained_on is not None:
                recommender.trained_on = trained_on
            if learns_from is not None:
                recommender.learns_from = learns_from
            if needs is not None:
                recommender.needs = needs
            if uses is not None:
                recommender.uses = uses
            return recommender

        _declared[name] = Declaration(
            name,
            about,
            build,
            serves,
            tuned_for,
            trained_on or maker.trained_on,
            learns_from or getattr(maker, "learns_from", "any"),
            explains or maker.explains,
            getattr(maker, "needs", ()) if needs is None else needs,
            getattr(maker, "uses", ()) if uses is None else uses,
            bool(getattr(maker, "asks_graph", False)),
            extra,
            maker.__module__,
        )
        return maker

    return declare


def names() -> list[str]:
    """The names of all models, in order; imports none of them."""
    return [*_files(), *_others()]


def is_known(name: str) -> bool:
    """Whether a name is that of a model; other packages are looked through where it is none of this one's."""
    return name in _files() or name in _others()


def declaration(name: str) -> Declaration:
    """What is declared under a name, or of a class given as `file.py:Class`.

    Raises `BadInput` where there is none.
    """
    if name not in _declared:
        if ".py:" in name:
            return _of_file(name)
        if name in _files():
            import_module(_files()[name])
        elif name in _others():
            import_module(_others()[name])
    if name not in _declared:
        raise unknown(name)
    return _declared[name]


def unknown(name: str) -> BadInput:
    """The error of a name that no model has, with the name that is most like it and all names."""
    near = get_close_matches(name, names(), n=1)
    hint = f'Did you mean "{near[0]}"? ' if near else ""
    known = ", ".join(names())
    return BadInput(f'Unknown model "{name}". {hint}Choose from {known}, or name a class as file.py:Class.')


def make(name: str, seed: int = 0, **changes: Any) -> "Recommender":
    """The model of this name; `changes` replace options of its preset. Raises `BadInput` for unknown names."""
    recommender = declaration(name).make(seed)
    if changes:
        recommender.options = with_changes(recommender.options, changes, name)
    return recommender


def declarations() -> list[Declaration]:
    """All declarations; imports every model's file."""
    return [declaration(name) for name in names()]


def file_of(name: str) -> str:
    """The module of this package that declares a name, by the text of the files."""
    return _files()[name]


def module_of_class(name: str) -> str | None:
    """The module of a public class below `kartograph.models`, by the text of the files; None where there is none."""
    return _classes().get(name)


@cache
def _files() -> dict[str, str]:
    """Each declared name with its module, by the text of the files."""
    return {name: module for module, text in _texts() for name in _DECLARED.findall(text)}


@cache
def _classes() -> dict[str, str]:
    """Each public class with its module."""
    return {name: module for module, text in _texts() for name in re.findall(r"^class ([A-Z]\w*)", text, re.MULTILINE)}


@cache
def _texts() -> list[tuple[str, str]]:
    return list(_below(files(GROUP), GROUP))


def _below(folder: Traversable, package: str) -> Iterator[tuple[str, str]]:
    """Every module below a package with its text."""
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir() and entry.joinpath("__init__.py").is_file():
            yield from _below(entry, f"{package}.{entry.name}")
        elif entry.name.endswith(".py"):
            yield f"{package}.{entry.name[:-3]}", entry.read_text("utf-8")


@cache
def _others() -> dict[str, str]:
    from importlib.metadata import entry_points

    return {point.name: point.value for point in entry_points(group=GROUP)}


@cache
def _of_file(name: str) -> Declaration:
    from kartograph.models.base import Recommender

    cls = own_class(name, Recommender, "model")
    model(name, (cls.__doc__ or "a class of your own").strip().partition("\n")[0])(cls)
    return _declared[name]

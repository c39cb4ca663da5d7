"""What the package and its extras require, by the package's own metadata, and what of it is not installed.

A shop without a neural model need not install gigabytes: `pip install kartograph` brings what most need, `pip install
"kartograph[neural]"` PyTorch as well.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

from kartograph.tables.errors import ExtraMissing

if TYPE_CHECKING:
    from packaging.requirements import Requirement

PACKAGE = "kartograph"
ALL = "all"
"""The extra that holds all others."""
MODULES = {
    "torch": "neural",
    "torch_geometric": "neural",
    "fastapi": "serve",
    "fastapi_offline": "serve",
    "starlette": "serve",
    "granian": "serve",
    "orjson": "serve",
    "prometheus_client": "serve",
    "pyspark": "spark",
    "transformers": "bert",
    "fastmcp": "mcp",
    "httpx": "mcp",
}
"""The extra that brings each module which is not in every installation."""


@dataclass(frozen=True)
class Required:
    """One requirement of the package."""

    name: str
    extra: str | None
    """The extra that it belongs to; None for what every installation has."""
    problem: str
    """"is missing", or which version is there and which is needed; empty where it is as it has to be."""


def extras() -> list[str]:
    """The names of the extras, without the one that holds all of them."""
    from importlib.metadata import metadata

    return [name for name in metadata(PACKAGE).get_all("Provides-Extra") or [] if name != ALL]


def requirements() -> list[Required]:
    """Every requirement of the package that holds on this machine, those of extras with the extra's name."""
    from importlib.metadata import metadata

    from packaging.requirements import Requirement

    listed = []
    for line in metadata(PACKAGE).get_all("Requires-Dist") or []:
        requirement = Requirement(line)
        if requirement.name == PACKAGE:  # an extra that is made of others
            continue
        marker = requirement.marker
        names = [name for name in extras() if marker and marker.evaluate({"extra": name})]
        always = marker is None or marker.evaluate({"extra": ""})
        for extra in [None] if always else names:
            listed.append(Required(requirement.name, extra, _problem(requirement)))
    return listed


def version(name: str) -> str | None:
    """The installed version of a distribution, None where there is none."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as version_of

    try:
        return version_of(name)
    except PackageNotFoundError:
        return None


def advice(extra: str) -> str:
    """The command that installs an extra."""
    return f'pip install "{PACKAGE}[{extra}]"'


@cache
def is_installed(extra: str) -> bool:
    """Whether every module of an extra can be imported; nothing is imported for it."""
    return all(_is_there(module) for module, of in MODULES.items() if of == extra)


def refuse_without(extra: str, what: str) -> None:
    """Raise `ExtraMissing` where a module of an extra is missing; `what` is what needs it."""
    if not is_installed(extra):
        raise ExtraMissing(message(extra, what))


def message(extra: str, what: str) -> str:
    """Which extra is missing, and how it is installed."""
    return f"{what} needs the extra {extra}, which is not installed: {advice(extra)}"


def extra_of(error: ImportError) -> str | None:
    """The extra whose module could not be imported, None where it is another module."""
    return MODULES.get((error.name or "").partition(".")[0])


@contextmanager
def naming_the_extra(what: str) -> Iterator[None]:
    """Turn the `ImportError` of a missing extra's module into `ExtraMissing`."""
    try:
        yield
    except ImportError as error:
        extra = extra_of(error)
        if extra is None:
            raise
        raise ExtraMissing(message(extra, what)) from error


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def _problem(requirement: "Requirement") -> str:
    there = version(requirement.name)
    if there is None:
        return "is missing"
    if not requirement.specifier.contains(there, prereleases=True):
        return f"is {there}, and {requirement.specifier} is needed"
    return ""

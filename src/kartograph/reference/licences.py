"""The page of licences: what every package that Kartograph uses may be used under, by the package's own metadata.

    python -m kartograph.reference.licences

The packages are those that `pyproject.toml` names, extras among them, and what these need in turn, as far as they are
installed here: the development environment holds all of them.
"""

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from packaging.requirements import Requirement

from kartograph.reference import DOCS
from kartograph.reference.markdown import table

PAGE = DOCS / "licences.md"
PROJECT = DOCS.parent / "pyproject.toml"
LONGEST = 60
"""Letters of a licence's name; what is longer is the text of the licence itself."""
NVIDIA = "NVIDIA's own licence, free to use, not open source"
STATED = {
    "NVIDIA Proprietary Software": NVIDIA,
    "LicenseRef-NVIDIA-Proprietary": NVIDIA,
    "LicenseRef-NVIDIA-SOFTWARE-LICENSE": NVIDIA,
}
"""Names in metadata that say less than they should."""
NOT_DECLARED = {
    "crawler-user-agents": "MIT",
    "cuda-toolkit": NVIDIA,
}
"""Licences of packages whose metadata name none, by the licence file that they bring."""


def declared() -> list[Requirement]:
    """What the project itself names, extras among them."""
    project = tomllib.loads(PROJECT.read_text("utf-8"))["project"]
    lines = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    return [one for one in map(Requirement, lines) if one.name != project["name"]]


def packages() -> dict[str, tuple[Distribution, bool]]:
    """The installed distributions by name, each with whether the project names it itself."""
    own = {_normal(one.name) for one in declared()}
    listed: dict[str, tuple[Distribution, bool]] = {}
    waiting = declared()
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        requirement = waiting.pop()
        key = (_normal(requirement.name), frozenset(requirement.extras))
        if key in seen:
            continue
        seen.add(key)
        try:
            there = distribution(requirement.name)
        except PackageNotFoundError:  # of another system
            continue
        listed[key[0]] = (there, key[0] in own)
        waiting += _needs(there, requirement.extras)
    return dict(sorted(listed.items()))


def licence(of: Distribution) -> str:
    """The licence by metadata: its expression, else its classifiers, else its short name; empty where none is named."""
    expression = _field(of, "License-Expression")
    classified = [
        line.rpartition(" :: ")[2] for line in of.metadata.get_all("Classifier") or [] if "License ::" in line
    ]
    classified = [name for name in classified if name != "OSI Approved"]
    short = _field(of, "License").splitlines()[:1]
    name = expression or ", ".join(classified) or (short[0] if short and len(short[0]) <= LONGEST else "")
    return STATED.get(name, name) or NOT_DECLARED.get(_normal(of.metadata["Name"]), "")


def page() -> str:
    """The page."""
    rows = [(of.metadata["Name"], "yes" if own else "", licence(of) or "not named") for of, own in packages().values()]
    return (
        "# Licences\n\n"
        "Kartograph is under the Apache License 2.0. The packages that it uses, with their licences as their own "
        "metadata name them; `python -m kartograph.reference.licences` makes this page anew. Kartograph itself "
        "requires those marked direct, and these require the others. Neo4j 5 Community and the Graph Data "
        "Science library, which the first start downloads, are under the GPL v3; they run as a process "
        "of their own.\n\n" + table(("package", "direct", "licence"), rows) + "\n"
    )


def _needs(of: Distribution, extras: set[str]) -> Iterator[Requirement]:
    for line in of.requires or ():
        requirement = Requirement(line)
        environments = [{"extra": extra} for extra in extras] or [{"extra": ""}]
        if requirement.marker is None or any(
            requirement.marker.evaluate(one) for one in [*environments, {"extra": ""}]
        ):
            yield requirement


def _field(of: Distribution, name: str) -> str:
    """The first value of a field of the metadata; empty where there is none."""
    return (of.metadata.get_all(name) or [""])[0].strip()


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")

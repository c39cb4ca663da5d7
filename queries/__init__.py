"""Which Cypher statement belongs to a name: the one loader of the `.cypher` files in this folder.

One statement per file, in `<purpose>/<name>.cypher`. A file is pasted into Neo4j Browser by people and sent to the
server by programs exactly as it is; the `:param` lines in its comment block show values that give rows.
"""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import LiteralString

from kartograph.tables.errors import QueryNotFound

# Strings and quoted names come first, so that what looks like a comment or a parameter inside them is left alone.
_QUOTED = r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"|`(?:``|[^`])*`"
_COMMENT = re.compile(rf"({_QUOTED})|/\*.*?\*/|//[^\n]*", re.DOTALL)
_PARAMETER = re.compile(rf"{_QUOTED}|\$(\w+|`(?:``|[^`])*`)", re.DOTALL)
_SHOWN = re.compile(r"^:param[ \t]+(\w+|`(?:``|[^`])*`)[ \t]*=>[ \t]*(.*?)[ \t]*;?[ \t]*$", re.MULTILINE)


@dataclass(frozen=True)
class Statement:
    """One Cypher statement from a file."""

    name: str
    """Its path below `queries/` without the ending: "explore/funnel"."""
    text: LiteralString
    """The file, unchanged: what the driver is sent and a person pastes."""
    body: str
    """The text without comments."""
    parameters: frozenset[str]
    """Names of the `$parameters` in the body."""

    @property
    def shown(self) -> dict[str, str]:
        """The parameters that the file's `:param name => expression` lines show, as Cypher expressions."""
        return shown_parameters(self.text)


@cache
def load(name: str) -> Statement:
    """Return the statement in `queries/<name>.cypher`.

    Raises `QueryNotFound`, which names the path and close matches, where there is no such file.
    """
    folder = files("kartograph.queries")
    parts = name.split("/")
    file = folder.joinpath(*parts[:-1], f"{parts[-1]}.cypher")
    if not all(part and part not in (".", "..") for part in parts) or not file.is_file():
        raise QueryNotFound(_not_found(name))
    # The driver types queries as LiteralString to keep formatted text out; a file of ours is as fixed as a literal.
    text: LiteralString = file.read_text("utf-8")  # pyright: ignore[reportAssignmentType]
    body = without_comments(text)
    return Statement(name, text, body, parameters_of(body))


def names() -> list[str]:
    """Return the names of all statements, sorted."""
    return sorted(_names_below(files("kartograph.queries"), ""))


def without_comments(text: str) -> str:
    """Return Cypher text without `//` and `/* */` comments; quoted text is left as it is."""
    return _COMMENT.sub(lambda match: match[1] or "", text).strip()


def parameters_of(body: str) -> frozenset[str]:
    """Return the names of the `$parameters` in Cypher text that holds no comments."""
    return frozenset(name.strip("`") for name in _PARAMETER.findall(body) if name)


def shown_parameters(text: str) -> dict[str, str]:
    """Return what `:param name => expression` lines of a text set, name to Cypher expression."""
    return {name.strip("`"): expression for name, expression in _SHOWN.findall(text)}


def _names_below(folder: Traversable, prefix: str) -> list[str]:
    statements: list[str] = []
    for entry in folder.iterdir():
        if entry.is_dir():
            statements += _names_below(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(".cypher"):
            statements.append(prefix + entry.name.removesuffix(".cypher"))
    return statements


def _not_found(name: str) -> str:
    known = names()
    by_last_part = [other for other in known if other.split("/")[-1] == name.split("/")[-1]]
    close = by_last_part or get_close_matches(name, known, n=3, cutoff=0.5)
    if close:
        advice = "did you mean " + " or ".join(f'"{other}"' for other in close) + "?"
    else:
        advice = "the folders hold " + (
            ", ".join(sorted({other.split("/")[0] for other in known})) or "no statement yet"
        )
    return f"queries/{name}.cypher does not exist; {advice}"

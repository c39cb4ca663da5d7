"""A tool for each statement of `queries/` that reads and that people ask; its parameters are typed by the values shown.

A statement runs in a read transaction, in which Neo4j refuses every change. Rows beyond the limit are left out, and the
answer says so.
"""

import inspect
import json
import re
from collections.abc import Callable
from typing import Any

import neo4j.exceptions

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.queries import Statement
from kartograph.queries.header import header_of
from kartograph.tables.errors import BadInput, ServerError

FOLDERS = ("explore", "recommend", "explain", "exposures", "patterns", "pipeline", "versions", "operate")
"""Folders whose statements answer questions of people; the others are steps of programs."""
_CHANGES = re.compile(
    r"\b(CREATE|MERGE|SET|DELETE|REMOVE|DROP|FOREACH)\b|gds\.graph\.(project|drop)|\.(write|mutate)\(|db\.await"
)
_KINDS: tuple[tuple[str, Any], ...] = (
    (r"-?\d+", int),
    (r"-?\d*\.\d+", float),
    (r"true|false", bool),
    (r'\[\s*(".*)?\]', list[str]),
    (r"\[.*\]", list[Any]),
    (r"\{.*\}", dict[str, Any]),
    (r".*", str),
)
"""Types by how a value is written in Cypher, the first that fits."""


def names() -> list[str]:
    """The statements that become tools: without those that programs alone can give their parameters."""
    chosen = [name for name in queries.names() if name.partition("/")[0] in FOLDERS and "/batch_" not in name]
    return [name for name in chosen if _asked_by_people(queries.load(name))]


def _asked_by_people(statement: Statement) -> bool:
    """Whether it changes nothing and takes no objects, nor a projection that has to be made first."""
    kinds = {name: kind_of(shown) for name, shown in statement.shown.items()}
    objects = {dict[str, Any], list[Any]} & set(kinds.values())
    return not (_CHANGES.search(statement.body) or objects or "projection" in kinds)


def tool_of(
    name: str, most: int, seconds: float, connect: Callable[[], Graph]
) -> tuple[str, Callable[..., dict[str, Any]], str]:
    """Name, function and description of a statement's tool; `most` rows are returned, k is at most that.

    Neo4j ends the statement after `seconds`.
    """
    statement = queries.load(name)
    header = header_of(statement)
    kinds = {one: kind_of(shown) for one, shown in statement.shown.items()}

    def ask(**values: Any) -> dict[str, Any]:
        if "k" in values:
            values["k"] = max(1, min(values["k"], most))
        with connect() as graph:
            return rows_of(graph, statement, most, seconds, values)

    parameters = [
        inspect.Parameter(one, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=_default(one, statement))
        for one, kind in kinds.items()
    ]
    ask.__signature__ = inspect.Signature(parameters, return_annotation=dict[str, Any])  # type: ignore[attr-defined]
    ask.__annotations__ = {**kinds, "return": dict[str, Any]}
    ask.__name__ = name.replace("/", "_")
    shown = ", ".join(f"{one} such as {value}" for one, value in statement.shown.items())
    words = f"{header.question} Returns {header.returns}." + (f" Parameters: {shown}." if shown else "")
    return ask.__name__, ask, words


def kind_of(shown: str) -> Any:
    """The type of a parameter by the value that its file shows."""
    return next(kind for pattern, kind in _KINDS if re.fullmatch(pattern, shown.strip(), re.DOTALL))


def rows_of(graph: Graph, statement: Statement, most: int, seconds: float, values: dict[str, Any]) -> dict[str, Any]:
    """The first `most` rows as JSON, and whether there are more.

    Raises `BadInput` for values that Neo4j refuses, and `ServerError` for a statement that takes longer than `seconds`.
    """
    try:
        frame = graph.query(statement, within=seconds, **values)
    except neo4j.exceptions.ClientError as error:
        if "TransactionTimedOut" in (error.code or ""):
            raise ServerError(
                f"{statement.name} took longer than {seconds:g} seconds and was ended: ask for less of it, or give "
                "`kartograph mcp` more --seconds"
            ) from None
        raise BadInput(f"{statement.name}: {error.message}") from None
    kept = frame.head(most).astype(object)
    rows = json.loads(json.dumps(kept.where(kept.notna(), None).to_dict("records"), default=str))
    return {"rows": rows, "more": len(frame) > most}


def _default(name: str, statement: Statement) -> Any:
    """How many, and since when, need not be said; whom and what has to be."""
    if name in ("k", "days", "since", "until", "least_viewers"):
        return json.loads(statement.shown[name])
    return inspect.Parameter.empty

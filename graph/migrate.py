"""How a graph of a former schema becomes one of the present: the statements `queries/migrate/NNNN_<what>.cypher`.

`:Meta {id: "schema", schema_version}` says which schema a graph has; number NNNN leads from schema NNNN - 1 to NNNN.
A statement is idempotent and runs in one transaction with the note that it ran: interrupted, it did not happen.
"""

import re
from dataclasses import dataclass
from functools import cache

import neo4j

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.schema import apply_schema
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent

_NUMBERED = re.compile(r"migrate/(\d{4})_\w+")


@dataclass(frozen=True)
class Migrated:
    """What a migration did."""

    before: int
    """Schema version that the graph had."""
    now: int
    """Schema version that it has."""
    applied: tuple[str, ...]
    """Names of the statements that ran, in order."""


@cache
def migrations() -> dict[int, str]:
    """Return the statement that leads to each schema version, in order."""
    statements = {int(match[1]): name for name in queries.names() if (match := _NUMBERED.fullmatch(name))}
    if sorted(statements) != list(range(1, len(statements) + 1)):
        raise AssertionError(f"migrations are numbered 0001, 0002 … without a gap, not {sorted(statements)}")
    return dict(sorted(statements.items()))


def present_version() -> int:
    """Return the schema version that this release of Kartograph works with."""
    return max(migrations(), default=0)


def schema_advice(graph: Graph) -> str | None:
    """What to do where a graph does not have the present schema; None where it has, or is empty."""
    state = graph.query(queries.load("migrate/schema_version")).iloc[0]
    version, now = int(state["version"]), present_version()
    if version > now:
        return _of_a_later_release(version)
    if version < now and state["nodes"]:
        return (
            f"the graph has schema {version}, and this release of Kartograph works with schema {now}: back it up "
            "(`kartograph backup FILE`) and run `kartograph upgrade`"
        )
    return None


def _of_a_later_release(version: int) -> str:
    return (
        f"the graph has schema {version}, and this release of Kartograph knows the schemas up to {present_version()}: "
        "a later release wrote it; install that one (`pip install --upgrade kartograph`)"
    )


def migrate(graph: Graph, progress: Progress = silent) -> Migrated:
    """Bring a graph to the present schema, its constraints and indexes included; nothing happens where it is there.

    An empty graph only gets the note, the constraints and the indexes. Raises `BadInput` for a graph of a later
    schema, which a later release of Kartograph made.
    """
    state = graph.query(queries.load("migrate/schema_version")).iloc[0]
    before, now = int(state["version"]), present_version()
    if before > now:
        raise BadInput(_of_a_later_release(before))
    due = {version: name for version, name in migrations().items() if version > before}
    # Migrations look nodes up by id, so they need the constraints; and the last one may have brought new ones.
    apply_schema(graph, progress)
    if not state["nodes"]:
        _note(graph, now)
        return Migrated(before, now, ())
    for version, name in due.items():
        progress(f"Migrating the graph to schema {version}")
        _apply(graph, queries.load(name), version)
    return Migrated(before, now, tuple(due.values()))


def _apply(graph: Graph, statement: queries.Statement, version: int) -> None:
    note = queries.load("migrate/set_schema_version")

    def both(transaction: neo4j.ManagedTransaction) -> None:
        transaction.run(statement.text).consume()
        transaction.run(note.text, version=version).consume()

    with graph.driver.session(database=graph.database) as session:
        session.execute_write(both)


def _note(graph: Graph, version: int) -> None:
    graph.query(queries.load("migrate/set_schema_version"), write=True, version=version)

"""How a database gets its constraints and indexes: the statements of `queries/schema/`, awaited."""

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.tables.progress import Progress, silent

AWAIT_SECONDS = 3600


def schema_names() -> list[str]:
    """Return the names of all schema statements, constraints first: they bring indexes that others build on."""
    statements = [name for name in queries.names() if name.startswith("schema/")]
    return sorted(statements, key=lambda name: (not name.endswith("_unique"), name))


def apply_schema(graph: Graph, progress: Progress = silent) -> None:
    """Create every constraint and index that is not there yet, and wait until all are online.

    Idempotent. Raises what the server raises where data breaks a constraint (two items of one id).
    """
    names = schema_names()
    for done, name in enumerate(names):
        progress("Creating constraints and indexes", done, len(names))
        graph.query(queries.load(name), write=True)
    progress("Waiting for the indexes", len(names), len(names))
    graph.query(queries.load("operate/await_indexes"), seconds=AWAIT_SECONDS)

"""What a step keeps beside the graph from one run to the next, so that the next one reads only what changed between.

It lies with the shop's snapshot, under the name of the run that kept it, and whoever erases a user removes both. It is
taken only where that run is the last one of the step that the graph knows of: after a restore, or when somebody else
enriched the same graph meanwhile, the step reads everything.
"""

from contextlib import suppress

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.snapshot.snapshot import snapshot_folder
from kartograph.graph.snapshot.store import Arrays, Store
from kartograph.tables.errors import ServerError


def keep(graph: Graph, step: str, run: str, arrays: Arrays) -> None:
    """Keep arrays of a run in place of those that a former one kept; where no file can be written, nothing is kept."""
    store = Store(snapshot_folder(graph))
    with suppress(ServerError), store.locked():
        store.write(f"step-{step}", run, arrays)


def kept_before(graph: Graph, step: str, run: str) -> Arrays | None:
    """What the run before this one kept; None where there is nothing of it, or where it is damaged."""
    former = graph.query(queries.load("enrich/former_run"), run=run)["former"]
    stored = Store(snapshot_folder(graph)).read(f"step-{step}", former[0]) if len(former) else None
    return stored and stored.arrays

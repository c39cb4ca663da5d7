"""Whether a new database holds what was written for it."""

from kartograph import queries
from kartograph.graph.accounts import tally_in
from kartograph.graph.bulk.contents import Contents
from kartograph.graph.connection import Graph
from kartograph.tables.contents.tally import Tally
from kartograph.tables.errors import ServerError


def compare(graph: Graph, contents: Contents, events: Tally) -> None:
    """Raise `ServerError` where a graph differs from its contents in nodes, relationships, or keys of events.

    `events` are those that the shop brought.
    """
    expected = {"nodes": len(contents.singles), "relationships": 0}
    for file in contents.files:
        expected[file.holds] += file.rows
    counted = graph.query(queries.load("operate/size")).iloc[0]
    differ = [
        f"{int(counted[what]):,} {what}, not {count:,}" for what, count in expected.items() if counted[what] != count
    ]
    if (held := tally_in(graph)) != events:
        differ.append(f"{held}, not {events}")
    if differ:
        raise ServerError(
            f"the database that was built does not hold what was written for it: {'; '.join(differ)}. The shop is as "
            "it was. Load again, and look after the disk where it happens again"
        )

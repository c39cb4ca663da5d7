"""Whether a new database holds what was written for it."""

from collections.abc import Mapping, Sequence

from kartograph import queries
from kartograph.graph.accounts import tally_in
from kartograph.graph.bulk.importer import Input
from kartograph.graph.connection import Graph
from kartograph.tables.errors import ServerError
from kartograph.tables.tally import Tally


def compare(graph: Graph, inputs: Sequence[Input], rows: Mapping[str, int], events: Tally) -> None:
    """Raise `ServerError` where a graph differs from its import files in nodes, relationships, or keys of events.

    `rows` counts the rows of each file by its name; a file that it does not name has one. `events` are those that the
    shop brought.
    """
    expected = {"nodes": 0, "relationships": 0}
    for given in inputs:
        expected[given.holds] += rows.get(given.path.stem, 1)
    found = graph.query(queries.load("operate/size")).iloc[0]
    differ = [f"{int(found[what]):,} {what}, not {count:,}" for what, count in expected.items() if found[what] != count]
    if (held := tally_in(graph)) != events:
        differ.append(f"{held}, not {events}")
    if differ:
        raise ServerError(
            f"the database that was built does not hold what was written for it: {'; '.join(differ)}. The shop is as "
            "it was. Load again, and look after the disk where it happens again"
        )

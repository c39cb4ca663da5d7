"""The pairs that the graph holds, and those that the tables of a bulk load count of its sessions."""

import ibis
import pandas as pd
import pyarrow as pa


def edges(graph, label: str) -> pd.DataFrame:
    return graph.query(
        f"MATCH (a:{label})-[w:CO_OCCURS]->(b:{label}) "
        "RETURN a.id AS a, b.id AS b, w.weight AS weight, w.sessions AS sessions ORDER BY a, b"
    )


def counted(graph, in_tables, options) -> pd.DataFrame:
    """The same, of all events; `in_tables` is the function that counts them."""
    rows = graph.query(
        "MATCH (s:Session)-[e:INCLUDES]->(i:Item) "
        "RETURN s.id AS session_id, i.id AS item_id, e.position AS position, e.category AS category_id"
    )
    events = ibis.memtable(pa.Table.from_pandas(rows, preserve_index=False))
    return in_tables(events, options).to_pyarrow().to_pandas().sort_values(["a", "b"], ignore_index=True)

"""Speed of the packed export against streaming row by row: `python benchmarks/export.py --shop shop`.

It runs on what the shop holds; `--embed` first gives items without an embedding 64 numbers. Edges: both forms read the
same projection. Embeddings: the whole export with its projection against the rows of a MATCH, made into an array. Both
in turns (packed, rows, rows, packed); the mean of each is printed with its spread.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import LiteralString
from uuid import uuid4

import numpy as np
import psutil

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.export.edges import EdgeSet, read_edges
from kartograph.graph.export.exported import export
from kartograph.graph.export.nodes import NodeSet, read_nodes

PROJECTION = f"benchmark-{uuid4().hex[:12]}"
NAIVE = Path(__file__).with_name("naive")


def main() -> None:
    """Run both forms in turns and print their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shop", default="shop")
    parser.add_argument("--type", default="VIEWED", help="relationships from users to items")
    parser.add_argument("--embed", action="store_true", help="give items without an embedding one")
    arguments = parser.parse_args()
    with Graph.local(arguments.shop) as graph:
        if arguments.embed:
            graph.query(_text("embeddings"), write=True)
        _edges(graph, arguments.type)
        _embeddings(graph)
        _matrix(graph, arguments.type)


def _edges(graph: Graph, type_: str) -> None:
    graph.query(
        queries.load("export/project"),
        projection=PROJECTION,
        labels=["Item", "User"],
        relationships={type_: {"properties": {}}},
    )
    try:
        users = read_nodes(graph, PROJECTION, NodeSet("User"))
        items = read_nodes(graph, PROJECTION, NodeSet("Item"))
        edge_set = EdgeSet("User", type_, "Item")
        forms: dict[str, Callable[[], int]] = {
            "packed": lambda: len(read_edges(graph, PROJECTION, edge_set, users, items)),
            "row by row": lambda: _rows(graph, type_),
        }
        _in_turns("edges", forms)
    finally:
        graph.query(queries.load("operate/drop_projection"), projection=PROJECTION)


def _in_turns(what: str, forms: dict[str, Callable[[], int]]) -> None:
    """Run two forms in turns and print what each takes and their ratio."""
    count = forms["packed"]()  # the server compiles the statement at the first time
    seconds: dict[str, list[float]] = {name: [] for name in forms}
    for name in ("packed", "row by row", "row by row", "packed"):
        began = time.perf_counter()
        assert forms[name]() == count
        seconds[name].append(time.perf_counter() - began)
    for name, taken in seconds.items():
        middle = statistics.mean(taken)
        spread = f"({min(taken):.2f}-{max(taken):.2f})"
        print(f"{name:12} {count:,} {what} {middle:7.2f} s {spread} {count / middle:12,.0f}/s", flush=True)
    ratio = statistics.mean(seconds["row by row"]) / statistics.mean(seconds["packed"])
    print(f"ratio        {ratio:.1f}, load average {psutil.getloadavg()[0]:.1f}", flush=True)


def _rows(graph: Graph, type_: str) -> int:
    """Stream the edges row by row, as the driver hands them out."""
    with graph.driver.session(database=graph.database) as session:
        return sum(1 for _ in session.run(_text("edges"), projection=PROJECTION, type=type_))


def _text(name: str) -> LiteralString:
    text: LiteralString = (NAIVE / f"{name}.cypher").read_text("utf-8")  # pyright: ignore[reportAssignmentType]
    return text


def _embeddings(graph: Graph) -> None:
    """Time the embeddings of all items, with their ids and as one array."""
    if "embedding" not in graph.query(queries.load("export/names"))["properties"][0]:
        print("no item has an embedding: run `kartograph enrich`, or give --embed")
        return

    def packed() -> int:
        embeddings = export(graph, [NodeSet("Item", embedding="embedding")]).nodes["Item"].embeddings
        assert embeddings is not None
        return int((~np.isnan(embeddings[:, 0])).sum())

    def rows() -> int:
        with graph.driver.session(database=graph.database) as session:
            item_rows = [(row[0], row[1]) for row in session.run(_text("item_embeddings"))]
        return len(np.array([embedding for _, embedding in item_rows], dtype=np.float32))

    _in_turns("embeddings", {"packed": packed, "row by row": rows})


def _matrix(graph: Graph, type_: str) -> None:
    """Time a whole export of edges, with its projection."""
    began = time.perf_counter()
    done = export(graph, [NodeSet("User"), NodeSet("Item")], [EdgeSet("User", type_, "Item", ("count",))])
    edges = done.edges["User", type_, "Item"]
    matrix = edges.csr("count")
    print(
        f"matrix       {matrix.shape[0]:,} × {matrix.shape[1]:,}, {matrix.nnz:,} in {time.perf_counter() - began:.2f} s"
    )


if __name__ == "__main__":
    main()

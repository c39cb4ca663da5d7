"""How a small shop becomes a database: created by the server that serves it, in one transaction.

Neo4j's importer is a Java process of its own, which takes longer to start than some thousand rows take in this way.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kartograph import queries
from kartograph.graph.bulk.contents import Contents
from kartograph.graph.bulk.files import ImportFile
from kartograph.graph.connection import Graph

TYPED: Mapping[str, Callable[[Any], Any]] = {
    "long": int,
    "double": float,
    "boolean": bool,
    "long[]": lambda text: [int(part) for part in text.split(";") if part],
    "string[]": lambda text: text.split(";"),
}
"""What a value becomes where its header names a type; the others are texts."""


@dataclass(frozen=True)
class Created:
    """Nodes in the order of their import ids and relationships between them, as `load/create_shop` takes them."""

    nodes: list[dict[str, Any]]
    relationships: list[dict[str, Any]]
    rows: dict[str, int]
    """How many rows each file gave."""


def read_contents(contents: Contents) -> Created:
    """The contents as values of the driver."""
    nodes: dict[int, dict[str, Any]] = {}
    relationships: list[dict[str, Any]] = []
    rows = {}
    for file in contents.files:
        ends, properties = _columns(file)
        rows[file.name] = len(properties)
        if file.holds == "nodes":
            columns = zip(ends[":ID"], properties, strict=True)
            nodes |= {number: {"label": file.kind, "properties": values} for number, values in columns}
            continue
        kinds = ends.get(":TYPE", [file.kind] * len(properties))
        relationships += [
            {"type": kind, "start": start, "end": end, "properties": values}
            for kind, start, end, values in zip(kinds, ends[":START_ID"], ends[":END_ID"], properties, strict=True)
        ]
    for number, (label, of_node) in enumerate(contents.singles, contents.first):
        names = [header.partition(":")[0] for header in of_node]
        values = [_typed(header, [value])[0] for header, value in of_node.items()]
        nodes[number] = {"label": label, "properties": dict(zip(names, values, strict=True))}
    return Created([nodes[number] for number in range(len(nodes))], relationships, rows)


def create(graph: Graph, created: Created) -> None:
    """Create all of it in an empty database."""
    statement = queries.load("load/create_shop")
    graph.query(statement, write=True, nodes=created.nodes, relationships=created.relationships)


def _columns(file: ImportFile) -> tuple[dict[str, list[Any]], list[dict[str, Any]]]:
    """The columns that name nodes and types, and the properties of each row."""
    table = file.table
    texts = [name for name, kind in table.schema().items() if ":" not in name and not kind.is_string()]
    table = table.mutate(**{name: table[name].cast("string") for name in texts}) if texts else table
    ends, names, columns = {}, [], []
    read = table.to_pyarrow()
    for header in read.column_names:
        values = read[header].to_pylist()
        if header.startswith(":"):
            ends[header] = values
        else:
            names.append(header.partition(":")[0])
            columns.append(_typed(header, values))
    rows = zip(*columns, strict=True) if columns else ((),) * read.num_rows
    return ends, [dict(zip(names, values, strict=True)) for values in rows]


def _typed(header: str, values: list[Any]) -> list[Any]:
    typed = TYPED.get(header.partition(":")[2])
    return values if typed is None else [None if value is None else typed(value) for value in values]

"""All that a load writes into a graph, as plain values: of a graph, and as a shop's tables tell it."""

from typing import Any

from kartograph.graph.bulk.files import import_files, number_nodes
from kartograph.graph.connection import Graph
from kartograph.tables.schema import Shop

LABELS = {"users": "User", "items": "Item", "categories": "Category", "sessions": "Session"}
Content = dict[str, dict[tuple, Any]]
"""Properties of nodes by id, by label; sorted properties of the relationships of two ids, by type."""


def content_of(graph: Graph) -> Content:
    """The nodes and relationships that loads write; those of enrichment and the records of loads are left out."""
    content: Content = {}
    for label in LABELS.values():
        rows = graph.query(f"MATCH (n:{label}) RETURN n.id AS id, n {{.*}} AS n")
        nodes = zip(rows["id"], rows["n"], strict=True)
        content[label] = {(id_,): {k: v for k, v in node.items() if k != "id"} for id_, node in nodes}
    rows = graph.query(
        "MATCH (a:User|Item|Category|Session)-[r]->(b:User|Item|Category|Session) WHERE type(r) <> 'CO_OCCURS' "
        "RETURN type(r) AS kind, a.id AS a, b.id AS b, r {.*} AS r"
    )
    for kind, start, end, properties in zip(rows["kind"], rows["a"], rows["b"], rows["r"], strict=True):
        content.setdefault(kind, {}).setdefault((start, end), []).append(properties)
    return _sorted(content)


def content_from(shop: Shop) -> Content:
    """The same, of the files that a bulk load of the shop writes."""
    content: Content = {label: {} for label in LABELS.values()}
    ids: dict[int, str] = {}
    for file in import_files(shop, number_nodes(shop), "run"):
        for row in file.table.to_pyarrow().to_pylist():
            properties = {name.partition(":")[0]: _value(name, value) for name, value in row.items() if name[0] != ":"}
            properties = {name: value for name, value in properties.items() if value is not None}
            if file.holds == "nodes":
                ids[row[":ID"]] = properties.pop("id")
                content[file.kind][(ids[row[":ID"]],)] = properties
            elif file.kind != "CO_OCCURS":
                kind, ends = row.get(":TYPE", file.kind), (ids[row[":START_ID"]], ids[row[":END_ID"]])
                content.setdefault(kind, {}).setdefault(ends, []).append(properties)
    return _sorted(content)


def _value(name: str, value: Any) -> Any:
    if name.endswith("[]") and value is not None:
        return [int(one) for one in value.split(";")] if value else None
    return value


def _sorted(content: Content) -> Content:
    for kind, of in content.items():
        if kind not in LABELS.values():
            for result in of.values():
                result.sort(key=lambda properties: str(sorted(properties.items())))
    return content


def assert_same(result: Content, expected: Content) -> None:
    """Compare kind by kind, and show a few differences."""
    assert {kind: len(of) for kind, of in result.items()} == {kind: len(of) for kind, of in expected.items()}
    for kind, of in expected.items():
        wrong = {key: (result[kind].get(key), value) for key, value in of.items() if result[kind].get(key) != value}
        assert not wrong, (kind, len(wrong), list(wrong.items())[:3])

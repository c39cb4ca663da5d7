"""Changes of items from the log into the graph."""

import time
from typing import Any

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.serving.bundle.attributes import compared_attributes, listed
from kartograph.serving.catalogue.changes import ChangeLog
from kartograph.serving.events.flush import SOURCE, load

AT_ONCE = 5_000
PROPERTIES = ("available", "price", "title", "brand", "group_id", "image")


def flush_changes(graph: Graph, log: ChangeLog) -> int:
    """Bring the changes that wait into the graph, `AT_ONCE` at most; returns how many.

    A property also says since when it is known (`price_at`), so that a load of older files does not take it back. A
    category becomes the present one and the former one history. An attribute that the ontology declares as a link
    becomes one, to the individuals of these names. To repeat a flush changes nothing.
    """
    waiting = log.unflushed(AT_ONCE)
    if not waiting:
        return 0
    declared = _declared(graph) if any(change.get("attributes") for _, _, change, _ in waiting) else {}
    merged: dict[str, dict[str, object]] = {}
    links: dict[tuple[str, str], list[object]] = {}
    categories: dict[str, tuple[str | None, int]] = {}
    for _, item, change, at in waiting:
        properties = merged.setdefault(item, {})
        known = {name: value for name, value in change.items() if name in PROPERTIES}
        for name, value in (change.get("attributes") or {}).items():
            attribute = declared.get(name, {"property": name})
            if attribute["property"]:
                known[attribute["property"]] = value
            else:
                links[item, attribute["relationship"]] = listed(value)
        properties |= known | {f"{name}_at": at for name in known if name in PROPERTIES}
        if "category" in change:
            categories[item] = change["category"], at
    rows = [{"id": item, "properties": properties} for item, properties in merged.items()]
    graph.query(
        queries.load("serving/change_items"),
        write=True,
        rows=rows,
        source=SOURCE,
        day=time.strftime("%Y-%m-%d", time.gmtime()),
        now=time.time_ns() // 1_000_000,
    )
    if links:
        linked = [{"id": item, "relationship": name, "values": values} for (item, name), values in links.items()]
        graph.query(queries.load("serving/link_items"), write=True, rows=linked)
    placed = [(item, category, at) for item, (category, at) in categories.items() if category is not None]
    if placed:
        load(graph, categories=placed)
    cleared = [{"id": item, "at": at} for item, (category, at) in categories.items() if category is None]
    if cleared:
        graph.query(queries.load("serving/clear_categories"), write=True, rows=cleared)
    log.mark_flushed(waiting[-1][0])
    return len(waiting)


def _declared(graph: Graph) -> dict[str, dict[str, Any]]:
    """The attributes of the ontology by their names, and by those of their properties and relationships."""
    return {
        name: row
        for row in compared_attributes(graph)
        for name in (row["name"], row["property"], row["relationship"])
        if name
    }

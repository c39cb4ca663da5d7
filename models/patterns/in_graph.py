"""Writes rules and patterns into the graph, as nodes beside their items.

(:Item)<-[:STARTS_FROM {position, element}]-(:Rule {items, support, confidence, lift})-[:LEADS_TO]->(:Item)
(:Pattern {kind, items, support, period})-[:HOLDS {position, element}]->(:Item)
"""

from typing import Any

import numpy as np

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.models.data import Ids
from kartograph.models.patterns.databases import Period
from kartograph.models.patterns.gsp import Patterns
from kartograph.models.patterns.rules import Rules

BATCH = 5_000


def write_rules(
    graph: Graph,
    rules: Rules,
    items: Ids,
    run: str,
    kind: str = "consequential",
    period: Period = "event",
    most: int = 10_000,
) -> int:
    """Write the `most` rules of the highest support, equals by confidence; returns how many.

    Rules of other runs are deleted afterwards; several lots of one run stand side by side. `kind` says what is on the
    left: "consequential" for clicks, "purchases" for purchases.
    """
    best = np.lexsort((-rules.confidence, -rules.support))[:most]
    return _write(graph, "rules", [_rule(rules, int(rule), items, kind, period) for rule in best], run)


def write_patterns(
    graph: Graph,
    patterns: Patterns,
    items: Ids,
    run: str,
    kind: str = "clicks",
    period: Period = "event",
    most: int = 10_000,
) -> int:
    """Write the `most` patterns of two or more items with the highest support; returns how many.

    Patterns of other runs are deleted afterwards; several lots of one run stand side by side. `kind` says what they are
    sequences of: "clicks" or "purchases".
    """
    longer = np.flatnonzero(np.diff(patterns.offsets) > 1)
    best = longer[np.argsort(-patterns.support[longer], kind="stable")[:most]]
    return _write(graph, "patterns", [_pattern(patterns, int(one), items, kind, period) for one in best], run)


def _write(graph: Graph, what: str, rows: list[dict[str, Any]], run: str) -> int:
    """Write rules or patterns, then delete those of other runs; returns how many were written."""
    written = 0
    for start in range(0, len(rows), BATCH):
        some = rows[start : start + BATCH]
        written += int(graph.query(queries.load(f"patterns/write_{what}"), write=True, run=run, rows=some)[what][0])
    graph.query(queries.load(f"patterns/delete_old_{what}"), write=True, run=run)
    return written


def _rule(rules: Rules, rule: int, items: Ids, kind: str, period: Period) -> dict[str, Any]:
    names, elements = _named(rules.left(rule), items)
    right = str(items.external[rules.right[rule]])
    return {
        "id": f"{kind}:{period}:{_text(names, elements)}>{right}",
        "kind": kind,
        "period": period,
        "items": names,
        "elements": elements,
        "right": right,
        "support": int(rules.support[rule]),
        "confidence": float(rules.confidence[rule]),
        "lift": float(rules.lift[rule]),
    }


def _pattern(patterns: Patterns, pattern: int, items: Ids, kind: str, period: Period) -> dict[str, Any]:
    names, elements = _named(patterns.elements(pattern), items)
    return {
        "id": f"{kind}:{period}:{_text(names, elements)}",
        "kind": kind,
        "period": period,
        "items": names,
        "elements": elements,
        "support": int(patterns.support[pattern]),
    }


def _named(elements: tuple[tuple[int, ...], ...], items: Ids) -> tuple[list[str], list[int]]:
    """The items of all elements in a row, and the element of each."""
    return (
        [str(items.external[item]) for element in elements for item in element],
        [number for number, element in enumerate(elements) for _ in element],
    )


def _text(names: list[str], elements: list[int]) -> str:
    """Items of one element with a plus between them, elements with a comma."""
    parts = [names[0]] if names else []
    for name, element, before in zip(names[1:], elements[1:], elements, strict=False):
        parts += ["+" if element == before else ",", name]
    return "".join(parts)

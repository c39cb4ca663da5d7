"""What an ontology says of the items, as arrays of a bundle: numbers, and for everything else tokens of equal values.

attributes.json         name, kind, property, relationship and weight of each attribute that items are compared by
numbers.<k>             the number of each item, NaN where it has none, of attribute k
tokens.*                the texts `k <tab> value` of all attributes but numbers, sorted; the value of a link is the IRI
token.offsets, .items   the items of each token
sizes.<k>               how many tokens of attribute k each item has
aliases.*               `k <tab> name` of linked individuals, sorted, and alias.tokens: the token that each one is
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy import ndarray

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.models.data import Ids
from kartograph.models.groups import offsets_of
from kartograph.serving.bundle.arrays import write_arrays
from kartograph.serving.bundle.texts import packed

AT_ONCE = 20_000
DESCRIPTION = "attributes.json"
NUMERIC = "Numeric"


def write_attributes(folder: Path, graph: Graph, ids: Ids) -> None:
    """Write the attributes of a graph's items; nothing where no ontology is loaded."""
    attributes = compared_attributes(graph)
    if not attributes:
        return
    values, links, items = _read(graph, attributes)
    rows = ids.rows(pd.Index(items, dtype=object))
    tokens: list[tuple[str, int]] = []
    aliases: dict[str, str] = {}
    arrays: dict[str, ndarray] = {}
    for number, attribute in enumerate(attributes):
        lists = values if attribute["property"] else links
        column = lists[attribute["property"] or attribute["relationship"]]
        if attribute["kind"] == NUMERIC:
            numbers = np.full(len(ids), np.nan, np.float32)
            kept = rows >= 0
            numbers[rows[kept]] = pd.to_numeric(pd.Series(column, dtype=object), errors="coerce").to_numpy(float)[kept]
            arrays[f"numbers.{number}"] = numbers
            continue
        pairs = [
            (row, one) for row, cell in zip(rows.tolist(), column, strict=True) if row >= 0 for one in listed(cell)
        ]
        if attribute["relationship"]:
            aliases |= {token(number, name): token(number, iri) for _, (iri, name) in pairs if name is not None}
            pairs = [(row, iri) for row, (iri, _) in pairs]
        distinct = {(token(number, one), row) for row, one in pairs}
        tokens += distinct
        sizes = np.bincount(np.array([row for _, row in distinct], np.int64), minlength=len(ids))
        arrays[f"sizes.{number}"] = sizes.astype(np.int16)
    write_arrays(folder, arrays | _postings(tokens, aliases))
    (folder / DESCRIPTION).write_text(json.dumps(attributes), "utf-8")


def compared_attributes(graph: Graph) -> list[dict[str, Any]]:
    """name, kind, property, relationship and weight of each attribute that items are compared by."""
    attributes = graph.query(queries.load("serving/compared_attributes")).astype(object)
    rows = attributes.where(attributes.notna(), None).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]


def token(attribute: int, value: Any) -> str:
    """The text by which equal values of an attribute are found."""
    return f"{attribute}\t{str(value).lower() if isinstance(value, bool) else value}"


def listed(value: Any) -> list[Any]:
    """The values of a cell, which may be none, one or many."""
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _read(graph: Graph, attributes: list[dict[str, Any]]) -> tuple[dict[str, list], dict[str, list], list[str]]:
    """Values by property, linked individuals by relationship, and the items that they belong to."""
    properties = [one["property"] for one in attributes if one["property"]]
    relationships = [one["relationship"] for one in attributes if one["relationship"]]
    values: dict[str, list] = {name: [] for name in properties}
    links: dict[str, list] = {name: [] for name in relationships}
    items: list[str] = []
    statement = queries.load("serving/item_attributes")
    asked = {"k": AT_ONCE, "properties": properties, "relationships": relationships}
    while True:
        [page] = graph.query(statement, after=items[-1] if items else "", **asked).to_dict("records")
        if not page["ids"]:
            return values, links, items
        items += page["ids"]
        for rows, columns in ((values, page["values"]), (links, page["links"])):
            for name, column in zip(rows, columns, strict=True):
                rows[name] += column


def _postings(tokens: list[tuple[str, int]], aliases: dict[str, str]) -> dict[str, ndarray]:
    texts = sorted({text for text, _ in tokens}, key=str.encode)
    code = {text: number for number, text in enumerate(texts)}
    codes = np.array([code[text] for text, _ in tokens], np.int64)
    items = np.array([row for _, row in tokens], np.int64)
    order = np.lexsort((items, codes))
    names = sorted(aliases, key=str.encode)
    arrays = {
        "token.offsets": offsets_of(codes, len(texts)),
        "token.items": items[order].astype(np.int32),
        "alias.tokens": np.array([code[aliases[name]] for name in names], np.int32),
    }
    for name, written in (("tokens", texts), ("aliases", names)):
        arrays[f"{name}.bytes"], arrays[f"{name}.offsets"] = packed(written)
    return arrays

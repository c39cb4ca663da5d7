"""Similarities, clusters, weights and pages into the graph, and a session's objects out of it."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.runs import run_name
from kartograph.ontology.clusters import Clusters
from kartograph.ontology.compare.kinds import Matrix
from kartograph.ontology.similarity import DEFAULT_UNKNOWN, Space, Unknown, blocks, nearest_of
from kartograph.tables.progress import Progress, silent

BATCH = 1_000


def write_similar(
    graph: Graph,
    space: Space,
    ids: NDArray[np.object_],
    k: int = 10,
    weights: Mapping[str, float] | None = None,
    *,
    progress: Progress = silent,
) -> int:
    """Link every item to its `k` most similar ones by `:SIMILAR {measure, score, run}`; returns how many edges.

    `ids` are the items' ids in the graph, row by row. A block of items is compared and written at a time, so memory
    stays bounded; edges of the measure that a former run wrote go with it.
    """
    run = run_name(space.measure.value)
    statement = queries.load("ontology/write_similar")
    written = 0
    for rows in blocks(len(space)):
        progress(f"Writing neighbours by {space.measure}", int(rows[0]), len(space))
        neighbours, scores = nearest_of(space, rows, k, weights)
        for part in _batches(_neighbour_rows(ids, rows, neighbours, scores)):
            answer = graph.query(statement, write=True, rows=part, measure=space.measure.value, run=run)
            written += int(answer["similar"].sum())
    graph.query(queries.load("enrich/delete_old_similar_items"), write=True, measure=space.measure.value, run=run)
    return written


def write_clusters(graph: Graph, clusters: Clusters, ids: NDArray[np.object_], method: str, measure: str) -> int:
    """Write `(:Item)-[:IN_CLUSTER]->(:Cluster {id, method, measure, k, medoid})`, in place of former ones."""
    rows = [
        {
            "id": f"{method}/{measure}/{number}",
            "medoid": ids[medoid],
            "items": ids[clusters.labels == number].tolist(),
        }
        for number, medoid in enumerate(clusters.medoids)
    ]
    written = graph.query(
        queries.load("ontology/write_clusters"), write=True, rows=rows, method=method, measure=measure
    )
    return int(written["clusters"][0])


def write_weights(
    graph: Graph, weights: Mapping[str, float], weighting: str, unknown: Unknown = DEFAULT_UNKNOWN
) -> int:
    """Write weights by column name on the `:Attribute` nodes; `writtenBy.birthYear` is the weight of `birthYear`.

    The identity of a link is the weight of the link. `unknown` is what a missing value counts in this shop. Returns how
    many attributes have a weight.
    """
    rows = [{"name": _attribute_of(name), "weight": weight} for name, weight in weights.items()]
    written = graph.query(
        queries.load("ontology/write_weights"), write=True, rows=rows, weighting=weighting, unknown=unknown
    )
    return int(written["attributes"][0])


def read_weights(graph: Graph, space: Space) -> tuple[dict[str, float], str]:
    """The weights on the `:Attribute` nodes by column name of a space, and what they are: "purity of EED-1".

    Columns of attributes without a weight are left out: they count 1. Without any weight, an empty dictionary and "".
    """
    stored = graph.query(queries.load("ontology/weights"))
    known = dict(zip(stored["name"], stored["weight"], strict=True))
    weights = {name: known[attribute] for name in space.names if (attribute := _attribute_of(name)) in known}
    return weights, ", ".join(stored["weighting"].unique())


def read_unknown(graph: Graph) -> Unknown:
    """What a missing value counts in this shop, as its weights were learned; the default where it has none."""
    known = graph.query(queries.load("ontology/weights"))["unknown"].dropna()
    return Unknown(known.iloc[0]) if len(known) else DEFAULT_UNKNOWN


def read_unavailable(graph: Graph, space: Space) -> NDArray[np.int64]:
    """The rows of the items that the shop knows to be unavailable."""
    items = graph.query(queries.load("ontology/availability"))
    rows = pd.Index(space.ids).get_indexer(pd.Index(items["iri"][items["available"].eq(False)]))
    return rows[rows >= 0]


def _attribute_of(name: str) -> str:
    return name.removesuffix(".identity").rsplit(".", 1)[-1]


def write_pages(graph: Graph, pages: pd.DataFrame, progress: Progress = silent) -> tuple[int, int]:
    """Write `(:Page {url})-[:SHOWS]->(:Item)` from `url, item_id`; returns pages and how many show an item."""
    rows = [{"url": url, "item": item} for url, item in zip(pages["url"], pages["item_id"], strict=True)]
    known = shown = 0
    for part in _batches(rows):
        progress("Writing pages", known, len(rows))
        answer = graph.query(queries.load("ontology/write_pages"), write=True, rows=part)
        known += int(answer["pages"][0])
        shown += int(answer["shown"][0])
    return known, shown


def session_objects(graph: Graph, session: str, *, extended: bool = True) -> pd.DataFrame:
    """A session as objects of the target class, and with `extended` as these and the objects they are linked to.

    `position, item, iri, properties, linked`: linked is a list of maps `relation, iri, name, labels, properties`,
    empty without `extended`.
    """
    return graph.query(queries.load("ontology/session_objects"), session=session, extended=extended)


def _neighbour_rows(
    ids: NDArray[np.object_], rows: NDArray[np.int64], neighbours: NDArray[np.int64], scores: Matrix
) -> Iterator[dict[str, Any]]:
    for row, others, values in zip(rows, neighbours, scores, strict=True):
        kept = others >= 0
        yield {"item": ids[row], "others": ids[others[kept]].tolist(), "scores": values[kept].astype(float).tolist()}


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    waiting = iter(rows)
    while part := list(islice(waiting, BATCH)):
        yield part

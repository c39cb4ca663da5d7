"""An ontology with its individuals as nodes and relationships.

    (:Item:Individual:Book {id, iri, title, publicationYear …})-[:WRITTEN_BY]->(:Individual:Author {iri, name …})
    (:Attribute {iri, name, kind, property …})

Individuals of the target class are items, so what users did and what things are meet in one node. All that says nothing
of an individual (classes, properties, annotations), or of a rejected one, is kept as triples on `:Meta` nodes. Links
that no triple states are marked `inferred`. Loading again replaces.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from rdflib import Graph as Rdf

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.schema import apply_schema
from kartograph.ontology.contents import MOST_REJECTED, Contents, contents_of
from kartograph.ontology.graph.ids import shop_ids
from kartograph.ontology.graph.loss import refuse_loss
from kartograph.ontology.graph.rows import attribute_rows, rows_of
from kartograph.ontology.owl.labels import ENGLISH
from kartograph.tables.progress import Progress, silent
from kartograph.tables.rejects import RejectLimit

TRIPLES_PER_NODE = 2_000


@dataclass(frozen=True)
class Written:
    """What came into the graph."""

    items: int
    individuals: int
    """Of the linked classes."""
    links: int
    attributes: int
    rejected: int
    """Individuals with a value that does not fit."""
    triples: int
    """Of the file, all of them."""
    seconds: float


def write_ontology(
    graph: Graph,
    rdf: Rdf,
    *,
    ids: Mapping[str, str] | None = None,
    languages: Sequence[str] = (ENGLISH,),
    limit: RejectLimit = MOST_REJECTED,
    batch: int = 5_000,
    allow_shrink: bool = False,
    progress: Progress = silent,
) -> tuple[Written, Contents]:
    """Write an ontology and its individuals in batches; returns the counts and what was read.

    Parameters
    ----------
    ids
        Item ids by IRI, for items that the shop has under ids of its own. Others are the items that `shop_ids` finds
        in the graph, or else new ones with their IRI as id.
    languages
        Of labels and values, the most wanted first.
    limit
        How many individuals may be rejected.
    allow_shrink
        Whether less than half of the individuals in the graph may be left; see `refuse_loss`.

    Raises
    ------
    BadInput
        The ontology is wrong, too many individuals are, or too many would go; nothing is written then.
    """
    started = time.monotonic()
    progress("Checking the individuals")
    contents = contents_of(rdf, languages=languages)
    contents.check(limit)
    refuse_loss(graph, contents.catalogue, allow_shrink)
    load = uuid4().hex
    known = shop_ids(graph, contents.catalogue.items.ids.tolist()) | dict(ids or {})
    rows = rows_of(contents, known, load)
    apply_schema(graph, progress)
    attributes = attribute_rows(contents.schema)
    graph.query(queries.load("ontology/write_attributes"), write=True, rows=attributes)
    for kind in sorted({row["relationship"] for row in attributes if row["relationship"]}):
        graph.query(queries.load("ontology/delete_links"), write=True, type=kind)
    _send(graph, "ontology/write_items", rows.items, batch, progress)
    _send(graph, "ontology/write_individuals", rows.individuals, batch, progress)
    for kind, links in sorted(rows.links.items()):
        _send(graph, "ontology/write_links", links, batch, progress, type=kind)
    graph.query(queries.load("ontology/forget_individuals"), write=True, load=load)
    triples = [
        {
            "id": f"ontology/{number}",
            "triples": rows.triples[start : start + TRIPLES_PER_NODE],
            "languages": list(languages),
        }
        for number, start in enumerate(range(0, len(rows.triples), TRIPLES_PER_NODE))
    ]
    graph.query(queries.load("ontology/write_triples"), write=True, rows=triples)
    written = Written(
        len(rows.items),
        len(rows.individuals),
        sum(len(links) for links in rows.links.values()),
        len(attributes),
        len(contents.rejected),
        len(rdf),
        time.monotonic() - started,
    )
    return written, contents


def _send(graph: Graph, name: str, rows: list[dict], batch: int, progress: Progress, **parameters: Any) -> None:
    statement = queries.load(name)
    for start in range(0, len(rows), batch):
        progress(f"Writing ({name.split('_')[-1]})", start, len(rows))
        graph.query(statement, write=True, rows=rows[start : start + batch], **parameters)

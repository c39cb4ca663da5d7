"""How does an ontology with its individuals get into the graph?

    (:Item:Individual:Book {id, iri, title, publicationYear …})-[:WRITTEN_BY]->(:Individual:Author {iri, name …})
    (:Attribute {iri, name, kind, property …})

Individuals of the target class are items, so what users did and what things are meet in one node. All that says nothing
of an individual (classes, properties, annotations) is kept as triples on `:Meta` nodes. Loading again replaces.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import uuid4

from rdflib import RDF, Node, URIRef
from rdflib import Graph as Rdf

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.schema import apply_schema
from kartograph.ontology.graph.names import label_of, property_of, relationship_of
from kartograph.ontology.graph.terms import Value, is_exact, kept, n_triples, value_of
from kartograph.ontology.individuals import SINGLE, Catalogue
from kartograph.ontology.schema import Attribute, Schema, schema_of
from kartograph.ontology.validation import individuals_of, refuse
from kartograph.tables.progress import Progress, silent

TRIPLES_PER_NODE = 2_000


@dataclass(frozen=True)
class Written:
    """What came into the graph."""

    items: int
    individuals: int
    """Of the linked classes."""
    links: int
    attributes: int
    triples: int
    """Of the file, all of them."""
    seconds: float


@dataclass(frozen=True)
class _Rows:
    items: list[dict]
    individuals: list[dict]
    links: dict[str, list[dict]]
    """By relationship type."""


def write_ontology(
    graph: Graph,
    rdf: Rdf,
    *,
    ids: Mapping[str, str] | None = None,
    batch: int = 5_000,
    progress: Progress = silent,
) -> tuple[Written, Catalogue]:
    """Write an ontology and its individuals in batches; returns the counts and the individuals.

    Parameters
    ----------
    ids
        Item ids by IRI, for items that the shop has under ids of its own; other items have their IRI as id.

    Raises
    ------
    BadInput
        The ontology is wrong, or an individual is; nothing is written then.
    """
    started = time.monotonic()
    progress("Checking the individuals")
    schema = schema_of(rdf)
    catalogue, violations = individuals_of(rdf, schema)
    refuse(violations)
    load = uuid4().hex
    rows, rest = _rows(rdf, schema, catalogue, ids or {}, load)
    apply_schema(graph, progress)
    attributes = _attributes(schema)
    graph.query(queries.load("ontology/write_attributes"), write=True, rows=attributes)
    for kind in sorted({row["relationship"] for row in attributes if row["relationship"]}):
        graph.query(queries.load("ontology/delete_links"), write=True, type=kind)
    _send(graph, "ontology/write_items", rows.items, batch, progress)
    _send(graph, "ontology/write_individuals", rows.individuals, batch, progress)
    for kind, links in sorted(rows.links.items()):
        _send(graph, "ontology/write_links", links, batch, progress, type=kind)
    graph.query(queries.load("ontology/forget_individuals"), write=True, load=load)
    triples = [
        {"id": f"ontology/{number}", "triples": rest[start : start + TRIPLES_PER_NODE]}
        for number, start in enumerate(range(0, len(rest), TRIPLES_PER_NODE))
    ]
    graph.query(queries.load("ontology/write_triples"), write=True, rows=triples)
    written = Written(
        len(rows.items),
        len(rows.individuals),
        sum(len(links) for links in rows.links.values()),
        len(attributes),
        len(rdf),
        time.monotonic() - started,
    )
    return written, catalogue


def _send(graph: Graph, name: str, rows: list[dict], batch: int, progress: Progress, **parameters: str) -> None:
    statement = queries.load(name)
    for start in range(0, len(rows), batch):
        progress(f"Writing ({name.split('_')[-1]})", start, len(rows))
        graph.query(statement, write=True, rows=rows[start : start + batch], **parameters)


def _attributes(schema: Schema) -> list[dict]:
    rows: dict[str, dict] = {}
    for description in schema.classes.values():
        for attribute in description.attributes:
            row = rows.setdefault(
                attribute.iri,
                {
                    "iri": attribute.iri,
                    "name": attribute.name,
                    "label": attribute.label,
                    "kind": attribute.kind.value,
                    "compared": attribute.compared,
                    "property": None if attribute.linked else property_of(attribute.name),
                    "relationship": relationship_of(attribute.name) if attribute.linked else None,
                    "classes": [],
                },
            )
            row["classes"].append(description.name)
    return list(rows.values())


def _rows(rdf: Rdf, schema: Schema, catalogue: Catalogue, ids: Mapping[str, str], load: str) -> tuple[_Rows, list[str]]:
    """All rows to write, and the triples that speak of no individual, as N-Triples."""
    names = {
        str(iri): label_of(_local(str(iri))) for description in schema.classes.values() for iri in description.types
    }
    titles: dict[str, str] = {}
    for name in [*(n for n in schema.classes if n != schema.target), schema.target]:
        one = catalogue.classes[name]
        titles |= dict(zip(one.ids.tolist(), one.labels.tolist(), strict=True))
    items = set(catalogue.items.ids.tolist())
    attributes = {a.iri: a for description in schema.classes.values() for a in description.attributes}
    empty = {property_of(a.name): None for a in attributes.values() if not a.linked}
    found = _Rows([], [], {})
    rest: list[str] = []
    for subject, iri, triples in _by_subject(rdf):
        if iri not in titles:
            rest += [f"{n_triples(subject)} {kept(str(p), o)} ." for p, o in triples]
            continue
        types = sorted(str(o) for p, o in triples if p == RDF.type)
        properties, exact = _properties(triples, attributes, set(schema.label_properties), titles[iri])
        for predicate, target in triples:
            attribute = attributes.get(str(predicate))
            if attribute is not None and attribute.linked:
                link = {"from": iri, "to": str(target)}
                found.links.setdefault(relationship_of(attribute.name), []).append(link)
        node = empty | properties | {"types": types, "exact": exact or None, "ontology_load": load}
        row = {"iri": iri, "labels": sorted({names[t] for t in types if t in names}), "properties": node}
        if iri in items:
            node["title"] = titles[iri]
            found.items.append(row | {"id": ids.get(iri, iri)})
        else:
            node["name"] = titles[iri]
            found.individuals.append(row)
    return found, rest


def _by_subject(rdf: Rdf) -> Iterator[tuple[Node, str, list[tuple[Node, Node]]]]:
    for subject in rdf.subjects(unique=True):
        yield subject, str(subject), list(rdf.predicate_objects(subject))


def _properties(
    triples: list[tuple[Node, Node]], attributes: Mapping[str, Attribute], labels: set[str], title: str
) -> tuple[dict[str, Value | list[Value]], list[str]]:
    """The properties of one individual, and the triples that these do not give back."""
    lists: dict[str, list[Value]] = {}
    properties: dict[str, Value | list[Value]] = {}
    exact: list[str] = []
    for predicate, term in sorted(triples):
        name = str(predicate)
        attribute = attributes.get(name)
        if attribute is not None and attribute.linked:
            continue
        if attribute is not None:
            value = value_of(term, attribute.kind)
            if attribute.kind in SINGLE:
                properties[property_of(attribute.name)] = value
            else:
                lists.setdefault(property_of(attribute.name), []).append(value)
            # Two terms of one value, "x" and "x"@en, cannot both come back from it.
            alone = sum(p == predicate and str(o) == str(term) for p, o in triples) == 1
            if alone and is_exact(term, value):
                continue
        elif predicate == RDF.type and isinstance(term, URIRef):
            continue
        exact.append(kept(name, term))
    return properties | {name: list(dict.fromkeys(values)) for name, values in lists.items()}, exact


def _local(iri: str) -> str:
    return iri.rstrip("#/").replace("#", "/").rsplit("/", 1)[-1].rsplit(":", 1)[-1]

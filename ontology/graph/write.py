"""An ontology with its individuals as nodes and relationships.

    (:Item:Individual:Book {id, iri, title, publicationYear …})-[:WRITTEN_BY]->(:Individual:Author {iri, name …})
    (:Attribute {iri, name, kind, property …})

Individuals of the target class are items, so what users did and what things are meet in one node. All that says nothing
of an individual (classes, properties, annotations), or of a rejected one, is kept as triples on `:Meta` nodes. Links
that no triple states are marked `inferred`. Loading again replaces.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

from rdflib import RDF, Node, URIRef
from rdflib import Graph as Rdf

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.schema import apply_schema
from kartograph.ontology.contents import MOST_REJECTED, Contents, contents_of
from kartograph.ontology.graph.ids import shop_ids
from kartograph.ontology.graph.names import label_of, property_of, relationship_of
from kartograph.ontology.graph.terms import Value, digest, kept, n_triples, node_of, term_of, value_of
from kartograph.ontology.individuals import SINGLE
from kartograph.ontology.iris import local_name
from kartograph.ontology.labels import ENGLISH
from kartograph.ontology.schema import Attribute, Schema
from kartograph.ontology.validation import TEXTS, values_of
from kartograph.tables.progress import Progress, silent
from kartograph.tables.rejects import RejectLimit

TITLE = "title"
"""What `as_loaded` calls the label of an individual, the property `title` of items and `name` of others."""
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
    languages: Sequence[str] = (ENGLISH,),
    limit: RejectLimit = MOST_REJECTED,
    batch: int = 5_000,
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

    Raises
    ------
    BadInput
        The ontology is wrong, or too many individuals are; nothing is written then.
    """
    started = time.monotonic()
    progress("Checking the individuals")
    contents = contents_of(rdf, languages=languages)
    contents.check(limit)
    load = uuid4().hex
    known = shop_ids(graph, contents.catalogue.items.ids.tolist()) | dict(ids or {})
    rows, rest = _rows(contents, known, load)
    apply_schema(graph, progress)
    attributes = _attributes(contents.schema)
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
            "triples": rest[start : start + TRIPLES_PER_NODE],
            "languages": list(languages),
        }
        for number, start in enumerate(range(0, len(rest), TRIPLES_PER_NODE))
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


def _rows(contents: Contents, ids: Mapping[str, str], load: str) -> tuple[_Rows, list[str]]:
    """All rows to write, and the triples that speak of no individual, as N-Triples."""
    schema, catalogue, rdf = contents.schema, contents.catalogue, contents.rdf
    names = {iri: label_of(local_name(iri)) for description in schema.classes.values() for iri in description.types}
    titles: dict[str, str] = {}
    labels: dict[str, set[str]] = {}
    for name in [*(n for n in schema.classes if n != schema.target), schema.target]:
        individuals = catalogue.classes[name]
        titles |= dict(zip(individuals.ids.tolist(), individuals.labels.tolist(), strict=True))
        if not schema.classes[name].joined:
            for iri in individuals.ids.tolist():
                labels.setdefault(iri, set()).add(label_of(name))
    items = set(catalogue.items.ids.tolist())
    attributes = {a.iri: a for description in schema.classes.values() for a in description.attributes}
    terms = _terms(contents, attributes.values())
    empty = {property_of(a.name): None for a in attributes.values() if not a.linked}
    rows = _Rows([], [], _links(contents, attributes.values(), titles))
    for iri, title in titles.items():
        triples = list(rdf.predicate_objects(node_of(iri)))
        types = sorted(str(o) for p, o in triples if p == RDF.type and isinstance(o, URIRef))
        properties, exact, as_loaded = _properties(triples, attributes, terms.get(iri, {}), titles, catalogue.names)
        shown = labels.get(iri, set()) | {names[t] for t in types if t in names}
        node = empty | properties | {"types": types, "exact": exact or None, "ontology_load": load}
        node["as_loaded"] = [*as_loaded, f"{TITLE} {digest(title)}"]
        row = {"iri": iri, "labels": sorted(shown), "properties": node}
        if iri in items:
            node["title"] = title
            rows.items.append(row | {"id": ids.get(iri, iri)})
        else:
            node["name"] = title
            rows.individuals.append(row)
    rest = [f"{n_triples(s)} {kept(str(p), o)} ." for s, p, o in rdf if str(s) not in titles]
    return rows, rest


def _terms(contents: Contents, attributes: Iterable[Attribute]) -> dict[str, dict[str, list[Node]]]:
    """The terms that follow for each individual, by the IRI of the attribute."""
    found: dict[str, dict[str, list[Node]]] = {}
    for attribute in attributes:
        if not attribute.linked:
            for subject, value in values_of(contents.facts, attribute, contents.labels):
                found.setdefault(str(subject), {}).setdefault(attribute.iri, []).append(value)
    return found


def _links(contents: Contents, attributes: Iterable[Attribute], titles: Mapping[str, str]) -> dict[str, list[dict]]:
    """The links by relationship type; an inferred one stands in no triple itself."""
    found: dict[str, list[dict]] = {}
    for attribute in attributes:
        if attribute.linked:
            for one, other in contents.facts.pairs(URIRef(attribute.iri)):
                if str(one) in titles and str(other) in titles:
                    inferred = (one, URIRef(attribute.iri), other) not in contents.rdf
                    row = {"from": str(one), "to": str(other), "inferred": inferred or None}
                    found.setdefault(relationship_of(attribute.name), []).append(row)
    return found


def _values(attribute: Attribute, terms: Iterable[Node], names: Mapping[str, str]) -> list[Value]:
    """Different values in the order of their terms; an IRI that is a text is called by its name."""
    found = [value_of(term, attribute.kind) for term in sorted(terms, key=str)]
    if attribute.kind in TEXTS:
        found = [names.get(str(value), value) for value in found]
    return list(dict.fromkeys(found))


def _properties(
    triples: list[tuple[Node, Node]],
    attributes: Mapping[str, Attribute],
    terms: Mapping[str, list[Node]],
    titles: Mapping[str, str],
    names: Mapping[str, str],
) -> tuple[dict[str, Value | list[Value] | None], list[str], list[str]]:
    """The properties, the triples that these do not give back, and digests of the properties that stand for those."""
    stated: dict[str, list[Node]] = {}
    for predicate, term in triples:
        if predicate != RDF.type or not isinstance(term, URIRef):
            stated.setdefault(str(predicate), []).append(term)
    properties: dict[str, Value | list[Value] | None] = {}
    exact: list[str] = []
    as_loaded: list[str] = []
    for predicate in sorted({*stated, *terms}):
        attribute = attributes.get(predicate)
        objects = stated.get(predicate, [])
        if attribute is not None and attribute.linked:
            objects = [term for term in objects if str(term) not in titles]  # the others are relationships
        elif attribute is not None:
            values = _values(attribute, terms.get(predicate, []), names)
            value = values if attribute.kind not in SINGLE else next(iter(values), None)
            name = property_of(attribute.name)
            properties[name] = value
            if set(objects) == {term_of(one) for one in values} and len(objects) == len(values):
                continue
            as_loaded.append(f"{name} {digest(value)}")
        exact += [kept(predicate, term) for term in sorted(objects, key=str)]
    return properties, exact, as_loaded

"""An ontology with its individuals as rows for the statements that write them.

A property that does not give its triples back stands beside them: `exact` holds the triples, and `as_loaded` a digest
of the property, by which the way back sees whether it was changed in the graph.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rdflib import RDF, Node, URIRef

from kartograph.ontology.contents import Contents
from kartograph.ontology.files.iris import local_name
from kartograph.ontology.graph.names import label_of, property_of, relationship_of
from kartograph.ontology.graph.terms import Value, digest, kept, n_triples, node_of, term_of, value_of
from kartograph.ontology.owl.individuals import SINGLE
from kartograph.ontology.owl.schema import Attribute, Schema
from kartograph.ontology.owl.validation import TEXTS, values_of

TITLE = "title"
"""What `as_loaded` calls the label of an individual, the property `title` of items and `name` of others."""


@dataclass(frozen=True)
class Rows:
    """What is written."""

    items: list[dict]
    individuals: list[dict]
    links: dict[str, list[dict]]
    """By relationship type."""
    triples: list[str]
    """Those that speak of no individual, as N-Triples."""


def attribute_rows(schema: Schema) -> list[dict]:
    """A row for each attribute, with what it is called in the graph."""
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


def rows_of(contents: Contents, ids: Mapping[str, str], load: str) -> Rows:
    """All rows to write; `ids` are the item ids by IRI, and `load` the mark of this load."""
    schema, catalogue, rdf = contents.schema, contents.catalogue, contents.rdf
    names = {iri: label_of(local_name(iri)) for description in schema.classes.values() for iri in description.types}
    titles: dict[str, str] = {}
    labels: dict[str, set[str]] = {}
    for name in [*(n for n in schema.classes if n != schema.target), schema.target]:
        individuals = catalogue.classes[name]
        titles |= dict(zip(individuals.ids.tolist(), individuals.labels.tolist(), strict=True))
        if not schema.classes[name].merged:
            for iri in individuals.ids.tolist():
                labels.setdefault(iri, set()).add(label_of(name))
    items = set(catalogue.items.ids.tolist())
    attributes = {a.iri: a for description in schema.classes.values() for a in description.attributes}
    terms = _terms(contents, attributes.values())
    empty = {property_of(a.name): None for a in attributes.values() if not a.linked}
    rest = [f"{n_triples(s)} {kept(str(p), o)} ." for s, p, o in rdf if str(s) not in titles]
    rows = Rows([], [], _links(contents, attributes.values(), titles), rest)
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
    return rows


def _terms(contents: Contents, attributes: Iterable[Attribute]) -> dict[str, dict[str, list[Node]]]:
    """The terms that follow for each individual, by the IRI of the attribute."""
    terms: dict[str, dict[str, list[Node]]] = {}
    for attribute in attributes:
        if not attribute.linked:
            for subject, value in values_of(contents.facts, attribute, contents.labels):
                terms.setdefault(str(subject), {}).setdefault(attribute.iri, []).append(value)
    return terms


def _links(contents: Contents, attributes: Iterable[Attribute], titles: Mapping[str, str]) -> dict[str, list[dict]]:
    """The links by relationship type; an inferred one stands in no triple itself."""
    links: dict[str, list[dict]] = {}
    for attribute in attributes:
        if attribute.linked:
            for one, other in contents.facts.pairs(URIRef(attribute.iri)):
                if str(one) in titles and str(other) in titles:
                    inferred = (one, URIRef(attribute.iri), other) not in contents.rdf
                    row = {"from": str(one), "to": str(other), "inferred": inferred or None}
                    links.setdefault(relationship_of(attribute.name), []).append(row)
    return links


def _values(attribute: Attribute, terms: Iterable[Node], names: Mapping[str, str]) -> list[Value]:
    """Different values in the order of their terms; an IRI that is a text is called by its name."""
    values = [value_of(term, attribute.kind) for term in sorted(terms, key=str)]
    if attribute.kind in TEXTS:
        values = [names.get(str(value), value) for value in values]
    return list(dict.fromkeys(values))


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

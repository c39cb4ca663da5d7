"""Which ontology does the graph hold? The way back: what was loaded, with what was changed in the graph since."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from rdflib import RDF, BNode, Literal, Node, URIRef
from rdflib import Graph as Rdf
from rdflib.namespace import RDFS

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.ontology.graph.names import property_of, relationship_of
from kartograph.ontology.graph.terms import kept, named, term_of, value_of
from kartograph.ontology.individuals import SINGLE
from kartograph.ontology.schema import Attribute, Schema, schema_of
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent

PAGE = 10_000
"""Individuals read at once."""


def read_ontology(graph: Graph, progress: Progress = silent) -> Rdf:
    """The triples of the ontology and its individuals.

    Isomorphic to what was loaded, as long as nothing was changed. A property that was changed in the graph comes back
    as its present value.

    Raises
    ------
    BadInput
        No ontology was loaded.
    """
    rest = [line for lines in graph.query(queries.load("ontology/triples"))["triples"] for line in lines]
    if not rest:
        raise BadInput("the graph holds no ontology; load one with `kartograph load ontology FILE`")
    rdf = Rdf()
    rdf.parse(data="\n".join(rest), format="nt")
    schema = schema_of(rdf)
    lines = list(rest)
    attributes = {a.iri: a for description in schema.classes.values() for a in description.attributes}
    for done, page in enumerate(_pages(graph, "ontology/individuals")):
        progress("Reading individuals", done * PAGE)
        for node, terms in zip(page["node"], _terms(page["node"]), strict=True):
            lines += _lines(node, terms, attributes, schema)
    links = {relationship_of(a.name): a.iri for a in attributes.values() if a.linked}
    for kind, iri in links.items():
        for page in _pages(graph, "ontology/links", type=kind):
            lines += [f"{named(a)} <{iri}> {named(b)} ." for a, b in _linked(page)]
    whole = Rdf()
    whole.parse(data="\n".join(lines), format="nt")
    return whole


def _pages(graph: Graph, name: str, **parameters: Any) -> Iterator[pd.DataFrame]:
    """Pages of rows in the order of `key`, each after the last key of the one before."""
    after = ""
    while True:
        page = graph.query(queries.load(name), after=after, k=PAGE, **parameters)
        if page.empty:
            return
        yield page
        after = page["key"].iloc[-1]


def _linked(page: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """The pairs of a page; individuals without a link of this kind have none."""
    known = page[page["to"].notna()]
    return zip(known["from"], known["to"], strict=True)


def _lines(
    node: Mapping, terms: list[tuple[str, Node]], attributes: Mapping[str, Attribute], schema: Schema
) -> list[str]:
    """The triples of one individual; `terms` are the predicates and objects that were kept beside its properties."""
    subject = named(node["iri"])
    found = [kept(str(RDF.type), URIRef(kind)) for kind in node["types"]]
    exact: dict[str, list[Node]] = {}
    for predicate, term in terms:
        exact.setdefault(predicate, []).append(term)
    title = node.get("title", node.get("name"))
    labels = [(iri, term) for iri in schema.label_properties for term in exact.get(iri, [])]
    if labels and min(str(term) for _, term in labels) == title:
        found += [kept(iri, term) for iri, term in labels]
    elif title is not None and title != node["iri"]:
        found.append(kept(str(RDFS.label), Literal(title)))
    for iri, objects in exact.items():
        if iri not in attributes and iri not in schema.label_properties:
            found += [kept(iri, term) for term in objects]
    for attribute in attributes.values():
        present = None if attribute.linked else node.get(property_of(attribute.name))
        if present is None:
            continue
        values = [present] if attribute.kind in SINGLE else list(present)
        objects = exact.get(attribute.iri, [])
        covered = [value_of(term, attribute.kind) for term in objects]
        if any(value not in values for value in covered):  # the property was changed in the graph
            objects, covered = [], []
        found += [kept(attribute.iri, term) for term in objects]
        found += [kept(attribute.iri, term_of(value)) for value in values if value not in covered]
    return [f"{subject} {triple} ." for triple in found]


def _terms(nodes: pd.Series) -> list[list[tuple[str, Node]]]:
    """What was kept beside the properties of each node, parsed together."""
    found: list[list[tuple[str, Node]]] = [[] for _ in range(len(nodes))]
    text = []
    for row, node in enumerate(nodes):
        for triple in node.get("exact") or []:
            predicate, _, term = triple.partition("> ")
            if term.startswith("_:"):  # the parser would give blank nodes new names
                found[row].append((predicate.removeprefix("<"), BNode(term.removeprefix("_:"))))
            else:
                text.append(f"<urn:row:{row}> {triple} .")
    rdf = Rdf()
    rdf.parse(data="\n".join(text), format="nt")
    for subject, predicate, term in rdf:
        found[int(str(subject).rpartition(":")[2])].append((str(predicate), term))
    return found

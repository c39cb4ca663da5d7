"""The ontology that the graph holds, as RDF again: what was loaded, with what was changed in the graph since."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from rdflib import RDF, RDFS, Literal, URIRef
from rdflib import Graph as Rdf

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.ontology.files.limits import Limits
from kartograph.ontology.files.parsing import parse
from kartograph.ontology.graph.rows import TITLE
from kartograph.ontology.graph.terms import digest, iri_text, kept, n_triples, named, term_of
from kartograph.ontology.owl.labels import label_properties
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent

PAGE = 10_000
"""Individuals read at once."""
NO_LIMITS = Limits(triples=2**62, literal_characters=2**62)
"""What the graph holds was checked when it was loaded."""


def read_ontology(graph: Graph, progress: Progress = silent) -> Rdf:
    """The triples of the ontology and its individuals.

    Isomorphic to what was loaded, as long as nothing was changed. A property that was changed in the graph comes back
    as its present value; what was inferred does not come back.

    Raises
    ------
    BadInput
        No ontology was loaded.
    """
    lines = [line for triples in _kept(graph)["triples"] for line in triples]
    labels = {iri_text(str(prop)) for prop in label_properties(_parsed(lines))}
    attributes = graph.query(queries.load("ontology/attributes"))
    plain, links = (attributes.dropna(subset=name) for name in ("property", "relationship"))
    properties = dict(zip(map(iri_text, plain["iri"]), plain["property"], strict=True))
    for done, page in enumerate(_pages(graph, "ontology/individuals")):
        progress("Reading individuals", done * PAGE)
        for node in page["node"]:
            lines += lines_of(node, properties, labels)
    for iri, kind in zip(links["iri"], links["relationship"], strict=True):
        for page in _pages(graph, "ontology/links", type=kind):
            lines += [f"{named(a)} {iri_text(iri)} {named(b)} ." for a, b in _linked(page)]
    return _parsed(lines)


def read_languages(graph: Graph) -> tuple[str, ...]:
    """The languages that the labels of the graph's ontology were taken in, the most wanted first."""
    return tuple(_kept(graph)["languages"].iloc[0])


def _kept(graph: Graph) -> pd.DataFrame:
    kept_triples = graph.query(queries.load("ontology/triples"))
    if kept_triples.empty:
        raise BadInput("the graph holds no ontology; load one with `kartograph load ontology FILE`")
    return kept_triples


def _parsed(lines: list[str]) -> Rdf:
    return parse("\n".join(lines).encode(), "nt", "the ontology of the graph", limits=NO_LIMITS)


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


def lines_of(node: Mapping, properties: Mapping[str, str], labels: set[str]) -> list[str]:
    """The triples of one individual; those that were kept are dropped where the property beside them was changed.

    Parameters
    ----------
    properties
        The names of the node's properties by the predicates that they stand for.
    labels
        The predicates that its title stands for.
    """
    loaded = dict(text.rsplit(" ", 1) for text in node.get("as_loaded") or [])
    title = node.get("title", node.get("name"))
    triples = [kept(str(RDF.type), URIRef(kind)) for kind in node["types"]]
    dropped: set[str] = set()
    if title is not None and digest(title) != loaded.get(TITLE):
        dropped |= labels
        triples.append(kept(str(RDFS.label), Literal(title)))
    for predicate, name in properties.items():
        value = node.get(name)
        if digest(value) == loaded.get(name):
            continue
        dropped.add(predicate)
        values: list[Any] = [] if value is None else value if isinstance(value, list) else [value]
        triples += [f"{predicate} {n_triples(term_of(one))}" for one in values]
    triples += [triple for triple in node.get("exact") or [] if triple.partition(" ")[0] not in dropped]
    return [f"{named(node['iri'])} {triple} ." for triple in triples]

"""Turns a catalogue that a loader made of tables into RDF, so that it goes the way of every other ontology."""

from collections.abc import Callable

from rdflib import RDF, RDFS, Graph, Literal, URIRef
from rdflib.namespace import XSD

from kartograph.ontology.owl.individuals import Catalogue
from kartograph.ontology.vocabulary import Kind

Namer = Callable[[str, str], str]
"""From a class name and an id to an IRI."""


def rdf_of(catalogue: Catalogue, ontology: Graph, iri_of: Namer) -> Graph:
    """The triples of the ontology and of all individuals of the catalogue; the ontology itself is not changed.

    Numbers that are whole become integers, labels become `rdfs:label`.
    """
    rdf = Graph()
    for triple in ontology:
        rdf.add(triple)
    names = {name: [URIRef(iri_of(name, i)) for i in of.ids] for name, of in catalogue.classes.items()}
    for name, individuals in catalogue.classes.items():
        description = catalogue.schema.classes[name]
        for node, label in zip(names[name], individuals.labels, strict=True):
            rdf.add((node, RDF.type, URIRef(description.iri)))
            rdf.add((node, RDFS.label, Literal(str(label))))
        for attribute in description.attributes:
            cells = individuals.cells.get(attribute.name)
            if cells is None:
                continue
            predicate = URIRef(attribute.iri)
            for row, value in zip(cells.rows.tolist(), cells.values.tolist(), strict=True):
                term = names[attribute.linked][value] if attribute.linked else _literal(value, attribute.kind)
                rdf.add((names[name][row], predicate, term))
    return rdf


def _literal(value: object, kind: Kind) -> Literal:
    if isinstance(value, bool):
        return Literal(value)
    if kind in (Kind.NUMERIC, Kind.NUMERIC_SET):
        number = float(str(value))
        return Literal(int(number)) if number.is_integer() else Literal(repr(number), datatype=XSD.double)
    return Literal(str(value))

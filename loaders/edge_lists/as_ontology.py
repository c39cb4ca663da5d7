"""Edges as an annotated ontology with the items as individuals."""

import re
from urllib.parse import quote, unquote

import pandas as pd
from rdflib import OWL, RDF, RDFS, XSD, Graph, Literal, URIRef

from kartograph.loaders.edge_lists.edges import Edges
from kartograph.ontology.contents import SILENT
from kartograph.ontology.files.iris import local_name
from kartograph.ontology.vocabulary import KG

BASE = "urn:kartograph:properties#"
_NOT_IN_IRIS = re.compile(r'[\x00-\x20<>"{}|\\^`]')


def rdf_of(edges: Edges, base: str = BASE) -> Graph:
    """An annotated ontology with the items as individuals; IRIs stay as they are, other names get the base.

    Properties of the vocabularies of RDF and OWL get it too, such as `rdf:type`, which would speak of the ontology
    itself; `rdfs:label` is what an item is called.
    """
    rdf, target = Graph(), URIRef(f"{base}Item")
    rdf.add((URIRef(base.rstrip("#/")), RDF.type, OWL.Ontology))
    for predicate, value in ((RDF.type, OWL.Class), (RDFS.label, Literal("item")), (KG.isTarget, Literal(True))):
        rdf.add((target, predicate, value))
    items = {item: _iri(item, base) for item in edges.rows["item"].unique()}
    is_label = edges.rows["property"] == str(RDFS.label)
    labels = edges.rows[is_label].drop_duplicates("item").set_index("item")["value"].to_dict()
    for item, iri in items.items():
        rdf.add((iri, RDF.type, target))
        rdf.add((iri, RDFS.label, Literal(labels.get(item) or _words(item))))
    for name, of in edges.rows[~is_label].groupby("property", sort=True):
        prop = _property_iri(str(name), base)
        numbers = pd.to_numeric(of["value"], errors="coerce")
        single = not of["item"].duplicated().any()
        finite = bool(numbers.notna().all()) and bool(numbers.abs().lt(float("inf")).all())
        is_number = finite and not edges.numbered
        kind = (KG.Numeric if single else KG.NumericSet) if is_number else (KG.Nominal if single else KG.NominalSet)
        for predicate, said in (
            (RDF.type, OWL.DatatypeProperty),
            (RDFS.label, Literal(local_name(str(name)).replace("_", " "))),
            (RDFS.domain, target),
            (RDFS.range, XSD.double if is_number else XSD.string),
            (KG.kind, kind),
        ):
            rdf.add((prop, predicate, said))
        values = numbers.astype(float) if is_number else _called(of["value"])
        for item, value in zip(of["item"], values, strict=True):
            rdf.add((items[item], prop, Literal(value, datatype=XSD.double if is_number else XSD.string)))
    return rdf


def _iri(name: str, base: str) -> URIRef:
    if re.match(r"[a-z][a-z0-9+.-]*:", name):
        return URIRef(_NOT_IN_IRIS.sub(lambda match: quote(match[0]), name))
    return URIRef(base + quote(name, safe="-._~"))


def _property_iri(name: str, base: str) -> URIRef:
    iri = _iri(name, base)
    return _iri(_last_part(name), base) if str(iri).startswith(SILENT) else iri


def _called(values: pd.Series) -> pd.Series:
    """Values in words; those of one property that would be called alike stay whole."""
    unique = pd.Series(values.unique(), dtype=object)
    words = unique.map(_words)
    names = words.where(~words.duplicated(keep=False), unique)
    return values.map(dict(zip(unique, names, strict=True)))


def _words(name: str) -> str:
    """The last part of an IRI without underscores; other names as they are."""
    return _last_part(name).replace("_", " ") if "://" in name else name


def _last_part(iri: str) -> str:
    """What follows the last `#` or `/`: a title may hold a colon."""
    return unquote(re.split(r"[#/]", iri.rstrip("#/"))[-1])

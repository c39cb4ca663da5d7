"""The values of Neo4j that stand for RDF terms, and the terms as N-Triples.

A number, a truth value or a plain text comes back as it was. What would not (a date, a text in a language, `1.50`) is
kept as N-Triples beside the value, so that the export is what was loaded and Cypher has something to compare.
"""

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2s

from rdflib import BNode, Literal, Node, URIRef
from rdflib.namespace import XSD

from kartograph.ontology.files.numbers import literal_number
from kartograph.ontology.vocabulary import Kind

Value = str | int | float | bool
LARGEST = 2**63 - 1


def value_of(term: Node, kind: Kind) -> Value:
    """The value that Cypher compares."""
    if kind is Kind.BOOLEAN:
        return str(term) in ("true", "1")
    if kind in (Kind.NUMERIC, Kind.NUMERIC_SET) and isinstance(term, Literal):
        number = literal_number(term)
        if number is None:  # of an individual that is kept and not compared
            return str(term)
        # A text that is no integer may be called one: rdflib has no value for it.
        whole = kind is Kind.NUMERIC and term.datatype == XSD.integer and isinstance(term.value, int)
        return term.value if whole and abs(number) <= LARGEST else number
    return str(term)


@lru_cache(maxsize=100_000, typed=True)
def term_of(value: Value) -> Literal:
    """The term that stands for a value of which nothing else was kept."""
    if isinstance(value, str):
        return Literal(value)
    if isinstance(value, bool):
        return Literal("true" if value else "false", datatype=XSD.boolean)
    return Literal(repr(value), datatype=XSD.integer if isinstance(value, int) else XSD.double)


def digest(value: Value | Sequence[Value] | None) -> str:
    """A short text that tells whether a property still is what was loaded."""
    return blake2s(json.dumps(value).encode(), digest_size=6).hexdigest()


def n_triples(term: Node) -> str:
    """A term as N-Triples."""
    if isinstance(term, Literal):
        text = json.dumps(str(term), ensure_ascii=False)
        if term.language:
            return f"{text}@{term.language}"
        return f"{text}^^{iri_text(str(term.datatype))}" if term.datatype else text
    return f"_:{term}" if isinstance(term, BNode) else iri_text(str(term))


def named(iri: str) -> str:
    """The N-Triples of what the graph knows by a text: an IRI, or a blank node, which has no colon."""
    return iri_text(iri) if ":" in iri else f"_:{iri}"


def node_of(text: str) -> Node:
    """The node of what the graph knows by a text; see `named`."""
    return URIRef(text) if ":" in text else BNode(text)


def kept(predicate: str, term: Node) -> str:
    """A predicate and an object as N-Triples."""
    return f"{iri_text(predicate)} {n_triples(term)}"


def iri_text(iri: str) -> str:
    """An IRI as N-Triples."""
    return "<" + re.sub(r'[\x00-\x20<>"{}|^`\\]', lambda match: f"\\u{ord(match[0]):04X}", iri) + ">"

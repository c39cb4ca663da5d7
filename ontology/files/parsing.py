"""Bytes in one of the RDF forms as triples of rdflib.

Turtle, TriG, N-Triples and N-Quads are parsed by Oxigraph, which is some ten times faster than rdflib, names line and
column of a fault and keeps the spelling of literals (`01`, `2e3`); RDF/XML and JSON-LD by rdflib.
"""

import re
from collections.abc import Mapping
from typing import Literal as OneOf
from urllib.parse import quote

import pyoxigraph
from rdflib import BNode, Graph, Literal, Node, URIRef

from kartograph.ontology.files.limits import Limits, first_line
from kartograph.tables.errors import BadInput

RdfFormat = OneOf["turtle", "trig", "nt", "nquads", "xml", "json-ld"]
OXIGRAPH = {
    "turtle": pyoxigraph.RdfFormat.TURTLE,
    "trig": pyoxigraph.RdfFormat.TRIG,
    "nt": pyoxigraph.RdfFormat.N_TRIPLES,
    "nquads": pyoxigraph.RdfFormat.N_QUADS,
}
STRING = "http://www.w3.org/2001/XMLSchema#string"
LANGUAGE = re.compile(rb"""["']@([A-Za-z]+(?:-[A-Za-z0-9]+)+|[A-Za-z]*[A-Z][A-Za-z]*)""")
"""Language tags behind a string, those that may have upper-case letters."""
FORBIDDEN = re.compile(r'[\x00-\x20<>"{}|^`\\]')
"""What may not stand in an IRI."""
SAX = re.compile(r"\S*?:(\d+):(\d+): ")
"""What rdflib's RDF/XML parser writes before a message: system, line and column."""


class BoundedGraph(Graph):
    """A graph that refuses terms that are too long and triples that are too many, while they arrive."""

    def __init__(self, name: str, limits: Limits) -> None:
        """`name` is the file's, for messages."""
        super().__init__(store="SimpleMemory")
        self._name, self._limits, self._count = name, limits, 0

    def add(self, triple):
        """Add a triple, and count it."""
        subject, predicate, value = map(_valid, triple)
        for term in triple:
            self.check(term)
        self.add_checked((subject, predicate, value))
        return self

    def check(self, term: Node) -> None:
        """Refuse a term that is too long."""
        if len(str(term)) > self._limits.literal_characters:
            raise BadInput(
                f"{self._name} holds a value of {len(str(term))} characters, {str(term)[:40]!r} at its beginning; "
                f"at most {self._limits.literal_characters} are allowed; shorten it"
            )

    def add_checked(self, triple: tuple[Node, Node, Node]) -> None:
        """Add a triple whose terms have been checked."""
        self._count += 1
        if self._count > self._limits.triples:
            raise BadInput(
                f"{self._name} holds more than {self._limits.triples} triples, the most one file may have; split it"
            )
        self.store.add(triple, self)


def parse(content: bytes, form: RdfFormat, name: str, base: str = "", limits: Limits | None = None) -> Graph:
    """The triples; those of named graphs lose the name of their graph.

    Raises
    ------
    BadInput
        The content is malformed (with the parser's reason, and its line where the parser knows it) or too large.
    """
    graph = BoundedGraph(name, limits or Limits())
    try:
        if form in OXIGRAPH:
            # Oxigraph writes all tags in lower case; of a tag that the file spells in two ways the first one is taken.
            tags = {tag.lower(): tag for tag in (tag_bytes.decode() for tag_bytes in LANGUAGE.findall(content)[::-1])}
            quads = pyoxigraph.parse(content, OXIGRAPH[form], base_iri=base or None, lenient=True)
            _add_all(graph, quads, tags)
        elif form == "json-ld":
            everything = Graph().parse(data=content, format=form, publicID=base).store
            for triple, _ in everything.triples((None, None, None), None):  # of named graphs too
                graph.add(triple)
        else:
            graph.parse(data=content, format=form, publicID=base)
    except (BadInput, MemoryError):
        raise
    except RecursionError as error:
        raise BadInput(f"{name} nests its values too deeply to be read; flatten it") from error
    except Exception as error:  # parsers raise what their libraries raise
        raise BadInput(f"{name} is not valid {form}{_position(error)}: {_reason(error)}; correct the file") from error
    return graph


def _add_all(graph: BoundedGraph, quads: pyoxigraph.QuadParser, tags: Mapping[str, str]) -> None:
    """Terms that come again are made once: a literal of rdflib costs some microseconds."""
    terms: dict[object, Node] = {}

    def term_of(part: object) -> Node:
        term = terms.get(part)
        if term is None:
            term = terms[part] = _term(part, tags)
            graph.check(term)
        return term

    for quad in quads:
        graph.add_checked((term_of(quad.subject), term_of(quad.predicate), term_of(quad.object)))


def _valid(term: Node) -> Node:
    """The term; of an IRI, characters that no IRI may have are percent-encoded, as browsers do it."""
    if isinstance(term, URIRef) and FORBIDDEN.search(term):
        return URIRef(FORBIDDEN.sub(lambda match: quote(match[0]), term))
    return term


def _term(term: object, tags: Mapping[str, str]) -> Node:
    if isinstance(term, pyoxigraph.NamedNode):
        return _valid(URIRef(term.value))
    if isinstance(term, pyoxigraph.BlankNode):
        return BNode(term.value)
    if not isinstance(term, pyoxigraph.Literal):
        raise BadInput(f"a triple about a triple ({str(term)[:200]}) is not read; state it as a node of its own")
    if term.language:
        return Literal(term.value, lang=tags.get(term.language, term.language))
    datatype = term.datatype.value
    return Literal(term.value, datatype=None if datatype == STRING else URIRef(datatype), normalize=False)


def _position(error: Exception) -> str:
    if isinstance(error, SyntaxError) and error.lineno is not None:
        return f" in line {error.lineno}, column {error.offset}"
    match = SAX.match(str(error))
    return f" in line {match[1]}, column {match[2]}" if match else ""


def _reason(error: Exception) -> str:
    """What the parser says, without the position that it puts before it."""
    text = error.msg.partition(": ")[2] if isinstance(error, SyntaxError) and error.lineno else first_line(error)
    return SAX.sub("", text).rstrip(".")

"""How does a file become an RDF graph, in bounded time and memory, whoever wrote it?

Turtle, RDF/XML, JSON-LD and N-Triples are read; the form is found in the content where the file's name leaves it open
(`.owl` is used for several). Nothing is fetched: imports are not followed, remote JSON-LD contexts and external XML
entities are refused.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal as OneOf
from urllib.parse import quote
from xml.parsers import expat

from rdflib import Graph, Literal

from kartograph.tables.errors import BadInput

RdfFormat = OneOf["turtle", "xml", "json-ld", "nt"]
SUFFIXES: dict[str, RdfFormat] = {
    ".ttl": "turtle",
    ".turtle": "turtle",
    ".rdf": "xml",
    ".jsonld": "json-ld",
    ".json": "json-ld",
    ".nt": "nt",
}
TOKEN = re.compile(
    r'"""(?:[^"\\]++|\\.|"(?!""))*+(?:"""|\Z)'
    r"|'''(?:[^'\\]++|\\.|'(?!''))*+(?:'''|\Z)"
    r'|"(?:[^"\\\n]++|\\.)*+"|<[^>\s]*+>|#[^\n]*+',
    re.DOTALL,
)
"""Strings, IRIs and comments of Turtle; a long string that never ends reaches to the end of the file."""
CONVERT = (
    "Convert it to Turtle first: open it in Protégé and save as Turtle, or run `robot convert -i {name} -o {stem}.ttl`"
)


@dataclass(frozen=True)
class Limits:
    """How much one file may ask for before it is refused."""

    file_bytes: int = 512 * 2**20
    """Largest file."""
    triples: int = 5_000_000
    """Most triples; each takes about 1 kB of memory."""
    literal_characters: int = 100_000
    """Longest literal or IRI."""
    nesting: int = 200
    """Deepest nesting of XML elements, of JSON values, and of brackets in Turtle."""
    entity_characters: int = 1_000
    """Longest internal XML entity; entities are used for namespaces."""


class _BoundedGraph(Graph):
    """A graph that refuses terms that are too long and triples that are too many, while they arrive."""

    def __init__(self, name: str, limits: Limits) -> None:
        super().__init__()
        self._name, self._limits, self._count = name, limits, 0

    def add(self, triple):
        self._count += 1
        if self._count > self._limits.triples:
            raise BadInput(
                f"{self._name} holds more than {self._limits.triples} triples, the most one file may have; split it"
            )
        longest = max(len(str(term)) for term in triple)
        if longest > self._limits.literal_characters:
            raise BadInput(
                f"{self._name} holds a value of {longest} characters on {str(triple[1])[:200]}; "
                f"at most {self._limits.literal_characters} are allowed; shorten it"
            )
        return super().add(triple)


def read_rdf(path: Path, *, limits: Limits | None = None) -> Graph:
    """The triples of one file.

    Relative IRIs are resolved against `file:///<name of the file>`, so that a graph does not depend on where it lay.

    Raises
    ------
    BadInput
        The file is missing, too big, not UTF-8, malformed, in a form that is not read, or asks for too much.
    """
    limits = limits or Limits()
    content = _bytes(path, limits)
    form = _format(path, content)
    if form == "xml":
        _check_xml(path, content, limits)
    else:
        text = _text(path, content)
        if form == "json-ld":
            _check_json(path, text, limits)
        else:
            _check_literals(path, text, limits)
        content = text.encode()
    graph = _BoundedGraph(path.name, limits)
    try:
        graph.parse(data=content, format=form, publicID=f"file:///{quote(path.name)}")
    except (BadInput, MemoryError):
        raise
    except RecursionError as error:
        raise BadInput(f"{path.name} nests its values too deeply to be read; flatten it") from error
    except Exception as error:  # rdflib's parsers raise what their libraries raise
        raise BadInput(f"{path.name} is not valid {form}: {_first_line(error)}; correct the file") from error
    return graph


def _bytes(path: Path, limits: Limits) -> bytes:
    if not path.is_file():
        raise BadInput(
            f"there is no file {path}; give the path of an ontology in Turtle, RDF/XML, JSON-LD or N-Triples"
        )
    size = path.stat().st_size
    if size > limits.file_bytes:
        raise BadInput(f"{path.name} has {size} bytes; at most {limits.file_bytes} are read at once; split it")
    if size == 0:
        raise BadInput(f"{path.name} is empty; give a file with an ontology")
    return path.read_bytes()


def _format(path: Path, content: bytes) -> RdfFormat:
    head = content[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    advice = CONVERT.format(name=path.name, stem=path.stem)
    if path.suffix in (".omn", ".ofn", ".owx") or head.startswith((b"Prefix(", b"Ontology(", b"Prefix:", b"Ontology:")):
        raise BadInput(f"{path.name} is OWL/XML, functional or Manchester syntax, which is not RDF. {advice}")
    if path.suffix in SUFFIXES:
        return SUFFIXES[path.suffix]
    if head.startswith((b"<?xml", b"<rdf:", b"<!DOCTYPE", b"<!--", b"<Ontology", b"\xff\xfe", b"\xfe\xff")):
        return "xml"
    return "json-ld" if head.startswith((b"{", b"[{", b"[\n")) else "turtle"


def _text(path: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(
            f"{path.name} is not UTF-8: byte {error.start} is {content[error.start]:#04x}; save the file as UTF-8"
        ) from error


def _check_xml(path: Path, content: bytes, limits: Limits) -> None:
    """One pass of expat before the real one: malformed, too deep, OWL/XML, and entities that expand or reach out."""
    depth = 0
    parser = expat.ParserCreate(namespace_separator=" ")

    def start(name: str, _attributes: object) -> None:
        nonlocal depth
        if depth == 0 and name == "http://www.w3.org/2002/07/owl# Ontology":
            advice = CONVERT.format(name=path.name, stem=path.stem)
            raise BadInput(f"{path.name} is OWL/XML, which is not RDF. {advice}")
        depth += 1
        if depth > limits.nesting:
            raise BadInput(f"{path.name} nests XML elements deeper than {limits.nesting}; flatten it")

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def entity(name, is_parameter, value, base, system_id, public_id, notation) -> None:
        if value is None or is_parameter:
            raise BadInput(
                f"{path.name} declares the external or parameter entity {name!r}; write its text in the file"
            )
        if "&" in value or len(value) > limits.entity_characters:
            raise BadInput(
                f"{path.name} declares the entity {name!r} that expands other entities or has {len(value)} characters; "
                f"plain entities of up to {limits.entity_characters} characters are allowed; write its text out"
            )

    parser.StartElementHandler, parser.EndElementHandler, parser.EntityDeclHandler = start, end, entity
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise BadInput(f"{path.name} is not well-formed XML: {_first_line(error)}; correct the file") from error


def _check_json(path: Path, text: str, limits: Limits) -> None:
    try:
        root = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{path.name} is not valid JSON: {_first_line(error)}; correct the file") from error
    level, depth = [root], 0
    while level:
        depth += 1
        if depth > limits.nesting:
            raise BadInput(f"{path.name} nests JSON values deeper than {limits.nesting}; flatten it")
        for node in level:
            if isinstance(node, str) and len(node) > limits.literal_characters:
                raise BadInput(
                    f"{path.name} holds a value of {len(node)} characters; "
                    f"at most {limits.literal_characters} are allowed; shorten it"
                )
            for context in _contexts(node):
                if isinstance(context, str):
                    raise BadInput(
                        f"{path.name} refers to the context {context[:200]!r}; nothing is fetched: "
                        "write the context out in the file"
                    )
        level = [child for node in level for child in _children(node)]


def _contexts(node: object) -> list[object]:
    if not isinstance(node, dict):
        return []
    context = node.get("@context", [])
    return [*(context if isinstance(context, list) else [context]), *([node["@import"]] if "@import" in node else [])]


def _children(node: object) -> list[object]:
    if isinstance(node, dict):
        return [*node.keys(), *node.values()]
    return node if isinstance(node, list) else []


def _check_literals(path: Path, text: str, limits: Limits) -> None:
    """No string or IRI of Turtle and N-Triples is longer than allowed.

    rdflib's parser needs time that grows with the square of a literal's line breaks, so this is seen before it starts.
    """
    for token in TOKEN.finditer(text):
        if token.end() - token.start() > limits.literal_characters:
            line = text.count("\n", 0, token.start()) + 1
            raise BadInput(
                f"{path.name} holds a value of {token.end() - token.start()} characters in line {line}; "
                f"at most {limits.literal_characters} are allowed; shorten it"
            )


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]


def literal_number(value: Literal) -> float | None:
    """The number that a literal holds, dates as years with a fraction; None where it holds none."""
    text = str(value).strip()
    try:
        return float(text)
    except ValueError:
        pass
    parts = text.lstrip("-").split("T")[0].split("-")
    if not 1 <= len(parts) <= 3 or not all(part.isdecimal() for part in parts):
        return None
    year, month, day = (int(part) for part in [*parts, "1", "1"][:3])
    sign = -1 if text.startswith("-") else 1
    return sign * year + (min(max(month, 1), 12) - 1) / 12 + (min(max(day, 1), 31) - 1) / 372

"""How much one RDF file may ask for, and the checks that run before its parser does."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.parsers import expat

from kartograph.tables.errors import BadInput

_BEGINS = re.compile(r"'{3}|\"(?:\"\")?|<[^>\s]*+>|#[^\n]*+")
_INSIDE = {
    '"""': re.compile(r'[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+){0,1000}', re.DOTALL),
    "'''": re.compile(r"[^'\\]*+(?:(?:\\.|'(?!''))[^'\\]*+){0,1000}", re.DOTALL),
    '"': re.compile(r'[^"\\\n]*+(?:\\.[^"\\\n]*+){0,1000}', re.DOTALL),
}
"""A piece of a string by its quotes: `re` keeps some 60 bytes of each escape and quote until it has matched all."""
CONVERT = (
    "Convert it to Turtle first: open it in Protégé and save as Turtle, or run `robot convert -i {name} -o {stem}.ttl`"
)


@dataclass(frozen=True)
class Limits:
    """How much one file may ask for before it is refused."""

    file_bytes: int = 512 * 2**20
    """Largest file, unpacked."""
    triples: int = 5_000_000
    """Most triples; each takes about 1 kB of memory."""
    literal_characters: int = 100_000
    """Longest literal or IRI."""
    nesting: int = 200
    """Deepest nesting of XML elements and of JSON values."""
    entity_characters: int = 1_000
    """Longest internal XML entity; entities are used for namespaces."""


def check_xml(name: str, content: bytes, limits: Limits) -> None:
    """One pass of expat before the real one: malformed, too deep, OWL/XML, and entities that expand or reach out."""
    depth = 0
    parser = expat.ParserCreate(namespace_separator=" ")

    def start(element: str, _attributes: object) -> None:
        nonlocal depth
        if depth == 0 and element == "http://www.w3.org/2002/07/owl# Ontology":
            raise BadInput(
                f"{name} is OWL/XML, which is not RDF. {CONVERT.format(name=name, stem=name.rpartition('.')[0])}"
            )
        depth += 1
        if depth > limits.nesting:
            raise BadInput(f"{name} nests XML elements deeper than {limits.nesting}; flatten it")

    def end(_element: str) -> None:
        nonlocal depth
        depth -= 1

    def entity(entity_name, is_parameter, value, base, system_id, public_id, notation) -> None:
        if value is None or is_parameter:
            raise BadInput(f"{name} declares the external or parameter entity {entity_name!r}; write its text out")
        if "&" in value or len(value) > limits.entity_characters:
            raise BadInput(
                f"{name} declares the entity {entity_name!r} that expands other entities or has {len(value)} "
                f"characters; plain entities of up to {limits.entity_characters} characters are allowed; "
                "write its text out"
            )

    parser.StartElementHandler, parser.EndElementHandler, parser.EntityDeclHandler = start, end, entity
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise BadInput(f"{name} is not well-formed XML: {first_line(error)}; correct the file") from error


def check_json(name: str, text: str, limits: Limits) -> None:
    """Well-formed, not too deep, no value that is too long, and no context that would have to be fetched."""
    try:
        root = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{name} is not valid JSON: {first_line(error)}; correct the file") from error
    level, depth = [root], 0
    while level:
        depth += 1
        if depth > limits.nesting:
            raise BadInput(f"{name} nests JSON values deeper than {limits.nesting}; flatten it")
        for node in level:
            if isinstance(node, str) and len(node) > limits.literal_characters:
                raise BadInput(
                    f"{name} holds a value of {len(node)} characters; "
                    f"at most {limits.literal_characters} are allowed; shorten it"
                )
            for context in _contexts(node):
                if isinstance(context, str):
                    example = ', as {"@vocab": "https://schema.org/"}' if "schema.org" in context else ""
                    raise BadInput(
                        f"{name} refers to the context {context[:200]!r}; nothing is fetched: "
                        f"write the context out in the file{example}"
                    )
        level = [child for node in level for child in _children(node)]


def check_literals(name: str, text: str, limits: Limits) -> None:
    """No string or IRI of Turtle and its relatives is longer than allowed; the message names the line."""
    if len(text) <= limits.literal_characters:
        return
    for begin, end in _tokens(text):
        if end - begin > limits.literal_characters:
            line = text.count("\n", 0, begin) + 1
            raise BadInput(
                f"{name} holds a value of {end - begin} characters in line {line}; "
                f"at most {limits.literal_characters} are allowed; shorten it"
            )


def first_line(error: Exception) -> str:
    """The first line of an error's message, or the name of its type where it has none."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]


def _tokens(text: str) -> Iterator[tuple[int, int]]:
    """Begin and end of strings, IRIs and comments of Turtle; a long string that never ends takes all the rest."""
    at = 0
    while (found := _BEGINS.search(text, at)) is not None:
        begin, at, quotes = found.start(), found.end(), found[0]
        if quotes in _INSIDE:
            while (piece := _INSIDE[quotes].match(text, at)) is not None and piece.end() > at:
                at = piece.end()
            if text.startswith(quotes, at):
                at += len(quotes)
            elif quotes == '"':
                at = begin + 1  # no string after all
                continue
            else:
                at = len(text)
        yield begin, at


def _contexts(node: object) -> list[object]:
    if not isinstance(node, dict):
        return []
    context = node.get("@context", [])
    return [*(context if isinstance(context, list) else [context]), *([node["@import"]] if "@import" in node else [])]


def _children(node: object) -> list[object]:
    if isinstance(node, dict):
        return [*node.keys(), *node.values()]
    return node if isinstance(node, list) else []

"""Files of ontologies as RDF graphs, in bounded time and memory, whoever wrote them.

Turtle, TriG, N-Triples, N-Quads, RDF/XML and JSON-LD are read, gzipped or not; the form is found in the content where
the file's name leaves it open (`.owl` is used for several). Nothing is fetched: imports are not followed, remote
JSON-LD contexts and external XML entities are refused.
"""

import gzip
import zlib
from pathlib import Path
from urllib.parse import quote

from rdflib import BNode, Graph

from kartograph.ontology.files.limits import CONVERT, Limits, check_json, check_literals, check_xml
from kartograph.ontology.files.parsing import RdfFormat, parse
from kartograph.tables.errors import BadInput

FORMS = "Turtle, TriG, N-Triples, N-Quads, RDF/XML or JSON-LD"
SUFFIXES: dict[str, RdfFormat] = {
    ".ttl": "turtle",
    ".turtle": "turtle",
    ".trig": "trig",
    ".nt": "nt",
    ".nq": "nquads",
    ".nquads": "nquads",
    ".rdf": "xml",
    ".jsonld": "json-ld",
    ".json": "json-ld",
}
GZIP = b"\x1f\x8b"


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
    name = path.name.removesuffix(".gz")
    form = _format(path.name, name, content)
    if form == "xml":
        check_xml(path.name, content, limits)
    else:
        text = _text(path.name, content)
        if form == "json-ld":
            check_json(path.name, text, limits)
        else:
            check_literals(path.name, text, limits)
        content = text.encode()
    return parse(content, form, path.name, f"file:///{quote(name)}", limits)


def merged(one: Graph, other: Graph) -> Graph:
    """The first graph with the triples of the second added; blank nodes of the two stay apart."""
    used = {term for triple in one for term in triple if isinstance(term, BNode)}
    renamed = {term: BNode() for triple in other for term in triple if term in used}
    for subject, predicate, value in other:
        one.add((renamed.get(subject, subject), predicate, renamed.get(value, value)))
    return one


def _bytes(path: Path, limits: Limits) -> bytes:
    if path.is_dir():
        raise BadInput(f"{path} is a folder; give one file in {FORMS}")
    if not path.is_file():
        raise BadInput(f"there is no file {path}; give the path of an ontology in {FORMS}")
    try:
        with path.open("rb") as file:
            packed = file.read(2) == GZIP
            file.seek(0)
            content = (gzip.GzipFile(fileobj=file) if packed else file).read(limits.file_bytes + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise BadInput(f"{path.name} is a damaged gzip file: {error}; copy it again") from error
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}; give a file that you may read") from error
    if len(content) > limits.file_bytes:
        size = "more than that, unpacked" if packed else f"{path.stat().st_size} bytes"
        raise BadInput(f"{path.name} has {size}; at most {limits.file_bytes} are read at once; split it")
    if not content.strip():
        raise BadInput(f"{path.name} is empty; give a file with an ontology")
    return content


def _format(shown: str, name: str, content: bytes) -> RdfFormat:
    head = content[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    suffix = Path(name).suffix.lower()
    if suffix in (".omn", ".ofn", ".owx") or head.startswith((b"Prefix(", b"Ontology(", b"Prefix:", b"Ontology:")):
        advice = CONVERT.format(name=name, stem=Path(name).stem)
        raise BadInput(f"{shown} is OWL/XML, functional or Manchester syntax, which is not RDF. {advice}")
    if suffix in SUFFIXES:
        return SUFFIXES[suffix]
    if head.startswith((b"<?xml", b"<rdf:", b"<!DOCTYPE", b"<!--", b"<Ontology", b"\xff\xfe", b"\xfe\xff")):
        return "xml"
    return "json-ld" if head.startswith((b"{", b"[{", b"[\n")) else "turtle"


def _text(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(
            f"{name} is not UTF-8: byte {error.start} is {content[error.start]:#04x}; save the file as UTF-8"
        ) from error

"""Files of ontologies as RDF graphs, in bounded time and memory, whoever wrote them.

Turtle, TriG, N-Triples, N-Quads, RDF/XML and JSON-LD are read, packed (gzip, bzip2, xz, Zstandard, zip) or not; the
form is found in the content where the file's name leaves it open (`.owl` is used for several). Nothing is fetched:
imports are not followed, remote JSON-LD contexts and external XML entities are refused.
"""

import gzip
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

import pyarrow as pa
from rdflib import BNode, Graph

from kartograph.ontology.files.limits import CONVERT, Limits, check_json, check_literals, check_xml
from kartograph.ontology.files.parsing import RdfFormat, parse
from kartograph.tables.errors import BadInput
from kartograph.tables.formats.containers.streams import bzip2, xz
from kartograph.tables.formats.containers.unpack import ZSTANDARD, is_tar, refuse_unread
from kartograph.tables.formats.encoding_marks import encoding_of_mark

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
SUFFIXES_OF_PACKED = (".gz", ".bz2", ".xz", ".lzma", ".zst", ".zip")
DECLARED = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"'][^>]*\?>")
"""The declaration of an XML file's encoding."""


def read_rdf(path: Path, *, limits: Limits | None = None) -> Graph:
    """The triples of one file.

    Relative IRIs are resolved against `file:///<name of the file>`, so that a graph does not depend on where it lay.

    Raises
    ------
    BadInput
        The file is missing, too big, not UTF-8, malformed, in a form that is not read, or asks for too much.
    """
    limits = limits or Limits()
    content = _without_mark(path.name, _bytes(path, limits))
    name = path.name
    for suffix in SUFFIXES_OF_PACKED:
        name = name.removesuffix(suffix)
    form = _format(path.name, name, content)
    if form == "xml":
        check_xml(path.name, content, limits)
        content = _as_utf8(path.name, content)
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
    kind = ""
    try:
        with path.open("rb") as file:
            start = file.read(6)
            file.seek(0)
            kind, opened = next((one for mark, one in PACKED.items() if start.startswith(mark)), ("", _itself))
            content = opened(file).read(limits.file_bytes + 1)
    except DAMAGED as error:
        raise BadInput(f"{path.name} is a damaged {kind} file: {error}; copy it again") from error
    except OSError as error:
        words = f"is a damaged {kind} file: {error}" if kind else f"cannot be read: {error.strerror}"
        raise BadInput(f"{path.name} {words}; give a file that you may read, and that is whole") from error
    if len(content) > limits.file_bytes:
        size = "more than that, unpacked" if kind else f"{path.stat().st_size} bytes"
        raise BadInput(f"{path.name} has {size}; at most {limits.file_bytes} are read at once; split it")
    if is_tar(content[:512]):
        raise BadInput(f"{path.name} is a tar archive; unpack it and give one file in {FORMS}")
    refuse_unread(path.name, content[:512])
    if not content.strip():
        raise BadInput(f"{path.name} is empty; give a file with an ontology")
    return content


def _itself(file: IO[bytes]) -> IO[bytes]:
    return file


def _member(file: IO[bytes]) -> IO[bytes]:
    """The one file in a zip archive. Raises `BadInput` where it holds none or several."""
    archive = zipfile.ZipFile(file)
    names = [one for one in archive.namelist() if not one.endswith("/") and "__MACOSX" not in one]
    if len(names) != 1:
        shown = f": {', '.join(names[:5])}" if names else ""
        raise BadInput(f"the archive holds {len(names)} files{shown}; unpack it and give one file in {FORMS}")
    return archive.open(names[0])


PACKED: dict[bytes, tuple[str, Callable[[Any], Any]]] = {
    b"\x1f\x8b": ("gzip", gzip.open),
    b"BZh": ("bzip2", bzip2),
    b"\xfd7zXZ\x00": ("xz", xz),
    b"\x5d\x00\x00": ("lzma", xz),
    **dict.fromkeys(ZSTANDARD, ("Zstandard", lambda file: pa.input_stream(file, compression="zstd"))),
    b"PK\x03\x04": ("zip", _member),
}
DAMAGED = (
    EOFError,
    zlib.error,
    gzip.BadGzipFile,
    lzma.LZMAError,
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
)


def _format(shown: str, name: str, content: bytes) -> RdfFormat:
    head = content[:4096].lstrip()
    if head[:15].lower().startswith((b"<!doctype html", b"<html")):
        raise BadInput(f"{shown} is a web page (HTML), no ontology; was it to be fetched after a login?")
    suffix = Path(name).suffix.lower()
    advice = CONVERT.format(name=name, stem=Path(name).stem)
    if suffix in (".omn", ".ofn", ".owx") or head.startswith((b"Prefix(", b"Ontology(", b"Prefix:", b"Ontology:")):
        raise BadInput(f"{shown} is OWL/XML, functional or Manchester syntax, which is not RDF. {advice}")
    if suffix == ".obo" or head.startswith(b"format-version:"):
        raise BadInput(f"{shown} is OBO, which is not RDF. {advice}")
    if head.startswith((b"<?xml", b"<rdf:RDF")) or (suffix == ".rdf" and head.startswith(b"<")):
        return "xml"
    if suffix in SUFFIXES and not (suffix == ".rdf" and head.startswith((b"@", b"PREFIX", b"#"))):
        return SUFFIXES[suffix]
    if head.startswith((b"<!DOCTYPE", b"<!--", b"<Ontology", b"<rdf:")):
        return "xml"
    return "json-ld" if head.startswith((b"{", b"[{", b"[\n")) else "turtle"


def _without_mark(name: str, content: bytes) -> bytes:
    """The content as UTF-8 where a byte-order mark says how it is written; else as it is."""
    encoding = encoding_of_mark(content)
    if encoding is None:
        return content
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise BadInput(
            f"{name} is not {encoding.upper()}, as its first bytes say: {error}; save it as UTF-8"
        ) from error
    return DECLARED.sub(b"", text.encode(), count=1)


def _as_utf8(name: str, content: bytes) -> bytes:
    """XML in the encoding that it declares as UTF-8: rdflib reads nothing else."""
    declared = DECLARED.match(content)
    try:
        text = content.decode(declared[1].decode() if declared else "utf-8")
    except (UnicodeDecodeError, LookupError) as error:
        raise BadInput(f"{name} is not in the encoding that it declares: {error}; save it as UTF-8") from error
    return DECLARED.sub(b"", text.encode(), count=1)


def _text(name: str, content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise BadInput(
            f"{name} is not UTF-8: byte {error.start} is {content[error.start]:#04x}; save the file as UTF-8"
        ) from error

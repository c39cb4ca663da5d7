"""Turns saved HTML pages into individuals of an ontology and a page-to-object table.

A patterns file (TOML) names the ontology and, per attribute, where its value stands on a page:

    ontology = "films.ttl"          # beside the patterns file
    base = "http://films.example/film/"
    item = { url = '/film/([^/]+)' }              # what makes the individual's name, from its address

    [attributes]
    title = { css = "h1" }
    released = { css = "span.year", regex = '(\\d{4})' }
    actor = { css = "li.actor", many = true }
    director = { css = "a.director", link = true }   # an individual of the linked class, named by the text

`css` selects elements (their text, or `attribute` of them), `regex` takes its groups out of that text, or out of the
page's source without `css`, or out of the address with `url`; several groups are joined by hyphens, as dates are
written. What a page lacks is listed.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pandas as pd
from rdflib import RDF, RDFS, Graph, Literal, URIRef

from kartograph.loaders.access_log.addresses import address_of
from kartograph.loaders.access_log.formats.packed import MAGIC
from kartograph.ontology.files.reading import read_rdf
from kartograph.ontology.owl.schema import Attribute, Schema, schema_of
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent

LARGEST_PAGE = 16 * 2**20
LARGEST_TEXT = 1 << 20
"""Characters of a page that regular expressions see."""
ENDINGS = (".html", ".htm", ".xhtml")


@dataclass(frozen=True)
class Pattern:
    """Where one value stands."""

    css: str | None = None
    attribute: str | None = None
    """The attribute of the element; its text by default."""
    regex: re.Pattern[str] | None = None
    url: bool = False
    """The regular expression is for the address, not for the page."""
    many: bool = False
    """All values, not the first one."""
    split: str | None = None
    """What stands between the values of one text."""
    link: bool = False
    """The value names an individual of the class that the attribute links to."""


@dataclass(frozen=True)
class Patterns:
    """What a patterns file says."""

    ontology: Path
    base: str
    item: Pattern
    attributes: dict[str, Pattern]


@dataclass(frozen=True)
class PagesFound:
    """What the pages gave."""

    rdf: Graph
    """The ontology and the individuals."""
    pages: pd.DataFrame
    """`url, item_id`: the page-to-object table."""
    missing: pd.DataFrame
    """`url, attribute`: what was asked for and not found."""
    skipped: tuple[str, ...]
    """Pages that name no individual, are too large or are not text."""


def read_patterns(path: Path) -> Patterns:
    """The patterns of a TOML file.

    Raises
    ------
    BadInput
        The file is missing or malformed, or a pattern asks for something that there is not.
    """
    if not path.is_file():
        raise BadInput(f"there is no file {path}; give a TOML file of patterns")
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{path.name} is not valid TOML: {error}; correct the file") from error
    missing = [name for name in ("ontology", "base", "item", "attributes") if name not in content]
    if missing:
        raise BadInput(f"{path.name} lacks {', '.join(missing)}; it needs ontology, base, item and attributes")
    attributes = {name: _pattern(name, given) for name, given in content["attributes"].items()}
    return Patterns(path.parent / content["ontology"], content["base"], _pattern("item", content["item"]), attributes)


def read_pages(
    source: Path, patterns: Patterns, progress: Progress = silent, *, addresses: Iterable[str] | None = None
) -> PagesFound:
    """The individuals of a folder of saved pages, or of a text file with an address per line (no page is fetched).

    A page's address is its path below the folder, without `index.html`. Of a list of addresses, which `addresses` may
    give in place of the file, only patterns of the address give values.
    """
    rdf = read_rdf(patterns.ontology)
    schema = schema_of(rdf)
    target = schema.classes[schema.target]
    unknown = sorted(set(patterns.attributes) - {a.name for a in target.attributes} - {"title"})
    if unknown:
        raise BadInput(f"there are patterns for {unknown}; {target.label} has {[a.name for a in target.attributes]}")
    pages: dict[str, str] = {}
    missing: list[tuple[str, str]] = []
    skipped: list[str] = []
    for done, (url, text) in enumerate(_pages(source, addresses, skipped)):
        progress("Reading pages", done)
        tree = None if text is None else _parsed(text)
        names = _values(patterns.item, url, text, tree)
        if not names:
            skipped.append(f"{url}: names no {target.label}")
            continue
        individual = URIRef(patterns.base + quote(names[0], safe="-._~/"))
        pages[url] = str(individual)
        rdf.add((individual, RDF.type, URIRef(target.iri)))
        for name, pattern in patterns.attributes.items():
            values = _values(pattern, url, text, tree)
            if not values:
                missing.append((url, name))
            attribute = None if name == "title" else target.attribute(name)
            for value in values:
                _add(rdf, schema, individual, attribute, value, patterns.base)
    if not pages:
        raise BadInput(f"no page of {source} names a {target.label}; see the pattern of item: {skipped[:3]}")
    return PagesFound(
        rdf,
        pd.DataFrame({"url": list(pages), "item_id": list(pages.values())}),
        pd.DataFrame(missing, columns=["url", "attribute"]),
        tuple(skipped),
    )


def _add(rdf: Graph, schema: Schema, subject: URIRef, attribute: Attribute | None, value: str, base: str) -> None:
    if attribute is None:
        rdf.add((subject, RDFS.label, Literal(value)))
    elif attribute.linked:
        other = URIRef(f"{base}{attribute.linked}/{quote(value, safe='')}")
        rdf.add((other, RDF.type, URIRef(schema.classes[attribute.linked].iri)))
        rdf.add((other, RDFS.label, Literal(value)))
        rdf.add((subject, URIRef(attribute.iri), other))
    else:
        rdf.add((subject, URIRef(attribute.iri), Literal(value)))


def _pages(source: Path, addresses: Iterable[str] | None, skipped: list[str]) -> Iterator[tuple[str, str | None]]:
    """Addresses with the text of their pages, None where there is only the address."""
    if addresses is None and source.is_file():
        content = source.read_bytes()
        if content.startswith(MAGIC) or b"\0" in content:  # gzip, or no text at all
            raise BadInput(
                f"{source} is no text with an address per line; give an access log, packed or not, with --log"
            )
        addresses = content.decode("utf-8", "replace").splitlines()
    if addresses is not None:
        addresses_read = (address_of(line.strip()) for line in addresses if line.strip())
        yield from ((address, None) for address in dict.fromkeys(addresses_read) if address is not None)
        return
    if not source.is_dir():
        raise BadInput(f"there is no folder {source}; give a folder of saved pages, or a file with an address per line")
    for file in sorted(f for f in source.rglob("*") if f.suffix.lower() in ENDINGS and f.is_file()):
        name = file.relative_to(source).as_posix()
        if file.is_symlink() or file.stat().st_size > LARGEST_PAGE:
            skipped.append(f"{name}: a link, or larger than {LARGEST_PAGE} bytes")
            continue
        name = re.sub(r"(^|/)index\.x?html?$", r"\1", name)
        yield address_of("/" + unquote(name)) or "/", file.read_bytes().decode("utf-8", "replace")


def _parsed(text: str) -> Any:
    from selectolax.lexbor import LexborHTMLParser

    return LexborHTMLParser(text)


def _values(pattern: Pattern, url: str, text: str | None, tree: Any) -> list[str]:
    if pattern.url:
        texts = [url]
    elif tree is None:
        texts = []
    elif pattern.css is None:
        texts = [(text or "")[:LARGEST_TEXT]]
    else:
        elements = tree.css(pattern.css)
        texts = [e.attributes.get(pattern.attribute) if pattern.attribute else e.text(separator=" ") for e in elements]
    values = [" ".join(value.split()) if pattern.css else value for value in texts if value]
    if pattern.regex is not None:
        matches = [match for value in values for match in pattern.regex.finditer(value)]
        values = ["-".join(filter(None, match.groups())) or match[0] for match in matches]
    if pattern.split is not None:
        values = [part for value in values for part in value.split(pattern.split)]
    values = [value.strip() for value in values if value.strip()]
    return list(dict.fromkeys(values)) if pattern.many or pattern.split else values[:1]


def _pattern(name: str, declared: Any) -> Pattern:
    known = {"css", "attribute", "regex", "url", "many", "split", "link"}
    if not isinstance(declared, dict) or set(declared) - known or not {"css", "regex", "url"} & set(declared):
        raise BadInput(f"the pattern of {name} is {declared!r}; give css, regex or url, and maybe {sorted(known)}")
    expression = declared["url"] if isinstance(declared.get("url"), str) else declared.get("regex")
    try:
        regex = re.compile(expression) if expression else None
    except re.error as error:
        raise BadInput(f"the pattern of {name} is no regular expression: {expression!r}: {error}") from error
    return Pattern(
        css=declared.get("css"),
        attribute=declared.get("attribute"),
        regex=regex,
        url=bool(declared.get("url")),
        many=bool(declared.get("many")),
        split=declared.get("split"),
        link=bool(declared.get("link")),
    )

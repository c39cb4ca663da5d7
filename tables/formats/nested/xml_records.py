"""XML becomes JSON lines: product feeds (RSS and Atom as of Google Merchant, YML, Heureka) and other lists of records.

A record is an element such as `item`, `entry`, `offer` or `product`, else the outermost one that comes again and holds
others. Prefixes of names are left out; attributes are values too. Of values that come again in a record the first
holds; records within records, as lines of an order, are a list.

The file is parsed as a stream, nothing is fetched, and entities that a file declares itself are refused.
"""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.parsers import expat

from kartograph.tables.errors import BadInput
from kartograph.tables.formats.nested.json_lists import LISTS, plain_name

_RECORDS = (
    "item", "entry", "product", "offer", "row", "record", "order", "event", "interaction", "purchase", "shopitem",
    "article", "transaction",
)  # fmt: skip
"""Names of elements that are records."""
_LISTS = {*LISTS, "lines", "orderlines", "positions", "orderitems", "cartitems", "basketitems"}
"""Names of lists of records within a record, or of one of their records with an s."""
_DEEPEST = 100
_LONGEST = 10_000_000
"""Letters of one text."""
_NO_TABLES = {
    "RDF": "an ontology in RDF/XML: `kartograph load ontology` reads it",
    "Workbook": "a workbook in XML",
    "html": "a web page (HTML)",
    "svg": "a picture",
    "urlset": "a map of a web site",
    "sitemapindex": "a map of a web site",
}
"""What names of outermost elements say."""
Path_ = tuple[str, ...]


def as_json_lines(shown: Path, data: Path, target: Path) -> list[str]:
    """Write the records of an XML file, each on the line where it begins; return what was left out, in words.

    Raises `BadInput` where the file is not well-formed, declares entities, is too deep, or holds no records.
    """
    seen = _Elements()
    _parse(shown, data, seen.start, seen.end, seen.text)
    path = seen.path_of_records(shown)
    with target.open("w", encoding="utf-8") as file:
        records = _Records(path, file.write)
        _parse(shown, data, records.start, records.end, records.text)
    further = [f"{count:,} further values of {name!r} in one record" for name, count in records.further.items()]
    return [*(f"the elements {name!r} beside the records" for name in seen.beside(path)), *further]


class _Elements:
    """How often each path of elements comes, and whether it holds others."""

    def __init__(self) -> None:
        self.open: list[str] = []
        self.counts: Counter[Path_] = Counter()
        self.holding: set[Path_] = set()

    def start(self, name: str, attributes: dict[str, str], _: int) -> None:
        self.open.append(name)
        path = tuple(self.open)
        self.counts[path] += 1
        self.holding.add(path[:-1])
        if attributes:
            self.holding.add(path)

    def end(self, _: str) -> None:
        self.open.pop()

    def text(self, _: str) -> None:
        """Texts do not matter here."""

    def path_of_records(self, shown: Path) -> Path_:
        """The outermost path of records: by its name, else by coming again."""
        root = next(iter(self.counts))[0]
        if root in _NO_TABLES:
            raise BadInput(f"{shown} is {_NO_TABLES[root]}, no table. Export the table as CSV, JSON or Parquet.")
        paths = [path for path in self.counts if path in self.holding and len(path) > 1]
        named = [path for path in paths if plain_name(path[-1]) in _RECORDS]
        candidates = named or [path for path in paths if self.counts[path] > 1]
        if not candidates:
            raise BadInput(
                f"{shown} is XML without records: no element such as item, entry or product, and none that comes again "
                "and holds others. Export the table as CSV, JSON or Parquet."
            )
        return min(candidates, key=lambda path: (len(path), -self.counts[path]))

    def beside(self, records: Path_) -> list[str]:
        """The names of elements that come again and hold something, and are neither records nor in them."""
        again = [path for path, count in self.counts.items() if count > 1 and path in self.holding]
        return sorted({path[-1] for path in again if records[: len(path)] != path[: len(records)]})


class _Records:
    """Writes the elements of one path as objects, while they are read."""

    def __init__(self, path: Path_, write: Callable[[str], Any]) -> None:
        self.path = path
        self.write = write
        self.further: Counter[str] = Counter()
        self.line = 0
        self._open: list[str] = []
        self._objects: list[dict[str, Any]] = []
        self._texts: list[list[str]] = []

    def start(self, name: str, attributes: dict[str, str], line: int) -> None:
        self._open.append(name)
        if not self._objects:
            if tuple(self._open) != self.path:
                return
            padding = max(0, line - self.line - 1)
            self.write("\n" * padding)
            self.line += padding + 1
        self._objects.append({_bare(key): value for key, value in attributes.items()})
        self._texts.append([])

    def text(self, text: str) -> None:
        if self._texts:
            self._texts[-1].append(text)

    def end(self, name: str) -> None:
        self._open.pop()
        if not self._objects:
            return
        record, text = self._objects.pop(), "".join(self._texts.pop()).strip()
        if not self._objects:
            self.write(json.dumps(record | ({"value": text} if text else {})) + "\n")
            return
        outer, parent = self._objects[-1], self._open[-1]
        # Lists of records keep all of theirs, a single one too, so that a name is a list in every record or in none.
        if record and not text and {plain_name(one) for one in (parent, name, f"{name}s")} & _LISTS:
            outer.setdefault(name, []).append(record)
        elif name in outer:
            self.further[name] += 1
        elif text or record:
            outer[name] = text or record


def _parse(
    shown: Path,
    data: Path,
    start: Callable[[str, dict[str, str], int], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> None:
    """Read a file as a stream of elements, without the prefixes of their names."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    depth = letters = 0

    def opened(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise BadInput(f"{shown} nests XML elements deeper than {_DEEPEST}, which no table does.")
        start(_bare(name), attributes, parser.CurrentLineNumber)

    def closed(name: str) -> None:
        nonlocal depth, letters
        depth -= 1
        letters = 0
        end(_bare(name))

    def read(characters: str) -> None:
        nonlocal letters
        letters += len(characters)
        if letters > _LONGEST:
            raise BadInput(
                f"{shown} holds a text of more than {_LONGEST:,} letters in line {parser.CurrentLineNumber}."
            )
        text(characters)

    def entity(name: str, *_: Any) -> None:
        raise BadInput(f"{shown} declares the entity {name!r}, which is not read. Write its text out.")

    parser.StartElementHandler, parser.EndElementHandler = opened, closed
    parser.CharacterDataHandler, parser.EntityDeclHandler = read, entity
    try:
        with data.open("rb") as file:
            parser.ParseFile(file)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise BadInput(f"{shown} is no well-formed XML: {error}. Correct it there, or fetch it again.") from error


def _bare(name: str) -> str:
    return name.rpartition(":")[2]

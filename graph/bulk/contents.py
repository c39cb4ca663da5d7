"""What goes into the database of a shop: its nodes and relationships, and nodes that tell of the load."""

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kartograph.graph.bulk.files import ImportFile, import_files, number_nodes
from kartograph.tables.errors import BadInput
from kartograph.tables.schema import Shop

SCHEMA_VERSION = 1
"""Of labels, types and properties in the graph, kept on its `:Meta` node."""
Properties = Mapping[str, str | int | None]
"""The properties of one node, as header = value: `batch:long`; null ones are left out."""


@dataclass(frozen=True)
class LoadRecord:
    """What is known about the source of a load, for its `:Load` node."""

    source: str = "tables"
    """Name of the source: "retailrocket"."""
    files: Sequence[Path] = ()
    """The files that were read; their SHA-256 sum lets a later load know them again."""
    held: Mapping[str, int] = field(default_factory=dict)
    """What is in the source, in words; the next load of it is compared with that."""


@dataclass(frozen=True)
class Contents:
    """Files of nodes, then of relationships, and single nodes, whose import ids follow those of the files."""

    files: Sequence[ImportFile]
    first: int
    """The import id of the first single node."""
    singles: Sequence[tuple[str, Properties]]
    """Label and properties of each."""

    @property
    def rows(self) -> int:
        """How many nodes and relationships there are."""
        return sum(file.rows for file in self.files) + len(self.singles)

    def check(self, rows: Mapping[str, int]) -> None:
        """Raise `BadInput` where a file gave other `rows`, counted by the name of the file, than it has to have."""
        for file in self.files:
            if rows[file.name] != file.rows:
                raise BadInput(
                    f"{file.rows - rows[file.name]:,} of {file.rows:,} rows of {file.name} name ids that no table of "
                    "nodes has; derive the shop's tables again from their source."
                )


def contents_of(shop: Shop, record: LoadRecord, load: str) -> Contents:
    """The contents of a shop that a load of the id `load` brings."""
    started = round(time.time() * 1000)
    numbered = number_nodes(shop)
    files = list(import_files(shop, numbered, load))
    [events] = [file.rows for file in files if file.name == "includes"]
    of_load = {
        "id": load,
        "source": record.source,
        "sha256": digest(record.files) if record.files else None,
        "batch:long": 0,
        "rows:long": events,
        "started:long": started,
        "finished:long": round(time.time() * 1000),
    }
    meta = {"id": "schema", "schema_version:long": SCHEMA_VERSION}
    runs = [("Run", run) for run in _runs(of_load)]
    return Contents(files, numbered.count, [("Load", of_load), ("Meta", meta), *runs])


def digest(files: Sequence[Path]) -> str:
    """The SHA-256 sum of a file, or of the sums of several in the order of their names; hexadecimal."""
    sums = []
    for path in sorted(files, key=lambda path: (path.name, str(path))):
        with path.open("rb") as file:
            sums.append(hashlib.file_digest(file, "sha256").hexdigest())
    return sums[0] if len(sums) == 1 else hashlib.sha256("".join(sums).encode()).hexdigest()


def _runs(load: Properties) -> list[Properties]:
    """What `graph.enrichment.freshness` reads: popularity and co-occurrence, counted by the load."""
    popularity = f"{load['id']}-popularity"
    common = {
        "status": "done",
        "loads:long": 1,
        "loaded:long": load["finished:long"],
        "started:long": load["started:long"],
        "finished:long": load["finished:long"],
        "whole:long": load["started:long"],
        "whole_events:long": load["rows:long"],
    }
    return [
        {"id": popularity, "step": "popularity", **common},
        {
            **{"id": f"{load['id']}-co-occurrence", "step": "co-occurrence", **common},
            **{"reads:string[]": "popularity", "inputs:string[]": popularity},
        },
    ]

"""What a generation of a shop holds, by the loads that brought it: a file beside the database, read without a server.

generations/<id>/ledger.json    [{"load": …, "source": …, "mode": "bulk", "loads": 1, "held": {"events": 120}, …}]
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from kartograph.graph.managed.home import ShopDirectory
from kartograph.tables.errors import ServerError
from kartograph.tables.whole import write_whole

LEDGER = "ledger.json"


@dataclass(frozen=True)
class Entry:
    """One bulk load, or all live loads of one source since."""

    load: str
    """Id of the `:Load` node, of the last one for live loads."""
    source: str
    mode: Literal["bulk", "live"]
    finished: int
    """Milliseconds UTC."""
    loads: int = 1
    """How many loads it stands for."""
    held: Mapping[str, int] = field(default_factory=dict)
    """What the shop held of the source afterwards, in words: `events`, `items with properties` …"""

    def __str__(self) -> str:
        """The entry in words."""
        when = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=self.finished)
        what = "the bulk load" if self.mode == "bulk" else f"{self.loads} live load{'s' if self.loads > 1 else ''}"
        return f"{what} of {self.source} ({self.held.get('events', 0):,} events, {when:%Y-%m-%d %H:%M} UTC)"


def read_ledger(generation: Path) -> list[Entry]:
    """The entries of a generation's folder, the first first; none for one that no load of this release brought."""
    file = generation / LEDGER
    try:
        return [Entry(**entry) for entry in json.loads(file.read_text("utf-8"))]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError) as error:
        raise ServerError(
            f"{file}, which says what the shop holds, cannot be read: {error}; remove the file, and the next load is "
            "compared with nothing"
        ) from error


def write_ledger(generation: Path, entries: list[Entry]) -> None:
    """Replace the entries of a generation, in one step."""
    write_whole(generation / LEDGER, json.dumps([asdict(entry) for entry in entries], indent=1))


def held_of(home: ShopDirectory, source: str) -> Entry | None:
    """The last entry of a source in the active generation, which says what the shop holds of it."""
    return next((one for one in reversed(read_ledger(active_folder(home))) if one.source == source), None)


def add_live(home: ShopDirectory, source: str, load: str, finished: int, new_events: int) -> None:
    """Note a live load on top of what the active generation holds."""
    folder = active_folder(home)
    entries = read_ledger(folder)
    former = next((one for one in reversed(entries) if one.source == source), None)
    held = dict(former.held) if former else {}
    held["events"] = held.get("events", 0) + new_events
    loads = 1
    if former and former.mode == "live":
        entries.remove(former)
        loads += former.loads
    write_ledger(folder, [*entries, Entry(load, source, "live", finished, loads, held)])


def active_folder(home: ShopDirectory) -> Path:
    """The folder of the active generation."""
    return home.generations / home.generation

"""How much memory the server gets: a share of the machine's, unless somebody says otherwise."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

import psutil

from kartograph.tables.errors import BadInput

HEAP_VARIABLE = "KARTOGRAPH_HEAP"
PAGE_CACHE_VARIABLE = "KARTOGRAPH_PAGE_CACHE"
_SIZE = re.compile(r"(\d+)\s*([mg])i?b?", re.IGNORECASE)
_CGROUPS = Path("/sys/fs/cgroup")


@dataclass(frozen=True)
class Memory:
    """Memory of one server process, in MiB."""

    heap_mib: int
    """Largest Java heap: queries and the graph projections of the Graph Data Science library live here."""
    page_cache_mib: int
    """Cache of the store files, outside the heap."""

    @classmethod
    def sized(cls, heap: str | None = None, page_cache: str | None = None) -> "Memory":
        """Return the memory asked for ("2g", "512m"), else that of the environment, else a share of the machine's.

        The heap is a sixth of the memory between 768 MiB and 8 GiB, the page cache a twelfth between 256 MiB and
        4 GiB; memory is the machine's or the control group's, whichever is smaller. KARTOGRAPH_HEAP and
        KARTOGRAPH_PAGE_CACHE override them.
        """
        machine = machine_mib()
        heap = heap or os.environ.get(HEAP_VARIABLE)
        page_cache = page_cache or os.environ.get(PAGE_CACHE_VARIABLE)
        return cls(
            mib(heap, "heap") if heap else part_of(machine, 6, 768, 8192),
            mib(page_cache, "page cache") if page_cache else part_of(machine, 12, 256, 4096),
        )


def part_of(machine: int, parts: int, least: int, most: int) -> int:
    """One of so many equal parts of the machine's MiB, within bounds."""
    return min(max(machine // parts, least), most)


def mib(text: str, what: str) -> int:
    """Return the MiB that "512m" or "2g" mean; `what` names the setting in the error."""
    match = _SIZE.fullmatch(text.strip())
    size = int(match[1]) * (1024 if match[2].lower() == "g" else 1) if match else 0
    if size < 64:
        raise BadInput(
            f'"{text}" is no size of the {what}: write a number and m or g, at least 64m, such as 512m or 2g'
        )
    return size


def machine_mib(groups: Path = _CGROUPS) -> int:
    """Return the memory of this machine in MiB, or the control group's limit where that is smaller."""
    limits = [psutil.virtual_memory().total]
    for file in (groups / "memory.max", groups / "memory" / "memory.limit_in_bytes"):
        try:
            limits.append(int(file.read_text()))
        except (OSError, ValueError):  # no such limit: "max", or no such file
            continue
    return min(limits) // 2**20

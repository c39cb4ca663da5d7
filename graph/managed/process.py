"""Which process serves a place, and is it still that process: the file `server.json`.

A process id alone is not enough: after a crash the number may belong to another program. So its creation time is kept
with it.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from kartograph.graph.managed.home import Place

_CREATED_WITHIN = 2.0
"""Seconds by which two readings of one process's creation time may differ when the clock is set meanwhile."""


@dataclass(frozen=True)
class State:
    """A server process as `server.json` describes it."""

    pid: int
    created: float
    """When the process was created, seconds since 1970 UTC."""
    http_port: int
    bolt_port: int
    heap_mib: int
    page_cache_mib: int
    neo4j: str
    """Version of the server."""
    data: str
    """The data folder that it serves."""

    @property
    def uri(self) -> str:
        """Address for drivers."""
        return f"bolt://127.0.0.1:{self.bolt_port}"

    @property
    def browser(self) -> str:
        """Address of Neo4j Browser."""
        return f"http://127.0.0.1:{self.http_port}/browser/"


def write_state(place: Place, state: State) -> None:
    """Replace `server.json` in one step."""
    beside = place.state_file.with_suffix(".new")
    beside.write_text(json.dumps(asdict(state), indent=1), "utf-8")
    os.replace(beside, place.state_file)


def running_state(place: Place) -> State | None:
    """Return the state of the running server of a place, or None where none runs; a stale file is removed."""
    state = _read_state(place.state_file)
    if state and is_alive(state):
        return state
    place.state_file.unlink(missing_ok=True)
    return None


def is_alive(state: State) -> bool:
    """Tell whether the process of a state still runs, and is not another one that got its number."""
    try:
        process = psutil.Process(state.pid)
        return abs(process.create_time() - state.created) < _CREATED_WITHIN and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _read_state(file: Path) -> State | None:
    try:
        return State(**json.loads(file.read_text("utf-8")))
    except (FileNotFoundError, ValueError, TypeError):  # none, cut short, or of another version
        return None

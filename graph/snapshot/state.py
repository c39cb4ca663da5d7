"""What the graph holds at the moment: what was loaded, which steps of the enrichment ran, and how much there is.

A part of a snapshot is fresh as long as what it is made of has not changed: the loads, the runs of the steps that
wrote it, the number of nodes and relationships, and the numbering of the items, users and categories in it.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kartograph import queries
from kartograph.graph.connection import Graph

FORMAT = 1
"""Raised when a part is written in another form: what older versions wrote is then exported anew."""


class Run(NamedTuple):
    """A run of a step of the enrichment."""

    id: str
    status: str
    finished: int | None


@dataclass(frozen=True)
class State:
    """The state of a graph; two that are equal hold the same."""

    database: str
    """The database's own id: another one under the same address has another."""
    loads: tuple[str, ...]
    """Every `:Load` node with its time."""
    runs: dict[str, Run]
    """The latest `:Run` of each step."""
    counts: dict[str, int]
    """How many nodes of a label and relationships of a type there are."""

    @classmethod
    def of(cls, graph: Graph) -> "State":
        """Read the state; the server answers from its statistics, whatever the size of the graph."""
        row = graph.query(queries.load("snapshot/state")).iloc[0]
        runs = {step: Run(*run) for step, *run in row["runs"]}
        return cls(row["database"], tuple(row["loads"]), runs, {name: number for name, number in row["counts"]})

    def ran(self, step: str) -> bool:
        """Whether a step ran to its end, or found nothing to work on."""
        return step in self.runs and self.runs[step].status != "running"

    def broke_off(self, step: str) -> bool:
        """Whether a step began and has not come to its end."""
        return step in self.runs and not self.ran(step)

    def key(self, loads: bool, steps: Sequence[str], counts: Sequence[str]) -> str:
        """Return a text that changes with what a part is made of.

        `loads` says whether the part holds what loads write; `steps` wrote the rest of it, `counts` names labels and
        types in it.
        """
        heeded = {
            "format": FORMAT,
            "database": self.database,
            "loads": self.loads if loads else None,
            "runs": [self.runs.get(step) for step in steps],
            "counts": [self.counts[name] for name in counts],
        }
        return hashlib.sha256(json.dumps(heeded, sort_keys=True).encode()).hexdigest()[:16]

"""How do import files become a database: one call of `neo4j-admin database import full`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kartograph.graph.managed.admin import run_admin
from kartograph.graph.managed.home import ServerPaths
from kartograph.graph.managed.memory import Memory, machine_mib, part_of
from kartograph.tables.progress import Progress, silent

DATABASE = "neo4j"
STEP = "Importing into Neo4j (%)"
SHARES = (0.32, 0.17, 0.3, 0.21)
"""What each stage took of the time when a shop of 413,000 events was imported: nodes, relationships, linking them, and
what comes after that."""
_STAGE = re.compile(r"\((\d)/(\d)\) [A-Z][a-z]+ [a-z]+")
_PERCENT = re.compile(r"(\d+)% ")


@dataclass(frozen=True)
class Input:
    """One file of the importer."""

    holds: Literal["nodes", "relationships"]
    kind: str
    """Label of the nodes or type of the relationships; empty where the column `:TYPE` says it."""
    path: Path
    multiline: bool
    """Whether a value holds a line feed or a carriage return."""


def importer_memory() -> Memory:
    """A twelfth of the machine's memory as heap, between 1 and 2 GiB, and a tenth outside of it, between 1 and 4 GiB.

    With less outside, relationships are linked in several rounds: 8.4 s against 3.4 s with 2 GiB, of 7.7 M of them.
    """
    machine = machine_mib()
    return Memory(part_of(machine, 12, 1024, 2048), part_of(machine, 10, 1024, 4096))


def import_database(
    paths: ServerPaths,
    inputs: Sequence[Input],
    memory: Memory,
    longest_value: int,
    progress: Progress = silent,
) -> None:
    """Make a database of the files in folders that have none.

    `memory.heap_mib` bounds the importer's Java heap and `memory.page_cache_mib` what it takes outside of it;
    `longest_value` is the length of the longest value, in bytes at most.

    Raises:
        ServerError: the importer failed, with its last lines.
    """
    run_admin(
        paths,
        *("database", "import", "full", DATABASE),
        "--id-type=actual",
        "--ignore-empty-strings=false",
        "--trim-strings=false",
        f"--read-buffer-size={max(4 * 2**20, 2 * longest_value)}",
        f"--max-off-heap-memory={memory.page_cache_mib}m",
        f"--report-file={paths.logs / 'import.report'}",
        *_multiline([str(given.path) for given in inputs if given.multiline]),
        *(f"--{given.holds}={given.kind}{'=' if given.kind else ''}{given.path}" for given in inputs),
        memory=memory,
        progress=importing(progress),
    )


def _multiline(paths: Sequence[str]) -> list[str]:
    """Name the files with line breaks inside values: the importer reads those with one thread, the others with all."""
    if not paths:
        return []
    return ["--multiline-fields-format=v2", "--multiline-fields=" + ",".join(paths)]


def importing(progress: Progress) -> Progress:
    """Turn the importer's lines into one step that fills: what its stages take of the whole, and the part of the stage.

    Before its first stage the importer starts Java and looks at the files.
    """
    stage, stages = 0, len(SHARES)

    def report(step: str, done: float | None = None, total: float | None = None) -> None:
        nonlocal stage, stages
        if match := _STAGE.search(step):
            stage, stages, part = int(match[1]), int(match[2]), 0
        elif (match := _PERCENT.search(step)) and stage:
            part = int(match[1])
        else:
            return
        shares = SHARES if stages == len(SHARES) else (1 / stages,) * stages
        progress(STEP, round(100 * sum(shares[: stage - 1]) + shares[stage - 1] * part), 100)

    return report

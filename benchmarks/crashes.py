"""Does a command that fails or is killed at its n-th change of a file harm a shop: `python benchmarks/crashes.py`.

Each operation runs once to count its points (`crash_shim.py` says what they are). Then it runs again and again, killed
(SIGKILL) or made to fail (no space) at one point after the other. After each the whole graph is compared: it is what it
was before or what the command makes of it; only where a command works in several transactions, as a live load and an
erasure do, it may be between, and the same command goes on. Nothing lies beside the user's file, versions answer, and
the same command then ends well. A row for each operation and kind is printed as Markdown, what a crash broke goes to
the error output, and then the exit code is 1. Rows of all operations and kinds go into `docs/records/crashes.json`, of
which the page about operation is made.

    python benchmarks/crashes.py --operations live version --sample 4
    python benchmarks/crashes.py --sample 20              200 trials and more over all operations
"""

import argparse
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from crash_bench import FIRST, Bench, Held

from kartograph.graph.managed.backups.archive import opened_archive
from kartograph.graph.managed.backups.manifest import read_manifest
from kartograph.graph.managed.home import default_root
from kartograph.graph.managed.lifecycle import running, stop
from kartograph.reference.records import keep_table

KINDS = {"kill": "killed", "fail": "no space"}
OUTCOMES = ("as before", "done", "between", "not reached", "broken")
"""What the graph was after a crash, where nothing was wrong: "not reached" where the command came to its end before."""
COLUMNS = ("operation", "kind", "points", "trials", *OUTCOMES)


@dataclass(frozen=True)
class Operation:
    """A command, and what it may make of a shop."""

    command: str
    """Its words for readers."""
    arguments: Callable[[Bench], list[str]]
    adds: int | None = 0
    """To the number of events; None: it puts the same shop in the place of whatever was there."""
    several: bool = False
    """Whether it works in several transactions, so that a kill may leave the graph between two of them."""
    restarts: bool = False
    """Whether servers start and stop in every trial, which takes a minute instead of seconds."""
    after: Callable[[Bench], None] = lambda bench: None
    """Adds to the findings what else must hold, after a crash and after the command ended well."""


def _backup_is_whole(bench: Bench) -> None:
    files = sorted(file.name for file in bench.folder.iterdir())
    if set(files) - {"fresh.csv", "first.csv", "shop.backup", "kept.backup"}:
        bench.findings.append(f"beside the user's files lie {files}")
    for file in bench.folder.glob("*.backup"):
        with opened_archive(file) as archive:
            read_manifest(archive, file)


def _version_answers(bench: Bench) -> None:
    code, _, said = bench.run(["recommend", "popularity", "--user", "u1"])
    if code:
        bench.findings.append(f"recommend ends with {code}: {said[-500:]}")


def _anew(bench: Bench, *arguments: str) -> list[str]:
    bench.newcomer()  # so that there is a snapshot to be taken, and the shops before and after differ
    return list(arguments)


OPERATIONS = {
    "live": Operation(
        "load --live", lambda bench: ["load", "interactions", str(bench.fresh()), "--live"], adds=2, several=True
    ),
    "write": Operation(
        "recommend --write", lambda bench: _anew(bench, "recommend", "item-knn", "--write", "--everyone")
    ),
    "version": Operation("train", lambda bench: _anew(bench, "train", "popularity"), after=_version_answers),
    "erase": Operation("erase-user", lambda bench: ["erase-user", bench.newcomer(), "--yes"], adds=-2, several=True),
    "backup": Operation(
        "backup",
        lambda bench: ["backup", str(bench.folder / "shop.backup"), "--overwrite"],
        restarts=True,
        after=_backup_is_whole,
    ),
    "restore": Operation(
        "restore",
        lambda bench: _anew(bench, "restore", str(bench.folder / "kept.backup"), "--yes"),
        adds=None,
        restarts=True,
        after=_backup_is_whole,
    ),
    "load": Operation(
        "load in bulk",
        lambda bench: _anew(bench, "load", "interactions", str(bench.folder / "first.csv"), "--allow-shrink"),
        adds=None,
        restarts=True,
    ),
    "undo": Operation("undo-load", lambda bench: ["undo-load"], adds=None, restarts=True),
}


def main() -> None:
    """Break every operation asked for, and print a row for each and each kind."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--operations", nargs="+", default=list(OPERATIONS), choices=OPERATIONS)
    parser.add_argument(
        "--sample",
        type=int,
        help="points of each operation and kind, evenly spread, a quarter of them where servers restart (all)",
    )
    parser.add_argument("--kinds", nargs="+", default=list(KINDS), choices=KINDS, help="killed, or no space (both)")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["KARTOGRAPH_ENDS_WITH"] = str(os.getpid())
        # Servers live for minutes here, and the optimising compiler takes up to half of the time of their starts.
        os.environ.setdefault("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1")
        servers = default_root() / "servers"
        os.environ["KARTOGRAPH_HOME"] = str(root := Path(folder) / "home")
        root.mkdir()
        (root / "servers").symlink_to(servers)
        (own := Path(folder) / "own").mkdir()
        bench = Bench.of(own)
        try:
            _prepare(bench, arguments.operations)
            if not arguments.json:
                _print_row(COLUMNS)
                _print_row(["---"] * len(COLUMNS))
            rows = [
                row
                for name in arguments.operations
                for row in _rows(bench, name, arguments.sample, arguments.kinds, arguments.json)
            ]
        finally:
            stop(bench.home)
    total: Counter[str] = Counter()
    for row in rows:
        total.update({name: int(row[name]) for name in ("trials", *OUTCOMES)})
    if arguments.json:
        print(json.dumps(rows))
    else:
        print(f"\n{total['trials']} trials: " + ", ".join(f"{total[name]} {name}" for name in OUTCOMES))
        if {*OPERATIONS} == {*arguments.operations} and {*KINDS} == {*arguments.kinds}:
            by_command = [(OPERATIONS[str(row["operation"])].command, *list(row.values())[1:]) for row in rows]
            whole = ("all", "", "", *(total[name] for name in ("trials", *OUTCOMES)))
            keep_table("crashes", ("command", *COLUMNS[1:]), [*by_command, whole], detached=True)
    sys.exit(bool(total["broken"]))


def _prepare(bench: Bench, operations: Sequence[str]) -> None:
    (bench.folder / "first.csv").write_text(FIRST)
    commands = [["load", "interactions", str(bench.folder / "first.csv")], ["train", "popularity"]]
    if {"restore", "undo"} & {*operations}:
        commands.append(["backup", str(bench.folder / "kept.backup")])
    for arguments in commands:
        bench.must(arguments)


def _print_row(cells: Sequence[object]) -> None:
    print(f"| {' | '.join(map(str, cells))} |", flush=True)


def _rows(bench: Bench, name: str, sample: int | None, kinds: Sequence[str], quiet: bool) -> list[dict[str, str | int]]:
    operation = OPERATIONS[name]
    if name == "undo":  # the two databases differ, whatever was tried before
        bench.newcomer()
        bench.must(["restore", str(bench.folder / "kept.backup"), "--yes"])
    arguments, first = operation.arguments(bench), bench.held()
    bench.must(arguments)  # the first run makes what later ones find
    wholes = [first, bench.held()] if name == "undo" else [bench.held()] if operation.adds is None else []
    code, points, said = bench.run(operation.arguments(bench))
    assert code == 0, said
    tried = min(-(-sample // 4) if sample and operation.restarts else sample or points, points)
    rows = []
    for kind in kinds:
        count: Counter[str] = Counter()
        for point in ((2 * position + 1) * points // (2 * tried) + 1 for position in range(tried)):
            outcome = _trial(bench, operation, point, kind, wholes)
            for finding in bench.findings:
                print(f"{name}, {kind} at point {point} of {points}: {finding}", file=sys.stderr, flush=True)
            count["broken" if bench.findings else outcome] += 1
            bench.findings.clear()
        rows.append(
            {"operation": name, "kind": KINDS[kind], "points": points, "trials": tried}
            | {outcome: count[outcome] for outcome in OUTCOMES}
        )
        if not quiet:
            _print_row(list(rows[-1].values()))
    return rows


def _trial(bench: Bench, operation: Operation, point: int, kind: str, wholes: Sequence[Held]) -> str:
    """Break the command at a point and run it again; returns what the graph was in between."""
    arguments, before = operation.arguments(bench), bench.held()
    code, _, said = bench.run(arguments, point, kind)
    if "Traceback" in said and kind == "fail":
        bench.findings.append(f"a traceback: {said.strip().splitlines()[-1]}")
    broken = bench.held()
    operation.after(bench)
    again, _, said = bench.run(arguments)
    if again:
        bench.findings.append(f"the same command then ends with {again}: {said[-300:]}")
    whole = bench.held()
    if operation.adds is not None and whole.events != before.events + operation.adds:
        bench.findings.append(f"after the second run {whole.events} events, before {before.events}")
    if operation.adds is None and whole not in wholes:
        bench.findings.append(f"the second run made another graph: {whole.differs_from(wholes[-1])}")
    operation.after(bench)
    if running(bench.home) is None and not operation.restarts:
        bench.findings.append("the server is gone")
    if kind == "kill" and code == 0:
        return "not reached"
    changes = operation.adds != 0
    if broken == before:
        if code == 0 and changes:
            bench.findings.append("it ended well and did nothing")
        return "as before" if code or changes else "done"
    if broken in (wholes or [whole]):
        return "done"
    if not operation.several:
        bench.findings.append(f"the graph is between: {broken.differs_from(before)}")
    return "between"


if __name__ == "__main__":
    main()

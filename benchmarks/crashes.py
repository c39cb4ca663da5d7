"""Does a command that fails or is killed at its n-th change of a file harm a shop: `python benchmarks/crashes.py`.

Each operation runs once to count its points: files opened for writing, fsyncs, names given, changed and removed below
the home and beside the user's file. Then it runs again and again, killed (SIGKILL) or made to fail (no space) at one
point after the other. After each: the shop holds what it held before or what the operation brings, nothing between;
nothing lies beside the user's file; the same command then ends well. What a crash broke is printed, and exit code 1.

    python benchmarks/crashes.py --operations live version --sample 4
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kartograph.graph.accounts import read_account, tally_in
from kartograph.graph.connection import Graph
from kartograph.graph.ledger import active_folder, read_ledger
from kartograph.graph.managed.backup import _opened, read_manifest
from kartograph.graph.managed.home import Home, default_root
from kartograph.graph.managed.lifecycle import running, start, stop
from kartograph.graph.managed.memory import Memory

SHIM = """
import atexit, errno, os, signal, sys
point, kind, told, folders = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4].split(os.pathsep)
seen, mine = 0, os.getpid()
def ours(path):
    if isinstance(path, int):
        try:
            path = os.readlink(f"/proc/self/fd/{path}")
        except OSError:
            return False
    path = os.path.abspath(os.fsdecode(path)) if isinstance(path, (str, bytes, os.PathLike)) else ""
    return path.startswith(tuple(folders)) and path != told
def passed(path):
    global seen
    if os.getpid() != mine or not ours(path):
        return
    seen += 1
    if seen == point:
        if kind == "kill":
            os.kill(mine, signal.SIGKILL)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path if isinstance(path, str) else None)
def hook(event, arguments):
    if event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR):
        passed(arguments[0])
    elif event in ("os.rename", "os.link"):
        passed(arguments[1])
    elif event in ("os.remove", "os.mkdir", "os.rmdir"):
        passed(arguments[0])
sys.addaudithook(hook)
fsync = os.fsync
def synced(descriptor):
    passed(descriptor)
    fsync(descriptor)
os.fsync = synced
def tell():
    with open(told, "w") as file:
        file.write(str(seen))
atexit.register(tell)
sys.argv = ["kartograph", *sys.argv[5:]]
from kartograph.cli import main
main()
"""
SHOP = "crash"
KINDS = ("kill", "fail")
FIRST = "user,item,event,time\n" + "".join(f"u{n % 5},i{n % 13},view,{1_600_000_000 + n}\n" for n in range(40))
SMALL = Memory(512, 64)


@dataclass
class Bench:
    """A shop in a home of its own, and what was found."""

    home: Home
    folder: Path
    """Of the user's own files."""
    turn: int = 0
    findings: list[str] = field(default_factory=list)

    def run(self, arguments: list[str], point: int = 0, kind: str = "count") -> tuple[int, int, str]:
        """Run a command, which ends at a point; returns its exit code, the points that it passed and what it said."""
        told = self.folder.parent / "points"
        told.unlink(missing_ok=True)
        folders = os.pathsep.join(map(str, (self.home.root / "shops", self.folder)))
        command = [sys.executable, "-c", SHIM, str(point), kind, str(told), folders, "--shop", SHOP, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=900)
        return done.returncode, int(told.read_text()) if told.exists() else 0, done.stderr

    @contextmanager
    def graph(self) -> Iterator[Graph]:
        """Connect to the shop, whose server starts where it is gone."""
        server = start(self.home, SMALL)
        with Graph.connect(server.uri, server.auth) as graph:
            yield graph

    def held(self) -> dict[str, Any]:
        """What the shop shows: its events, and whole runs of recommendations only."""
        with self.graph() as graph:
            account = read_account(active_folder(self.home))
            tally = tally_in(graph)
            if account and account.known and account.known != tally:
                self.findings.append(f"the account says {account.known}, the database holds {tally}")
            read_ledger(active_folder(self.home))
            runs = graph.query(
                "MATCH (:Model)-[:CURRENT]->(r:Run) RETURN r.recommendations AS said, "
                "COUNT { (:User)-[:RECOMMENDED {run: r.id}]->(:Item) } AS found"
            )
            if (runs["said"] != runs["found"]).any():
                self.findings.append(f"a run shows {runs['found'].tolist()} of {runs['said'].tolist()} recommendations")
            return {"events": tally.events, "checksum": tally.checksum}

    def fresh(self) -> Path:
        """A file of two events that the shop does not hold."""
        self.turn += 1
        file = self.folder / "fresh.csv"
        at = 1_600_100_000 + self.turn
        file.write_text(f"user,item,event,time\nn{self.turn},i1,view,{at}\nn{self.turn},i2,buy,{at + 1}\n")
        return file

    def newcomer(self) -> str:
        """The id of a user with two events whom the shop did not hold before."""
        code, _, said = self.run(["load", "interactions", str(self.fresh()), "--live"])
        assert code == 0, said
        return f"n{self.turn}"


@dataclass(frozen=True)
class Operation:
    """A command, and what it adds to the number of events (None: it puts others in their place)."""

    arguments: Callable[[Bench], list[str]]
    adds: int | None = 0
    after: Callable[[Bench], None] = lambda bench: None
    """Adds to the findings what else must hold, after a crash and after the command ended well."""


def _backup_is_whole(bench: Bench) -> None:
    files = sorted(file.name for file in bench.folder.iterdir())
    if set(files) - {"fresh.csv", "first.csv", "shop.backup", "kept.backup"}:
        bench.findings.append(f"beside the user's files lie {files}")
    for file in bench.folder.glob("*.backup"):
        with _opened(file) as archive:
            read_manifest(archive, file)


def _version_answers(bench: Bench) -> None:
    code, _, said = bench.run(["recommend", "popularity", "--user", "u1"])
    if code:
        bench.findings.append(f"recommend ends with {code}: {said[-500:]}")


OPERATIONS = {
    "live": Operation(lambda bench: ["load", "interactions", str(bench.fresh()), "--live"], adds=2),
    "write": Operation(lambda bench: ["recommend", "item-knn", "--write", "--everyone"]),
    "version": Operation(lambda bench: ["train", "popularity"], after=_version_answers),
    "backup": Operation(
        lambda bench: ["backup", str(bench.folder / "shop.backup"), "--overwrite"], after=_backup_is_whole
    ),
    "restore": Operation(lambda bench: ["restore", str(bench.folder / "kept.backup"), "--yes"], adds=None),
    "load": Operation(
        lambda bench: ["load", "interactions", str(bench.folder / "first.csv"), "--allow-shrink"], adds=None
    ),
    "undo": Operation(lambda bench: ["undo-load"], adds=None),
    "erase": Operation(lambda bench: ["erase-user", bench.newcomer(), "--yes"], adds=-2),
}


def main() -> None:
    """Break every operation asked for, and print a row for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--operations", nargs="+", default=list(OPERATIONS), choices=OPERATIONS)
    parser.add_argument("--sample", type=int, help="points of each operation and kind, evenly spread (all)")
    parser.add_argument("--kinds", nargs="+", default=KINDS, choices=KINDS, help="killed, or no space to write (both)")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["KARTOGRAPH_ENDS_WITH"] = str(os.getpid())
        servers = default_root() / "servers"
        os.environ["KARTOGRAPH_HOME"] = str(root := Path(folder) / "home")
        root.mkdir()
        (root / "servers").symlink_to(servers)
        (own := Path(folder) / "own").mkdir()
        bench = Bench(Home.of(SHOP), own)
        (own / "first.csv").write_text(FIRST)
        try:
            rows = _broken(bench, given.operations, given.sample, given.kinds, given.json)
        finally:
            stop(bench.home)
    if given.json:
        print(json.dumps(rows))
    sys.exit(any(row["broken"] for row in rows))


def _broken(
    bench: Bench, operations: list[str], sample: int | None, kinds: list[str], quiet: bool
) -> list[dict[str, object]]:
    for arguments in (["load", "interactions", str(bench.folder / "first.csv")], ["train", "popularity"]):
        code, _, said = bench.run(arguments)
        assert code == 0, said
    if "restore" in operations or "undo" in operations:
        code, _, said = bench.run(["backup", str(bench.folder / "kept.backup")])
        assert code == 0, said
    if "undo" in operations:
        bench.newcomer()  # the two databases differ
        code, _, said = bench.run(["restore", str(bench.folder / "kept.backup"), "--yes"])
        assert code == 0, said
    rows = []
    for name in operations:
        row = _one(bench, name, OPERATIONS[name], sample, kinds)
        rows.append(row)
        if not quiet:
            if len(rows) == 1:
                print("".join(f"{head:>12}" for head in row), flush=True)
            print("".join(f"{value:>12}" for value in row.values()), flush=True)
    return rows


def _one(bench: Bench, name: str, operation: Operation, sample: int | None, kinds: list[str]) -> dict[str, object]:
    arguments, first = operation.arguments(bench), bench.held()
    code, points, said = bench.run(arguments)
    assert code == 0, said
    states = (first["events"], bench.held()["events"])
    count: Counter[str] = Counter()
    tried = min(sample or points, points)
    for kind in kinds:
        for point in ((2 * place + 1) * points // (2 * tried) + 1 for place in range(tried)):
            arguments, before = operation.arguments(bench), bench.held()
            code, _, said = bench.run(arguments, point, kind)
            count[kind] += 1
            if "Traceback" in said and kind == "fail":
                bench.findings.append(f"a traceback: {said.strip().splitlines()[-1]}")
            after = bench.held()
            may = states if operation.adds is None else (before["events"] + operation.adds,)
            if after["events"] not in (before["events"], *may):
                bench.findings.append(f"{before} became {after}")
            count["unchanged" if after == before else "done"] += 1
            operation.after(bench)
            code, _, said = bench.run(arguments)
            if code:
                bench.findings.append(f"the same command then ends with {code}: {said[-300:]}")
            if operation.adds and bench.held()["events"] != before["events"] + operation.adds:
                bench.findings.append(f"after the second run {bench.held()}, before {before}")
            operation.after(bench)
            if running(bench.home) is None and name in ("live", "write", "version"):
                bench.findings.append("the server is gone")
            for finding in bench.findings:
                print(f"{name}, {kind} at point {point} of {points}: {finding}", file=sys.stderr, flush=True)
            count["broken"] += bool(bench.findings)
            bench.findings.clear()
    outcomes = (*KINDS, "unchanged", "done", "broken")
    return {"operation": name, "points": points, **{outcome: count[outcome] for outcome in outcomes}}


if __name__ == "__main__":
    main()

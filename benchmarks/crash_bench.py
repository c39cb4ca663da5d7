"""The shop that `benchmarks/crashes.py` breaks: a home, commands that end early, and what the graph holds."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from kartograph.graph.accounts import read_account, tally_in
from kartograph.graph.connection import Graph
from kartograph.graph.ledger import active_folder, read_ledger
from kartograph.graph.managed.home import ShopDirectory
from kartograph.graph.managed.lifecycle import start
from kartograph.graph.managed.memory import Memory

SHOP = "crash"
SHIM = Path(__file__).with_name("crash_shim.py")
FIRST = "user,item,event,time\n" + "".join(f"u{n % 5},i{n % 13},view,{1_600_000_000 + n}\n" for n in range(40))
SMALL = Memory(512, 64)
NODES = "MATCH (n:User|Item|Category|Session) RETURN labels(n)[0] + ' ' + n.id AS name, properties(n) AS held"
RELATIONSHIPS = (
    "MATCH (a:User|Item|Category|Session)-[r]->(b:User|Item|Category|Session) "
    "WHERE type(r) <> 'RECOMMENDED' OR EXISTS { (:Model)-[:CURRENT]->(:Run {id: r.run}) } "
    "RETURN a.id + ' ' + type(r) + ' ' + b.id AS name, r {.*, run: null} AS held"
)
"""What readers see: recommendations of a run that is not current are not there; the names of runs are left out."""


@dataclass(frozen=True)
class Held:
    """A whole graph: how many events it has, and every node and relationship with its properties, as text."""

    events: int
    content: tuple[str, ...]

    def differs_from(self, other: "Held") -> str:
        """What one has and the other lacks, the first few."""
        own, others = Counter(self.content), Counter(other.content)
        more, less = sorted((own - others).elements()), sorted((others - own).elements())
        return f"{len(more)} more {more[:3]}, {len(less)} less {less[:3]}"


@dataclass
class Bench:
    """A shop in a home of its own, and what was found."""

    home: ShopDirectory
    folder: Path
    """Of the user's own files."""
    turn: int = 0
    findings: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, folder: Path) -> Self:
        """The bench of the present home."""
        return cls(ShopDirectory.of(SHOP), folder)

    def run(self, arguments: list[str], point: int = 0, kind: str = "count") -> tuple[int, int, str]:
        """Run a command, which ends at a point; returns its exit code, the points that it passed and what it said."""
        points_file = self.folder.parent / "points"
        points_file.unlink(missing_ok=True)
        folders = os.pathsep.join(map(str, (self.home.root / "shops", self.folder)))
        command = [sys.executable, str(SHIM), str(point), kind, str(points_file), folders, "--shop", SHOP, *arguments]
        done = subprocess.run(command, capture_output=True, text=True)
        return done.returncode, int(points_file.read_text()) if points_file.exists() else 0, done.stderr

    def must(self, arguments: list[str]) -> None:
        """Run a command that has to end well."""
        code, _, said = self.run(arguments)
        assert code == 0, said

    @contextmanager
    def graph(self) -> Iterator[Graph]:
        """Connect to the shop, whose server starts where it is gone."""
        server = start(self.home, SMALL)
        with Graph.connect(server.uri, server.auth) as graph:
            yield graph

    def held(self) -> Held:
        """What the shop shows; adds to the findings where its accounts, or a run of recommendations, are not whole."""
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
            parts = [graph.query(statement) for statement in (NODES, RELATIONSHIPS)]
        rows = [(name, held) for part in parts for name, held in zip(part["name"], part["held"], strict=True)]
        return Held(tally.events, tuple(sorted(f"{name} {sorted(held.items())}" for name, held in rows)))

    def fresh(self) -> Path:
        """A file of two events that the shop does not hold."""
        self.turn += 1
        file = self.folder / "fresh.csv"
        at = 1_600_100_000 + self.turn
        file.write_text(f"user,item,event,time\nn{self.turn},i1,view,{at}\nn{self.turn},i2,buy,{at + 1}\n")
        return file

    def newcomer(self) -> str:
        """The id of a user with two events whom the shop did not hold before."""
        self.must(["load", "interactions", str(self.fresh()), "--live"])
        return f"n{self.turn}"

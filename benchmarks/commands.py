"""Prints time and memory of every command on a generated shop, and writes them as a page of the documentation.

    python benchmarks/commands.py FOLDER --scale 1 --out docs/figures.md

The shop of RetailRocket's layout is generated in FOLDER where it is not there yet, and loaded into a home of its own.
Seconds of the processor are those of the command with its children, without the shop's server: other work on the
machine hardly changes them. Memory is the largest resident memory of the command with its children, and of the shop's
server, sampled four times a second; memory that processes share counts in each.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from textwrap import fill

import psutil

from kartograph.graph.connection import Graph
from kartograph.graph.managed.home import ShopDirectory, default_root
from kartograph.graph.managed.lifecycle import running, start
from kartograph.loaders.sample import generate

SHOP = "figures"
EVERY = 0.25
PROGRAM = [sys.executable, "-c", "from kartograph.cli import main; main()", "--shop", SHOP]
FACTS = """
CALL () { MATCH ()-[r:INCLUDES]->() RETURN count(r) AS events }
CALL () { MATCH (i:Item) RETURN count(i) AS items }
CALL () { MATCH (i:Item) RETURN i.id AS item ORDER BY i.popularity DESC, item LIMIT 1 }
MATCH (u:User)-[:HAD]->(s)
WITH events, items, item, u.id AS user, count(s) AS sessions
RETURN events, items, item, user ORDER BY sessions DESC, user LIMIT 1
"""


@dataclass(frozen=True)
class Figure:
    """What one command took."""

    command: str
    seconds: float
    processor: float
    own_mib: int
    server_mib: int
    failed: str

    def row(self) -> str:
        """A row of the table."""
        numbers = f"{self.seconds:.1f} | {self.processor:.1f} | {self.own_mib:,} | {self.server_mib:,}"
        return f"| `{self.command}`{self.failed and f', {self.failed}'} | {numbers} |"


def main() -> None:
    """Run the commands one after the other and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scale", type=float, default=1.0, help="1 is RetailRocket's size (1)")
    parser.add_argument("--out", type=Path, help="the page to write (standard output)")
    arguments = parser.parse_args()
    if not arguments.folder.is_dir():
        generate(arguments.folder, scale=arguments.scale)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "servers").symlink_to(default_root() / "servers")
        os.environ |= {"KARTOGRAPH_HOME": folder, "KARTOGRAPH_ENDS_WITH": str(os.getpid())}
        figures = [measured(["load", "retailrocket", str(arguments.folder)]), measured(["start"])]
        server = start(ShopDirectory.of(SHOP))
        with Graph.connect(server.uri, server.auth) as graph:
            facts = graph.query(FACTS).iloc[0]
        commands = _commands(arguments.folder, root, str(facts["user"]), str(facts["item"]))
        figures += [measured(command) for command in commands]
    text = _page(arguments.scale, f"{facts['events']:,} events and {facts['items']:,} items", figures)
    arguments.out.write_text(text) if arguments.out else print(text)


def _page(scale: float, shop: str, figures: list[Figure]) -> str:
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return "\n".join(
        [
            "# What commands take",
            "",
            _wrapped(
                f"Measured on {datetime.now(UTC):%Y-%m-%d}: a generated shop of {shop}, {os.cpu_count()} cores, load "
                f"at the end {load}, by"
            ),
            "",
            "```sh",
            f"python benchmarks/commands.py FOLDER --scale {scale:g} --out docs/figures.md",
            "```",
            "",
            _wrapped(
                "Seconds on the clock depend on what else the machine does; seconds of the processor, of the command "
                "with its children and without the shop's server, hardly do. Memory in MiB is the most that the "
                "command with its children held at once, and the server; pages of files that are mapped count, and "
                "pages that processes share count in each. The first of two like commands compiles code or makes what "
                "the second finds."
            ),
            "",
            "| Command | Seconds | of the processor | Memory | Server |",
            "| --- | ---: | ---: | ---: | ---: |",
            *(figure.row() for figure in figures),
            "",
        ]
    )


def _wrapped(text: str) -> str:
    return fill(text, 120)


def _commands(data: Path, root: Path, user: str, item: str) -> list[list[str]]:
    kept = str(root / "shop.kartograph")
    users = ("item-knn", "walk", "mcprhrec", "blend-graph")
    trained = (*((name, "--user") for name in users), ("stan", "--session"))
    asked = {"--user": user, "--session": item}
    return [
        ["status"],
        ["load", "retailrocket", str(data), "--live"],
        ["enrich"],
        ["enrich"],
        ["models"],
        ["query", "explore/funnel"],
        ["recommend", "co-occurrence", "--user", user],
        *(
            command
            for name, how in trained
            for command in (["train", name], ["recommend", name, how, asked[how]], ["recommend", name, how, asked[how]])
        ),
        ["similar", "item-knn", "--item", item],
        ["explain", "walk", "--user", user, "--item", item],
        ["recommend", "item-knn", "--write", "--everyone"],
        ["patterns", "--support", "50"],
        ["versions"],
        ["report"],
        ["export-user", user],
        ["erase-user", user, "--yes"],
        ["backup", kept],
        ["verify"],
        ["restore", kept, "--yes"],
        ["stop"],
        ["start"],
        ["stop"],
    ]


def measured(arguments: list[str]) -> Figure:
    """Run a command and sample its memory, and that of the shop's server."""
    began, own, server = time.perf_counter(), 0, 0
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen([*PROGRAM, *arguments], stdout=said, stderr=said)
        known, used, status = psutil.Process(process.pid), None, 0
        while used is None:
            state = running(ShopDirectory.of(SHOP))
            pid = state.pid if state else 0
            server = max(server, _resident(pid))
            own = max(own, sum(_resident(one) for one in _with_children(known) if one != pid))
            ended, status, usage = os.wait4(process.pid, os.WNOHANG)
            used = usage if ended else None
            time.sleep(EVERY if used is None else 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        failed = said.read().strip().splitlines()[-1:] if process.returncode else []
    shown = " ".join("FOLDER" if word.startswith("/") else word for word in arguments)
    figure = Figure(
        *(shown, seconds, used.ru_utime + used.ru_stime, own >> 20, server >> 20),
        failed=failed[0][:100].replace("|", "/") if failed else "",
    )
    print(figure.row(), file=sys.stderr, flush=True)
    return figure


def _with_children(process: psutil.Process) -> list[int]:
    try:
        return [process.pid, *(child.pid for child in process.children(recursive=True))]
    except psutil.NoSuchProcess:
        return []


def _resident(pid: int) -> int:
    try:
        return psutil.Process(pid).memory_info().rss if pid else 0
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0


if __name__ == "__main__":
    main()

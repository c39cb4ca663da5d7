"""How long commands take, against a former revision: `python benchmarks/start.py REVISION --demo --load FOLDER`.

The revision is checked out beside (`git worktree`) and runs with the same packages and the same installed server, each
in a home of its own, and each keeps its compiled modules, as an installed package does, whatever the environment says.
Commands on a tiny shop, and the demo, run in turns (new, old, old, new …). The fastest of the rounds, which other work
on the machine disturbs least, are printed with the slowest, and their ratio beside its goal. With `--demo` and `--load`
they go into `docs/records/former_revision.json`, of which the page about operation is made.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kartograph.graph.managed.home import default_root
from kartograph.loaders.sample import generate
from kartograph.reference.markdown import table
from kartograph.reference.records import keep_table

ROOT = Path(__file__).resolve().parents[1]
GOALS = {"start": 0.6, "load and start": 0.5, "recommend": 0.4, "demo": 0.6, "load in bulk": 0.75}
SMALL = {"KARTOGRAPH_HEAP": "1g", "KARTOGRAPH_PAGE_CACHE": "256m"}
"""Memory of the server of a small shop; that of a large one is what the version takes by itself."""
EVENTS = "\n".join(
    [
        "user,item,event,time",
        *(f"u{n // 2},i{n % 3},{'buy' if n % 2 else 'view'},{1_600_000_000 + n}" for n in range(6)),
    ]
)
HEAD = ("seconds, fastest … slowest", "former", "today", "ratio", "goal")


@dataclass
class Version:
    """One checkout with its home."""

    name: str
    source: Path
    home: Path
    seconds: dict[str, list[float]] = field(default_factory=dict)

    def run(self, *arguments: str, memory: Mapping[str, str] = SMALL) -> None:
        """Run a command of this version; its output is shown where it fails."""
        command = [sys.executable, "-c", "from kartograph.cli import main; main()", *arguments]
        environment = {
            **os.environ,
            **{"PYTHONPATH": str(self.source / "src"), "KARTOGRAPH_HOME": str(self.home)},
            **{"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(self.home / "compiled")},
            **memory,
        }
        done = subprocess.run(command, env=environment, cwd=self.home, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"{self.name}: kartograph {' '.join(arguments)} failed:\n{done.stderr}{done.stdout}")

    def time(self, what: str, *commands: tuple[str, ...], memory: Mapping[str, str] = SMALL) -> None:
        """Measure commands that follow each other."""
        began = time.perf_counter()
        for command in commands:
            self.run(*command, memory=memory)
        self.seconds.setdefault(what, []).append(time.perf_counter() - began)

    def round(self, number: int) -> None:
        """Measure a start, a load with a start, and a command that recommends, on shops of this round."""
        shop, other = f"a{number}", f"b{number}"
        self.run("--shop", shop, "start")
        self.run("--shop", shop, "stop")
        self.time("start", ("--shop", shop, "start"))
        self.run("--shop", shop, "stop")
        events = self.home / "events.csv"
        events.write_text(EVENTS + "\n")
        self.time("load and start", ("--shop", other, "load", "interactions", str(events)), ("--shop", other, "start"))
        self.run("--shop", other, "recommend", "--user", "u1")  # where a version is trained first
        self.time("recommend", ("--shop", other, "recommend", "--user", "u1"))
        self.run("--shop", other, "stop")

    def demo(self) -> None:
        """Measure the demo."""
        self.time("demo", ("demo",))
        self.run("--shop", "demo", "stop")


def main() -> None:
    """Measure both versions in turns and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("revision", help="such as a tag")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--demo", action="store_true", help="the demo too: minutes")
    parser.add_argument("--load", type=Path, metavar="FOLDER", help="a shop of full size too, made there if need be")
    arguments = parser.parse_args()
    if arguments.load and not (arguments.load / "item_properties_part2.csv").exists():
        generate(arguments.load, 1.0)
    with tempfile.TemporaryDirectory() as folder:
        former = Path(folder) / "former"
        versions = [Version("new", ROOT, Path(folder) / "new"), Version("old", former, Path(folder) / "old")]
        subprocess.run(["git", "worktree", "add", "--detach", "-q", former, arguments.revision], cwd=ROOT, check=True)
        try:
            for version in versions:
                version.home.mkdir()
                (version.home / "servers").symlink_to(default_root() / "servers")
            for number in range(arguments.rounds):
                for version in versions[:: 1 if number % 2 == 0 else -1]:
                    version.round(number)
                    if arguments.demo:
                        version.demo()
            if arguments.load:
                load = ("--shop", "large", "load", "retailrocket", str(arguments.load.resolve()))
                for version in versions:
                    version.time("load in bulk", load, ("--shop", "large", "start"), memory={})
                    version.run("--shop", "large", "stop")
            rows = _rows(*versions)
            print(table(HEAD, rows))
            if arguments.demo and arguments.load:
                keep_table("former_revision", HEAD, rows, detached=True)
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", former], cwd=ROOT, check=True)


def _rows(new: Version, old: Version) -> list[tuple[str, ...]]:
    rows = []
    for what, goal in GOALS.items():
        if what in new.seconds:
            least = [min(version.seconds[what]) for version in (old, new)]
            shown = [_range(one.seconds[what]) for one in (old, new)]
            rows.append((what, *shown, f"{least[1] / least[0]:.2f}", f"{goal:.2f}"))
    return rows


def _range(seconds: list[float]) -> str:
    ends = [min(seconds), max(seconds)][: len(seconds)]
    return " … ".join(f"{end:.1f}" for end in ends)


if __name__ == "__main__":
    main()

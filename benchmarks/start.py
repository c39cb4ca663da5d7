"""How long commands on a tiny shop take, against a former revision: `python benchmarks/start.py REVISION`.

The revision is checked out beside (`git worktree`) and runs with the same packages and the same installed server, each
in a home of its own. Both run in turns (new, old, old, new …). The fastest of the rounds, which other work on the
machine disturbs least, are printed with the slowest, and their ratio beside its goal.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from kartograph.graph.managed.home import default_root

ROOT = Path(__file__).resolve().parents[1]
GOALS = {"start": 0.6, "load and start": 0.5, "recommend": 0.4, "demo": 0.6}
EVENTS = "\n".join(
    [
        "user,item,event,time",
        *(f"u{n // 2},i{n % 3},{'buy' if n % 2 else 'view'},{1_600_000_000 + n}" for n in range(6)),
    ]
)


@dataclass
class Version:
    """One checkout with its home."""

    name: str
    source: Path
    home: Path
    seconds: dict[str, list[float]] = field(default_factory=dict)

    def run(self, *arguments: str) -> None:
        """Run a command of this version; its output is shown where it fails."""
        command = [sys.executable, "-c", "from kartograph.cli import main; main()", *arguments]
        environment = {
            **os.environ,
            **{"PYTHONPATH": str(self.source / "src"), "KARTOGRAPH_HOME": str(self.home)},
            **{"KARTOGRAPH_HEAP": "1g", "KARTOGRAPH_PAGE_CACHE": "256m"},
        }
        done = subprocess.run(command, env=environment, cwd=self.home, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"{self.name}: kartograph {' '.join(arguments)} failed:\n{done.stderr}{done.stdout}")

    def time(self, what: str, *commands: tuple[str, ...]) -> None:
        """Measure commands that follow each other."""
        began = time.perf_counter()
        for command in commands:
            self.run(*command)
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


def main() -> None:
    """Measure both versions in turns and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("revision", help="such as a tag")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--demo", action="store_true", help="the demo too, once each: minutes")
    arguments = parser.parse_args()
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
                for version in versions:
                    version.time("demo", ("demo",))
                    version.run("--shop", "demo", "stop")
            _print(*versions)
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", former], cwd=ROOT, check=True)


def _print(new: Version, old: Version) -> None:
    print(f"{'':16} {'old (s)':>14} {'new (s)':>14} {'ratio':>6} {'goal':>6}")
    for what, goal in GOALS.items():
        if what in new.seconds:
            least = [min(version.seconds[what]) for version in (old, new)]
            shown = [f"{min(one.seconds[what]):.1f} … {max(one.seconds[what]):.1f}" for one in (old, new)]
            print(f"{what:16} {shown[0]:>14} {shown[1]:>14} {least[1] / least[0]:6.2f} {goal:6.2f}")


if __name__ == "__main__":
    main()

"""Walks the three paths of docs/index.md from an empty home to the first list, as a stranger types them.

    python benchmarks/first_steps.py FOLDER

In FOLDER, which must not exist, the committed state of the repository is cloned and installed by the page's first
block with empty caches; then each path runs by the page's blocks in a home of its own, so that each downloads Neo4j
anew. Then each extra is installed from the built wheel into an empty environment and its size counted. The record goes
to docs/first_steps.json, and the page's tables are made of it; a test compares the two. Run it on a quiet machine.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from kartograph.evaluation.record import machine

ROOT = Path(__file__).resolve().parents[1]
PAGE, RECORD = ROOT / "docs" / "index.md", ROOT / "docs" / "first_steps.json"
EXTRAS = ("", "serve", "mcp", "spark", "bert", "neural", "neural,serve", "all")
PATHS: dict[str, tuple[str, str, dict[str, str]]] = {
    "nothing: the sample shop": ("From nothing to a list with a reason", ".", {}),
    "tables of your own": (
        "Your own shop",
        ".",
        {
            "the table of events": "events.csv",
            "the table of items": "products.csv",
            "the model": "walk",
            "the user": "42",
        },
    ),
    "an ontology of your own": (
        "Your own ontology",
        "docs/examples",
        {"the file": "books.ttl", "a name for the shop": "--shop books", "the item to start from": "Ulysses"},
    ),
}
"""What a path starts from: the heading of its blocks, the folder in which they run, and what the reader decides."""
OWN = re.compile(r"^(KARTOGRAPH_|NEO4J_|XDG_|VIRTUAL_ENV|PYTHON|UV_CACHE|PIP_CACHE)")
"""Variables of whoever starts the script, which a stranger does not have."""
INSTALL = "installing"


def main() -> None:
    """Walk the paths, count the extras, and write the record and the page's tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder.resolve()
    folder.mkdir(parents=True)
    load = os.getloadavg()[0]
    checkout = folder / "checkout"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(checkout)], check=True)
    blocks = {name: typed_lines(PAGE.read_text("utf-8"), heading) for name, (heading, *_) in PATHS.items()}
    sample = next(iter(blocks))
    install = [line for line in blocks[sample] if not line.startswith("kartograph ")]
    blocks[sample] = blocks[sample][len(install) :]
    record: dict[str, Any] = {"date": f"{datetime.now(UTC):%Y-%m-%d}", "machine": machine(), "load_before": load}
    record[INSTALL] = _timed(install, checkout, _surroundings(folder / "home"))
    record["paths"] = {name: _path(name, lines, folder) for name, lines in blocks.items()}
    record["load_after"] = os.getloadavg()[0]
    record["bytes"] = _sizes(folder)
    RECORD.write_text(json.dumps(record, indent=1) + "\n", "utf-8")
    PAGE.write_text(with_tables(PAGE.read_text("utf-8"), record), "utf-8")
    print(paths_table(record), sizes_table(record), sep="\n\n")


def with_tables(page: str, record: dict[str, Any]) -> str:
    """The page with the tables of a record between its marks."""
    for name, table in (("paths", paths_table(record)), ("sizes", sizes_table(record))):
        page = re.sub(rf"(<!-- {name} -->\n\n).*?(\n\n<!-- /{name} -->)", rf"\1{table}\2", page, flags=re.DOTALL)
    return page


def paths_table(record: dict[str, Any]) -> str:
    """Machine and load, then time, lines to type and decisions of each path."""
    installing = sum(record[INSTALL].values())
    rows = []
    for name, path in record["paths"].items():
        taken, lines = sum(path["seconds"].values()), len(record[INSTALL]) + len(path["seconds"])
        times = f"{_minutes(installing + taken)} | {_minutes(taken)}"
        rows.append(f"| {name} | {times} | {lines} | {_decisions(path['decisions'])} |")
    host = record["machine"]
    measured = (
        f"Measured on {record['date']}: {host['system']}, {host['cores']} cores, {host['memory_gib']:.0f} GiB, "
        f"load {record['load_before']:.0f} before and {record['load_after']:.0f} after."
    )
    head = [
        measured,
        "",
        "| from | to the first list | of them after installing | lines to type | decisions |",
        "|---|---:|---:|---:|---|",
    ]
    return "\n".join([*head, *rows])


def sizes_table(record: dict[str, Any]) -> str:
    """Size of the environment with each extra."""
    rows = [
        f"| `kartograph{f'[{extra}]' if extra else ''}` | {gigabytes(size)} |"
        for extra, size in record["bytes"].items()
    ]
    return "\n".join(["| installed | size |", "|---|---:|", *rows])


def gigabytes(size: int) -> str:
    """A number of bytes, in GB."""
    return f"{size / 1e9:.1f} GB"


def _decisions(decisions: list[str]) -> str:
    return f"{len(decisions)}: {', '.join(decisions)}" if decisions else "none"


def _minutes(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}\u00a0min\u00a0{rest:02}\u00a0s" if minutes else f"{rest}\u00a0s"


def typed_lines(page: str, heading: str) -> list[str]:
    """The lines of the shell blocks below a heading, up to the first list that they print."""
    section = page.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for block in re.findall(r"^```sh\n(.*?)^```", section, re.M | re.S) for line in block.splitlines()]
    last = next(
        n for n, line in enumerate(lines) if re.search(r"kartograph (\S+ \S+ )?(demo|recommend|suggest)\b", line)
    )
    return lines[: last + 1]


def _path(name: str, lines: list[str], folder: Path) -> dict[str, Any]:
    """Run the lines of a path in a new home; its servers and files go with it."""
    _, within, decisions = PATHS[name]
    absent = [word for word in decisions.values() if not any(word in line for line in lines)]
    if absent:
        raise SystemExit(f"the blocks of “{name}” decide nothing about {', '.join(absent)}: mend PATHS")
    home = folder / re.sub(r"\W+", "-", name)
    surroundings = _surroundings(home)
    surroundings["PATH"] = f"{folder / 'checkout' / '.venv' / 'bin'}:{surroundings['PATH']}"
    seconds = _timed(lines, folder / "checkout" / within, surroundings)
    subprocess.run(["kartograph", "remove", "--all", "--yes"], env=surroundings, check=True, stdout=subprocess.PIPE)
    return {"seconds": seconds, "decisions": list(decisions)}


def _surroundings(home: Path) -> dict[str, str]:
    """The variables of a stranger with a home of their own."""
    home.mkdir(exist_ok=True)
    own = Path(sys.prefix) / "bin"
    path = ":".join(part for part in os.environ["PATH"].split(":") if Path(part) != own)
    return {name: value for name, value in os.environ.items() if not OWN.match(name)} | {
        "HOME": str(home),
        "PATH": path,
    }


def _timed(lines: list[str], folder: Path, surroundings: dict[str, str]) -> dict[str, float]:
    """Run lines in one shell; returns the seconds of each."""
    clock = folder / ".clock"
    clock.unlink(missing_ok=True)
    marked = "\n".join(f"{line}\necho $EPOCHREALTIME >> {clock}" for line in ["true", *lines])
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", marked],
        cwd=folder,
        env=surroundings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"in {folder}, with {done.returncode}:\n{done.stdout}")
    times = [float(line) for line in clock.read_text().splitlines()]
    seconds = {line: round(after - before, 1) for line, (before, after) in zip(lines, pairwise(times), strict=True)}
    print(*(f"{taken:7.1f} s  {line}" for line, taken in seconds.items()), sep="\n", flush=True)
    return seconds


def _sizes(folder: Path) -> dict[str, int]:
    """Bytes of an environment with each extra, installed from the wheel that is built of the clone."""
    surroundings = _surroundings(folder / "home")
    uv = str(folder / "checkout" / ".venv" / "bin" / "uv")
    build = [uv, "build", "--quiet", "--wheel", "--out-dir", str(folder), str(folder / "checkout")]
    subprocess.run(build, check=True, env=surroundings)
    wheel = next(folder.glob("*.whl"))
    sizes = {}
    for extra in EXTRAS:
        target = folder / f"environment-{extra}"
        package = f"{wheel}[{extra}]" if extra else str(wheel)
        subprocess.run([uv, "venv", "--quiet", str(target)], check=True, env=surroundings)
        install = [uv, "pip", "install", "--quiet", "--python", str(target / "bin" / "python"), package]
        subprocess.run(install, check=True, env=surroundings)
        sizes[extra] = sum(
            file.stat().st_size for file in target.rglob("*") if file.is_file() and not file.is_symlink()
        )
    return sizes


if __name__ == "__main__":
    main()

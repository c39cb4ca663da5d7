"""The blocks that pages show, in order, and how each is run."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUN = ("sh", "python")
BLOCK = re.compile(r"(?:^<!-- not run: (.+?) -->\n)?^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
OUTPUT_WIDTH = "100"


@dataclass(frozen=True)
class Block:
    """A block of a page; `reason` says why it is not run, `output` what it prints, where the page shows that."""

    language: str
    text: str
    reason: str = ""
    output: str = ""


def blocks(page: str) -> list[Block]:
    """The blocks of a page's text; a `text` block right after one that runs is its output."""
    result: list[Block] = []
    end = 0
    for match in BLOCK.finditer(page):
        reason, language, text = match[1] or "", match[2], match[3]
        if language == "text" and result and not page[end : match.start()].strip():
            last = result.pop()
            result.append(Block(last.language, last.text, last.reason, text))
        else:
            result.append(Block(language, text, reason))
        end = match.end()
    return result


def missing(expected: str, printed: str) -> list[str]:
    """The expected lines that were not printed in this order; `…` is anything, frames and blanks do not count."""
    rest = [_bare(line) for line in printed.splitlines()]
    lacking = []
    for line in expected.splitlines():
        pattern = re.compile(re.escape(_bare(line)).replace("…", ".*"))
        at = next((number for number, one in enumerate(rest) if pattern.match(one)), None)
        if at is None:
            lacking.append(line)
        else:
            rest = rest[at + 1 :]
    return lacking


def run(block: Block, folder: Path) -> tuple[int, str, Path]:
    """Run a block in a folder; returns its exit code, what it printed, and the folder in which it ends."""
    ends = folder / ".ends"
    if block.language == "python":
        command = [sys.executable, "-c", block.text]
    else:
        command = ["bash", "-euo", "pipefail", "-c", f"{block.text}\npwd > {ends}"]
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, Path(ends.read_text().strip()) if ends.exists() else folder


def environment() -> dict[str, str]:
    """The surroundings of a block: the `kartograph` of this environment, and a terminal of a known width."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return {**os.environ, "PATH": path, "COLUMNS": OUTPUT_WIDTH, "NO_COLOR": "1"}


def _bare(line: str) -> str:
    return " ".join(re.sub(r"[┃│┏┓┡┩└┘━─┳╇┴]", " ", line).split())

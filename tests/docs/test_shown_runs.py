"""What the start page, the recipes, the concepts, the README and some other pages show runs as it
stands, in order, and prints what they show.

`ELSEWHERE` says what runs the blocks of other pages. A block that cannot run here says why in a comment before it:
`<!-- not run: REASON -->`.
"""

import re
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest
import requests
from tests.docs.shown import ROOT, RUN, Block, blocks, environment, missing, run

PAGES = (
    *("index.md", "recipes.md", "concepts.md", "windows.md", "../README.md"),
    *("benchmarks.md", "serving.md", "operating.md"),
)
"""In this order: the last one erases a user."""
ELSEWHERE = {
    "cli.md": "tests/docs/test_cli_examples.py",
    "evaluation.md": "tests/docs/test_cli_examples.py",
    "extending.md": "tests/docs/test_extending.py",  # its commands: test_cli_examples.py
    "loading.md": "tests/docs/test_extending.py",  # the same loader
    "models/": "tests/docs/test_model_pages.py",
    "tour.md": "tests/docs/test_tour.py",
    "python.md": "tests/docs/test_reference.py",  # signatures, compared with the code
    "figures.md": "benchmarks/commands.py",  # the command that wrote the page
    "../CONTRIBUTING.md": ".ci/run",
}
"""What runs, checks or writes the blocks of other pages."""
SMALL = {"kartograph demo\n": "kartograph demo --scale 0.002 --users 20\n"}
"""What is run in place of a line: a smaller shop of the same kind."""
DEMO_USER, DEMO_ITEM = "8201", "6232"
"""The ids of the demo's full shop that the start page shows; the smaller one has others."""
PATIENCE = 600
"""Seconds after which serving counts as stuck: a busy machine is slow."""


@pytest.fixture
def folder(tmp_path, small_servers) -> Path:
    """A checkout's `docs/examples` in an empty folder."""
    shutil.copytree(ROOT / "docs" / "examples", tmp_path / "docs" / "examples")
    return tmp_path


@pytest.mark.slow
@pytest.mark.server
@pytest.mark.timeout(3600)
def test_every_block_of_the_pages_runs_and_prints_what_they_show(folder, record_property):
    address = f"http://127.0.0.1:{_free_port()}"
    count, left_out, wrong = 0, [], []
    known: dict[str, str] = {}
    serving: list[subprocess.Popen] = []
    try:
        for page in PAGES:
            for block in blocks((ROOT / "docs" / page).read_text("utf-8")):
                if block.reason:
                    left_out.append(f"{page}: {block.reason}")
                elif block.language in RUN:
                    folder, otherwise = _run(page, block, folder, address, serving, known)
                    wrong += otherwise
                    count += 1
                elif named := re.match(r"# (\w+\.toml)\n", block.text):
                    (folder / named[1]).write_text(block.text, "utf-8")
    finally:
        for one in serving:
            one.terminate()
            one.wait(PATIENCE)
    record_property(f"blocks of {', '.join(PAGES)} run", count)
    for reason in left_out:
        record_property(f"not run: {reason}", 1)
    assert not wrong, "\n".join(wrong)
    assert count >= 26
    assert len(left_out) <= 9


def _run(
    page: str, block: Block, folder: Path, address: str, serving: list[subprocess.Popen], known: dict[str, str]
) -> tuple[Path, list[str]]:
    """Run a block; returns the folder in which it ends, and what it printed where that is not what the page shows."""
    text = block.text
    for line, small in SMALL.items():
        text = text.replace(line, small)
    text = text.replace("http://127.0.0.1:8080", address).replace("--port 8080", f"--port {address.rpartition(':')[2]}")
    if text.endswith(" &\n"):
        *before, last = text.removesuffix(" &\n").splitlines()
        if before:
            code, printed, folder = run(Block("sh", "\n".join(before)), folder)
            assert code == 0, f"{page}:\n{text}\n{printed}"
        _serve(last, folder, address, serving)
        return folder, []
    if DEMO_USER in text and block.language == "sh":
        return _run_on_demo(text, folder, known), []
    for shown, real in known.items():
        text = text.replace(shown, real)
    code, printed, ends = run(Block(block.language, text), folder)
    assert code == 0, f"{page}:\n{text}\n{printed}"
    lacking = missing(block.output, printed)
    return ends, [f"{page}:\n{text}\nprinted\n{printed}\nand not, in this order,\n{lacking}"] if lacking else []


def _serve(line: str, folder: Path, address: str, serving: list[subprocess.Popen]) -> None:
    """Serve in the background in place of what was served before, at an address that is free."""
    while serving:
        former = serving.pop()
        former.terminate()
        former.wait(PATIENCE)
    port = [] if "--port" in line else ["--port", address.rpartition(":")[2]]
    serving.append(subprocess.Popen([*line.split(), *port], cwd=folder, env=environment()))
    _until_ready(address, serving[-1])


def _run_on_demo(text: str, folder: Path, known: dict[str, str]) -> Path:
    """Do what the start page says: take a user from the first answer and an item from the next one, and keep both."""
    for line in text.splitlines():
        for shown, real in known.items():
            line = line.replace(shown, real)
        code, printed, folder = run(Block("sh", line), folder)
        assert code == 0, f"{line}\n{printed}"
        rows = [[cell.strip() for cell in row.split("│")[1:]] for row in printed.splitlines() if row.startswith("│")]
        if DEMO_USER not in known:
            known[DEMO_USER] = rows[0][0]
        elif DEMO_ITEM not in known:
            known[DEMO_ITEM] = rows[0][1]
    return folder


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def _until_ready(address: str, process: subprocess.Popen) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert process.poll() is None, "serving ended"
        try:
            if requests.get(f"{address}/readyz", timeout=5).status_code == 200:
                return
        except requests.ConnectionError:
            pass
        time.sleep(0.2)
    raise AssertionError(f"{address} is not ready")


def test_no_page_shows_a_block_that_nothing_runs():
    docs = ROOT / "docs"
    outside = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "queries/README.md")
    files = {path.relative_to(docs).as_posix(): path for path in docs.rglob("*.md")}
    files |= {f"../{name}": ROOT / name for name in outside}
    shown = {
        name
        for name, path in files.items()
        if any(one.language in RUN and not one.reason for one in blocks(path.read_text("utf-8")))
    }
    assert {name for name in shown if name not in PAGES and not name.startswith(tuple(ELSEWHERE))} == set()
    assert [path for path in ELSEWHERE.values() if not (ROOT / path).is_file()] == []


def test_blocks_are_read_with_their_reasons_and_outputs():
    page = "```sh\na\n```\n\n```text\nb\n```\n\n<!-- not run: no -->\n```sh\nc\n```\n\nWords\n\n```text\nd\n```\n"
    assert blocks(page) == [Block("sh", "a\n", "", "b\n"), Block("sh", "c\n", "no"), Block("text", "d\n")]


def test_what_is_not_printed_is_seen():
    printed = "┃ a ┃ b  ┃\n│ 1 │ 2  │\nkept as walk-7\n"
    assert missing("│ 1 │ 2 │\nkept as walk-…\n", printed) == []
    assert missing("│ 1 │ 3 │\n", printed) == ["│ 1 │ 3 │"]
    assert missing("kept as walk-…\n│ 1 │ 2 │\n", printed) == ["│ 1 │ 2 │"]


def test_a_block_that_fails_says_so_and_one_that_moves_ends_elsewhere(tmp_path):
    (tmp_path / "there").mkdir()
    code, printed, ends = run(Block("sh", "cd there\necho here\n"), tmp_path)
    assert (code, printed, ends) == (0, "here\n", tmp_path / "there")
    assert run(Block("sh", "false\necho here\n"), tmp_path)[0] == 1
    assert run(Block("python", "raise SystemExit(3)\n"), tmp_path)[0] == 3

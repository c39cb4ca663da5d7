"""A pipe that is closed at its other end, as after `| head -1`, does not interrupt what a command has begun."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import kartograph.cli
from kartograph.graph.managed.home import ShopDirectory

PRINTS = re.compile(r"(?<![.\w])print\(|sys\.std(out|err)\.write|typer\.echo")


def run(words: tuple[str, ...], *unread: str) -> subprocess.CompletedProcess:
    """Run a command; `unread` names those of stdout and stderr that nobody reads."""
    read, write = os.pipe()
    os.close(read)
    stdout, stderr = (write if name in unread else subprocess.PIPE for name in ("stdout", "stderr"))
    try:
        command = [sys.executable, "-m", "kartograph", *words]
        return subprocess.run(command, stdout=stdout, stderr=stderr, text=True, timeout=120, check=False)
    finally:
        os.close(write)


@pytest.mark.parametrize("unread", [("stdout",), ("stderr",), ("stdout", "stderr")])
def test_a_shop_is_removed_whole_although_nobody_reads_what_goes(home, monkeypatch, unread) -> None:
    monkeypatch.delenv("NEO4J_URI", raising=False)
    ShopDirectory.of("books").make()
    done = run(("remove", "--shop", "books", "--yes"), *unread)
    assert done.returncode == 0, (done.stdout, done.stderr)
    assert not ShopDirectory.of("books").folder.exists()
    assert "Traceback" not in f"{done.stdout}{done.stderr}"


def test_an_error_has_its_exit_code_although_nobody_reads_it(home) -> None:
    assert run(("logs", "--log", "none"), "stderr").returncode == 1


def test_following_a_log_ends_when_nobody_reads_it(home) -> None:
    shop = ShopDirectory.of("books")
    shop.make()
    shop.logs.mkdir(parents=True, exist_ok=True)
    (shop.logs / "neo4j.log").write_text("a line\n")
    assert run(("--shop", "books", "logs", "--follow"), "stdout").returncode == 0


def test_commands_print_on_the_consoles_that_outlive_a_closed_pipe() -> None:
    folder = Path(kartograph.cli.__file__).parent
    result = [path.name for path in folder.rglob("*.py") if PRINTS.search(path.read_text("utf-8"))]
    assert result == []

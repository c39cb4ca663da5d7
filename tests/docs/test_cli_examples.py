"""The examples of the command line, and the commands that the page on extending shows, run as they stand.

Their files are small ones under the names that they use.
"""

import shlex
import signal
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

import pytest
from tests.docs.reader_files import write_files
from tests.docs.shown import ROOT, blocks, environment
from typer.testing import CliRunner

from kartograph.cli.app import app
from kartograph.graph.managed.configuration import free_port
from kartograph.reference.commands import root

NOT_RUN = {
    "load --engine": "there is no cluster of machines; tests/tables/cluster/test_spark.py runs Spark on this one",
    "load access-log": "tests/docs/test_shown_runs.py runs it, as a recipe shows it too",
    "demo": "tests/docs/test_shown_runs.py runs it, as the start page begins with it",
    "verify": "tests/docs/test_shown_runs.py runs it, as the README shows it too",
    "evaluate attention": "tests/evaluation/protocols/test_attention.py runs it on fewer variants",
    "evaluate folds": "tests/cli/evaluation/test_evaluate_protocols.py runs it on fewer models",
    "evaluate preaddl": "tests/cli/evaluation/test_evaluate_preaddl.py runs it on fewer models",
    "reproduce": "tests/evaluation/papers/test_reproduce.py makes its page in fewer folds",
}
"""Why examples that begin so are not run here."""
ORDER = """
doctor
models
annotate
compare
cluster
suggest
evaluate
report
load rees46
load sessions
load books
weigh
load retailrocket
load interactions
load auto
load pages
load ontology
load properties
export ontology
enrich
query
shell
+ train walk
+ train stan
train
recommend
similar
explain
versions
rollback
prune
tune
patterns
+ query serving/put_experiment --param id=walk-or-blend
experiment
keys add
keys list
keys remove
run
runs
status
logs
mcp
upgrade
stop
start
+ --shop books load interactions clicks.csv --time when --live
backup
restore
undo-load
serve
export-user
erase-user
+ --shop demo restore books-monday.backup
remove
"""
"""How examples begin, in the order in which they run; `+` is what their reader has done before."""
GOES_ON = {"serve": "Shop window: ", "logs": "INFO", "run": "done: "}
"""What commands that run until they are ended print when they have done what they are for."""
ASKS = ("load auto", "restore", "erase-user", "remove")
"""What asks a person at a terminal, who says yes."""
PATIENCE = 600
"""Seconds after which a command counts as stuck: a busy machine is slow."""


@pytest.fixture
def reader(small_servers, tmp_path, monkeypatch) -> None:
    """A folder with the files and the statements of a checkout."""
    for name in ("NEO4J_URI", "NEO4J_USERNAME", "NEO4J_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "files"
    folder.mkdir()
    write_files(folder)
    (folder / "queries").symlink_to(ROOT / "queries")
    monkeypatch.chdir(folder)
    monkeypatch.syspath_prepend(str(folder))
    root()  # which adds every command


@pytest.mark.slow
@pytest.mark.server
@pytest.mark.timeout(3600)
def test_every_example_of_the_command_line_runs(reader, record_property):
    lines = ordered(examples())
    wrong = [f"{line}\n{printed}" for line in lines for code, printed in [run(line)] if code]
    record_property("commands of cli.md and extending.md run", len(examples()))
    for reason in NOT_RUN.values():
        record_property(f"not run: {reason}", 1)
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
def test_the_page_on_evaluation_shows_a_call_that_runs(reader, capsys):
    [block] = [one for one in blocks((ROOT / "docs" / "evaluation.md").read_text("utf-8")) if one.language == "python"]
    exec(compile(block.text, "evaluation.md", "exec"), {})
    assert "stan" in capsys.readouterr().out
    assert Path("last-week.json").is_file()


def examples() -> list[str]:
    """The lines of both pages that are run."""
    pages = [(ROOT / "docs" / name).read_text("utf-8") for name in ("cli.md", "extending.md")]
    shown = [block for page in pages for block in blocks(page) if block.language == "sh"]
    lines = [line for block in shown for line in block.text.splitlines()]
    return [line for line in lines if not begins(line, NOT_RUN)]


def ordered(lines: list[str]) -> list[str]:
    """The examples, and what a reader has done before, in the order in which they run."""
    steps = [
        [f"kartograph {step.removeprefix('+ ')}"] if step[0] == "+" else [one for one in lines if begins(one, [step])]
        for step in ORDER.strip().splitlines()
    ]
    result = [line for step in steps for line in step]
    assert set(lines) - set(result) == set(), "ORDER lacks these"
    return result


def begins(line: str, beginnings: Iterable[str]) -> bool:
    """Whether the command of a line, whatever shop it is about, is one of these."""
    command = line.removeprefix("kartograph ").removeprefix("--shop books ") + " "
    return any(command.startswith(f"{one} ") for one in beginnings)


def run(line: str) -> tuple[int, str]:
    """Run a line as a shell would; returns its exit code and what it printed."""
    for name, last in GOES_ON.items():
        if begins(line, [name]):
            return run_until(last, shlex.split(line.replace("8080", str(free_port(8080)))))
    words = shlex.split(line)[1:] + (["--yes"] if begins(line, ASKS) else [])
    typed, out = "", None
    if words[-2:-1] in (["<"], [">"]):
        *words, sign, file = words
        typed, out = (Path(file).read_text("utf-8"), None) if sign == "<" else ("", Path(file))
    done = CliRunner().invoke(app, words, input=typed)
    if out:
        out.write_text(done.stdout, "utf-8")
    return done.exit_code, f"{done.output}\n{done.exception!r}"


def run_until(last: str, words: list[str]) -> tuple[int, str]:
    """Run a command until it prints a text, and end it."""
    file = Path("printed.txt")
    with file.open("wb") as printed:
        process = subprocess.Popen(words, stdout=printed, stderr=printed, stdin=subprocess.DEVNULL, env=environment())
        end = time.monotonic() + PATIENCE
        while last not in file.read_text("utf-8") and process.poll() is None and time.monotonic() < end:
            time.sleep(0.2)
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)
    text = file.read_text("utf-8")
    return int(last not in text), text

"""A bar with the time left where the amount is known, else the step's name and seconds; lines without a terminal."""

import io

import pytest
from rich.console import Console
from typer.testing import CliRunner

from kartograph.cli.app import app
from kartograph.cli.shared import console
from kartograph.cli.shared.progress import ShownBars, ShownLines


class Clock:
    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def drawn(bars: ShownBars) -> str:
    plain = Console(width=120, color_system=None)
    with plain.capture() as captured:
        plain.print(bars._bars.make_tasks_table(bars._bars.tasks))
    return " ".join(captured.get().split())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def bars(clock) -> ShownBars:
    return ShownBars(Console(file=io.StringIO(), force_terminal=True, width=120), clock)


def test_a_known_amount_has_a_bar_and_the_time_that_is_left(bars, clock):
    bars("Ranking (queries)", 0, 100)
    for done in (10, 20, 30, 40, 50):
        clock.seconds += 20
        bars("Ranking (queries)", done, 100)
    shown = drawn(bars)
    assert "50/100" in shown and "━" in shown
    assert "1:40 min, 1:40 min left" in shown, "half of it took 100 s, so the other half takes 100 s"


def test_an_unknown_amount_has_the_name_and_seconds_alone(bars, clock):
    bars("Finding communities")
    clock.seconds += 42
    assert "Finding communities 42 s" in drawn(bars)
    assert "━" not in drawn(bars) and "/" not in drawn(bars) and "left" not in drawn(bars)


def test_a_step_takes_the_place_of_the_one_before(bars):
    bars("Reading", 1, 2)
    bars("Writing")
    assert "Writing" in drawn(bars) and "Reading" not in drawn(bars)


def test_work_that_is_done_leaves_no_bar_and_work_that_failed_the_step_at_which_it_did(bars):
    with bars:
        bars("Comparing items", 4096, 6256)
    assert drawn(bars) == ""
    with pytest.raises(ValueError, match="damaged"), bars:
        bars("Reading", 1, 2)
        raise ValueError("damaged")
    assert "Reading" in drawn(bars)


def test_without_a_terminal_each_step_is_a_line_of_its_own():
    written = io.StringIO()
    lines = ShownLines(Console(file=written, width=80))
    for step, done in (("Reading [rows]", 1), ("Reading [rows]", 2), ("Writing", 1)):
        lines(step, done, 2)
    assert written.getvalue() == "Reading [rows]\nWriting\n"


@pytest.fixture
def consoles_as_before(monkeypatch):
    for one in (console.out, console.notes, console.errors):
        for name in ("quiet", "no_color"):
            monkeypatch.setattr(one, name, getattr(one, name))
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("NO_COLOR", "")  # so that what the command sets is undone
    monkeypatch.delenv("NO_COLOR")


def test_quiet_leaves_results_and_errors_alone(home, consoles_as_before):
    from kartograph.cli import server  # noqa: F401

    loud = CliRunner().invoke(app, ["stop"])
    assert "It was not running." in loud.stderr
    assert CliRunner().invoke(app, ["--quiet", "stop"]).stderr == ""
    with console.shown_progress() as progress:
        progress("Reading")
    assert not console.errors.quiet and not console.out.quiet


def test_without_colours_nobody_colours(consoles_as_before, home):
    import os

    from kartograph.cli import server  # noqa: F401

    CliRunner().invoke(app, ["--no-color", "stop"])
    assert os.environ["NO_COLOR"] == "1"
    assert console.out.no_color and console.notes.no_color and console.errors.no_color

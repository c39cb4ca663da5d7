"""How long work shows how far it is: a bar that fills where the amount is known, else the step's name and seconds."""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, SpinnerColumn, Task, TaskID, TextColumn
from rich.progress import Progress as Bars
from rich.text import Text


class ShownLines:
    """A line of text when a step begins: for cron, a pipe, a log."""

    def __init__(self, console: Console) -> None:
        """Print on this console."""
        self._console, self._last = console, ""

    def __call__(self, step: str, done: float | None = None, total: float | None = None) -> None:
        """Print the step where it is another one than before."""
        if step != self._last:
            self._last = step
            self._console.print(step, markup=False, highlight=False)


class ShownBars:
    """The step at hand as one line of a terminal."""

    def __init__(self, console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        """Draw on this console; `clock` tells seconds."""
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            _Known(BarColumn()),
            _Known(MofNCompleteColumn()),
            _Time(),
        )
        self._bars = Bars(*columns, console=console, get_time=clock)
        self._step = ""
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        """Begin to draw."""
        self._bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None):
        """End to draw: work that is done leaves nothing, work that failed the step at which it did."""
        if error is None and self._task is not None:
            self._bars.update(self._task, visible=False)
        self._bars.stop()

    def __call__(self, step: str, done: float | None = None, total: float | None = None) -> None:
        """Show the step; a new one takes the place of the one before."""
        if step != self._step or self._task is None:
            if self._task is not None:
                self._bars.update(self._task, visible=False)
            self._step, self._task = step, self._bars.add_task(step, total=total)
        self._bars.update(self._task, completed=round(done or 0), total=round(total) if total else None)


class _Known(ProgressColumn):
    """A column that stands only where the amount is known."""

    def __init__(self, column: ProgressColumn) -> None:
        super().__init__()
        self._column = column

    def render(self, task: Task):
        return Text("") if task.total is None else self._column.render(task)


class _Time(ProgressColumn):
    """Seconds that the step has run, and those that are left where the amount is known."""

    max_refresh = 0.5

    def render(self, task: Task) -> Text:
        shown = _duration(task.finished_time if task.finished else task.elapsed)
        if task.total is not None and not task.finished and task.time_remaining is not None:
            shown += f", {_duration(task.time_remaining)} left"
        return Text(shown)


def _duration(seconds: float | None) -> str:
    """Seconds as people read them: 8 s, 2:05 min, 1:02:05 h."""
    whole = int(seconds or 0)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02} min"
    return f"{whole // 3600}:{whole % 3600 // 60:02}:{whole % 60:02} h"

"""How commands show progress and results: bars on the terminal's error output, results on its standard output."""

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from kartograph.cli.shared.progress import ShownBars, ShownLines
from kartograph.tables.pipes import discard
from kartograph.tables.progress import Progress, silent

if TYPE_CHECKING:
    import pandas as pd

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What would move the cursor, colour the terminal or turn the order of letters, less tabs and line ends."""


def visible(text: str, line: bool = False) -> str:
    """A text with its control characters escaped as Python writes them; with `line` tabs and line ends as well."""
    text = _CONTROLS.sub(lambda values: values[0].encode("unicode_escape").decode(), text)
    return text.replace("\n", "\\n").replace("\t", "\\t") if line else text


class PlainConsole(Console):
    """A console on which texts appear as they are: no codes of emoji, and control characters escaped."""

    def __init__(self, **options: Any) -> None:
        """Take the options of `rich.console.Console`."""
        super().__init__(emoji=False, **options)
        self.reader_left = False
        """Whether the pipe that it prints to was closed at its other end."""

    def render_str(self, text: str, **options: Any) -> Text:
        """Make a text with its control characters escaped; markup counts unless the caller says otherwise."""
        return super().render_str(visible(text), **options)

    def on_broken_pipe(self) -> None:
        """Discard what is printed from now on; the command goes on, for `| head -1` is no wish to end it half-way."""
        self.quiet = self.reader_left = True
        discard(self.file)


out = PlainConsole()
"""Results: what a script reads."""
notes = PlainConsole(stderr=True)
"""Everything else: progress and remarks, so that results can be piped."""
errors = PlainConsole(stderr=True)
"""Why a command failed."""
NAME_WIDTH = 20
"""Letters of a table's first column, and of a word of a heading, that are not folded."""
ID_WIDTH = 40
"""The same of a first column without blanks: ids, which people copy."""
TEXT_WIDTH = 12
"""The same of text in other columns."""
CELL_LENGTH = 500
"""Letters of a text that a table shows; those after it are in files and JSON alone."""
GAP = 2
"""Blanks between names and values."""
FRAME = 3
"""What a column takes beside its letters."""
NULL = "null"


def be_quiet() -> None:
    """Print nothing but results and errors from now on: neither progress nor remarks."""
    notes.quiet = True


def without_colours() -> None:
    """Print without colours from now on; what prints help, and programs that are started, are told by NO_COLOR."""
    os.environ["NO_COLOR"] = "1"
    for console in (out, notes, errors):
        console.no_color = True


@contextmanager
def shown_progress() -> Iterator[Progress]:
    """Yield a `Progress` that is shown while the `with` block runs.

    On a terminal one line for the step at hand, with a bar and the time left where the amount is known; elsewhere
    (cron, a pipe) one line of text when a step begins; nothing with `--quiet`.
    """
    if notes.quiet:
        yield silent
    elif notes.is_terminal:
        with ShownBars(notes) as bars:
            yield bars
    else:
        yield ShownLines(notes)


def print_json(value: object) -> None:
    """Print a value as JSON, for scripts."""
    out.print_json(json.dumps(value, default=str), highlight=False)


def cut(text: str, most: int) -> str:
    """A text of at most so many letters, the last one an ellipsis where some are left out."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def print_frame(
    frame: "pd.DataFrame", title: str = "", most: int | None = CELL_LENGTH, where_wide: str | None = None
) -> None:
    """Print a frame as a table; numbers to the right, text as it is, `most` letters of it.

    Where the terminal is too narrow the columns follow in several tables, each with the first one; the column
    `where_wide` is left out then.
    """
    cells = {str(name): [_cell(value) for value in frame[name]] for name in frame.columns}
    if most is not None:
        cells = {name: [cut(text, most) for text in values] for name, values in cells.items()}
    right = {str(name) for name in frame.columns if _has_numbers(frame[name])}
    least = {
        name: _least_width(name, values, name in right, position == 0)
        for position, (name, values) in enumerate(cells.items())
    }
    if where_wide and len(_side_by_side(least)) > 1:
        least.pop(where_wide, None)
    for shown in _side_by_side(least):
        if title:  # in a line of its own: a table folds its title to the table's width
            out.print(Text(visible(title), style="italic"), soft_wrap=True)
        table = Table()
        for name in shown:
            justify = "right" if name in right else "left"
            table.add_column(Text(visible(name, line=True)), justify=justify, overflow="fold", min_width=least[name])
        for row in zip(*(cells[name] for name in shown), strict=True):
            table.add_row(*map(Text, row))
        out.print(table, markup=False)


def written(frame: "pd.DataFrame", cell: Callable[[Any], Any]) -> "pd.DataFrame":
    """The frame with every value as `cell` writes it; numbers stay what they are."""
    import pandas as pd

    columns = {name: pd.Series([cell(value) for value in frame[name]], dtype=object) for name in frame.columns}
    return pd.DataFrame(columns, columns=frame.columns)


def _has_numbers(column: "pd.Series") -> bool:
    """Whether a column holds numbers, and at most null or empty cells beside them."""
    if column.dtype.kind != "O":
        return column.dtype.kind in "iuf"
    kinds = {type(value) for value in column if value not in (None, NULL, "")}
    return bool(kinds) and kinds <= {int, float}


def _side_by_side(least: dict[str, int]) -> list[list[str]]:
    """Columns of tables that fit the terminal: each has the first one, and one more at least."""
    parts: list[list[str]] = []
    for name in least:
        if not parts or (len(parts[-1]) > 1 and sum(least[one] + FRAME for one in [*parts[-1], name]) >= out.width):
            parts.append(parts[0][:1] if parts else [])
        parts[-1].append(name)
    return parts


def _least_width(name: str, cells: list[str], number: bool, is_first: bool) -> int:
    """Letters that a column needs: numbers and the words of its heading are not folded, what a row is about hardly."""
    longest = max(map(len, cells), default=0)
    if number:
        most = longest
    elif is_first:
        most = NAME_WIDTH if any(" " in cell for cell in cells) else ID_WIDTH
    else:
        most = TEXT_WIDTH
    return max(min(longest, most), *(min(len(word), NAME_WIDTH) for word in name.split() or [""]))


def print_facts(facts: Mapping[str, object]) -> None:
    """Print names and values in two columns; a long value goes on below at a blank, and words, such as paths, whole.

    A name of more than half the line has its value right behind it.
    """
    names = [Text(visible(name)) for name in facts]
    width = max((name.cell_len for name in names if name.cell_len <= out.width // 2), default=0) + GAP
    room = out.width - width
    for name, value in zip(names, facts.values(), strict=True):
        name.pad_right(max(width - name.cell_len, GAP))
        for line in wrap(_cell(value), room, break_long_words=False, break_on_hyphens=False) or [""]:
            out.print(name + Text(line), soft_wrap=True)
            name = Text(" " * width)


def _cell(value: Any) -> str:
    if value is None:
        return NULL
    if isinstance(value, float) and not value.is_integer():
        return f"{value:.4g}"
    if isinstance(value, list):
        return f"[{', '.join(map(_cell, value))}]"
    return visible(str(value), line=True)

"""Tables whose columns stand one below the other, apart by blanks, without a rule below the header.

A column of characters that is blank in every line stands between two columns of the table. That is taken only where it
is certain: each column has a name in the header, and no value holds several blanks. Where columns do not stand in line
but every line has as many words as the header, the words are the values.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from kartograph.tables.formats.delimited.drawn import Drawing

_LOOKED_AT = 5_000
"""Lines in which columns of blanks are looked for."""
_WIDEST = 2_000
"""Characters of a line at most."""
_OTHERS = frozenset(",;|\t\"'")
"""Letters of which one in the header says that something else stands between values."""
_NUMBER = re.compile(r"[+-]?\d[\d.,:eE/+-]*")
REMEDY = (
    "Its columns seem to stand one below the other, and do not in every line: export it with a delimiter, or put a "
    "line of dashes below the header, as many of them as each column is wide (`------ --------`)"
)
Span = tuple[int, int]


def aligned_of(start: bytes, names: Sequence[str] = ()) -> Drawing | None:
    """How a table is laid out whose first bytes these are; None where its columns are not certain.

    `names` are those of the columns where the file has no header.
    """
    text = start.decode("utf-8", "replace").removeprefix("\ufeff")
    newline = "\r\n" if "\r\n" in text[:_WIDEST] else "\n"
    lines = [line.rstrip() for line in text.split("\n", _LOOKED_AT)[:_LOOKED_AT]]
    if len(lines) > 1 and len(start) > len("".join(lines)) and not text.endswith("\n"):
        lines = lines[:-1]  # the last one may be cut off
    first = next((at for at, line in enumerate(lines) if line), 0)
    filled = [line for line in lines[first:] if line]
    if len(filled) < 2 or not looks_aligned(filled[0]) or max(map(len, filled)) > _WIDEST:
        return None
    if names and filled[0].lower().split() == [name.lower() for name in names]:
        names = ()
    spans = _spans(filled)
    columns = _counted(spans, len(names)) if names else _named(filled, spans)
    header = first if not names else first - 1
    cells = [line[begin:end].strip() for line in filled for begin, end in columns or ()]
    if columns is not None and len(columns) > 1 and not any("  " in cell for cell in cells):
        return Drawing(
            header,
            "",
            tuple(names or cells[: len(columns)]),
            tuple((begin, size) for (begin, _), size in zip(columns, _sizes(columns), strict=True)),
            newline=newline,
            gaps=tuple((end, after - end) for (_, end), (after, _) in pairwise(columns)),
        )
    words = [len(line.split()) for line in filled]
    is_row = any(map(_NUMBER.fullmatch, filled[0].split()))
    if len(set(words)) > 1 or words[0] < 2 or (len(names) != words[0] if names else is_row):
        return None
    return Drawing(header, " ", tuple(names or filled[0].split()), newline=newline, words=True)


def looks_aligned(header: str) -> bool:
    """Whether blanks alone may stand between the names of a header."""
    return not _OTHERS & set(header) and re.search(r"\S {2,}\S|^ +\S+ +\S", header) is not None


def _spans(lines: Sequence[str]) -> list[Span]:
    """Where the columns of a table begin and end: what lies between characters that are blank in every line."""
    wide = max(map(len, lines))
    letters = np.array([line.ljust(wide) for line in lines]).view("U1").reshape(len(lines), wide)
    used = np.flatnonzero(np.diff(np.concatenate([[0], (letters != " ").any(axis=0), [0]])))
    return [(int(begin), int(end)) for begin, end in zip(used[::2], used[1::2], strict=True)]


def _counted(spans: Sequence[Span], count: int) -> list[Span] | None:
    """As many columns as there are names: all parts, or those that more than one blank parts."""
    if len(spans) == count:
        return list(spans)
    wide: list[Span] = []
    for begin, end in spans:
        if wide and begin - wide[-1][1] == 1:
            wide[-1] = (wide[-1][0], end)
        else:
            wide.append((begin, end))
    return wide if len(wide) == count else None


def _named(lines: Sequence[str], spans: Sequence[Span]) -> list[Span] | None:
    """The columns with their names: parts of one name or one value, with one blank between them, are one column.

    None where a column has no name, or its name looks like a value. Names of rows, before the first name, need none.
    """
    header, rows = lines[0], lines[1:]
    columns: list[Span] = []
    for begin, end in spans:
        has_name = header[begin:end].strip() != ""
        is_empty = not any(row[begin:end].strip() for row in rows)
        if columns and begin - columns[-1][1] == 1 and (not has_name or is_empty):
            columns[-1] = (columns[-1][0], end)
        elif has_name or not columns:
            columns.append((begin, end))
        else:
            return None
    names = [header[begin:end].strip() for begin, end in columns]
    return None if any(map(_NUMBER.fullmatch, names)) or not all(names[1:]) else columns


def _sizes(spans: Sequence[Span]) -> list[int]:
    return [end - begin for begin, end in spans[:-1]] + [1_000_000]

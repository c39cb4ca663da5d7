"""Tables drawn with lines: Markdown, what psql, MySQL and sqlcmd print, and the frames of terminals.

Between header and rows stands a rule, `| --- | --- |`, `----+----`, `-------,------` or `---- -------`; there may be
more of them above and below. Values have blanks around them that belong to the drawing. Where a rule has gaps of blanks
alone, each of its parts is as wide as its column.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

_BARS, _DASHES = "│┃║", "─━═"
_CORNERS = "┌┬┐├┼┤└┴┘┏┳┓┡╇┩┗┻┛╔╦╗╠╬╣╚╩╝╒╤╕╞╪╡╘╧╛"
_FRAME = str.maketrans(_BARS + _DASHES + _CORNERS, "|||---" + "+" * len(_CORNERS))
_OF_RULES = frozenset("-|+:;, \t\r")
"""What a rule is made of."""
_LOOKED_AT = 30
"""Lines among which the first rule has to be."""
_RULE = rf"[-|+:;,\s{_DASHES}{_CORNERS}]*"
_FOOTER = r"^\s*(\(\d[\d,.]* rows?( affected)?\)|\d[\d,.]* rows? (in set|selected).*)\s*$"


@dataclass(frozen=True)
class Drawing:
    """How a table is drawn."""

    header: int
    """Line of the header, from 0."""
    delimiter: str
    """What stands between values; empty where columns have fixed widths."""
    columns: tuple[str, ...]
    spans: tuple[tuple[int, int], ...] = ()
    """First character and number of characters of each column of fixed width."""
    framed: bool = False
    """Whether a delimiter stands at both ends of a line."""
    newline: str = "\n"
    gaps: tuple[tuple[int, int], ...] = ()
    """First character and number of characters between columns of fixed width that a row has to leave blank."""
    words: bool = False
    """Whether any number of blanks stands between values."""


def drawing_of(start: bytes) -> Drawing | None:
    """How the table is drawn whose first bytes these are; None where it has no rule below a header."""
    lines = [line.translate(_FRAME) for line in start.decode("utf-8", "replace").split("\n", _LOOKED_AT)[:_LOOKED_AT]]
    newline = "\r\n" if lines[0].endswith("\r") else "\n"
    for number, line in enumerate(lines[1:], start=1):
        if not _is_rule(line) or not lines[number - 1].strip() or _is_rule(lines[number - 1]):
            continue
        header = lines[number - 1].strip("\ufeff\r\n")
        delimiter = next((one for one in "|,;\t" if one in line or (one == "|" and "+" in line)), "")
        if not delimiter:
            return _of_fixed_width(header, line, number - 1, newline)
        framed = header.strip().startswith(delimiter)
        names, runs = _cells(header, delimiter, framed), re.findall("-+", line)
        if len(names) != len(runs) or len(runs) < 2 or not any(names):
            continue
        # Among values apart by commas dashes may stand for nothing: the rule is the second line and no name is longer.
        is_wide = all(len(run) >= len(name) for run, name in zip(runs, names, strict=True))
        if delimiter == "|" or (is_wide and not any(delimiter in above for above in lines[: number - 1])):
            return Drawing(number - 1, delimiter, tuple(names), framed=framed, newline=newline)
    return None


def _is_rule(line: str) -> bool:
    return "--" in line and _OF_RULES.issuperset(line)


def _of_fixed_width(header: str, rule: str, number: int, newline: str) -> Drawing | None:
    parts = list(re.finditer("-+", rule))
    if len(parts) < 2 or any(one.start() > 0 and header[one.start() - 1 : one.start()].strip() for one in parts):
        return None
    ends = [one.start() for one in parts[1:]] + [1_000_000]
    spans = tuple((one.start(), end - one.start()) for one, end in zip(parts, ends, strict=True))
    return Drawing(
        number, "", tuple(header[start : start + size].strip() for start, size in spans), spans, newline=newline
    )


def _cells(line: str, delimiter: str, framed: bool) -> list[str]:
    cells = [cell.strip() for cell in line.strip().split(delimiter)]
    return cells[1:-1] if framed and not cells[-1] else cells[1:] if framed else cells


def undrawn(data: Path, target: Path, drawing: Drawing, names: Sequence[str], line: str) -> list[tuple[int, str]]:
    """Write the rows of a drawn table as a Parquet file of text with the column `line`; return lines of other widths.

    `names` are those of the columns. Rules, blank lines and counts of rows below the table are none.
    """
    body = f"rtrim(translate(l, '{_BARS}', '|||'), chr(13))"
    if drawing.words:
        cells = f"regexp_split_to_array(trim({body}), '[ \\t]+')"
    elif drawing.delimiter:
        bare = f"replace({body}, '\\|', chr(1))" if drawing.delimiter == "|" else body
        if drawing.framed:
            bare = f"regexp_replace(regexp_replace({bare}, '^\\s*\\|', ''), '\\|\\s*$', '')"
        split = f"string_split({bare}, {_literal(drawing.delimiter)})"
        cells = f"list_transform({split}, lambda cell: replace(trim(cell, ' \t'), chr(1), '|'))"
    else:
        parts = (f"trim(substr({body}, {start + 1}, {size}))" for start, size in drawing.spans)
        cells = f"[{', '.join(parts)}]"
    newline = drawing.newline.replace("\r", "\\r").replace("\n", "\\n")
    source = (
        f"read_csv({_literal(str(data))}, header = false, columns = {{'l': 'VARCHAR'}}, delim = '\x02', quote = '', "
        f"escape = '', auto_detect = false, new_line = '{newline}', max_line_size = 20000000)"
    )
    rule = f"contains(translate({body}, '{_DASHES}', '---'), '--') AND regexp_full_match({body}, {_literal(_RULE)})"
    no_row = f"({rule}) OR trim({body}) = '' OR regexp_matches({body}, {_literal(_FOOTER)})"
    with duckdb.connect() as database:
        database.execute(
            f"CREATE TABLE drawn AS SELECT n, l, {cells} AS cells FROM "
            f"(SELECT row_number() OVER () AS n, l FROM {source}) WHERE n > {drawing.header + 1} AND NOT ({no_row})"
        )
        columns = ", ".join(f"cells[{at}] AS {_name(name)}" for at, name in enumerate(names, start=1))
        blank = " || ".join(f"substr({body}, {start + 1}, {size})" for start, size in drawing.gaps) or "''"
        whole = f"len(cells) = {len(names)} AND trim({blank}) = ''"
        database.execute(
            f"COPY (SELECT {columns}, n AS {_name(line)} FROM drawn WHERE {whole} ORDER BY n) "
            f"TO {_literal(str(target))} (FORMAT parquet)"
        )
        return database.execute(f"SELECT n, l FROM drawn WHERE NOT ({whole}) ORDER BY n").fetchall()


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'

r"""Backslashes before what stands for itself, as MySQL, PostgreSQL and Spark write text tables.

Within quotes, `"5\" pipe"` and `"C:\\"`; without any, `Lamp\<tab>red`, `\N` for nothing, and a quote is a letter. Other
programs double quotes, and a backslash is a letter: what the first lines are like decides.
"""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from enum import Enum

_LEGAL = b'NtnrbZ0"\\\n\r'
"""What MySQL and PostgreSQL write behind a backslash, beside the delimiter."""
_PAIR = re.compile(rb'\\(["\\])')
_LINES = 1_000


class Escapes(Enum):
    """What a backslash is."""

    NONE = "a letter"
    QUOTED = "before quotes and backslashes, in values with quotes around them"
    BARE = "before delimiters, line ends and backslashes, in values without quotes"


def escapes_of(start: bytes, delimiter: str) -> Escapes:
    """What a backslash is in a table, by its first lines."""
    if b"\\" not in start or len(delimiter) > 1:
        return Escapes.NONE
    lines = start.decode("utf-8", "replace").splitlines()
    marked = [line for line in lines if "\\" in line][:_LINES]
    plain = [line for line in lines[:_LINES] if "\\" not in line and line]
    counts = Counter(len(values) for line in plain or marked if (values := split(line, delimiter, None)))
    usual = counts.most_common(1)[0][0] if counts else 0
    if _is_bare(start, marked, delimiter, usual):
        return Escapes.BARE
    quoted = [line for line in marked if '\\"' in line]
    doubled = [len(split(line, delimiter, None)) for line in quoted]
    escaped = [len(split(line, delimiter, "\\")) for line in quoted]
    usual = usual or Counter(escaped).most_common(1)[0][0] if quoted else usual
    fits = sum(one == usual != other for one, other in zip(escaped, doubled, strict=True))
    against = sum(other == usual != one for one, other in zip(escaped, doubled, strict=True))
    return Escapes.QUOTED if fits > against else Escapes.NONE


def without_escapes(block: bytes, escapes: Escapes, delimiter: bytes) -> bytes:
    """Whole lines with quotes doubled and backslashes as letters; what is a line stays one."""
    if escapes is Escapes.QUOTED:
        return _PAIR.sub(lambda match: b'""' if match[1] == b'"' else b"\\", block)
    if escapes is Escapes.BARE:
        apart = re.escape(delimiter)
        plain = rb'[^\n"\\' + apart + rb"]*+"
        value = re.compile(rb"(?<![^\n" + apart + rb"])" + plain + rb'(?:(?:\\.|")' + plain + rb")+", re.DOTALL)
        return value.sub(_requoted, block)
    return block


def _requoted(match: re.Match[bytes]) -> bytes:
    """A value without quotes in quotes; a line end that has become a letter is a blank, so that lines hold."""
    value, end = (match[0][:-1], b"\r") if match[0].endswith(b"\r") else (match[0], b"")
    if value == b"\\N":
        return value + end
    bare = re.sub(rb"\\(.)", lambda pair: _MEANT.get(pair[1], pair[1]), value, flags=re.DOTALL)
    return b'"' + bare.replace(b'"', b'""') + b'"' + end


_MEANT = {b"t": b"\t", b"n": b" ", b"r": b" ", b"b": b" ", b"0": b"", b"Z": b"", b"N": b"\\N"}


def _is_bare(start: bytes, marked: Sequence[str], delimiter: str, usual: int) -> bool:
    """Whether every backslash escapes what has to be, and one stands for nothing, a delimiter or a line end."""
    apart = delimiter.encode()
    if any(one not in _LEGAL + apart for (one,) in re.findall(rb"\\(.)", start, re.DOTALL)):
        return False
    edge = rb"(?:^|" + re.escape(apart) + rb")"
    if re.search(edge + rb'"[^"\n]*"(?:' + re.escape(apart) + rb"|\r?$)", start, re.MULTILINE):
        return False
    if re.search(edge + rb"\\N(?=" + re.escape(apart) + rb"|\r?$)", start, re.MULTILINE):
        return True
    values = [line.count(delimiter) + 1 for line in marked]
    ends = [len(line) - len(line.rstrip("\\")) for line in marked]
    more = any("\\" + delimiter in line and count > usual for line, count in zip(marked, values, strict=True))
    return usual > 0 and (more or any(end % 2 and count < usual for end, count in zip(ends, values, strict=True)))


def split(line: str, delimiter: str, escape: str | None) -> list[str]:
    """The values of one line, none where it is no whole row of a table with such quotes."""
    try:
        return next(csv.reader([line], delimiter=delimiter, doublequote=not escape, escapechar=escape, strict=True), [])
    except csv.Error:
        return []

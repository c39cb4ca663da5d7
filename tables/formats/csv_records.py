"""The records of a CSV file, and which of them are well formed.

DuckDB reads CSV quickly, but around an ill-formed record its parallel reader drops or misplaces rows: one quote that
is never closed swallows all rows up to the next one. This scanner is the exact, slower reading that takes over for a
file in which something was wrong. A record is well formed if it has as many fields as the header, quotes that open at
the start of a field and close at its end, at most `MAX_RECORD_BYTES` and valid UTF-8. Where a record is not, its
first physical line is refused and reading goes on with the next line, so that nothing good is lost.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numba import njit

MAX_RECORD_BYTES = 2_000_000
"""The longest record, in bytes: DuckDB's own limit."""

REASONS = (
    "",
    "too few fields",
    "too many fields",
    "a quoted value goes on after its closing quote",
    "a quote is never closed",
    "not UTF-8",
    "a carriage return outside quotes",
    "longer than 2 MB",
)
FEW, MANY, AFTER_QUOTE, OPEN_QUOTE, ENCODING, RETURN, LONG = range(1, 8)
_FIELD_START, _PLAIN, _QUOTED, _CLOSED, _TRAILING = range(5)
_NEWLINE, _RETURN, _QUOTE, _SPACE = 10, 13, 34, 32


@dataclass(frozen=True)
class Refused:
    """A physical line that belongs to no well-formed record."""

    line: int
    """Physical line, 1 is the first of the file."""
    text: str
    reason: str


def scan(
    path: Path, delimiter: str, fields: int, wanted: np.ndarray, cleaned: Path | None
) -> tuple[np.ndarray, list[Refused]]:
    """Find the physical lines of the `wanted` well-formed records and the lines that are refused.

    `wanted` are record numbers in rising order, 0 is the first well-formed record after the header, blank lines not
    counted. With `cleaned` the header and all well-formed records are written there, with `\\n` as line end.
    """
    data = np.memmap(path, dtype=np.uint8, mode="r")
    out = np.empty(0, dtype=np.uint8)
    if cleaned:
        out = np.memmap(cleaned, dtype=np.uint8, mode="w+", shape=(len(data) + 1,))
    lines = np.full(len(wanted), -1, dtype=np.int64)
    spans = np.empty((65_536, 4), dtype=np.int64)
    state = np.zeros(5, dtype=np.int64)
    refused: list[Refused] = []
    while state[0] < len(data) or state[0] == 0:
        found = _scan(data, ord(delimiter), fields, wanted, lines, out, spans, state)
        for start, end, line, reason in spans[:found]:
            refused.append(Refused(int(line), bytes(data[start:end]).decode("utf-8", "replace"), REASONS[reason]))
        if len(data) == 0:
            break
    if cleaned:
        size = int(state[3])
        del out
        with cleaned.open("r+b") as file:
            file.truncate(size)
    return lines, refused


@njit(cache=True)
def _scan(
    data: np.ndarray,
    delimiter: int,
    fields: int,
    wanted: np.ndarray,
    lines: np.ndarray,
    out: np.ndarray,
    spans: np.ndarray,
    state: np.ndarray,
) -> int:
    """Scan on from `state` until the data ends or `spans` is full; return how many spans were filled.

    `state`: offset, physical line (from 0), well-formed records, bytes written, next of `wanted`.
    """
    size = len(data)
    at, line, records, written, next_wanted = state[0], state[1], state[2], state[3], state[4]
    header = at == 0
    if header and size >= 3 and data[0] == 0xEF and data[1] == 0xBB and data[2] == 0xBF:
        at = 3
    found = 0
    while at < size and found < len(spans):
        end, after, inner, reason = _record(data, at, size, delimiter, fields)
        if end == at:
            line += 1
        elif reason == 0 or header:
            if len(out) > 0:
                for i in range(at, end):
                    out[written] = data[i]
                    written += 1
                out[written] = _NEWLINE
                written += 1
            if not header:
                if next_wanted < len(wanted) and wanted[next_wanted] == records:
                    lines[next_wanted] = line + 1
                    next_wanted += 1
                records += 1
            line += 1 + inner
            header = False
        else:
            stop = at
            while stop < size and data[stop] != _NEWLINE:
                stop += 1
            after = stop + 1
            if stop > at and data[stop - 1] == _RETURN:
                stop -= 1
            spans[found, 0], spans[found, 1], spans[found, 2], spans[found, 3] = at, stop, line + 1, reason
            found += 1
            line += 1
        at = after
    state[0], state[1], state[2], state[3], state[4] = at, line, records, written, next_wanted
    return found


@njit(cache=True)
def _record(data: np.ndarray, start: int, size: int, delimiter: int, fields: int) -> tuple[int, int, int, int]:
    """Read one record: its end without line end, the start of the next, newlines inside it, and what is wrong."""
    state = _FIELD_START
    seen = 1
    inner = 0
    reason = 0
    pending = 0  # continuation bytes that the UTF-8 character at hand still needs
    low, high = 0x80, 0xBF
    at = start
    while at < size:
        byte = data[at]
        if pending > 0:
            if byte < low or byte > high:
                reason = reason or ENCODING
                pending = 0
            else:
                pending -= 1
            low, high = 0x80, 0xBF
        elif byte >= 0x80:
            if 0xC2 <= byte <= 0xDF:
                pending = 1
            elif 0xE0 <= byte <= 0xEF:
                pending = 2
                if byte == 0xE0:
                    low = 0xA0
                elif byte == 0xED:
                    high = 0x9F
            elif 0xF0 <= byte <= 0xF4:
                pending = 3
                if byte == 0xF0:
                    low = 0x90
                elif byte == 0xF4:
                    high = 0x8F
            else:
                reason = reason or ENCODING
        if state == _QUOTED:
            if byte == _QUOTE:
                state = _CLOSED
            elif byte == _NEWLINE:
                inner += 1
                if at - start > MAX_RECORD_BYTES:
                    return at, at + 1, inner, LONG
        elif byte == _NEWLINE:
            break
        elif byte == _RETURN:
            if at + 1 < size and data[at + 1] != _NEWLINE:
                reason = reason or RETURN
        elif byte == delimiter:
            seen += 1
            state = _FIELD_START
        elif (byte == _QUOTE and state == _FIELD_START) or (byte == _QUOTE and state == _CLOSED):
            state = _QUOTED
        elif state in (_CLOSED, _TRAILING):
            state = _TRAILING
            if byte != _SPACE:
                reason = reason or AFTER_QUOTE
        elif byte != _SPACE:
            state = _PLAIN
        at += 1
    end = at
    if end > start and data[end - 1] == _RETURN and state != _QUOTED:
        end -= 1
    if state == _QUOTED:
        reason = OPEN_QUOTE
    elif pending > 0:
        reason = reason or ENCODING
    elif end - start > MAX_RECORD_BYTES:
        reason = LONG
    elif reason == 0 and seen != fields:
        reason = FEW if seen < fields else MANY
    return end, at + 1, inner, reason

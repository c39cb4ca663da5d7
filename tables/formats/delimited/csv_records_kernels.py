"""Compiled: the records of a CSV file, byte by byte, and what is wrong with each."""

import numpy as np
from numba import njit

from kartograph.tables.formats.delimited.csv_records import MAX_RECORD_BYTES

FEW, MANY, AFTER_QUOTE, OPEN_QUOTE, ENCODING, RETURN, LONG = range(1, 8)
_FIELD_START, _PLAIN, _QUOTED, _CLOSED, _TRAILING = range(5)
_NEWLINE, _RETURN, _QUOTE, _SPACE = 10, 13, 34, 32


@njit(cache=True)
def scan_on(
    data: np.ndarray,
    delimiter: int,
    fields: int,
    columns: np.ndarray,
    lines: np.ndarray,
    out: np.ndarray,
    spans: np.ndarray,
    state: np.ndarray,
) -> int:
    """Scan on from `state` until the data ends or `spans` is full; return how many spans were filled.

    `state`: offset, physical line (from 0), well-formed records, bytes written, next of `columns`.
    """
    size = len(data)
    at, line, records, written, next_wanted = state[0], state[1], state[2], state[3], state[4]
    header = at == 0
    if header and size >= 3 and data[0] == 0xEF and data[1] == 0xBB and data[2] == 0xBF:
        at = 3
    count = 0
    while at < size and count < len(spans):
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
                if next_wanted < len(columns) and columns[next_wanted] == records:
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
            spans[count, 0], spans[count, 1], spans[count, 2], spans[count, 3] = at, stop, line + 1, reason
            count += 1
            line += 1
        at = after
    state[0], state[1], state[2], state[3], state[4] = at, line, records, written, next_wanted
    return count


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

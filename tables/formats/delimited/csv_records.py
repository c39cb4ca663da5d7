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

MAX_RECORD_BYTES = 2_000_000
"""The longest record, in bytes: DuckDB's own limit."""
REASONS = (
    "",
    "too few fields",
    "too many fields",
    "a quoted value goes on after its closing quote",
    "a quote is never closed",
    "not UTF-8 (--encoding says how the file is written)",
    "a carriage return outside quotes",
    "longer than 2 MB",
)
"""In words, by the numbers that `csv_records_kernels` gives them."""


@dataclass(frozen=True)
class Refused:
    """A physical line that belongs to no well-formed record."""

    line: int
    """Physical line, 1 is the first of the file."""
    text: str
    reason: str
    at: int
    """The place of its first byte in the file."""


def scan(
    path: Path, delimiter: str, fields: int, columns: np.ndarray, cleaned: Path | None
) -> tuple[np.ndarray, list[Refused]]:
    """Find the physical lines of the `columns` well-formed records and the lines that are refused.

    `columns` are record numbers in rising order, 0 is the first well-formed record after the header, blank lines not
    counted. With `cleaned` the header and all well-formed records are written there, with `\\n` as line end.
    """
    from kartograph.tables.formats.delimited.csv_records_kernels import scan_on  # Numba takes half a second to import

    data = np.memmap(path, dtype=np.uint8, mode="r")
    out = np.empty(0, dtype=np.uint8)
    if cleaned:
        out = np.memmap(cleaned, dtype=np.uint8, mode="w+", shape=(len(data) + 1,))
    lines = np.full(len(columns), -1, dtype=np.int64)
    spans = np.empty((65_536, 4), dtype=np.int64)
    state = np.zeros(5, dtype=np.int64)
    refused: list[Refused] = []
    while state[0] < len(data) or state[0] == 0:
        records = scan_on(data, ord(delimiter), fields, columns, lines, out, spans, state)
        for start, end, line, reason in spans[:records]:
            text = bytes(data[start:end]).decode("utf-8", "replace")
            refused.append(Refused(int(line), text, REASONS[reason], int(start)))
        if len(data) == 0:
            break
    if cleaned:
        size = int(state[3])
        del out
        with cleaned.open("r+b") as file:
            file.truncate(size)
    return lines, refused

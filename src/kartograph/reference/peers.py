"""What other libraries reach beside ours, read from `docs/peers.csv`, which `benchmarks/peers.py` writes.

A row is a model with its options on one of two data sets: next clicks of sessions (HR@20 and MRR@20), last purchases of
users (Recall@20 and NDCG@20), in percent, with the 95 % interval of the first; `fit_s` seconds, `ms` milliseconds of an
answer, `peak_mib` MiB; the machine, the date, and the command that gives the rows again.
"""

from dataclasses import dataclass

from kartograph.reference import DOCS
from kartograph.reference.markdown import code, table
from kartograph.reference.measured import read_rows, write_rows

FILE = DOCS / "peers.csv"
MEASURES = {"sessions": ("HR@20", "MRR@20"), "users": ("Recall@20", "NDCG@20")}


@dataclass(frozen=True)
class Peer:
    """A model of a library on a data set; the fields are the columns of the file."""

    data: str
    """`sessions` or `users`."""
    library: str
    model: str
    options: str
    first: float
    second: float
    low: float
    high: float
    fit_s: float
    ms: float
    peak_mib: float
    machine: str
    date: str
    command: str


def peers(data: str) -> list[Peer]:
    """The rows of a data set, in the order of the file."""
    return [row for row in read_rows(FILE, Peer) if row.data == data]


def keep(data: str, rows: list[Peer]) -> None:
    """Write the rows of a data set in place of those that the file has."""
    known = {one: rows if one == data else peers(one) for one in MEASURES}
    write_rows(FILE, Peer, [row for one in known.values() for row in one])


def peers_table(data: str) -> str:
    """The rows of a data set as a table, and how they were measured."""
    rows = peers(data)
    first, second = MEASURES[data]
    figures, interval = f"{first} / {second}", f"interval of {first}"
    heads = ("library", "model", "options", figures, interval, "fit s", "ms each", "peak MiB")
    cells = [
        (
            *(row.library, code(row.model), row.options),
            *(f"{row.first:.2f} / {row.second:.2f}", f"{row.low:.1f} to {row.high:.1f}"),
            *(f"{row.fit_s:.1f}", f"{row.ms:.2f}", f"{row.peak_mib:.0f}"),
        )
        for row in rows
    ]
    return f"{table(heads, cells)}\n\nMeasured on {rows[0].date} ({rows[0].machine}) by `{rows[0].command}`."

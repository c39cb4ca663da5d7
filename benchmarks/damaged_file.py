"""Reads a file of many rows of which 1 % each have every kind of damage, and counts that no line is lost.

    python benchmarks/damaged_file.py FOLDER [--rows 10000000] [--shop NAME]

writes FOLDER/damaged.csv where it is not there yet (500 MB at 10 M rows), reads it as `kartograph load interactions`
does, and prints the rows that are loaded and rejected, seconds and peak memory, beside pandas reading the same file
(without saying what is wrong). With --shop the rows are loaded into that shop too. Exits with 1 where loaded and
rejected rows do not add up to the lines, or other rows are rejected than those that are damaged.
"""

import argparse
import multiprocessing
import resource
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from kartograph.loaders.interactions import InteractionOptions, read
from kartograph.loaders.shared.into_graph import into_graph
from kartograph.tables.engine import count_rows
from kartograph.tables.rejects import RejectLimit

HEADER = "user_id,item_id,event,timestamp,price,title\n"
DAMAGES = {
    "short": lambda one: one.str.rsplit(",", n=3).str[0],
    "long": lambda one: one + ",more,fields",
    "quote": lambda one: one.str.replace(",view,", ',"vi"ew,', regex=False),
    "open quote": lambda one: one.str.replace(",title", ',"title', regex=False),
    "no UTF-8": lambda one: one.str.replace("title", "t\x02itle", regex=False),
    "no time": lambda one: one.str.replace(",16", ",banana 16", regex=False),
    "no item": lambda one: one.str.replace(r",i\d+,", ",NULL,", regex=True),
    "no event": lambda one: one.str.replace(",view,", ",stare,", regex=False),
    "no plausible time": lambda one: one.str.replace(",16", ",6", regex=False),
}
"""Kinds of damage, each of a hundredth of the rows."""
AT_A_TIME = 500_000


def damages(start: int, count: int) -> np.ndarray:
    """The number of each row's damage in `DAMAGES`; beyond these the row is good."""
    return np.random.default_rng([1, start]).integers(0, 100, count)


def write(path: Path, rows: int) -> None:
    """Write a file of `rows` rows; which of them are damaged is drawn with a fixed seed."""
    rng = np.random.default_rng(0)
    with path.open("wb") as file:
        file.write(HEADER.encode())
        for start in range(0, rows, AT_A_TIME):
            count = min(AT_A_TIME, rows - start)
            frame = pd.DataFrame({"user": rng.integers(0, max(rows // 10, 10), count)})
            frame["item"] = rng.integers(0, max(rows // 100, 10), count)
            frame["time"] = 1_600_000_000 + start + np.arange(count)
            lines = "u" + frame["user"].astype(str) + ",i" + frame["item"].astype(str) + ",view,"
            lines = lines + frame["time"].astype(str) + ",9.99,title of " + frame["item"].astype(str)
            damage = damages(start, count)
            for number, change in enumerate(DAMAGES.values()):
                lines[damage == number] = change(lines[damage == number])
            file.write(("\n".join(lines) + "\n").encode().replace(b"\x02", b"\xff"))


def read_with_kartograph(path: Path, shop: str | None) -> dict[str, float]:
    """Rows loaded and rejected, seconds, and the peak memory in GiB of a process that does nothing else."""
    began = time.monotonic()
    options = InteractionOptions(rejects=path.with_suffix(".rejects.csv"), limit=RejectLimit(share=0.5))
    source = read(path, options)
    figures = {"rows": source.report.rows, "rejected": sum(source.report.rejected.values())}
    figures |= {"loaded": count_rows(source.interactions), "read in s": time.monotonic() - began}
    for reason, count in sorted(source.report.rejected.items()):
        figures[f"rejected: {reason}"] = count
    if shop is not None:
        into_graph(source, shop)
        figures["in the graph after s"] = time.monotonic() - began
    return figures | {"peak GiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20}


def read_with_pandas(path: Path) -> dict[str, float | str]:
    """Rows that pandas reads of the file, bad lines skipped, seconds, and the peak memory in GiB of its process."""
    began = time.monotonic()
    try:
        rows: int | str = len(pd.read_csv(path, dtype=str, on_bad_lines="skip", encoding_errors="replace"))
    except pd.errors.ParserError as error:
        rows = f"none, {error}"
    return {
        "rows": rows,
        "read in s": time.monotonic() - began,
        "peak GiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
    }


def main() -> int:
    """Write, read twice, print, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--shop", help="load the rows into this shop as well")
    said = parser.parse_args()
    path = said.folder / "damaged.csv"
    if not path.is_file():
        said.folder.mkdir(parents=True, exist_ok=True)
        write(path, said.rows)
    with path.open("rb") as file:
        lines = sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 24), b"")) - 1
    print(f"lines: {lines:,} and a header, {path.stat().st_size / 2**20:,.0f} MiB")
    spawned = multiprocessing.get_context("spawn")
    with spawned.Pool(1, maxtasksperchild=1) as pool:
        ours = pool.apply(read_with_kartograph, (path, said.shop))
        theirs = pool.apply(read_with_pandas, (path,))
    for name, figures in (("kartograph", ours), ("pandas", theirs)):
        print(name)
        for what, value in figures.items():
            print(f"  {what}: {value:,.1f}" if isinstance(value, float) else f"  {what}: {value}")
    counts = (min(AT_A_TIME, lines - start) for start in range(0, lines, AT_A_TIME))
    bad = sum(int((damages(at * AT_A_TIME, count) < len(DAMAGES)).sum()) for at, count in enumerate(counts))
    print(f"damaged lines: {bad:,}")
    total = ours["loaded"] + ours["rejected"]
    print(f"loaded and rejected: {total:,.0f} of {lines:,} lines")
    return 0 if total == lines and ours["rejected"] == bad else 1


if __name__ == "__main__":
    sys.exit(main())

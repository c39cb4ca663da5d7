"""What load and enrichment of a shop take, step by step, and how that grows with the shop.

    python benchmarks/growth.py FOLDER --scales 1 10

generates a shop of each scale in FOLDER where it is not there yet (1 is RetailRocket's full size), loads it in bulk
into a shop of its own below KARTOGRAPH_HOME, and enriches that. Seconds of the processor are those of all processes
together, which other work on the machine changes less than the clock; their growth would be that of the events if
every step grew with the size of the shop. Memory is the largest resident memory of these processes, sampled four
times a second; memory that processes share counts in each. What was measured of a scale stays in FOLDER and is not
measured again. The table of all scales given goes into `docs/records/growth.json`.
"""

import argparse
import json
import re
import shutil
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
from enrich import measured
from numpy import ndarray
from sampling import sampled

from kartograph.graph.bulk import LoadRecord, bulk_load
from kartograph.graph.enrichment.enrich import STEPS
from kartograph.graph.managed.home import ShopDirectory
from kartograph.graph.managed.lifecycle import stop
from kartograph.loaders import retailrocket
from kartograph.loaders.sample import generate
from kartograph.reference.records import keep_table
from kartograph.tables.derived.derive import derive

SHOWN_FROM = 1.0
"""Seconds of the processor, of the largest shop, below which a step has no row."""


class Steps:
    """Follows a load by the progress that it reports: time and memory of each step."""

    def __init__(self) -> None:
        """Begin with no step; what comes before the first is not kept."""
        self.rows: dict[str, dict[str, float]] = {}
        self._row, self._lock = dict.fromkeys(("seconds", "processor", "peak_gib"), 0.0), threading.Lock()
        self._then, self._used = time.monotonic(), 0.0

    def __call__(self, step: str, done: float | None = None, total: float | None = None) -> None:
        """Count what comes from now on to this step."""
        with self._lock:
            self._count()
            self._row = self.rows.setdefault(re.split(r":| \(", step)[0], dict.fromkeys(self._row, 0.0))

    def look(self) -> None:
        """Count what came since the last look to the step at hand."""
        with self._lock:
            self._count()

    def _count(self) -> None:
        own, used, memory = psutil.Process(), 0.0, 0
        for process in (own, *own.children(recursive=True)):
            try:
                used += sum(process.cpu_times()[:4])  # with those of children that have ended
                memory += process.memory_info().rss
            except psutil.NoSuchProcess:
                continue
        now = time.monotonic()
        self._row["seconds"] += now - self._then
        self._row["processor"] += max(0.0, used - self._used)  # a child that is just ending counts at the next look
        self._row["peak_gib"] = max(self._row["peak_gib"], memory / 2**30)
        self._then, self._used = now, max(used, self._used)


def loaded(folder: Path, home: ShopDirectory) -> list[dict]:
    """Load the folder into an empty shop, whose server stays; a row per step."""
    steps = Steps()
    with sampled(steps.look):
        steps("Reading files")
        source = retailrocket.read(folder)
        bulk_load(derive(source, progress=steps), home, LoadRecord(source.name, source.report.files), progress=steps)
        steps("Ending")
    return [{"step": f"load: {step}", **row} for step, row in steps.rows.items()]


def of_scale(folder: Path, scale: float) -> dict:
    """Size of the shop of one scale and a row per step, from the folder where it was measured before."""
    kept, files = folder / f"measured-{scale:g}.json", folder / f"scale-{scale:g}"
    if kept.exists():
        return json.loads(kept.read_text("utf-8"))
    if not files.is_dir():
        generate(files, scale)
    home = ShopDirectory.of(f"growth-{scale:g}".replace(".", "-"))
    try:
        # Each in a process of its own, whose memory is that of the call alone.
        with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as process:
            load = process.submit(loaded, files, home).result()
            print(pd.DataFrame(load).to_string(index=False), flush=True)
            found = process.submit(measured, home.shop, STEPS).result()
    finally:
        stop(home)
        shutil.rmtree(home.folder, ignore_errors=True)
    result = {"events": found["size"]["INCLUDES"], "rows": load + found["steps"]}
    kept.write_text(json.dumps(result, indent=1), "utf-8")
    return result


def keep(runs: list[dict]) -> None:
    """Print and record seconds of the processor and memory of each step and shop, and the growth over all shops.

    A step that was refused is shown so, and left out of the sums.
    """
    sizes = [run["events"] for run in runs]
    seconds, processor, memory = (_by_step(runs, name) for name in ("seconds", "processor", "peak_gib"))
    shown, done = processor.iloc[:, -1] >= SHOWN_FROM, seconds.notna().to_numpy().all(axis=1)
    used, peak = np.where(seconds.notna(), processor, np.nan), memory.to_numpy()
    rows = [_row(str(step), used[at], peak[at]) for at, step in enumerate(processor.index) if shown.iloc[at]]
    most = peak.max(axis=0)
    rows.append(_row("all" if done.all() else "all that were done", used[done].sum(axis=0), most))
    rows.append(_row("the same by the clock", seconds.to_numpy()[done].sum(axis=0), most))
    head = ["", *(f"{size:,} events, s" for size in sizes), f"grows ({sizes[-1] / sizes[0]:.1f})"]
    head += [f"{size:,} events, GiB" for size in sizes]
    print(pd.DataFrame(rows, columns=head).to_string(index=False))
    keep_table("growth", head, rows, detached=True)


def _by_step(runs: list[dict], name: str) -> pd.DataFrame:
    """One figure of each step, a column per run; NaN for a step that was refused."""
    frames = [pd.DataFrame(run["rows"]).set_index("step")[[name]].astype(float) for run in runs]
    return pd.concat(frames, axis=1)


def _row(step: str, used: ndarray, memory: ndarray) -> list[str]:
    seconds = ["refused" if np.isnan(one) else f"{one:,.1f}" for one in used]
    growth = "" if np.isnan(used).any() else f"{used[-1] / used[0]:.1f}"
    return [step, *seconds, growth, *(f"{peak:.1f}" for peak in memory)]


def main() -> None:
    """Measure the scales that have not been measured, and show all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scales", type=float, nargs="+", default=[1.0, 10.0])
    arguments = parser.parse_args()
    arguments.folder.mkdir(exist_ok=True)
    keep([of_scale(arguments.folder, scale) for scale in sorted(arguments.scales)])


if __name__ == "__main__":
    main()

"""Seconds and memory of each step of the enrichment: `python benchmarks/enrich.py --shop shop`.

Every step runs anew on what the shop holds, from first to last. Seconds are wall-clock time; memory is the largest
resident memory of the server and of this process while the step ran, sampled four times a second.

    python benchmarks/enrich.py --shop shop --nights FOLDER --share 0.01

loads a folder in RetailRocket's layout, as `kartograph.loaders.sample` makes it, into the shop, in place of what that
holds, but for its last events: two nights of so many of all events each, cut off by time, with the users, the items and
the open sessions that the data has there. It enriches the whole shop, loads the nights live, one after the other, and
prints what the enrichment of the stale steps takes after each, beside the whole one and beside `enrich --all`, in
seconds and in processor seconds of server and client, which other work on the machine changes less. After the first
night the server meets the statements for the first time since it started, plans and compiles them; after the second it
knows them, as it knows those of the whole enrichment, which ran twice before. The processor seconds of all steps
go into `docs/records/enriched_nights.json`, of which the page about operation is made.
"""

import argparse
from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import psutil
from sampling import sampled

from kartograph.graph.bulk import LoadRecord, bulk_load
from kartograph.graph.connection import Graph
from kartograph.graph.counts import counts_of
from kartograph.graph.enrichment.enrich import STEPS, enrich
from kartograph.graph.managed.home import ShopDirectory
from kartograph.graph.managed.lifecycle import running
from kartograph.loaders import interactions, retailrocket
from kartograph.reference.records import keep_table
from kartograph.tables.derived.derive import derive
from kartograph.tables.errors import KartographError, ServerError

NIGHTS = ("after a night", "after the next")


def processor_seconds(*processes: psutil.Process) -> float:
    """What processes have used of the processors so far."""
    return sum(sum(process.cpu_times()[:2]) for process in processes)


@contextmanager
def peak_memory(*processes: psutil.Process) -> Iterator[list[int]]:
    """Yield a list whose one number is the largest resident memory of the processes together, in bytes."""
    peak = [0]

    def look() -> None:
        peak[0] = max(peak[0], sum(process.memory_info().rss for process in processes))

    with sampled(look):
        yield peak


def measured(shop: str, steps: tuple[str, ...], again: bool = True) -> dict:
    """Run the steps, or those of them that are stale, one by one; returns the size of the shop and a row per step."""
    with Graph.local(shop) as graph:
        state = running(ShopDirectory.of(shop))
        if state is None:
            raise ServerError(f"the server of {shop} ended; see `kartograph logs`")
        held = counts_of(graph)
        size = {name: held.get(name, 0) for name in ("User", "Item", "Session", "INCLUDES", "CO_OCCURS")}
        print(f"{shop}: " + ", ".join(f"{name} {number:,}" for name, number in size.items()), flush=True)
        rows, processes = [], (psutil.Process(state.pid), psutil.Process())
        for step in steps:
            before = processor_seconds(*processes)
            with peak_memory(*processes) as peak:
                try:
                    [result] = enrich(graph, (step,), again=again)
                    row = {"step": step, "seconds": round(result.seconds, 1), "written": result.written}
                    row |= {"note": result.note or ""}
                except KartographError as error:
                    row = {"step": step, "seconds": None, "written": None, "refused": str(error)}
            row["processor"] = round(processor_seconds(*processes) - before, 2)
            rows.append({**row, "peak_gib": round(peak[0] / 2**30, 2), "load": round(psutil.getloadavg()[0], 1)})
            print(pd.DataFrame(rows[-1:]).to_string(header=len(rows) == 1, index=False), flush=True)
        return {"size": size, "steps": rows}


def load_history(folder: Path, shop: str, share: float) -> list[pd.DataFrame]:
    """Load all but the last events of a folder in bulk, and return these: two nights, each a share of all events."""
    events = pd.read_csv(folder / "events.csv").sort_values("timestamp", kind="stable")
    night = round(share * len(events))
    ends = [events["timestamp"].iloc[-2 * night], events["timestamp"].iloc[-night]]
    home, night_of = ShopDirectory.of(shop), events["timestamp"].searchsorted(ends)
    with TemporaryDirectory(dir=folder) as history:
        for file in folder.glob("*.csv"):
            if file.name != "events.csv":
                (Path(history) / file.name).symlink_to(file.resolve())
        events.iloc[: night_of[0]].to_csv(Path(history) / "events.csv", index=False)
        source = retailrocket.read(history)
        bulk_load(derive(source), home, LoadRecord(source.name, source.report.files))
    names = {"visitorid": "user_id", "itemid": "item_id"}
    words = {"event": retailrocket.EVENT_WORDS}
    later = events.rename(columns=names).replace(words)[["user_id", "item_id", "event", "timestamp"]]
    return [later.iloc[night_of[0] : night_of[1]], later.iloc[night_of[1] :]]


def forget(shop: str) -> None:
    """Delete what the enrichment computed, as if the shop had just come."""
    kinds = (
        "(:Item|Category)-[r:SIMILAR|CO_OCCURS]->() CALL (r) { DELETE r }",
        "()-[r:PREFERS]->() CALL (r) { DELETE r }",
    )
    nodes = "(n:Item|Category) CALL (n) { REMOVE n.embedding, n.pagerank, n.community }"
    with Graph.local(shop) as graph:
        for what in (*kinds, nodes):
            graph.query(f"MATCH {what} IN TRANSACTIONS OF 10000 ROWS", write=True)


def after_nights(shop: str, folder: Path, share: float, steps: tuple[str, ...]) -> pd.DataFrame:
    """What each step takes after a night, beside a whole enrichment of a shop that had none, and all again."""
    nights = load_history(folder, shop, share)
    with Graph.local(shop) as graph:
        for _ in range(2):  # the server compiles what it runs often
            enrich(graph, steps, again=True)
    forget(shop)
    parts = [_columns(shop, steps, "whole", True)]
    for what, events in zip(NIGHTS, nights, strict=True):
        with Graph.local(shop) as graph:
            interactions.load(graph, events)
        users, items = events["user_id"].nunique(), events["item_id"].nunique()
        print(f"loaded {len(events):,} events of {users:,} users on {items:,} items", flush=True)
        parts.append(_columns(shop, steps, what, False))
    parts.append(_columns(shop, steps, "all again", True))
    timings = pd.concat(parts, axis=1)
    timings.loc["all"] = timings.sum()
    return timings


def keep(timings: pd.DataFrame) -> None:
    """Print what `after_nights` found and, of all steps, write its record: each, their sum, and that by the clock."""
    print(timings.to_string())
    by_step = timings.to_dict("index")
    if not by_step.keys() >= {*STEPS}:
        return
    rows = [_row(step, of_step, "processor") for step, of_step in by_step.items()]
    rows.append(_row("all, by the clock", by_step["all"], "seconds"))
    head = ["", "whole", *(one for what in NIGHTS for one in (what, "ratio")), "all again"]
    keep_table("enriched_nights", head, rows)


def _row(name: Hashable, of_step: Mapping[Hashable, float], unit: str) -> list[object]:
    whole, *nights, again = (of_step[f"{unit} {what}"] for what in ("whole", *NIGHTS, "all again"))
    beside = [cell for night in nights for cell in (f"{night:.1f}", f"{night / whole:.2f}")]
    return [name, f"{whole:.1f}", *beside, f"{again:.1f}"]


def _columns(shop: str, steps: tuple[str, ...], what: str, again: bool) -> pd.DataFrame:
    rows = pd.DataFrame(measured(shop, steps, again)["steps"]).set_index("step")
    return rows[["seconds", "processor"]].add_suffix(f" {what}")


def main() -> None:
    """Measure one shop, or what its nights take."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shop", default="shop")
    parser.add_argument("--steps", default=",".join(STEPS))
    parser.add_argument("--nights", type=Path, metavar="FOLDER", help="load it but for two nights, then each of these")
    parser.add_argument("--share", type=float, default=0.01, help="of the events, a night's")
    arguments = parser.parse_args()
    steps = tuple(arguments.steps.split(","))
    if arguments.nights:
        keep(after_nights(arguments.shop, arguments.nights, arguments.share, steps))
        return
    measured(arguments.shop, steps)


if __name__ == "__main__":
    main()

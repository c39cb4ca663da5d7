"""Fourteen nights of a generated shop: a bad model on night 5, another taste from day 8 on, a broken file on day 10.

    python benchmarks/nights.py FOLDER

Each night the pipeline gets an export of all events so far and loads it live into the shop "nights", which is emptied
at the beginning. Until day 8 users go through the items of their shelf in order, so that a Markov chain does best; from
day 8 on they pick at random from another shelf, so that what goes together says more than what follows. Prints a line
for each night.
"""

import shutil
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from kartograph.cli.shared.connect import open_graph
from kartograph.models.saved.version_files import folder_of
from kartograph.pipeline.declaration import read_declaration
from kartograph.pipeline.journal import Journal
from kartograph.pipeline.run import pipeline_folder, run_pipeline

SHOP = "nights"
DAY = 86_400_000
BEGIN = 1_700_006_400_000
"""2023-11-15, 00:00 UTC."""
HISTORY, NIGHTS = 10, 14
BAD_MODEL, NEW_TASTE, BROKEN_FILE = 5, 8, 10
SESSIONS, USERS, SHELVES, SHELF = 250, 300, 8, 20
DECLARED = """
[shop]
name = "nights"
[[sources]]
loader = "interactions"
path = "events.csv"
[train]
models = [{models}]
[gate]
days = 2
[publish]
top = 5
keep_versions = 3
"""


def events_of(day: int, rng: np.random.Generator) -> pd.DataFrame:
    """The events of one day, from 1 on; days before are the history."""
    user = rng.integers(0, USERS, SESSIONS)
    length = rng.integers(3, 7, SESSIONS)
    session = np.repeat(np.arange(SESSIONS), length)
    step = np.arange(len(session)) - np.repeat(np.cumsum(length) - length, length)
    shelf, position = user[session] % SHELVES, (np.repeat(rng.integers(0, SHELF, SESSIONS), length) + step) % SHELF
    if day >= NEW_TASTE:
        shelf, position = (shelf + 3) % SHELVES, rng.integers(0, SHELF, len(session))
    names = np.char.add("i", (shelf * SHELF + position).astype(str))
    start = BEGIN + (day - 1) * DAY + rng.integers(0, DAY - 3_600_000, SESSIONS)
    kinds = rng.choice(["view", "cart", "buy"], len(session), p=[0.85, 0.1, 0.05])
    columns = {"user_id": np.char.add("u", user[session].astype(str)), "item_id": names, "event": kinds}
    return pd.DataFrame(columns | {"timestamp": start[session] + step * 60_000})


def night(folder: Path, number: int, events: pd.DataFrame) -> Journal:
    """Write the night's export and declaration, and run the pipeline."""
    models = '"popularity"' if number == BAD_MODEL else '"item-knn", "markov", "popularity-recent"'
    (folder / "shop.toml").write_text(DECLARED.format(models=models), "utf-8")
    export = events.head(len(events) // 3) if number == BROKEN_FILE else events
    export.to_csv(folder / "events.csv", index=False)
    declared = read_declaration(folder / "shop.toml")
    return run_pipeline(declared, lambda progress: open_graph(SHOP, progress), folder_of(SHOP))


def main() -> None:
    """Run the nights and print what became of each."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    with open_graph(SHOP) as graph:
        graph.query("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS", write=True)
    for kept in (pipeline_folder(SHOP), folder_of(SHOP)):
        shutil.rmtree(kept, ignore_errors=True)
    rng = np.random.default_rng(11)
    days = [events_of(day, rng) for day in range(1 - HISTORY, 1)]
    print("| night | status | published | what came of it |\n| --- | --- | --- | --- |")
    for number in range(1, NIGHTS + 1):
        days.append(events_of(number, rng))
        journal = night(folder, number, pd.concat(days, ignore_index=True))
        published = journal.published["model"] if journal.published else "–"
        print(f"| {number} | {journal.status} | {published} | {journal.verdict} |", flush=True)


if __name__ == "__main__":
    main()

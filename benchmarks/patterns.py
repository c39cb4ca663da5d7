"""Our patterns, rules and item sets beside those of the packages prefixspan and mlxtend: the same, and how much faster.

    python -m venv peers && peers/bin/pip install prefixspan mlxtend
    python benchmarks/patterns.py buyers.csv.gz --peers peers/bin/python

Mines what the users of the file clicked: frequent sequences (GSP against PrefixSpan), rules "clicked these, bought
that" as MCPRHRec has them (against PrefixSpan and its counts), and item sets (GSP with one element for each user
against mlxtend's FP-growth). Each finds the same with the same support. The seconds are the processor's, of the peers
in a process of their own, without reading and without what is compiled on first use. The table goes into
`docs/records/patterns.json`, of which the page of benchmarks is made.
"""

import argparse
import json
import subprocess
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from kartograph.models.data import TrainingData
from kartograph.models.patterns.databases import CLICKS, PURCHASES, SequenceDatabase, sequences
from kartograph.models.patterns.gsp import MiningOptions, Patterns, mine
from kartograph.models.patterns.rules import Rules, consequential_rules
from kartograph.reference.records import keep_table
from kartograph.tables.contents.interactions import read_interactions
from kartograph.tables.events import EVENTS

TASKS = (("patterns", 20, 3), ("patterns", 10, 3), ("rules", 10, 3), ("item sets", 20, 3), ("item sets", 10, 3))
"""What is mined, the support, and the most items."""
SHOWN = {
    "patterns": "frequent sequences",
    "rules": "rules “clicked these, bought that” as MCPRHRec has them",
    "item sets": "frequent item sets",
}
PEERS = {"patterns": "prefixspan", "rules": "prefixspan", "item sets": "mlxtend"}
CODE = Path(__file__).parent / "peer_code" / "pattern_miners.py"


def main() -> None:
    """Run as the module says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--peers", required=True, help="the Python of an environment with prefixspan and mlxtend")
    arguments = parser.parse_args()
    data = TrainingData.from_table(read_interactions(arguments.file), "user_id")
    answers = _of_peers(data, arguments.peers)
    rows = []
    for (task, support, max_length), answer in zip(TASKS, answers, strict=True):
        work = OURS[task]
        options = MiningOptions(support=support, max_length=max_length)
        work(data, options)  # compiles
        began = time.process_time()
        mined = work(data, options)
        ours, theirs = time.process_time() - began, answer["seconds"]
        patterns = _as_peers_have_it(mined, len(data.items))
        counts = 2 if task == "rules" else 1
        assert patterns == {tuple(row[:-counts]): tuple(row[-counts:]) for row in answer["found"]}
        row = (f"{SHOWN[task]}, {PEERS[task]}", support, f"{len(patterns):,}", f"{ours:.2f}", f"{theirs:.2f}")
        rows.append((*row, f"{theirs / ours:.2g}" if theirs < 100 * ours else f"{theirs / ours:.0f}"))
        print(*rows[-1], sep=" | ", flush=True)
    keep_table("patterns", ("mined, up to 3 items", "support", "found", "ours, s", "theirs, s", "ratio"), rows)


def _of_peers(data: TrainingData, python: str) -> list[dict[str, Any]]:
    """What the peers find, a purchase of item i as item i + the size of the catalogue."""
    items = data.histories.items + len(data.items) * _bought(data)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        np.savez(folder / "sequences.npz", offsets=data.histories.offsets, items=items, clicks=len(data.items))
        tasks = [{"task": task, "support": support, "longest": max_length} for task, support, max_length in TASKS]
        (folder / "tasks.json").write_text(json.dumps(tasks))
        subprocess.run([python, str(CODE), made], check=True)
        return json.loads((folder / "found.json").read_text())


def _bought(data: TrainingData) -> np.ndarray:
    return np.isin(data.histories.events, [EVENTS.index(event) for event in PURCHASES])


def _item_sets(data: TrainingData, options: MiningOptions) -> Patterns:
    clicked = ~_bought(data)
    owners, items = data.histories.owners[clicked], data.histories.items[clicked]
    return mine(SequenceDatabase.of(owners, items, np.zeros_like(items), len(data.histories)), options)


OURS: dict[str, Callable[[TrainingData, MiningOptions], Patterns | Rules]] = {
    "patterns": lambda data, options: mine(sequences(data, CLICKS), options),
    "rules": lambda data, options: consequential_rules(data, "event", options),
    "item sets": _item_sets,
}


def _as_peers_have_it(mined: Patterns | Rules, items: int) -> dict[tuple[int, ...], tuple[int, ...]]:
    """Supports by the items; of rules the support of both sides and that of the left one."""
    if isinstance(mined, Rules):
        sides = zip(_parts(mined.left_items, mined.offsets), (mined.right + items).tolist(), strict=True)
        counts = zip(mined.support.tolist(), mined.left_support.tolist(), strict=True)
        return {(*left, right): count for (left, right), count in zip(sides, counts, strict=True)}
    counts = ((count,) for count in mined.support.tolist())
    return dict(zip(_parts(mined.items, mined.offsets), counts, strict=True))


def _parts(items: np.ndarray, offsets: np.ndarray) -> list[tuple[int, ...]]:
    return [tuple(items[start:stop].tolist()) for start, stop in pairwise(offsets)]


if __name__ == "__main__":
    main()

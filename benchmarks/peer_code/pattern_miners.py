"""Patterns, rules and item sets by the packages prefixspan and mlxtend. Needs these, and none of ours.

    python pattern_miners.py FOLDER

FOLDER/sequences.npz    offsets, items: the sequences; clicks: how many items are clicks, those above are purchases
FOLDER/tasks.json       [{"task", "support", "longest"}]
FOLDER/found.json       [{"seconds", "found": [[items …, count]]}], of rules [items …, count, that of the left side]
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from mlxtend.frequent_patterns import fpgrowth
from prefixspan import PrefixSpan
from scipy.sparse import csr_matrix


def patterns(sequences, clicks, support, longest):
    """Sequences that are frequent among clicks."""
    return _frequent([[item for item in one if item < clicks] for one in sequences], support, longest)


def rules(sequences, clicks, support, longest):
    """Clicks that a purchase follows, with the support of the clicks alone."""
    known = {tuple(items): count for *items, count in _frequent(sequences, support, longest)}
    return [
        [*items, count, known[items[:-1]]]
        for items, count in known.items()
        if len(items) > 1 and items[-1] >= clicks and max(items[:-1]) < clicks
    ]


def item_sets(sequences, clicks, support, longest):
    """Clicked items that many users have in common."""
    owners = np.repeat(np.arange(len(sequences)), [len(one) for one in sequences])
    items = np.concatenate(sequences)
    matrix = csr_matrix((np.ones(len(items), bool), (owners, items)))[:, :clicks]
    frequent = np.flatnonzero(matrix.getnnz(axis=0) >= support)
    table = pd.DataFrame.sparse.from_spmatrix(matrix[:, frequent]).astype(pd.SparseDtype(bool, fill_value=False))
    began = time.process_time()
    mined = fpgrowth(table, min_support=support / len(sequences), max_len=longest)
    seconds = time.process_time() - began
    counts = (mined["support"] * len(sequences)).round().astype(int)
    sets = [sorted(frequent[list(one)].tolist()) for one in mined["itemsets"]]
    return [[*one, count] for one, count in zip(sets, counts.tolist(), strict=True)], seconds


def _frequent(sequences, support, longest):
    miner = PrefixSpan(sequences)
    miner.maxlen = longest
    return [[*items, count] for count, items in miner.frequent(support)]


def main(folder):
    """Run as the module says."""
    sequences_file = np.load(folder / "sequences.npz")
    sequences = [part.tolist() for part in np.split(sequences_file["items"], sequences_file["offsets"][1:-1])]
    answers = []
    for task in json.loads((folder / "tasks.json").read_text()):
        work = {"patterns": patterns, "rules": rules, "item sets": item_sets}[task["task"]]
        began = time.process_time()
        result = work(sequences, int(sequences_file["clicks"]), task["support"], task["longest"])
        seconds = time.process_time() - began
        result, seconds = result if isinstance(result, tuple) else (result, seconds)
        answers.append({"seconds": seconds, "found": result})
    (folder / "found.json").write_text(json.dumps(answers))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

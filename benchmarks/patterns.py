"""Compares the patterns, and their time, with the package prefixspan. `python benchmarks/patterns.py buyers.csv.gz`.

Needs `pip install prefixspan`. Mines the click sequences of the users with both and prints the processor seconds.
"""

import argparse
import time
from pathlib import Path

import numpy as np
from prefixspan import PrefixSpan  # pyright: ignore[reportMissingImports]

from kartograph.models.data import TrainingData
from kartograph.models.patterns.databases import CLICKS, sequences
from kartograph.models.patterns.gsp import MiningOptions, mine
from kartograph.tables.contents.interactions import read_interactions


def main() -> None:
    """Run as the module says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    data = TrainingData.from_table(read_interactions(parser.parse_args().file), "user_id")
    database = sequences(data, CLICKS)
    lists = [part.tolist() for part in np.split(database.items, database.offsets[1:-1])]
    mine(database, MiningOptions(support=len(database)))  # compiles
    for support, longest in ((20, 3), (10, 3)):
        began = time.process_time()
        patterns = mine(database, MiningOptions(support=support, longest=longest))
        ours = time.process_time() - began
        other = PrefixSpan(lists)
        other.maxlen = longest
        began = time.process_time()
        found = other.frequent(support)
        theirs = time.process_time() - began
        assert {tuple(items): count for count, items in found} == {
            tuple(item for element in patterns.elements(number) for item in element): int(patterns.support[number])
            for number in range(len(patterns))
        }
        print(f"support {support}: {len(patterns)} patterns, ours {ours:.2f} s, prefixspan {theirs:.2f} s")


if __name__ == "__main__":
    main()

"""What a model of users owes to the order of events: its accuracy where histories are shuffled.

    python benchmarks/event_order.py buyers.csv.gz

Holds out the last purchases of each user (`evaluation.protocols.cuts.last_purchases`, bought items masked) and takes
the times away, so that the order of rows is all that is known. Then the history of the user who is asked for, those of
all users to learn from, or both are shuffled, each within itself; means of five shuffles. Prints Recall@20 / NDCG@20 in
percent; the table goes into `docs/records/event_order.json`, of which the page of measurements is made.
"""

import argparse
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy import ndarray

from kartograph.evaluation.cases import interaction_cases
from kartograph.evaluation.graph_models import measurable
from kartograph.evaluation.measuring import measure
from kartograph.evaluation.protocols.cuts import last_purchases
from kartograph.models.data import Histories, TrainingData
from kartograph.models.registry import declaration
from kartograph.reference.records import keep_table
from kartograph.tables.contents.interactions import read_interactions

SHUFFLES = 5
MODELS = ("stan-users", "item-knn-tfidf")
ROWS: Mapping[str, tuple[bool, bool]] = {
    "true order": (False, False),
    "the user's own history shuffled": (True, False),
    "the histories to learn from shuffled": (False, True),
    "both shuffled": (True, True),
}
"""Whether the question, and what is learned from, are shuffled."""


def main() -> None:
    """Run as the module says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    arguments = parser.parse_args()
    train, held_out = last_purchases(read_interactions(arguments.file))
    data = replace(TrainingData.from_table(train, "user_id"), times=None)
    cases = interaction_cases(held_out, data, "bought")
    rows = []
    for shown, (question, learned) in ROWS.items():
        figures = []
        for name in MODELS:
            of_seeds = []
            for seed in range(SHUFFLES if question or learned else 1):
                random = np.random.default_rng(seed)
                known = replace(data, histories=_shuffled(data.histories, random)) if learned else data
                asked = replace(cases, queries=_shuffled(cases.queries, random)) if question else cases
                reached = measure(measurable(declaration(name).make(0)), known, asked, 20, timed=1).figures
                of_seeds.append([100 * float(reached[one] or 0) for one in ("Recall@20", "NDCG@20")])
            figures.append(" / ".join(f"{value:.2f}" for value in np.mean(of_seeds, axis=0)))
        rows.append((shown, *figures))
        print(*rows[-1], sep=" | ", flush=True)
    keep_table("event_order", (f"{len(cases)} users", *MODELS), rows)


def _shuffled(histories: Histories, random: np.random.Generator) -> Histories:
    """The same histories, each in an order by chance."""
    order: ndarray = np.lexsort((random.random(len(histories.items)), histories.owners))
    return replace(histories, items=histories.items[order], events=histories.events[order])


if __name__ == "__main__":
    main()

"""Accuracy of models on consecutive validation cuts of one file of click sequences.

    python benchmarks/cuts.py session_clicks.csv.gz
    python benchmarks/cuts.py session_clicks.csv.gz --models stan,walk --cuts 2

Cut 1 holds out the latest 4,400 sessions, cut 2 the 4,400 before them and drops everything later, and so on
(`evaluation.protocols.cuts.latest_sessions`). Every prefix of two or more clicks is a case. Prints HR@20 / MRR@20 in
percent; the table goes into `docs/records/cuts.json`, of which the page of measurements is made.
"""

import argparse
from pathlib import Path

import pandas as pd

from kartograph.evaluation.cases import sequence_cases
from kartograph.evaluation.graph_models import measurable
from kartograph.evaluation.measuring import measure
from kartograph.evaluation.protocols.cuts import VALIDATION_SESSIONS, latest_sessions
from kartograph.models.data import TrainingData
from kartograph.models.registry import declaration
from kartograph.reference.records import keep_table
from kartograph.tables.contents.sequences import read_sequences

MODELS = "item-knn-tfidf,item-knn,stan,walk"


def main() -> None:
    """Run as the module says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--models", default=MODELS)
    parser.add_argument("--cuts", type=int, default=3)
    arguments = parser.parse_args()
    clicks, models = read_sequences(arguments.file), arguments.models.split(",")
    head, rows = ["model"], [[model] for model in models]
    for number in range(1, arguments.cuts + 1):
        train, held_out = latest_sessions(clicks, VALIDATION_SESSIONS)
        cases, figures = _figures(train, held_out, models)
        head.append(f"cut {number}, {cases:,} cases")
        for row, cell in zip(rows, figures, strict=True):
            row.append(cell)
        clicks = train
    keep_table("cuts", head, rows)


def _figures(train: pd.DataFrame, held_out: pd.DataFrame, models: list[str]) -> tuple[int, list[str]]:
    """The number of cases of a cut, and both measures of each model."""
    data = TrainingData.from_table(train, "session_id")
    cases, figures = sequence_cases(held_out, data.items, all_prefixes=True, shortest=2), []
    for name in models:
        reached = measure(measurable(declaration(name).make(0)), data, cases, 20, timed=1).figures
        figures.append(" / ".join(f"{100 * float(reached[one] or 0):.2f}" for one in ("HR@20", "MRR@20")))
        print(f"{len(cases):,} cases, {name}: {figures[-1]}", flush=True)
    return len(cases), figures


if __name__ == "__main__":
    main()

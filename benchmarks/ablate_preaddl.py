"""What does each part of the model on the graph bring? One changed at a time, on a validation cut of click sequences.

    python benchmarks/ablate_preaddl.py session_clicks.csv.gz --sessions 10000

The latest tenth of the sessions is held out, every prefix of two or more clicks is a case, all items are ranked.
"""

import time
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from kartograph.evaluation.cases import sequence_cases
from kartograph.evaluation.metrics.accuracy import summary
from kartograph.evaluation.protocols.cuts import latest_sessions
from kartograph.models.data import TrainingData
from kartograph.models.preaddl.attention.model import GraphModel, GraphOptions
from kartograph.tables.sequences import read_sequences

BASE = GraphOptions()
VARIANTS = {
    "as it is": BASE,
    "random embeddings": replace(BASE, init="random"),
    "LightGCN embeddings": replace(BASE, init="lightgcn"),
    "all of the history alike": replace(BASE, attend=False),
    "no edges in retrieval": replace(BASE, edges=0.0),
    "one event of history": replace(BASE, length=1),
    "BPR": replace(BASE, loss="bpr"),
    "BCE": replace(BASE, loss="bce"),
}


def main(
    clicks: Annotated[Path, typer.Argument(help="RetailRocket's click sequences.")],
    sessions: Annotated[int, typer.Option(help="How many of the latest sessions are looked at.")] = 10_000,
    only: Annotated[str, typer.Option(help="Variants by name, with commas between; all by default.")] = "",
) -> None:
    """Fit and judge the variants."""
    table = read_sequences(clicks)
    codes = pd.factorize(table["session_id"])[0]
    train, test = latest_sessions(table[codes > codes.max() - sessions], sessions // 10)
    data = TrainingData.from_table(train, "session_id")
    cases = sequence_cases(test, data.items, all_prefixes=True, shortest=2)
    print(f"{len(data.owners):,} sessions, {len(data.items):,} items, {len(cases):,} cases")
    chosen = [name.strip() for name in only.split(",") if name.strip()] or list(VARIANTS)
    for name in chosen:
        began = time.process_time()
        model = GraphModel(VARIANTS[name]).fit(data)
        fitted = time.process_time() - began
        figures = summary(model.rank(cases.queries, 20, cases.owners), cases.truth, len(data.items))
        print(
            f"{name:26} HR@20 {figures['HR@20']:.4f}  MRR@20 {figures['MRR@20']:.4f}  fit {fitted:.0f} s CPU",
            flush=True,
        )


if __name__ == "__main__":
    typer.run(main)

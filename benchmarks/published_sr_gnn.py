"""SR-GNN as RecBole publishes it, ours, and neighbours, on the same validation cut of click sequences.

    python benchmarks/published_sr_gnn.py FOLDER session_clicks.csv.gz --name tmall --device cuda
    python benchmarks/published_sr_gnn.py FOLDER session_clicks.csv.gz --sessions 8000 --epochs 6

The latest 4,400 sessions are held out, all the others are learned from, or the latest `--sessions` of them. Every
prefix of one click or more is a case, as the published benchmarks count. RecBole has an environment of its own, made
with uv; all lists are scored by our evaluator. Below the table the same figures by kind of case; with `--name` they go
into `docs/records/published_sr_gnn_NAME.json`, of which the page of measurements is made. On one processor RecBole's
network takes hours for the whole data, on a GPU minutes.
"""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy import ndarray
from peer_bench import Bench, Cut, Entry, environment

from kartograph.evaluation.cases import Cases, sequence_cases
from kartograph.evaluation.protocols.cuts import VALIDATION_SESSIONS
from kartograph.models.data import NONE, TrainingData
from kartograph.reference.markdown import table
from kartograph.reference.records import keep_table
from kartograph.tables.contents.sequences import read_sequences

REQUIRED = ("recbole", "numpy<2", "pandas<2.2", "scipy<1.13")
"""RecBole 1.2 does without what later ones dropped."""
LONG = 20
"""Clicks from which on a session counts as long."""
SIX_HOURS = 6 * 3600


def main() -> None:
    """Run as the module says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("file", type=Path)
    parser.add_argument("--name", help="the data set, for the record")
    parser.add_argument("--sessions", type=int, help="sessions to learn from; all where not given")
    parser.add_argument("--epochs", type=int, default=9, help="most epochs; held-out sessions choose among them")
    parser.add_argument("--device", default="cpu", help="where networks are trained: cpu or cuda")
    parser.add_argument("--uv", default="uv", help="the command uv")
    arguments = parser.parse_args()
    cut = cut_of(arguments.file, arguments.sessions)
    pythons = {
        "recbole": environment(arguments.folder, "recbole", REQUIRED, arguments.uv),
        "kartograph": sys.executable,
    }
    kept = arguments.folder / f"{arguments.file.name}-{arguments.sessions or 'all'}"
    bench = Bench(kept, pythons, {"test": cut}, trials=0, longest=SIX_HOURS)
    device = {"device": arguments.device}
    course = {"epochs": arguments.epochs, "train_batch_size": 100, "decay": 3}
    entries = (
        ("recbole", "SRGNN", "as the paper trains it", course | device),
        ("kartograph", "sr-gnn", "plain products, as the paper", {"temperature": None} | device),
        ("kartograph", "sr-gnn", "unit vectors, our preset", device),
        ("kartograph", "item-knn-tfidf", "preset", {}),
        ("kartograph", "walk", "preset", {}),
        ("kartograph", "repeats", "the session's own items, latest first", {}),
    )
    bench.heading()
    measured = [
        (model, what, bench.row(Entry(library, model), what, options)) for library, model, what, options in entries
    ]
    head, rows = by_kind(cut, [(f"{model}, {what}", row) for model, what, row in measured if row is not None])
    print(f"\n{table(head, rows)}")
    if arguments.name:
        keep_table(f"published_sr_gnn_{arguments.name}", head, rows)


def by_kind(cut: Cut, measured: list[tuple[str, dict[str, Any]]]) -> tuple[list[str], list[list[str]]]:
    """The head and the rows of a table of the models' figures on all cases and on each kind of them."""
    first = cut.measures[0]
    rows = [
        ["all prefixes", "100%", *(_pair(row[name] for name in cut.measures) for _, row in measured)],
        [f"95% interval of {first}", "", *(_pair(row["interval"], " to ") for _, row in measured)],
    ]
    for kind, chosen in cut.groups.items():
        rows.append([kind, f"{chosen.mean():.1%}", *(_pair(row["groups"][kind]) for _, row in measured)])
    return ["cases", "share", *(name for name, _ in measured)], rows


def _pair(figures: Iterable[float], between: str = " / ") -> str:
    return between.join(f"{100 * one:.2f}" for one in figures)


def cut_of(file: Path, sessions: int | None) -> Cut:
    """The latest sessions of a file as cases, the others to learn from, all of them or the latest so many."""
    clicks = read_sequences(file)
    known = clicks["session_id"].drop_duplicates()
    learned = known.iloc[:-VALIDATION_SESSIONS].tail(sessions or len(known))
    data = TrainingData.from_table(clicks[clicks["session_id"].isin(learned)], "session_id")
    held_out = clicks[clicks["session_id"].isin(known.tail(VALIDATION_SESSIONS))]
    cases = sequence_cases(held_out, data.items, all_prefixes=True)
    return Cut(data, cases, ("HR@20", "MRR@20"), kinds_of(cases))


def kinds_of(cases: Cases) -> dict[str, ndarray]:
    """The cases by what their answer is to their session."""
    right, asked, sessions = cases.truth.items, cases.queries, cases.units
    assert sessions is not None
    seen = np.bincount(asked.owners[asked.items == right[asked.owners]], minlength=len(cases)) > 0
    last = np.r_[sessions[1:] != sessions[:-1], True]
    known = right != NONE
    long = np.bincount(sessions)[sessions] + 1 >= LONG
    return {
        "targets that training knows": known,
        "target already in the session": seen,
        "target new to the session": ~seen & known,
        "last click of a session": last,
        f"sessions of {LONG} clicks or more": long,
    }


if __name__ == "__main__":
    main()

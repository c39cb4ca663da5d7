"""SR-GNN as RecBole publishes it, ours, and neighbours, on the same validation cut of click sequences.

    python benchmarks/published_sr_gnn.py FOLDER session_clicks.csv.gz --sessions 15000 --epochs 6

Of the training part the latest `--sessions` are learned from, the latest 4,400 sessions are held out, and a sample of
their prefixes is asked. RecBole has an environment of its own, made with uv; both lists are scored by our evaluator.
"""

import argparse
import sys
from pathlib import Path

from peer_bench import Bench, Entry, cut_of_sessions, environment

from kartograph.evaluation.protocols.cuts import VALIDATION_SESSIONS, latest_sessions
from kartograph.tables.contents.sequences import read_sequences

REQUIRED = ("recbole", "numpy<2", "pandas<2.2", "scipy<1.13")
"""RecBole 1.2 does without what later ones dropped."""


def main() -> None:
    """Run as the module says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("file", type=Path)
    parser.add_argument("--sessions", type=int, default=15_000)
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--cases", type=int, default=3_000)
    parser.add_argument("--uv", default="uv", help="the command uv")
    arguments = parser.parse_args()
    train, held_out = latest_sessions(read_sequences(arguments.file), VALIDATION_SESSIONS)
    late = train["session_id"].drop_duplicates().tail(arguments.sessions)
    cut = cut_of_sessions(train[train["session_id"].isin(late)], held_out, arguments.cases)
    pythons = {
        "recbole": environment(arguments.folder, "recbole", REQUIRED, arguments.uv),
        "kartograph": sys.executable,
    }
    bench = Bench(arguments.folder / "sessions", pythons, {"test": cut}, trials=0)
    course = {"epochs": arguments.epochs, "train_batch_size": 100, "decay": 3}
    bench.heading()
    bench.row(Entry("recbole", "SRGNN"), "of the paper", course)
    bench.row(
        Entry("kartograph", "sr-gnn"), "plain products, as the paper", {"temperature": None, "epochs": arguments.epochs}
    )
    bench.row(Entry("kartograph", "sr-gnn"), "unit vectors, our preset", {})
    bench.row(Entry("kartograph", "item-knn-tfidf"), "preset", {})
    bench.row(Entry("kartograph", "walk"), "preset", {})


if __name__ == "__main__":
    main()

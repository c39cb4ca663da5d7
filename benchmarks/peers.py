"""Our models beside those of `implicit`, RecTools and LensKit: accuracy, seconds, memory, and one picture.

    python benchmarks/peers.py FOLDER --sessions session_clicks.csv.gz --users buyers.csv.gz --trials 10

The latest 4,400 sessions are held out, every prefix of two or more clicks is a case; of users what they bought last
(`evaluation.protocols.cuts`). Each library runs its own code in an environment of its own, which this script makes with
uv in FOLDER, and every fit is a process of its own. Every model is measured at the options that its documentation has,
ours at its preset, and those with a search space also at the best of `--trials` options, drawn by one sampler for all
and judged on a cut of the training part. The 95 % intervals are bootstraps over sessions and users. Results that FOLDER
holds already are not measured again, nor are trials that ran out of time.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import optuna
import pandas as pd
from matplotlib.ticker import FuncFormatter, NullFormatter
from peer_bench import Bench, Cut, Entry, cut_of_sessions, environment

from kartograph.evaluation.cases import interaction_cases
from kartograph.evaluation.protocols.cuts import VALIDATION_SESSIONS, last_purchases, latest_sessions
from kartograph.evaluation.report.charts.common import PALETTE, new_figure, save, styled
from kartograph.evaluation.report.charts.leaderboard import labelled
from kartograph.evaluation.report.numbers import milliseconds
from kartograph.evaluation.search_space import Choice, Range, space_of
from kartograph.models.data import TrainingData
from kartograph.models.registry import declaration
from kartograph.tables.contents.interactions import read_interactions
from kartograph.tables.contents.sequences import read_sequences

LIBRARIES = ("implicit", "rectools", "lenskit")
SPREAD = {"K": Range(10, 1000, True, True), "max_nbrs": Range(10, 1000, True, True)}
BM25 = {"K": SPREAD["K"], "K1": Range(0.1, 5, False, True), "B": Range(0.0, 1.0, False, False)}


PEERS = (
    Entry("implicit", "tfidf", {"K": SPREAD["K"]}),
    Entry("implicit", "bm25", BM25),
    Entry(
        "implicit",
        "als",
        {
            "factors": Range(32, 256, True, True),
            "regularization": Range(1e-3, 10, False, True),
            "alpha": Range(1, 40, False, True),
        },
    ),
    Entry("rectools", "bm25-knn", BM25),
    Entry("lenskit", "item-knn", {"max_nbrs": SPREAD["max_nbrs"]}),
    Entry("lenskit", "user-knn", {"max_nbrs": SPREAD["max_nbrs"]}),
    Entry(
        "lenskit",
        "implicit-mf",
        {
            "embedding_size": Range(32, 256, True, True),
            "regularization": Range(1e-3, 10, False, True),
            "weight": Range(1, 100, False, True),
        },
    ),
)
OURS = {
    "sessions": ("item-knn-tfidf", "stan", "walk", "blend-graph"),
    "users": ("item-knn-tfidf", "stan-users", "walk", "blend-graph"),
}


def main() -> None:
    """Run as the module says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sessions", type=Path)
    parser.add_argument("--users", type=Path)
    parser.add_argument("--trials", type=int, default=10)
    parser.add_argument("--cases", type=int, default=3000, help="cases of each data set at most, a sample")
    parser.add_argument("--uv", default="uv", help="the command uv")
    arguments = parser.parse_args()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    folder: Path = arguments.folder
    folder.mkdir(parents=True, exist_ok=True)
    pythons = {name: environment(folder, name, (name,), arguments.uv) for name in LIBRARIES} | {
        "kartograph": sys.executable
    }
    tables: dict[str, pd.DataFrame] = {}
    for kind in ("sessions", "users"):
        file = getattr(arguments, kind)
        if file is None:
            continue
        bench = Bench(folder / kind, pythons, _cuts(kind, file, arguments.cases), arguments.trials)
        ours = tuple(Entry("kartograph", name, {} if "blend" in name else _space(name)) for name in OURS[kind])
        tables[kind] = bench.table(PEERS + ours)
    save(_picture(tables), folder / "peers.png")


def _cuts(kind: str, file: Path, most: int) -> dict[str, Cut]:
    """The validation cut, and one inside its training part for the search."""
    if kind == "sessions":
        train, held_out = latest_sessions(read_sequences(file), VALIDATION_SESSIONS)
        inner = latest_sessions(train, VALIDATION_SESSIONS)
        return {"test": cut_of_sessions(train, held_out, most), "inner": cut_of_sessions(*inner, most)}
    train, held_out = last_purchases(read_interactions(file))
    return {"test": _of_users(train, held_out), "inner": _of_users(*last_purchases(train))}


def _of_users(train: pd.DataFrame, held_out: pd.DataFrame) -> Cut:
    data = TrainingData.from_table(train, "user_id")
    return Cut(data, interaction_cases(held_out, data, "bought"), ("Recall@20", "NDCG@20"))


def _space(name: str) -> dict[str, Choice | Range]:
    return {one: values for one, values in space_of(declaration(name).make(0).options).items() if one != "past"}


@styled
def _picture(tables: dict[str, pd.DataFrame]):
    """Every model's best figure against what an answer costs, a panel for each data set; ours in ink."""
    figure, _ = new_figure("", height=4.2 * max(len(tables), 1), width=7.0)
    figure.clear()
    panels = figure.subplots(len(tables), squeeze=False)[:, 0]
    for axes, (kind, table) in zip(panels, tables.items(), strict=True):
        measure = table["measure"].iloc[0]
        best = table.sort_values(measure).groupby(["library", "model"]).tail(1)
        names = (best["library"] + " " + best["model"]).str.removeprefix("kartograph ")
        points = dict(zip(names, zip(best["ms"], 100 * best[measure], strict=True), strict=True))
        for colour, (_, rows) in zip(PALETTE, best.groupby("library"), strict=False):
            middle = 100 * rows[measure].to_numpy()
            error = np.abs(100 * np.array(rows["interval"].tolist()) - middle[:, None]).T
            axes.errorbar(rows["ms"], middle, error, fmt="o", color=colour, alpha=0.8)
        axes.set(xscale="log", xlabel="ms for an answer, in batches", ylabel=f"{measure}, %", title=kind)
        axes.margins(x=0.12)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: milliseconds(value)))
        axes.xaxis.set_minor_formatter(NullFormatter())
        labelled(axes, points, set(names[best["library"] == "kartograph"]))
    return figure


if __name__ == "__main__":
    main()

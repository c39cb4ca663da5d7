"""Our models beside those of `implicit`, RecTools and LensKit: accuracy, seconds, memory, and one picture.

    python benchmarks/peers.py FOLDER --sessions session_clicks.csv.gz --users buyers.csv.gz --trials 10

The latest 4,400 sessions are held out, every prefix of two or more clicks is a case; of users what they bought last
(`evaluation.protocols.cuts`). Each library runs its own code in an environment of its own, which this script makes with
uv in FOLDER, and every fit is a process of its own. Every model is measured at the options that its documentation has,
ours at its preset, and those with a search space also at the best of `--trials` options, drawn by one sampler for all
and judged on a cut of the training part. The 95 % intervals are bootstraps over sessions and users. Results that FOLDER
holds already are not measured again, nor are trials that ran out of time. What comes out goes into `docs/peers.csv`,
of which `python -m kartograph.reference` makes the tables of the page; the picture is drawn of it anew, without
`--sessions` and `--users` too.
"""

import argparse
import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path

import optuna
import pandas as pd
from matplotlib.figure import Figure
from peer_bench import Bench, Cut, Entry, cut_of_sessions, environment

from kartograph.evaluation.cases import interaction_cases
from kartograph.evaluation.protocols.cuts import VALIDATION_SESSIONS, last_purchases, latest_sessions
from kartograph.evaluation.report.charts.common import GREY, INK, new_figure, save, styled
from kartograph.evaluation.report.numbers import milliseconds
from kartograph.evaluation.search_space import Choice, Range, space_of
from kartograph.models.data import TrainingData
from kartograph.models.registry import declaration
from kartograph.reference import DOCS
from kartograph.reference.peers import MEASURES, Peer, keep, peers
from kartograph.reference.records import this_machine
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
OURS = "kartograph"
OUR_MODELS = {
    "sessions": ("item-knn-tfidf", "stan", "walk", "blend-graph"),
    "users": ("item-knn-tfidf", "stan-users", "walk", "blend-graph"),
}
TITLES = {"sessions": "The next click of sessions", "users": "The last purchase of users"}


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
    measured = {kind: file for kind in MEASURES if (file := getattr(arguments, kind)) is not None}
    folder.mkdir(parents=True, exist_ok=True)
    pythons = {name: environment(folder, name, (name,), arguments.uv) for name in LIBRARIES if measured}
    pythons[OURS] = sys.executable
    for kind, file in measured.items():
        bench = Bench(folder / kind, pythons, _cuts(kind, file, arguments.cases), arguments.trials)
        entries = tuple(Entry(OURS, name, {} if "blend" in name else _space(name)) for name in OUR_MODELS[kind])
        keep(kind, _rows(kind, bench.table(PEERS + entries)))
    save(picture(), DOCS / "peers.png")


def _rows(kind: str, table: pd.DataFrame) -> list[Peer]:
    """What was measured, as the record has it."""
    first, second = MEASURES[kind]
    on = this_machine()
    command = shlex.join(["python", "benchmarks/peers.py", "FOLDER", *sys.argv[2:]])
    date = f"{datetime.now(UTC):%Y-%m-%d}"
    rows = []
    for row in table.to_dict("records"):
        low, high = (round(100 * end, 1) for end in row["interval"])
        accuracy = (round(100 * row[first], 2), round(100 * row[second], 2), low, high)
        cost = (round(row["fit_s"], 1), round(row["ms"], 3), round(row["peak_mib"]))
        rows.append(Peer(kind, row["library"], row["model"], row["what"], *accuracy, *cost, on, date, command))
    return rows


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
def picture() -> Figure:
    """Every model's better figure with its interval, the best first, a panel for each data set; ours in ink."""
    best = {data: _best(peers(data)) for data in MEASURES}
    figure, _ = new_figure("", height=6.2)
    figure.clear()
    panels = figure.subplots(len(best), height_ratios=[len(rows) for rows in best.values()])
    for axes, (data, rows) in zip(panels, best.items(), strict=True):
        for place, row in enumerate(rows):
            colour = INK if row.library == OURS else GREY
            axes.plot([row.low, row.high], [place, place], color=colour, linewidth=1.5)
            axes.plot(row.first, place, "o", color=colour, markersize=6)
        axes.set_yticks(range(len(rows)), [_label(row) for row in rows])
        for label, row in zip(axes.get_yticklabels(), rows, strict=True):
            label.set_color(INK if row.library == OURS else GREY)
        axes.invert_yaxis()
        axes.grid(axis="y", visible=False)
        axes.set(xlabel=f"{MEASURES[data][0]}, %, with its 95 % interval", title=TITLES[data])
    return figure


def _best(rows: list[Peer]) -> list[Peer]:
    """The better row of each model, by accuracy."""
    by_model: dict[tuple[str, str], Peer] = {}
    for row in sorted(rows, key=lambda row: row.first):
        by_model[row.library, row.model] = row
    return sorted(by_model.values(), key=lambda row: -row.first)


def _label(row: Peer) -> str:
    name = row.model if row.library == OURS else f"{row.library} {row.model}"
    return f"{name}, {milliseconds(row.ms)} ms"


if __name__ == "__main__":
    main()

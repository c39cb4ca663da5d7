"""What diverse lists cost: accuracy and likeness of served lists by λ, on the validation cut of a shop's events.

    python benchmarks/diversity.py session_clicks.csv.gz --model walk --cases 3000

trains the model on the part before the cut, makes the lists of the next clicks as `kartograph serve` makes them (model,
fallbacks, maximal marginal relevance over CO_OCCURS and categories), and prints for each λ HR@20, MRR@20 and the
intra-list similarity: the mean likeness of the pairs in a list. Seen items are shown, for people click them again. The
table goes into `docs/records/diversity.json`, of which the page of benchmarks is made.
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from numpy import ndarray
from scipy.sparse import csr_array

from kartograph.evaluation.tuning import Cut, validation_cut
from kartograph.models.array_model import ArrayModel
from kartograph.models.data import TrainingData
from kartograph.models.registry import declaration
from kartograph.models.scoring.hashed import hashed_order
from kartograph.models.where.conditions import where
from kartograph.reference.records import keep_table
from kartograph.serving.bundle.making import BundleDescription
from kartograph.serving.bundle.opened import Bundle, ServedModel
from kartograph.serving.bundle.shop_arrays import SPARE, heaviest
from kartograph.serving.bundle.texts import Texts, packed
from kartograph.serving.catalogue.changes import ChangeLog
from kartograph.serving.config import FallbackSection
from kartograph.serving.events.log import EventLog
from kartograph.serving.ranking.diversity import similarities
from kartograph.serving.ranking.lists import recommended
from kartograph.serving.ranking.question import Past, Question
from kartograph.serving.view import View

K = 20
LAMBDAS = (0.0, 0.1, 0.3, 0.5, 0.7)


def bundle_of(data: TrainingData, model: ArrayModel) -> Bundle:
    """A bundle of training data; its rows are those of the data."""
    ids, events = data.items.external.astype(str), data.histories
    popularity = np.bincount(events.items, minlength=len(ids)).astype(np.int64)
    ties = hashed_order(pd.Index(ids))
    arrays: dict[str, ndarray] = {
        "popularity": _spare(popularity, 0),
        "ties": _spare(ties, np.iinfo(np.int64).max),
        "popular": np.lexsort((ties, -popularity)).astype(np.int32),
        "available": np.full(len(ids) + SPARE, -1, np.int8),
        "price": np.full(len(ids) + SPARE, np.nan),
        "history.offsets": np.zeros(1, np.int64),
        "latest.times": np.zeros(0, np.int64),
        "latest.items": np.zeros(0, np.int32),
        **{name: np.full(len(ids) + SPARE, -1, np.int32) for name in ("brand", "group_id")},
        **_met(data),
    }
    for name in ("brands", "group_ids"):
        arrays[f"{name}.bytes"], arrays[f"{name}.offsets"] = packed([])
    names: list[str] = []
    arrays |= {"categories.indptr": np.zeros(len(ids) + 1, np.int64), "categories.indices": np.zeros(0, np.int32)}
    arrays["parents"] = np.zeros(0, np.int32)
    if data.categories is not None:
        matrix, names = data.categories.matrix, [str(one) for one in data.categories.ids.external]
        arrays |= {"categories.indptr": matrix.indptr, "categories.indices": matrix.indices}
        arrays["parents"] = data.categories.parents
    rows = np.arange(len(ids), dtype=np.int32)
    served = ServedModel("model", "model-1", model, rows, _spare(rows, -1))
    texts = [Texts(*packed(list(one))) for one in (ids, [], [""] * len(ids), names)]
    return Bundle(
        BundleDescription("b", "db", "s", {}, {}, 0, 0), Path("nowhere"), arrays, *texts, models={"model": served}
    )


def figures(cut: Cut, view: View, weight: float, asked: ndarray) -> tuple[float, float, float]:
    """HR@20, MRR@20 and the intra-list similarity under λ = `weight`."""
    served, chain = view.bundle.models["model"], FallbackSection().chain
    queries, truth = cut.cases.queries, cut.cases.truth
    ranks, likeness = [], []
    for case in asked.tolist():
        part = slice(queries.offsets[case], queries.offsets[case + 1])
        history = [Past(row, 0, 0) for row in queries.items[part].tolist()]
        question = Question(K, where(), history, include_seen=True, one_per_group=False, diversity=weight)
        rows = [item.row for item in recommended(view, question, served, chain)]
        right = set(truth.items[truth.offsets[case] : truth.offsets[case + 1]].tolist())
        ranks.append(next((1 / rank for rank, row in enumerate(rows, 1) if row in right), 0.0))
        pairs = similarities(view, rows)[np.triu_indices(len(rows), 1)]
        likeness.append(pairs.mean() if len(pairs) else 0.0)
    return float(np.mean(np.array(ranks) > 0)), float(np.mean(ranks)), float(np.mean(likeness))


def _spare(values: ndarray, fill: int) -> ndarray:
    return np.concatenate([values, np.full(SPARE, fill, values.dtype)])


def _met(data: TrainingData) -> dict[str, ndarray]:
    """The heaviest items of the same sessions, by two sessions at least."""
    events, items = data.histories, len(data.items)
    owners = np.repeat(np.arange(len(events.offsets) - 1), np.diff(events.offsets))
    seen = csr_array((np.ones(len(owners), np.float32), (owners, events.items)), (len(events.offsets) - 1, items))
    seen.data[:] = 1
    pairs = (seen.T @ seen).tocoo()
    kept = (pairs.row != pairs.col) & (pairs.data >= 2)
    return heaviest(pairs.row[kept], pairs.col[kept], pairs.data[kept], items)


def main() -> None:
    """Print a row for each λ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("--model", default="walk")
    parser.add_argument("--cases", type=int, default=3000)
    arguments = parser.parse_args()
    declared = declaration(arguments.model)
    cut = validation_cut(declared, arguments.source)
    model = declared.make(0)
    model.fit(cut.data)
    assert isinstance(model, ArrayModel)
    asked = np.sort(np.random.default_rng(0).permutation(len(cut.cases))[: arguments.cases])
    print(f"{arguments.model}, {len(asked):,} of the {cut.about}")
    with tempfile.TemporaryDirectory() as folder:
        logs = ChangeLog(Path(folder) / "items.sqlite"), EventLog(Path(folder) / "events.sqlite")
        view = View.of(bundle_of(cut.data, model), *logs)
        rows = []
        for weight in LAMBDAS:
            rows.append((weight, *(f"{one:.3f}" for one in figures(cut, view, weight, asked))))
            print(*rows[-1], sep=" | ", flush=True)
    keep_table("diversity", ("λ", "HR@20", "MRR@20", "likeness"), rows)


if __name__ == "__main__":
    main()

"""PRE-ADDL, the model on the graph and the baselines on the same labelled pairs: what they reach and what they cost."""

import time
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from sklearn.metrics import average_precision_score, brier_score_loss

from kartograph.evaluation.pairs.pairs import PairFigures, pair_figures
from kartograph.evaluation.papers.preaddl.personalisation import rank_correlation, scored
from kartograph.models.data import Histories
from kartograph.models.preaddl.attention.model import GraphOptions
from kartograph.models.preaddl.attention.pairs import GraphPairs
from kartograph.models.preaddl.baselines import BaselineOptions, baselines
from kartograph.models.preaddl.bert import Bert, BertOptions
from kartograph.models.preaddl.pairs import Pairs, Prepared
from kartograph.models.preaddl.paper.model import PaperModel, PaperOptions
from kartograph.models.preaddl.paper.variants import NETWORKS
from kartograph.models.preaddl.preparation import candidates
from kartograph.tables.progress import Progress, silent

RESPONSE_ITEMS = 20_000
"""A response is timed on at most so many items of the catalogue and scaled up to all of it."""
VALIDATION = 0.1
"""Share of the training pairs, the latest, whose loss and AUC are watched; the model does not learn from them."""
ALWAYS = {"sampled": "always-yes", "event": "always-view"}
"""The row that looks at nothing, by what the labels are."""


def names_for(labels: str) -> tuple[str, ...]:
    """The models that are compared, by what the labels are."""
    simple = ("bert", "svm", "svm-rbf", "knn", "naive-bayes", "decision-tree", "popularity")
    return (*NETWORKS, "preaddl-graph", *simple, ALWAYS[labels])


class Classifier(Protocol):
    """Something that gives probabilities for pairs."""

    def probabilities(self, pairs: Pairs) -> Float[ndarray, " n"]:
        """P(yes)."""
        ...


@dataclass(frozen=True)
class Compared:
    """What one model reached on the test pairs."""

    figures: PairFigures
    average_precision: float
    brier: float
    """Mean square of the probability's error: 0 is best, 0.25 says one half of every pair."""
    fit_s: float
    """Of training as a whole, which is one epoch for models without epochs."""
    epochs: int
    test_s: float
    response_s: float
    """Top 5 of the whole catalogue for one visitor, asked alone, the model loaded."""
    training_pairs: int
    """Training pairs that the model learned from."""
    rank_correlation: float | None
    """Between visitors: see `personalisation`."""
    highest: float
    """The largest P(yes) of the visitors and items that were looked at for it."""
    probabilities: Float[ndarray, " pairs"]
    course: list[dict[str, float]]
    """By epoch, for the paper's networks."""


def compare(
    prepared: Prepared,
    names: tuple[str, ...],
    paper: PaperOptions,
    graph: GraphOptions,
    simple: BaselineOptions,
    bert: BertOptions,
    progress: Progress = silent,
) -> dict[str, Compared]:
    """Fit every model of `names` on the training pairs and measure it on the test pairs, threshold one half.

    `paper` is of all of the paper's networks, its `network` alone is each model's own.
    """
    compared = {}
    for name in names:
        progress(f"Measuring {name}")
        started = time.perf_counter()
        course, epochs = [], 1
        if name in NETWORKS:
            paper_model = PaperModel(replace(paper, network=NETWORKS[name]))
            model: Classifier = paper_model.fit_pairs(*_with_validation(prepared), progress)
            training_pairs, course, epochs = len(prepared.train), paper_model.course.epochs, paper.training.epochs
        else:
            if name == "preaddl-graph":
                fitted = GraphPairs(graph).fit(prepared)
                epochs = len(fitted.model.course["training"].epochs)
            elif name == "bert":
                fitted, epochs = Bert(bert).fit(prepared), bert.epochs
            else:
                fitted = baselines(simple)[name].fit(prepared)
            model, training_pairs = fitted, fitted.training_pairs
        fit_s = time.perf_counter() - started
        started = time.perf_counter()
        probabilities = np.asarray(model.probabilities(prepared.test), dtype=np.float64)
        test_s = time.perf_counter() - started
        labels, some = prepared.test.labels.astype(bool), scored(model, prepared)
        compared[name] = Compared(
            pair_figures(probabilities, labels),
            float(average_precision_score(labels, probabilities)),
            float(brier_score_loss(labels, probabilities)),
            fit_s,
            epochs,
            test_s,
            _response(model, prepared),
            training_pairs,
            rank_correlation(some),
            float(some.max()),
            probabilities,
            course,
        )
    return compared


def _with_validation(prepared: Prepared) -> tuple[Prepared, Pairs]:
    """The latest training pairs taken out to watch; a positive and its negatives stay together by their time."""
    order = np.argsort(prepared.train.times, kind="stable")
    count = round(len(order) * (1 - VALIDATION))
    return replace(prepared, train=prepared.train.take(order[:count])), prepared.train.take(order[count:])


def _response(model: Classifier, prepared: Prepared) -> float:
    """Seconds for one visitor's top 5, the second time it is asked."""
    if isinstance(model, PaperModel | GraphPairs):
        ranker = model.model if isinstance(model, GraphPairs) else model
        one = Histories(np.array([0, 1]), np.array([0]), np.array([0], dtype=np.int8))
        ranker.rank(one, 5, np.array([0]))
        started = time.perf_counter()
        ranker.rank(one, 5, np.array([0]))
        return time.perf_counter() - started
    items = np.arange(min(len(prepared.items), RESPONSE_ITEMS))
    started = time.perf_counter()
    pairs = candidates(prepared, np.zeros(1, dtype=np.int64), items)
    np.argsort(-model.probabilities(pairs), kind="stable")[:5]
    return (time.perf_counter() - started) * len(prepared.items) / max(len(items), 1)

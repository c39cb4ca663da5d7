"""Whom and what a model can serve of whom little or nothing is known, and how well.

    ColdStart().cases(tables) -> the training data and five kinds of cases

    no events      users whose first event lies after the cut, asked for what they see first
    a category     the same users, of whom the category of their first item is known, asked for what follows
    one click      the same, of whom all items of their first moment are known, asked for the same
    new item       an item without training events in a category that has some, asked of the users who come to it and
                   had seen something before that moment
    new category   the same for items of a category without any training event

`served` is the share of users who get a list, and of cases in which the new item has a score at all. A model that
cannot be told a category serves nobody of whom only a category is known.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from jaxtyping import Int
from numpy import ndarray

from kartograph.evaluation.cases import Cases, Truth
from kartograph.evaluation.contest import Contest
from kartograph.evaluation.graph_models import with_needed
from kartograph.evaluation.leaks import refuse_foreign_items
from kartograph.evaluation.metrics.accuracy import case_figures
from kartograph.evaluation.protocols.base import Protocol, Results, refuse_sessions_only
from kartograph.evaluation.protocols.session_cuts import DAY_MS
from kartograph.evaluation.shop_tables import ShopTables
from kartograph.models.array_model import ArrayModel, CategoryModel
from kartograph.models.columns import ITEM, USER
from kartograph.models.data import NONE, Histories, TrainingData
from kartograph.models.groups import offsets_of
from kartograph.models.scoring.ranking import TopK
from kartograph.models.scoring.top_k import top_k_of_dense, top_k_of_sparse
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent

NO_EVENTS, CATEGORY, CLICK, NEW_ITEM, NEW_CATEGORY = "no events", "a category", "one click", "new item", "new category"
SCORES_AT_ONCE = 30_000_000
"""Scores held in memory at once: a whole catalogue is wide."""


@dataclass(frozen=True)
class ColdCases:
    """What is asked, by kind; kinds without a case are left out."""

    data: TrainingData
    """By user, with every item that had a category by the cut."""
    cases: dict[str, Cases]
    categories: Int[ndarray, " cases"]
    """For the cases of `a category` the row of the category, `NONE` where the first item has none."""


@dataclass(frozen=True)
class ColdStart(Protocol):
    """The last days are the test part."""

    name: ClassVar[str] = "cold"
    test_days: float = 14

    @property
    def record_name(self) -> str:
        """A name that says it in full."""
        return "cold-start"

    def measure(self, source: ShopTables, contest: Contest, k: int, progress: Progress = silent) -> Results:
        """Fit every model and ask it everything: `figures` over all kinds, and `cold` by kind."""
        refuse_sessions_only(contest)
        cold = self.cases(source)
        figures, by_kind = {}, {}
        for name in contest.running:
            progress(f"Measuring {name}")
            measured = contest.attempt(name, partial(_by_kind, cold, k, progress))
            if measured is None:
                continue
            by_kind[name] = measured
            count = sum(part["cases"] for part in measured.values())
            figures[name] = {
                measure: sum(part[measure] * part["cases"] for part in measured.values()) / count
                for measure in ("served", f"HR@{k}", f"MRR@{k}")
            } | {"cases": count}
        contest.require_any()
        return Results({"figures": figures, "cold": by_kind})

    def cases(self, tables: ShopTables) -> ColdCases:
        """The cases of all kinds. Raises `BadInput` where no user is new and no item either."""
        events = tables.known_users
        if events.empty:
            raise BadInput(f"{tables.name} knows sessions only, and cold start is about users. Give data with users.")
        cut = int(events["timestamp"].max()) + 1 - int(self.test_days * DAY_MS)
        train, test = events[events["timestamp"] < cut], events[events["timestamp"] >= cut]
        if train.empty:
            raise BadInput(f"No event is older than the last {self.test_days} days. Ask for fewer test days.")
        data = tables.training(train, USER, cut, catalogue=True)
        seen = np.bincount(data.histories.items, minlength=len(data.items)) > 0
        firsts = test.drop_duplicates([USER, ITEM]).reset_index(drop=True)
        cases, categories = _new_users(firsts, data, seen)
        cases |= _new_items(firsts, data, seen)
        if not cases:
            raise BadInput(f"The last {self.test_days} days have no new user and no new item. Ask for more test days.")
        return ColdCases(data, cases, categories)


def _by_kind(cold: ColdCases, k: int, progress: Progress, model: ArrayModel) -> dict[str, dict[str, Any]]:
    """The share served and the means of the measures for each kind of cases."""
    model.fit(with_needed(model, cold.data, progress), progress)
    refuse_foreign_items(model, cold.data.items)
    by_kind = {}
    for kind, cases in cold.cases.items():
        top, scored = _answer(model, cold, kind, k)
        served = scored if kind in (NEW_ITEM, NEW_CATEGORY) else ~top.unserved
        measures = case_figures(top, cases.truth).columns(k)
        by_kind[kind] = (
            {"served": float(served.mean())}
            | {measure: float(values.mean()) for measure, values in measures.items()}
            | {"cases": len(served)}
        )
    return by_kind


def _new_users(firsts: pd.DataFrame, data: TrainingData, seen: ndarray) -> tuple[dict[str, Cases], ndarray]:
    """Cases of users without training events, and the categories of their first items."""
    rows = data.items.rows(firsts[ITEM])
    known = (data.owners.rows(firsts[USER]) == NONE) & (rows != NONE) & seen[rows]
    codes, users = pd.factorize(firsts[USER][known])
    rows = rows[known]
    order = np.argsort(codes, kind="stable")
    codes, rows, times = codes[order], rows[order], firsts["timestamp"].to_numpy()[known][order]
    if len(users) == 0:
        return {}, np.zeros(0, dtype=np.int64)
    starts = np.flatnonzero(np.r_[True, codes[1:] != codes[:-1]])
    first = times == times[starts][codes]
    cases = {NO_EVENTS: _cases(list(users), Histories.of(codes[:0], rows[:0], len(users)), codes, rows)}
    more = ~first
    asked = np.unique(codes[more])
    if len(asked) == 0:
        return cases, np.zeros(0, dtype=np.int64)
    ids, rows_of_users = [str(users[code]) for code in asked], np.searchsorted(asked, codes[more])
    clicked = first & np.isin(codes, asked)
    clicks = Histories.of(np.searchsorted(asked, codes[clicked]), rows[clicked], len(asked))
    nothing = Histories.of(codes[:0], rows[:0], len(asked))
    cases[CATEGORY] = _cases(ids, nothing, rows_of_users, rows[more])
    cases[CLICK] = _cases(ids, clicks, rows_of_users, rows[more])
    first_items = rows[starts][asked]
    categories = np.full(len(asked), NONE) if data.categories is None else data.categories.first[first_items]
    return cases, categories


def _new_items(firsts: pd.DataFrame, data: TrainingData, seen: ndarray) -> dict[str, Cases]:
    """Cases of users who come to an item without training events, with what they had seen in the test part before."""
    if data.categories is None:
        return {}
    rows = data.items.rows(firsts[ITEM])
    matrix = data.categories.matrix
    categorised = np.diff(matrix.indptr) > 0
    lively = np.asarray(matrix.T @ seen.astype(np.float64)) > 0
    in_lively = np.asarray(matrix @ lively.astype(np.float64)) > 0
    new = (rows != NONE) & ~seen[rows] & categorised[rows]
    figures = {}
    for kind, chosen in ((NEW_ITEM, new & in_lively[rows]), (NEW_CATEGORY, new & ~in_lively[rows])):
        places = np.flatnonzero(chosen)
        if len(places) == 0:
            continue
        users = pd.factorize(firsts[USER])[0]
        owners = data.owners.rows(firsts[USER].iloc[places])
        # What the user saw in the test part before that moment: earlier rows, as all rows come in order of time.
        order = np.argsort(users, kind="stable")
        times = firsts["timestamp"].to_numpy()[order]
        begins = np.r_[True, (np.diff(users[order]) != 0) | (np.diff(times) != 0)]
        moment = np.maximum.accumulate(np.where(begins, np.arange(len(order)), 0))
        start = np.searchsorted(users[order], users[places])
        lengths = moment[np.argsort(order, kind="stable")[places]] - start
        before = rows[order][np.repeat(start, lengths) + _within(lengths)]
        queries = data.histories.take(owners).followed_by(Histories.of(_repeated(lengths), before, len(places)))
        ids = [f"{user}:{item}" for user, item in firsts.iloc[places][[USER, ITEM]].itertuples(index=False)]
        asked = np.flatnonzero(queries.lengths > 0)
        if len(asked):
            truth = Truth(np.arange(len(asked) + 1), rows[places][asked])
            figures[kind] = Cases([ids[n] for n in asked], queries.take(asked), owners[asked], truth)
    return figures


def _answer(model: ArrayModel, cold: ColdCases, kind: str, k: int) -> tuple[TopK, ndarray]:
    """The lists of the cases of a kind, and whether the first right answer of each has a score."""
    cases = cold.cases[kind]
    items = np.full((len(cases), k), NONE, dtype=np.int64)
    values = np.full((len(cases), k), -np.inf, dtype=np.float32)
    scored = np.zeros(len(cases), dtype=bool)
    step = max(1, min(model.batch, SCORES_AT_ONCE // len(cold.data.items)))
    targets = cases.truth.items[cases.truth.offsets[:-1]]
    for start in range(0, len(cases), step):
        batch = slice(start, min(start + step, len(cases)))
        if kind == CATEGORY:
            if not isinstance(model, CategoryModel):
                continue
            scores = model.category_scores(cold.categories[batch])
        else:
            scores = model.scores(cases.queries.part(batch.start, batch.stop), cases.owners[batch])
        own = scores[np.arange(batch.stop - batch.start), targets[batch]]
        if isinstance(scores, np.ndarray):
            items[batch], values[batch] = top_k_of_dense(scores, k, None, model.items.tie_order)
            scored[batch] = np.asarray(own) > -np.inf
        else:
            items[batch], values[batch] = top_k_of_sparse(scores, k, None, model.items.tie_order)
            scored[batch] = np.asarray(own).ravel() != 0
    return TopK(items, values), scored


def _cases(ids: list[Any], queries: Histories, codes: ndarray, answers: ndarray) -> Cases:
    truth = Truth(offsets_of(codes, len(ids)), answers)
    return Cases([str(name) for name in ids], queries, np.full(len(ids), NONE), truth)


def _repeated(lengths: ndarray) -> ndarray:
    return np.repeat(np.arange(len(lengths)), lengths)


def _within(lengths: ndarray) -> ndarray:
    return np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)

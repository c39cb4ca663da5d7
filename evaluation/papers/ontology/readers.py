"""What readers borrow next after a cut in time, readers and books never seen before among them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kartograph.evaluation.cases import Cases, Truth
from kartograph.models.data import Histories, Ids, TrainingData
from kartograph.tables.errors import BadInput


@dataclass(frozen=True)
class ReaderCases:
    """Visits after the cut; a case asks for the books of one visit that the reader had not borrowed before."""

    data: TrainingData
    """Readers' borrowings before the cut; all books of the catalogue are known, borrowed or not."""
    cases: Cases
    """The query of a case is all that the reader borrowed before that visit; it is left out of the answers."""
    new_books: Truth
    """Of the right answers those that nobody had borrowed before the cut; most cases have none."""
    known_reader: NDArray[np.bool_]
    """Whether the reader had borrowed before the visit."""


def reader_cases(visits: pd.DataFrame, ids: NDArray[np.object_], start: float, stop: float = 1.0) -> ReaderCases:
    """Train on the visits up to the share `start` of all, ask for those from there to the share `stop`.

    `visits` are `Books.visits`: ordered by date and reader, one row per book.
    """
    if not 0 < start < stop <= 1:
        raise BadInput(f"the cuts are {start} and {stop}; give shares of the visits, 0 < start < stop <= 1")
    days = visits.drop_duplicates("visit_id")["date"].sort_values(kind="stable").to_numpy()
    cut = days[int(start * len(days))]
    end = days[int(stop * len(days))] if stop < 1 else days[-1] + np.timedelta64(1, "D")
    items = Ids(pd.Index(ids))
    rows = items.rows(visits["book_id"])
    date = visits["date"].to_numpy()
    before = date < cut
    readers, names = pd.factorize(visits["user_id"])
    order = np.lexsort((date[before], readers[before]))
    times = date[before].astype("datetime64[ms]").astype(np.int64)
    data = TrainingData(
        items,
        Ids(pd.Index(names)),
        Histories.of(readers[before][order], rows[before][order], len(names)),
        times[order],
    )
    trained = np.bincount(rows[before], minlength=len(items)) > 0
    asked: list[tuple[int, NDArray, NDArray]] = []
    visit_ids: list[str] = []
    for visit, group in visits[(date >= cut) & (date < end)].groupby("visit_id", sort=False):
        reader = int(readers[group.index[0]])
        past = rows[(readers == reader) & (date < group["date"].iloc[0])]
        answers = np.setdiff1d(rows[group.index], past)
        if len(answers):
            asked.append((reader, past, answers))
            visit_ids.append(str(visit))
    if not asked:
        raise BadInput("no visit after the cut borrows a book that is new to its reader; cut earlier")
    past_of, answers_of = [a[1] for a in asked], [a[2] for a in asked]
    queries = _histories(past_of)
    truth = _truth(answers_of)
    cases = Cases(visit_ids, queries, np.array([a[0] for a in asked]), truth, queries.matrix(len(items)))
    cold = _truth([a[~trained[a]] for a in answers_of])
    return ReaderCases(data, cases, cold, queries.lengths > 0)


def _histories(lists: list[NDArray[np.int64]]) -> Histories:
    owners = np.repeat(np.arange(len(lists)), [len(one) for one in lists])
    return Histories.of(owners, np.concatenate(lists), len(lists))


def _truth(lists: list[NDArray[np.int64]]) -> Truth:
    return Truth(np.cumsum([0, *(len(one) for one in lists)]), np.concatenate(lists))

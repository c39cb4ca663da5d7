"""What is asked and what is the right answer: test cases made of sequences and of interactions."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Int
from numpy import ndarray
from scipy.sparse import csr_array

from kartograph.evaluation.overlap import overlap, refuse_strangers
from kartograph.models.array_model import ArrayModel
from kartograph.models.columns import ITEM, USER
from kartograph.models.data import NONE, Histories, Ids, TrainingData
from kartograph.models.groups import offsets_of
from kartograph.tables.errors import BadInput
from kartograph.tables.events import EVENTS

MASKS = ("bought", "seen", "none")
"""Which of a user's training items are left out of the answer: the bought ones, all, or none."""


@dataclass(frozen=True)
class Truth:
    """The right items of each case: case n's are `items[offsets[n] : offsets[n + 1]]`, each once."""

    offsets: Int[ndarray, " cases_plus_one"]
    items: Int[ndarray, " answers"]
    """Item rows; `NONE` for an item that the training data does not know: it counts, and is always a miss."""

    def __len__(self) -> int:
        """How many cases there are."""
        return len(self.offsets) - 1


@dataclass(frozen=True)
class Cases:
    """Queries with their right answers; every case is scored by itself."""

    ids: list[str]
    """A name for each case, for run files: the session or user id, with the prefix's length where it needs one."""
    queries: Histories
    """The known items of each prefix, or of each user's training events."""
    owners: Int[ndarray, " cases"]
    """Rows of the training data's owners; `NONE` where the case is a session or a user without training events."""
    truth: Truth
    masked: csr_array | None = None
    """Cases × items that are left out of the answers."""
    asked_at: Int[ndarray, " cases"] | None = None
    """The row of the test table at which each case's answer begins; None where answers are not rows in their order."""
    units: Int[ndarray, " cases"] | None = None
    """Number of the session or user that each case belongs to: cases of one unit are not independent of each other, so
    that intervals and tests go by units. None where every case is a unit of its own."""
    past: Histories | None = None
    """What the user of each case did before the session at hand; None where users are not known."""

    def asked_of(self, model: ArrayModel) -> Histories:
        """The queries as a model is asked them: with `past` in front as far as it wants to know it."""
        if self.past is None or not model.past or model.trained_on == "users":
            return self.queries
        return self.past.latest(model.past).followed_by(self.queries)

    def __len__(self) -> int:
        """How many cases there are."""
        return len(self.ids)


def sequence_cases(sessions: pd.DataFrame, items: Ids, all_prefixes: bool = False, shortest: int = 1) -> Cases:
    """Cases of test sessions, as `tables.sequences.read_sequences` gives them.

    One case a session: with a `target` column all rows are the prefix and the target is the answer, without it the last
    row is the answer. With `all_prefixes` every prefix of at least `shortest` clicks is a case and the click that
    follows it the answer. Clicks on items that training does not know are left out of a prefix; a session of one click
    and no target asks with an empty prefix.

    Clicks of one moment, neighbours with equal `timestamp` or, in a table without times, equal `position`, are not torn
    apart: all of them are the answer, or all are in the prefix.

    Raises `BadInput` where no session is long enough, or training knows none of the items.
    """
    refuse_strangers(overlap("items", asked_items(sessions), items))
    codes, names = pd.factorize(sessions["session_id"])
    clicked = sessions[ITEM].to_numpy(dtype=object)
    moment = _begins_moment(sessions, codes)
    if "target" in sessions:
        last = np.flatnonzero(np.r_[codes[1:] != codes[:-1], True])
        clicked = np.insert(clicked, last + 1, sessions["target"].to_numpy(dtype=object)[last])
        moment = np.insert(moment, last + 1, True)
        codes = np.insert(codes, last + 1, codes[last])
    rows = items.rows(pd.Index(clicked))
    starts = np.flatnonzero(np.r_[True, codes[1:] != codes[:-1]])
    first = np.flatnonzero(moment)
    session = codes[first]
    lengths = first - starts[session]
    asked = lengths >= shortest if all_prefixes else np.r_[session[1:] != session[:-1], True]
    if not asked.any():
        raise BadInput(f"The test part has no case: no session has more than {shortest} clicks. Give longer sessions.")
    session, lengths = session[asked], lengths[asked]
    prefixes = Histories.of(
        _repeated(lengths), rows[np.repeat(starts[session], lengths) + _within(lengths)], len(session)
    )
    ids = [str(names[code]) for code in session]
    if all_prefixes:
        ids = [f"{name}:{length}" for name, length in zip(ids, lengths, strict=True)]
    truth = _answers(clicked, rows, first[asked], np.r_[first[1:], len(rows)][asked])
    asked_at = None if "target" in sessions else first[asked]
    return Cases(ids, prefixes, np.full(len(session), NONE), truth, asked_at=asked_at, units=session)


def interaction_cases(test: pd.DataFrame, data: TrainingData, mask: str, all_new: bool = False) -> Cases:
    """One case for each user of the test part: the answers are the user's test items, the query the training events.

    `mask` is one of `MASKS`. Repeated rows count once. Unknown users ask with an empty history. Raises `BadInput` where
    training knows none of the items, or none of the users unless `all_new` says that they are meant to be new.
    """
    if mask not in MASKS:
        raise BadInput(f"The mask is {mask!r}. Allowed are {', '.join(MASKS)}.")
    if test.empty:
        raise BadInput("The test part has no rows. It needs at least one user_id and item_id.")
    test = test[[USER, ITEM]].drop_duplicates()
    overlaps = overlap("users", test[USER], data.owners), overlap("items", test[ITEM], data.items)
    refuse_strangers(*(overlaps[1:] if all_new else overlaps))
    codes, users = pd.factorize(test[USER])
    order = np.argsort(codes, kind="stable")
    offsets = offsets_of(codes, len(users))
    owners = data.owners.rows(pd.Index(users))
    queries = data.histories.take(owners)
    truth = Truth(offsets, data.items.rows(test[ITEM].iloc[order]))
    return Cases([str(user) for user in users], queries, owners, truth, _mask(queries, len(data.items), mask))


def _mask(queries: Histories, items: int, mask: str) -> csr_array | None:
    if mask == "none":
        return None
    if mask == "seen":
        return queries.matrix(items)
    bought = queries.events == EVENTS.index("buy")
    return Histories.of(queries.owners[bought], queries.items[bought], len(queries)).matrix(items)


def asked_items(sessions: pd.DataFrame) -> pd.Series:
    """Every item that test sessions name."""
    return pd.concat([sessions[column] for column in (ITEM, "target") if column in sessions])


def _begins_moment(sessions: pd.DataFrame, codes: Int[ndarray, " clicks"]) -> ndarray:
    """Whether each click comes at another moment than the one before it in its session."""
    changes = np.r_[True, codes[1:] != codes[:-1]]
    for column in ("timestamp", "position"):
        if column in sessions:
            times = sessions[column].to_numpy()
            return changes | np.r_[True, times[1:] != times[:-1]]
    return np.ones(len(codes), dtype=bool)


def _answers(clicked: ndarray, rows: ndarray, starts: Int[ndarray, " cases"], stops: Int[ndarray, " cases"]) -> Truth:
    """The different items from each start up to its stop."""
    sizes = stops - starts
    case = _repeated(sizes)
    at = np.repeat(starts, sizes) + _within(sizes)
    first = ~pd.DataFrame({"case": case, "item": pd.factorize(clicked)[0][at]}).duplicated().to_numpy()
    return Truth(offsets_of(case[first], len(starts)), rows[at][first])


def _repeated(lengths: Int[ndarray, " n"]) -> ndarray:
    return np.repeat(np.arange(len(lengths)), lengths)


def _within(lengths: Int[ndarray, " n"]) -> ndarray:
    """0, 1, … for each of the lengths."""
    return np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)

"""The user-item purchase frequency matrix, its empty cells filled from rules and clicks.

For a history u and an item i

    bought(u, i) = purchases(u, i) / max_j purchases(u, j)
    rule(u, i)   = max over the rules r → i whose left side u contains of confidence(r) · weight(r)
    click(u, i)  = similarity(u) · clicks(u, i) / max_j clicks(u, j)
    Q(u, i)      = bought(u, i) where that is above 0, else the larger of the two others

`similarity` is the click-purchase similarity; a user who bought nothing has the mean of those who did. The weight of a
rule is its support relative to the largest (weighted frequent purchase patterns), or the mean similarity of the users
that it holds for.

Source: Bhatta, Ezeife, Butt (2019); Almu and Ainu (2025), table 1.
"""

from dataclasses import dataclass, field, replace
from math import ceil
from typing import Literal

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray
from scipy.sparse import csr_array

from kartograph.models.data import Histories, TrainingData
from kartograph.models.groups import groups_of, offsets_of
from kartograph.models.mcprhrec.click_purchase import ClickPurchase, click_purchase_similarity
from kartograph.models.patterns.databases import PURCHASES, Period
from kartograph.models.patterns.gsp import MiningOptions, TooManyPatterns
from kartograph.models.patterns.rules import RuleIndex, Rules, concat_rules, consequential_rules, purchase_rules
from kartograph.tables.events import EVENTS
from kartograph.tables.progress import Progress, silent


@dataclass(frozen=True)
class UserItemOptions:
    """How the cells are filled."""

    periods: tuple[Period, ...] = ("event",)
    """Sequence databases that rules come from; a rule that several give counts with its highest confidence. Data
    without times has the database of events alone."""
    mining: MiningOptions = field(default_factory=lambda: MiningOptions(support=3, max_length=3))
    """Which patterns count. Where they are too many, those of twice the support are taken, and so on."""
    support_share: float | None = None
    """Share of the users who bought that a rule needs, where that is fewer than `mining.support`: so rules come of a
    handful of users as well."""
    weight: Literal["support", "similarity"] = "support"
    """What a rule weighs: its support, or the mean click-purchase similarity of the users that it holds for."""
    rules: tuple[Literal["clicks", "purchases"], ...] = ("clicks", "purchases")
    """Fill cells by rules with clicks, with purchases on their left side; by none where it is empty."""
    clicks: bool = True
    """Fill the cells of items that were clicked and not bought."""
    similarity: ClickPurchase = field(default_factory=ClickPurchase)
    actions: Literal["purchases", "weighted", "statistical"] = "purchases"
    """What fills `bought`: purchases alone, or all events by fixed weights (view 1, cart 3, purchase 5, as MuSIF), or
    by weights that are higher the rarer a kind of event is (as UIBB); then there is nothing left for clicks to fill."""


BOUGHT, RULE, CLICK = 0, 1, 2
"""What filled a cell."""


@dataclass(frozen=True)
class Cells:
    """The filled cells of some histories, and what filled them."""

    matrix: csr_array
    """Q, histories × items."""
    kind: Int[ndarray, " cells"]
    """`BOUGHT`, `RULE` or `CLICK` for each stored entry of the matrix."""
    rule: Int[ndarray, " cells"]
    """The number of the rule behind a `RULE`, -1 for the others."""


class UserItems:
    """What is learned for filling the matrix, and the filling."""

    def __init__(self, options: UserItemOptions, data: TrainingData, progress: Progress = silent) -> None:
        """Mine the rules and weigh them."""
        self.options = options
        self.count = len(data.items)
        similarity = click_purchase_similarity(data.histories, options.similarity)
        buyers = np.unique(data.histories.owners[_bought(data.histories)])
        self.usual_similarity = float(similarity[buyers].mean()) if len(buyers) else 0.0
        self.of_event = _weights(options.actions, data.histories)
        mined = [
            mined_rules(left, data, period, options, progress)
            for period in (options.periods if data.times is not None else ("event",))
            for left in options.rules
        ]
        self.index = RuleIndex(concat_rules(mined), self.count)
        rules = self.index.rules
        self.weights = rules.support / max(rules.support.max(initial=1), 1)
        if options.weight == "similarity":
            matched = self.index.matched(data.histories)
            owners = groups_of(matched.offsets)
            sums = np.bincount(matched.rules, similarity[owners], minlength=len(rules))
            self.weights = sums / np.maximum(np.bincount(matched.rules, minlength=len(rules)), 1)

    def purchases(self, histories: Histories) -> csr_array:
        """How often each item was bought, histories × items."""
        return self._counted(histories, _bought(histories))

    def cells(self, histories: Histories) -> Cells:
        """The filled cells of histories."""
        bought_events = self.of_event[histories.events] > 0
        bought = _scaled(self._counted(histories, bought_events))
        parts = [(*_triplets(bought), BOUGHT, np.full(bought.nnz, -1))]
        matched = self.index.matched(histories)
        owners = groups_of(matched.offsets)
        strength = self.index.rules.confidence * self.weights
        parts.append((owners, self.index.rules.right[matched.rules], strength[matched.rules], RULE, matched.rules))
        if self.options.clicks:
            similarity = click_purchase_similarity(histories, self.options.similarity)
            similarity = np.where(np.diff(bought.indptr) == 0, self.usual_similarity, similarity)
            rows, items, values = _triplets(_scaled(self._counted(histories, ~bought_events)))
            parts.append((rows, items, values * similarity[rows], CLICK, np.full(len(rows), -1)))
        return _strongest(parts, len(histories), self.count)

    def _counted(self, histories: Histories, events: ndarray) -> csr_array:
        """The weights of an owner's events on an item added up; clicks that are no action weigh 1."""
        kinds = histories.events[events]
        weights = np.where(self.of_event[kinds] > 0, self.of_event[kinds], 1.0)
        return Histories.of(histories.owners[events], histories.items[events], len(histories)).matrix(
            self.count, weights
        )


def mined_rules(
    left: str, data: TrainingData, period: Period, options: UserItemOptions, progress: Progress = silent
) -> Rules:
    """The rules with clicks or purchases on their left side; the support doubles until the patterns are few enough."""
    mining = options.mining
    if options.support_share is not None:
        buyers = np.unique(data.histories.owners[_bought(data.histories)])
        enough = max(1, ceil(options.support_share * len(buyers)))
        mining = replace(mining, support=min(mining.support, enough))
    miner = consequential_rules if left == "clicks" else purchase_rules
    while True:
        try:
            return miner(data, period, mining, progress=progress)
        except TooManyPatterns:
            mining = replace(mining, support=2 * mining.support)


def _weights(actions: str, histories: Histories) -> Float[ndarray, " EVENTS"]:
    """What an event of each kind adds to `bought`; 0 for kinds that do not count."""
    if actions == "purchases":
        return np.array([float(event in PURCHASES) for event in EVENTS])
    if actions == "weighted":
        return np.array([1.0, 3.0, 5.0, 5.0])
    counts = np.bincount(histories.events, minlength=len(EVENTS))
    return np.where(counts > 0, counts.sum() / np.maximum(counts, 1), 1.0) / max(counts.sum(), 1)


def _bought(histories: Histories) -> ndarray:
    return np.isin(histories.events, [EVENTS.index(event) for event in PURCHASES])


def _scaled(counts: csr_array) -> csr_array:
    """Each row divided by its largest entry."""
    values = counts.data / np.repeat(row_maxima(counts), np.diff(counts.indptr))
    return csr_array((values, counts.indices, counts.indptr), counts.shape)


def _triplets(matrix: csr_array) -> tuple[ndarray, ndarray, ndarray]:
    return np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr)), matrix.indices, matrix.data


def _strongest(parts: list[tuple[ndarray, ndarray, ndarray, int, ndarray]], rows: int, columns: int) -> Cells:
    """Of all that could fill a cell a purchase, else the largest value, of equals the rule of smallest number."""
    owners = np.concatenate([part[0] for part in parts]).astype(np.int64)
    items = np.concatenate([part[1] for part in parts]).astype(np.int64)
    values = np.concatenate([part[2] for part in parts])
    kinds = np.repeat([part[3] for part in parts], [len(part[0]) for part in parts])
    rules = np.concatenate([part[4] for part in parts])
    cell = owners * columns + items
    order = np.lexsort((rules, kinds, -values, kinds != BOUGHT, cell))
    order = order[values[order] > 0]
    order = order[np.r_[np.ones(min(len(order), 1), dtype=bool), np.diff(cell[order]) != 0]]
    offsets = offsets_of(owners[order], rows)
    matrix = csr_array((values[order].astype(np.float32), items[order], offsets), shape=(rows, columns))
    return Cells(matrix, kinds[order], rules[order])


def row_maxima(matrix: csr_array) -> Float[ndarray, " rows"]:
    """The largest entry of each row, 1 where there is none."""
    maxima = np.ones(matrix.shape[0], dtype=matrix.dtype)
    filled = np.flatnonzero(np.diff(matrix.indptr))
    if len(filled):
        maxima[filled] = np.maximum.reduceat(matrix.data, matrix.indptr[filled])
    return maxima

"""Rules "who did this, in this order, goes on to that", from frequent patterns.

A pattern without its last element is a rule's left side, its last element the right side. With n sequences

    confidence = support(left → right) / support(left)        lift = confidence / (support(right) / n)

A consequential rule has clicks on its left and one purchase on its right.
"""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

from kartograph.models.data import Histories, TrainingData
from kartograph.models.patterns.databases import PURCHASES, Period, SequenceDatabase, element_numbers, sequences
from kartograph.models.patterns.gsp import MiningOptions, Patterns, elements_of, mine
from kartograph.models.patterns.rules_kernels import match_rules
from kartograph.tables.events import EVENTS
from kartograph.tables.progress import Progress, silent


@dataclass(frozen=True)
class Rules:
    """Rules with one item on the right; rule r's left side is `left_items[offsets[r] : offsets[r + 1]]`."""

    offsets: Int[ndarray, " rules_plus_one"]
    left_items: Int[ndarray, " entries"]
    left_opens: ndarray
    """Whether an item of the left side opens a new element."""
    right: Int[ndarray, " rules"]
    support: Int[ndarray, " rules"]
    """Sequences that contain left and right side, in this order."""
    left_support: Int[ndarray, " rules"]
    lift: Float[ndarray, " rules"]

    def __len__(self) -> int:
        """How many rules there are."""
        return len(self.right)

    @property
    def confidence(self) -> Float[ndarray, " rules"]:
        """The share of those with the left side who went on to the right side."""
        return self.support / np.maximum(self.left_support, 1)

    def left(self, rule: int) -> tuple[tuple[int, ...], ...]:
        """A left side as a person reads it: the items of each element."""
        of = slice(self.offsets[rule], self.offsets[rule + 1])
        return elements_of(self.left_items[of], self.left_opens[of])

    def take(self, rules: ndarray) -> "Rules":
        """The rules with these numbers, in this order."""
        lengths = np.diff(self.offsets)[rules]
        offsets = np.r_[0, np.cumsum(lengths)].astype(np.int64)
        entries = np.arange(offsets[-1]) + np.repeat(self.offsets[rules] - offsets[:-1], lengths)
        return Rules(
            offsets,
            self.left_items[entries],
            self.left_opens[entries],
            self.right[rules],
            self.support[rules],
            self.left_support[rules],
            self.lift[rules],
        )


def consequential_rules(
    data: TrainingData, period: Period = "event", options: MiningOptions | None = None, progress: Progress = silent
) -> Rules:
    """Rules "clicked these, in this order → bought that", with the purchase in the last click's period or later."""
    items = len(data.items)
    kinds = data.histories.events
    bought = np.isin(kinds, [EVENTS.index(event) for event in PURCHASES])
    # A purchase is an item of its own, above all clicks, in an element of its own right after its period's clicks.
    both = SequenceDatabase.of(
        data.histories.owners,
        data.histories.items + items * bought,
        2 * element_numbers(data, period) + bought,
        len(data.histories),
    )
    options = options or MiningOptions()
    gap, window = (None if limit is None else 2 * limit + 1 for limit in (options.max_gap, options.window))
    patterns = mine(both, replace(options, max_gap=gap, window=window), np.arange(2 * items) >= items, progress)
    ends = patterns.items[patterns.offsets[1:] - 1] if len(patterns) else np.empty(0, dtype=np.int64)
    chosen = np.flatnonzero((ends >= items) & (np.diff(patterns.offsets) > 1))
    single = np.zeros(2 * items, dtype=np.int64)
    alone = np.flatnonzero(np.diff(patterns.offsets) == 1)
    single[patterns.items[patterns.offsets[alone]]] = patterns.support[alone]
    return _rules(patterns, chosen, patterns.left[chosen], ends[chosen] - items, single[ends[chosen]])


def purchase_rules(
    data: TrainingData, period: Period = "event", options: MiningOptions | None = None, progress: Progress = silent
) -> Rules:
    """Rules "bought these → later bought that"."""
    return rules_within(mine(sequences(data, PURCHASES, period), options, progress=progress), len(data.items))


def rules_within(patterns: Patterns, items: int) -> Rules:
    """Rules "these → later that" of patterns whose last element is one item; `items` is the size of the catalogue."""
    chosen = np.flatnonzero(patterns.left >= 0)
    lasts = patterns.offsets[chosen + 1] - 1
    chosen = chosen[patterns.opens[lasts]]  # one item on the right side
    ends = patterns.items[patterns.offsets[chosen + 1] - 1]
    single = np.zeros(items, dtype=np.int64)
    alone = np.flatnonzero(np.diff(patterns.offsets) == 1)
    single[patterns.items[patterns.offsets[alone]]] = patterns.support[alone]
    return _rules(patterns, chosen, patterns.left[chosen], ends, single[ends])


def _rules(patterns: Patterns, chosen: ndarray, lefts: ndarray, right: ndarray, right_support: ndarray) -> Rules:
    starts = patterns.offsets[lefts]
    lengths = patterns.offsets[lefts + 1] - starts
    offsets = np.r_[0, np.cumsum(lengths)].astype(np.int64)
    entries = np.arange(offsets[-1]) + np.repeat(starts - offsets[:-1], lengths)
    support, left_support = patterns.support[chosen], patterns.support[lefts]
    lift = (support / left_support) / (right_support / max(patterns.sequences, 1)) if len(chosen) else np.empty(0)
    return Rules(offsets, patterns.items[entries], patterns.opens[entries], right, support, left_support, lift)


def concat_rules(mined: list[Rules]) -> Rules:
    """Several lots of rules as one."""
    if not mined:
        none = np.empty(0, dtype=np.int64)
        return Rules(np.zeros(1, dtype=np.int64), none, none.astype(bool), none, none, none, np.empty(0))
    lengths = np.concatenate([np.diff(rules.offsets) for rules in mined])
    return Rules(
        np.r_[0, np.cumsum(lengths)].astype(np.int64),
        np.concatenate([rules.left_items for rules in mined]),
        np.concatenate([rules.left_opens for rules in mined]),
        np.concatenate([rules.right for rules in mined]),
        np.concatenate([rules.support for rules in mined]),
        np.concatenate([rules.left_support for rules in mined]),
        np.concatenate([rules.lift for rules in mined]),
    )


@dataclass(frozen=True)
class Matched:
    """Which rules' left sides histories contain: history h matches `rules[offsets[h] : offsets[h + 1]]`."""

    offsets: Int[ndarray, " histories_plus_one"]
    rules: Int[ndarray, " matches"]


class RuleIndex:
    """Rules by the first item of their left side, for finding those that a history matches."""

    def __init__(self, rules: Rules, items: int) -> None:
        """Sort the rules by that item."""
        first = rules.left_items[rules.offsets[:-1]]
        self.rules = rules.take(np.argsort(first, kind="stable"))
        self._by_first = np.searchsorted(self.rules.left_items[self.rules.offsets[:-1]], np.arange(items + 1))

    def matched(self, histories: Histories) -> Matched:
        """The rules whose left side each history contains, elements in order, the items of an element in any order."""
        return Matched(
            *match_rules(
                histories.offsets,
                histories.items,
                self._by_first,
                self.rules.offsets,
                self.rules.left_items,
                self.rules.left_opens,
            )
        )

"""How do the events of a shop become labelled pairs for training and test?

split (80/20 by time or at random) -> label encoding on the training part -> positives -> negatives of the same visitor
and moment -> features as of that moment -> scaling learnt on the training pairs. The split comes first, so that neither
numbering nor counts nor scale know the test part. `random` is the split of the paper's code: visits of one visitor in
one minute fall on both sides of it, so it leaks, and every table that shows it says so.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
from jaxtyping import Float, Int
from numpy import ndarray

from kartograph.models.columns import ITEM, USER
from kartograph.models.data import NONE, Ids
from kartograph.models.preaddl.features import FeatureSpace
from kartograph.models.preaddl.negatives import Negatives, draw, keys_met
from kartograph.models.preaddl.shop_events import ShopEvents
from kartograph.models.preaddl.timeline import Timeline
from kartograph.tables.errors import BadInput
from kartograph.tables.events import EVENTS
from kartograph.tables.progress import Progress, silent

Positive = Literal["any", "cart", "buy"]
"""What a positive is: any event, a cart or a purchase, a purchase."""
POSITIVE_EVENTS: dict[str, tuple[str, ...]] = {
    "any": EVENTS,
    "cart": ("cart", "buy", "borrow"),
    "buy": ("buy", "borrow"),
}


@dataclass(frozen=True)
class PairOptions:
    """How pairs are made."""

    positive: Positive = "any"
    negatives: Negatives = "uniform"
    per_positive: int = 1
    """Negatives of each positive: 1 balances the labels."""
    split: Literal["time", "random"] = "time"
    """The paper claims time and codes random."""
    test_share: float = 0.2
    """Share of the events that is the test part; 0 for none."""
    recent: int = 0
    """How many items the visitor met before go with a pair, for the sequence encoder and the BERT baseline."""
    seed: int = 0


@dataclass(frozen=True)
class Pairs:
    """Visitors, items and moments with the answer; all arrays have one row for each pair."""

    visitors: Int[ndarray, " n"]
    """Rows of the training part's visitors, `NONE` for one that it does not know."""
    items: Int[ndarray, " n"]
    times: Int[ndarray, " n"]
    labels: Float[ndarray, " n"]
    """1 yes, 0 no."""
    features: Float[ndarray, "n features"]
    recent: Int[ndarray, "n recent"]
    """Rows of the items met before, in either part, the latest first, `NONE` where there are fewer."""
    recent_events: Int[ndarray, "n recent"]
    """What happened with each, as positions in `tables.events.EVENTS`."""

    def __len__(self) -> int:
        """How many pairs there are."""
        return len(self.labels)

    def take(self, rows: Int[ndarray, " kept"]) -> "Pairs":
        """The pairs at these rows."""
        return Pairs(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class Prepared:
    """Everything that a model of pairs learns from and is tested on."""

    train: Pairs
    test: Pairs
    visitors: Ids
    items: Ids
    space: FeatureSpace
    options: PairOptions
    training_shop: ShopEvents
    """The shop with the training part's events alone."""
    facts: dict[str, float | int]
    """What was done, in numbers: events, pairs, unknown items that were dropped, share of buyers."""


def prepare(
    shop: ShopEvents,
    options: PairOptions | None = None,
    progress: Progress = silent,
    numbering: tuple[Ids, Ids] | None = None,
) -> Prepared:
    """Make the training and the test pairs of a shop.

    Visitors and items are numbered as they first appear in the training part, or as `numbering` has them already.
    Test events on items that training does not know are dropped (and counted): no model of pairs has a row for them.
    Raises `BadInput` for shares outside 0 … 0.9 and where no positive is left.
    """
    options = options or PairOptions()
    if not 0 <= options.test_share <= 0.9 or options.per_positive < 1:
        raise BadInput(
            f"test_share is {options.test_share}, per_positive {options.per_positive}: "
            "allowed are 0 … 0.9, and 1 or more"
        )
    progress("Splitting events")
    random = np.random.default_rng(options.seed)
    train, test = split_events(shop.events, options, random)
    visitors, items = numbering or (Ids(pd.Index(train[USER].unique())), Ids(pd.Index(train[ITEM].unique())))
    progress("Indexing properties in time")
    space = FeatureSpace(shop, train, visitors, items)
    makers = _Maker(shop, train, visitors, items, space, options, random)
    progress("Making training pairs")
    train_pairs, _ = makers.pairs(train, progress)
    progress("Making test pairs")
    test_pairs, unknown = makers.pairs(test, progress) if len(test) else (train_pairs.take(np.zeros(0, int)), 0)
    buyers = shop.events.loc[shop.events["event"].isin(POSITIVE_EVENTS["buy"]), USER].nunique()
    facts = {
        "events": len(shop.events),
        "visitors": int(shop.events[USER].nunique()),
        "buyers": int(buyers),
        "buyers_share": buyers / shop.events[USER].nunique(),
        "items": int(shop.events[ITEM].nunique()),
        "train_pairs": len(train_pairs),
        "train_positives": int(train_pairs.labels.sum()),
        "test_pairs": len(test_pairs),
        "test_positives": int(test_pairs.labels.sum()),
        "test_events_on_unknown_items": unknown,
        "test_pairs_of_unknown_visitors": int((test_pairs.visitors == NONE).sum()),
    }
    return Prepared(train_pairs, test_pairs, visitors, items, space, options, replace(shop, events=train), facts)


def split_events(
    events: pd.DataFrame, options: PairOptions, random: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The training and the test part: the latest events, or those of moments chosen by chance, are the test part.

    Events of one moment are not torn apart, by chance those of one visitor's: they all belong to the test part. Raises
    `BadInput` where, by time, nothing came before it.
    """
    count = round(len(events) * options.test_share)
    if not count:
        return events, events.iloc[:0]
    if options.split == "time":
        times = events["timestamp"].to_numpy()
        cut = int(np.searchsorted(times, times[len(times) - count]))
        if cut == 0:
            raise BadInput("All events up to the test part are of one instant: divide at random, or give their times.")
        return events.iloc[:cut], events.iloc[cut:]
    moments = events.groupby([USER, "timestamp"], sort=False).ngroup().to_numpy()
    places = random.permutation(moments.max() + 1)[moments]
    chosen = places <= np.sort(places)[count - 1]
    return events[~chosen], events[chosen]


class _Maker:
    """What both parts need to become pairs."""

    def __init__(
        self,
        shop: ShopEvents,
        train: pd.DataFrame,
        visitors: Ids,
        items: Ids,
        space: FeatureSpace,
        options: PairOptions,
        random: np.random.Generator,
    ) -> None:
        self.visitors, self.items, self.space, self.options, self.random = visitors, items, space, options, random
        self.train, self.acts = train, self._acts(train)
        self.item_events = np.bincount(self.acts["item"], minlength=len(items))
        self.item_categories = space.category_at(np.arange(len(items)), np.full(len(items), space.cut))
        self.met_in_training = keys_met(self.acts["visitor"].to_numpy(), self.acts["item"].to_numpy(), len(items))

    def pairs(self, events: pd.DataFrame, progress: Progress) -> tuple[Pairs, int]:
        acts = self.acts if events is self.train else self._acts(events)
        positive = acts[events["event"].isin(POSITIVE_EVENTS[self.options.positive]).to_numpy()]
        known = positive[positive["item"] != NONE]
        if known.empty:
            raise BadInput(
                f'No event of {len(events):,} is a positive ("{self.options.positive}") on a known item: choose '
                "another kind of positive, or a source with more events."
            )
        drawing, items, times = (known[column].to_numpy() for column in ("visitor", "item", "time"))
        visitors = np.where(drawing < len(self.visitors), drawing, NONE)
        met_here = keys_met(acts["visitor"].to_numpy(), acts["item"].to_numpy(), len(self.items))
        drawn = draw(
            drawing,
            self.space.category_at(items, times),
            np.union1d(self.met_in_training, met_here),
            self.item_events,
            self.item_categories,
            self.options.negatives,
            self.options.per_positive,
            self.random,
        )
        at = np.r_[np.arange(len(items)), drawn.positives]
        every = np.r_[items, drawn.items]
        labels = np.r_[np.ones(len(items), np.float32), np.zeros(len(drawn.items), np.float32)]
        order = np.argsort(at, kind="stable")
        at, every, labels = at[order], every[order], labels[order]
        progress("Aligning features in time")
        raw = self.space.raw(visitors[at], every, times[at])
        if not self.space.names:
            self.space.fit_scale(raw)
        pairs = Pairs(
            visitors[at],
            every,
            times[at],
            labels,
            self.space.scaled(raw),
            *self._recent(acts, drawing[at], times[at]),
        )
        return pairs, len(positive) - len(known)

    def _acts(self, events: pd.DataFrame) -> pd.DataFrame:
        """Events in numbers: visitor, item, event, time.

        Visitors whom training does not know get rows after its own: what they met in this part is no negative for them.
        """
        visitors = self.visitors.rows(events[USER])
        return pd.DataFrame(
            {
                "visitor": np.where(visitors == NONE, len(self.visitors) + pd.factorize(events[USER])[0], visitors),
                "item": self.items.rows(events[ITEM]),
                "event": pd.Index(EVENTS).get_indexer(pd.Index(events["event"])),
                "time": events["timestamp"].to_numpy(),
            }
        )

    def _recent(
        self, acts: pd.DataFrame, visitors: ndarray, times: ndarray
    ) -> tuple[Int[ndarray, "n recent"], Int[ndarray, "n recent"]]:
        """The items that these visitors met before these times, in training or in this part, and what happened.

        What a visitor did in the test part before the moment that is asked for is known by then, and all that there is
        of a visitor, or a session, whom training does not know.
        """
        if not self.options.recent:
            return np.zeros((len(times), 0), dtype=np.int64), np.zeros((len(times), 0), dtype=np.int8)
        past = acts if acts is self.acts else pd.concat([self.acts, acts])
        past = past[past["item"] != NONE]
        timeline = Timeline.of(past["visitor"].to_numpy(), past["time"].to_numpy())
        recent = timeline.window(visitors, times, self.options.recent)
        places = np.maximum(recent, 0)
        items, kinds = past["item"].to_numpy()[places], past["event"].to_numpy()[places]
        return np.where(recent < 0, NONE, items), np.where(recent < 0, 0, kinds).astype(np.int8)


def without_features(prepared: Prepared) -> Prepared:
    """The same pairs with the numeric branch's input taken away."""
    train, test = (
        replace(part, features=np.zeros((len(part), 0), dtype=np.float32)) for part in (prepared.train, prepared.test)
    )
    return replace(prepared, train=train, test=test)

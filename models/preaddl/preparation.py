"""Labelled pairs for training and test from the events of a shop.

split (80/20 by time or at random) -> label encoding on the training part -> labels, with sampled negatives or by the
kind of event -> features as of the pair's moment -> scaling learned on the training pairs. The split comes first, so
that neither numbering nor counts nor scale know the test part. `random` is the split of the paper's code: visits of one
visitor in one minute fall on both sides of it, so it leaks, and every table that shows it says so.

No feature of an event gives its kind away: neither the kind itself nor the transaction's id is one, counts and the
items seen before end strictly before its moment, and all events of one visitor and moment lie in the same part.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from jaxtyping import Float, Int
from numpy import ndarray

from kartograph.models.columns import ITEM, USER
from kartograph.models.data import NONE, Ids
from kartograph.models.preaddl.features import FeatureSpace
from kartograph.models.preaddl.negatives import draw, paired, seen_keys
from kartograph.models.preaddl.pairs import POSITIVE_EVENTS, VIEW, PairOptions, Pairs, Prepared
from kartograph.models.preaddl.shop_events import ShopEvents
from kartograph.models.preaddl.timeline import Timeline
from kartograph.tables.errors import BadInput
from kartograph.tables.events import EVENTS
from kartograph.tables.progress import Progress, silent


def prepare(
    shop: ShopEvents,
    options: PairOptions | None = None,
    progress: Progress = silent,
    numbering: tuple[Ids, Ids] | None = None,
) -> Prepared:
    """Make the training and the test pairs of a shop.

    Visitors and items are numbered as they first appear in the training part, or as `numbering` has them already.
    Test events on items that training does not know are dropped (and counted): no model of pairs has a row for them.
    Raises `BadInput` where no positive is left, and where all events of a part are views, or none is, and views are to
    be told from others.
    """
    options = options or PairOptions()
    progress("Splitting events")
    random = np.random.default_rng(options.seed)
    train, test = split_events(shop.events, options, random)
    visitors, items = numbering or (Ids(pd.Index(train[USER].unique())), Ids(pd.Index(train[ITEM].unique())))
    progress("Indexing properties in time")
    space = FeatureSpace(shop, train, visitors, items)
    makers = _PairBuilder(shop, train, visitors, items, space, options, random)
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


@dataclass(frozen=True)
class _Asked:
    """Pairs before they have features; visitors as `_PairBuilder._acts` numbers them."""

    visitors: Int[ndarray, " n"]
    items: Int[ndarray, " n"]
    times: Int[ndarray, " n"]
    labels: Float[ndarray, " n"]


class _PairBuilder:
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
        self.seen_in_training = seen_keys(self.acts["visitor"].to_numpy(), self.acts["item"].to_numpy(), len(items))

    def pairs(self, events: pd.DataFrame, progress: Progress) -> tuple[Pairs, int]:
        """The pairs of one part, and how many of its events were left out since training does not know the item."""
        training = events is self.train
        acts = self.acts if training else self._acts(events)
        by_event = self.options.labels == "event"
        positives = acts if by_event else acts[acts["event"].isin(_places(self.options.positive)).to_numpy()]
        known = positives[positives["item"] != NONE]
        asked = self._by_event(known, training) if by_event else self._sampled(known, acts, len(events))
        visitors = np.where(asked.visitors < len(self.visitors), asked.visitors, NONE)
        progress("Aligning features in time")
        raw = self.space.raw(visitors, asked.items, asked.times)
        if not self.space.names:
            self.space.fit_scale(raw)
        recent = self._recent(acts, asked.visitors, asked.times)
        pairs = Pairs(visitors, asked.items, asked.times, asked.labels, self.space.scaled(raw), *recent)
        return pairs, len(positives) - len(known)

    def _by_event(self, known: pd.DataFrame, training: bool) -> "_Asked":
        """Every event, with the answer whether it is a view."""
        views = (known["event"] == EVENTS.index(VIEW)).to_numpy()
        if views.all() or not views.any():
            raise BadInput(
                f"Of {len(known):,} events on known items {int(views.sum()):,} are views: to tell views from other "
                "events there must be both. Give a source with carts or purchases, or ask for labels sampled."
            )
        if training and self.options.balanced:
            fewer = min(views.sum(), (~views).sum())
            kept = [self.random.permutation(np.flatnonzero(kind))[:fewer] for kind in (views, ~views)]
            rows = np.sort(np.concatenate(kept))
            known, views = known.iloc[rows], views[rows]
        # Columns of a frame may not be written to, which tensors ask for: copies may.
        visitors, items, times = (known[name].to_numpy(copy=True) for name in ("visitor", "item", "time"))
        return _Asked(visitors, items, times, views.astype(np.float32))

    def _sampled(self, known: pd.DataFrame, acts: pd.DataFrame, events: int) -> "_Asked":
        """The positives, each followed by its negatives."""
        if known.empty:
            raise BadInput(
                f'No event of {events:,} is a positive ("{self.options.positive}") on a known item: choose '
                "another kind of positive, or a source with more events."
            )
        visitors, items, times = (known[column].to_numpy() for column in ("visitor", "item", "time"))
        seen_here = seen_keys(acts["visitor"].to_numpy(), acts["item"].to_numpy(), len(self.items))
        share = paired(visitors, self.options.pairing, self.options.per_positive, self.random)
        negatives = draw(
            visitors[share],
            self.space.category_at(items, times)[share],
            np.union1d(self.seen_in_training, seen_here),
            self.item_events,
            self.item_categories,
            self.options.negatives,
            self.random,
        )
        at = np.r_[np.arange(len(items)), share[negatives.asked]]
        order = np.argsort(np.r_[np.arange(len(items)), negatives.asked // self.options.per_positive], kind="stable")
        every = np.r_[items, negatives.items]
        labels = np.r_[np.ones(len(items), np.float32), np.zeros(len(negatives.items), np.float32)]
        return _Asked(visitors[at][order], every[order], times[at][order], labels[order])

    def _acts(self, events: pd.DataFrame) -> pd.DataFrame:
        """Events in numbers: visitor, item, event, time.

        Visitors whom training does not know get rows after its own: what they saw in this part is no negative for them.
        """
        visitors = self.visitors.rows(events[USER])
        numbered = np.where(visitors == NONE, len(self.visitors) + pd.factorize(events[USER])[0], visitors)
        return _in_numbers(events, numbered, self.items)

    def _recent(
        self, acts: pd.DataFrame, visitors: ndarray, times: ndarray
    ) -> tuple[Int[ndarray, "n recent"], Int[ndarray, "n recent"]]:
        """The items that these visitors saw before these times, in training or in this part, and what happened.

        What a visitor did in the test part before the moment that is asked for is known by then, and all that there is
        of a visitor, or a session, whom training does not know.
        """
        past = acts if acts is self.acts else pd.concat([self.acts, acts])
        return _latest(past, visitors, times, self.options.recent)


def candidates(prepared: Prepared, visitors: Int[ndarray, " v"], items: Int[ndarray, " i"]) -> Pairs:
    """Each of these visitors with each of these items at the moment after the training part, v · i unlabelled pairs.

    Visitors are rows of `prepared.visitors`, what they saw in the training part is recent.
    """
    who, what = np.repeat(visitors, len(items)), np.tile(items, len(visitors))
    moment = np.full(len(who), prepared.space.cut + 1)
    events = prepared.training_shop.events
    past = _in_numbers(events, prepared.visitors.rows(events[USER]), prepared.items)
    width = prepared.train.features.shape[1]  # none where the features were taken away
    return Pairs(
        who,
        what,
        moment,
        np.zeros(len(who), np.float32),
        prepared.space.scaled(prepared.space.raw(who, what, moment))[:, :width],
        *_latest(past, who, moment, prepared.options.recent),
    )


def _in_numbers(events: pd.DataFrame, visitors: Int[ndarray, " n"], items: Ids) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "visitor": visitors,
            "item": items.rows(events[ITEM]),
            "event": pd.Index(EVENTS).get_indexer(pd.Index(events["event"])),
            "time": events["timestamp"].to_numpy(),
        }
    )


def _latest(
    past: pd.DataFrame, visitors: Int[ndarray, " n"], times: Int[ndarray, " n"], length: int
) -> tuple[Int[ndarray, "n length"], Int[ndarray, "n length"]]:
    """The last items that visitors saw before the times, and what happened with each."""
    if not length:
        return np.zeros((len(times), 0), dtype=np.int64), np.zeros((len(times), 0), dtype=np.int8)
    past = past[past["item"] != NONE]
    timeline = Timeline.of(past["visitor"].to_numpy(), past["time"].to_numpy())
    recent = timeline.window(visitors, times, length)
    places = np.maximum(recent, 0)
    items, kinds = past["item"].to_numpy()[places], past["event"].to_numpy()[places]
    return np.where(recent < 0, NONE, items), np.where(recent < 0, 0, kinds).astype(np.int8)


def _places(positive: str) -> list[int]:
    """The kinds of events that are positive, as positions in `EVENTS`."""
    return [EVENTS.index(kind) for kind in POSITIVE_EVENTS[positive]]

"""What one answer is made from: a bundle, the present catalogue, the filters over it, the events since."""

import time
from dataclasses import dataclass, field
from functools import cached_property

from numpy import ndarray

from kartograph.serving.bundle.opened import Bundle
from kartograph.serving.bundle.texts import NONE
from kartograph.serving.catalogue.changes import ChangeLog
from kartograph.serving.catalogue.masks import Masks
from kartograph.serving.catalogue.present import Catalogue
from kartograph.serving.events.log import EventLog
from kartograph.serving.finding.browsing import items_below
from kartograph.serving.finding.search import Search
from kartograph.serving.promotions import Promotion
from kartograph.serving.ranking.fallbacks import trend_counts
from kartograph.serving.ranking.question import Past
from kartograph.tables.events import EVENTS

TRENDS_SECONDS = 5.0
"""For how long a count of trends is kept."""


@dataclass
class View:
    """A bundle with everything that came after it."""

    bundle: Bundle
    catalogue: Catalogue
    masks: Masks
    events: EventLog
    seq: int
    """The last change of items that is in the catalogue."""
    promotions: list[Promotion] = field(default_factory=list)
    _trends: dict[float, tuple[float, ndarray]] = field(default_factory=dict)

    @classmethod
    def of(cls, bundle: Bundle, changes: ChangeLog, events: EventLog) -> "View":
        """The bundle with all changes that came after it."""
        catalogue = Catalogue(bundle)
        view = cls(bundle, catalogue, Masks(catalogue), events, bundle.made.item_seq)
        view.catch_up(changes)
        return view

    def catch_up(self, changes: ChangeLog) -> None:
        """Take over the changes that were logged since."""
        logged = list(changes.after(self.seq))
        if logged:
            rows = self.catalogue.apply((item, change) for _, item, change in logged)
            self.masks.mend(rows)
            self.seq = logged[-1][0]

    def history(self, user: str) -> list[Past]:
        """What a user did, oldest first: what the bundle holds, and what was logged and is not among it."""
        arrays, history = self.bundle.arrays, []
        row = self.bundle.user_ids.row(user)
        if row != NONE:
            part = slice(arrays["history.offsets"][row], arrays["history.offsets"][row + 1])
            columns = (arrays[f"history.{name}"][part].tolist() for name in ("items", "kinds", "times"))
            history = list(map(Past, *columns))
        logged = self.rows_of(self.events.of_user(user))
        if not logged:
            return history
        known = set(history)
        fresh = [past for past in dict.fromkeys(logged) if past not in known]
        if history and fresh and fresh[0].at < history[-1].at:
            return sorted([*history, *fresh], key=lambda past: past.at)
        return history + fresh

    def rows_of(self, events: list[tuple[str, str, int]]) -> list[Past]:
        """Events on items that the catalogue knows."""
        rows = ((self.catalogue.row(item), event, at) for item, event, at in events)
        return [Past(row, EVENTS.index(event), at) for row, event, at in rows if row != NONE]

    @cached_property
    def search(self) -> Search:
        """The titles."""
        # pyright sees this file twice, as serving.view and as kartograph.serving.view.
        return Search(self)  # pyright: ignore[reportArgumentType]

    @cached_property
    def category_items(self) -> ndarray:
        """How many items of the bundle lie in each category or below it."""
        return items_below(self)  # pyright: ignore[reportArgumentType]

    def trends(self, hours: float) -> ndarray:
        """Events of each item in the latest hours, counted anew every few seconds."""
        now = time.monotonic()
        computed_at, counts = self._trends.get(hours, (-TRENDS_SECONDS, None))
        if counts is None or now - computed_at > TRENDS_SECONDS or len(counts) != self.catalogue.capacity:
            if len(self._trends) > 32:
                self._trends.clear()
            counts = trend_counts(self, hours)  # pyright: ignore[reportArgumentType]
            self._trends[hours] = now, counts
        return counts

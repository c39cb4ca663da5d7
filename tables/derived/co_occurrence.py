"""Which items, and which categories, occur together in sessions, and how strongly."""

from dataclasses import dataclass
from typing import Literal

import ibis
import ibis.expr.types as ir
from ibis import _

from kartograph.tables.errors import BadInput

Weighting = Literal["distance", "nearest", "frequency"]
DIGITS = 9
"""Weights are rounded to this many decimals, so that the order in which sums are added cannot be seen."""

_SESSION_WEIGHT = {
    "distance": (1.0 / _.distance).sum(),
    "nearest": _.count().cast("float64") / _.distance.min(),
    "frequency": _.count().cast("float64"),
}


@dataclass(frozen=True)
class CoOccurrenceOptions:
    """What counts as occurring together, and which pairs are kept."""

    min_sessions: int = 2
    """Pairs that fewer sessions hold are left out."""
    top_k: int | None = 50
    """A pair is kept where it is among the k strongest of at least one of its two; None keeps all."""
    window: int | None = 20
    """Largest distance in positions; None looks at whole sessions, quadratic in their length."""
    weighting: Weighting = "distance"
    """What one session s adds, with F_s the number of position pairs: "distance" Σ 1/(q-p), "nearest" F_s / min(q-p),
    "frequency" F_s (as in enhanced category co-occurrence)."""

    def __post_init__(self) -> None:
        """Refuse values that mean nothing.

        Raises:
            BadInput: names the option, its value and what is allowed.
        """
        for name in ("min_sessions", "top_k", "window"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise BadInput(f"The co-occurrence option {name} is {value}; it has to be 1 or more.")
        if self.weighting not in _SESSION_WEIGHT:
            raise BadInput(f'The weighting is "{self.weighting}"; allowed are "distance", "nearest" and "frequency".')


def item_co_occurrence(session_items: ir.Table, options: CoOccurrenceOptions | None = None) -> ir.Table:
    """Pairs of items that occur in the same sessions, in the form of CO_OCCURRENCE: a < b.

    `w(x, y) = Σ_s Σ_{p<q, {i(p), i(q)} = {x, y}} 1/(q-p)` over sessions s and positions p, q of at most `window`
    distance, x ≠ y; `sessions` counts the sessions that hold the pair within the window. `session_items` needs
    `session_id, item_id, position`.

    Source: the consequential bond of HSPRec and MCE-HSPRec's category co-occurrence, read per position pair.
    """
    return _pairs(session_items, "item_id", options or CoOccurrenceOptions())


def category_co_occurrence(session_items: ir.Table, options: CoOccurrenceOptions | None = None) -> ir.Table:
    """The same for the categories that the items had at that moment; events without a category are left out.

    Positions stay those of the session, so an event without a category still keeps its neighbours apart.
    """
    return _pairs(session_items, "category_id", options or CoOccurrenceOptions())


def _pairs(session_items: ir.Table, key: str, options: CoOccurrenceOptions) -> ir.Table:
    """Join each session with itself inside the window, add up per session, then over sessions."""
    clicks = session_items.filter(session_items[key].notnull()).select("session_id", "position", key=key)
    per_session = (
        _neighbours(clicks, options.window)
        .mutate(a=ibis.least(_.key, _.later_key), b=ibis.greatest(_.key, _.later_key))
        .group_by("a", "b", "session_id")
        .aggregate(weight=_SESSION_WEIGHT[options.weighting])
    )
    pairs = (
        per_session.group_by("a", "b")
        .aggregate(weight=_.weight.sum().round(DIGITS), sessions=_.count())
        .filter(_.sessions >= options.min_sessions)
    )
    return _strongest(pairs, options.top_k).select("a", "b", "weight", "sessions")


def _neighbours(clicks: ir.Table, window: int | None) -> ir.Table:
    """Pairs of clicks of a session with different keys: `session_id, key, later_key, distance`.

    With a window, positions are cut into blocks of that length: whatever lies within the window lies in the same block
    or the next, so the join stays linear in the length of a session.
    """
    later = clicks.rename(later_key="key", later_position="position")
    if window is None:
        joined = clicks.join(later, "session_id")
    else:
        earlier = clicks.mutate(block=(_.position // window).cast("int64"))
        earlier = earlier.union(earlier.mutate(block=_.block + 1))
        later = later.mutate(block=(_.later_position // window).cast("int64"))
        joined = earlier.join(later, ["session_id", "block"])
    pairs = joined.select("session_id", "key", "later_key", distance=_.later_position - _.position)
    pairs = pairs.filter(_.distance > 0, _.key != _.later_key)
    return pairs if window is None else pairs.filter(_.distance <= window)


def _strongest(pairs: ir.Table, top_k: int | None) -> ir.Table:
    """Pairs that are among the `top_k` of one of their ends; equal weights go by more sessions, then by the ids."""
    if top_k is None:
        return pairs
    order = [_.weight.desc(), _.sessions.desc(), _.a, _.b]
    # An id can stand left in one pair and right in another, so its pairs are ranked over both sides together.
    ends = pairs.mutate(end=pairs.a).union(pairs.mutate(end=pairs.b))
    best = ends.mutate(rank=ibis.row_number().over(group_by="end", order_by=order)).filter(_.rank < top_k)
    return best.select("a", "b", "weight", "sessions").distinct()

"""Whether what a source brings may be loaded: each figure beside its bounds, and beside the last run's.

A first run has nothing to compare with: only rejected rows, the gaps in time and an empty source are looked at then.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from kartograph.pipeline.checking import drift
from kartograph.pipeline.checking.profile import HOUR_MS, Brought, Former, Profile, hashes
from kartograph.pipeline.declaration import Checks, Threshold

BELOW = ("shrink",)
"""Checks whose bound is a lowest value; of all others it is a highest one."""


@dataclass(frozen=True)
class Finding:
    """What one check came to."""

    source: str
    check: str
    value: float
    bound: float | None
    """The bound that was passed; None where none was."""
    level: Literal["fine", "warn", "stop"]
    words: str
    """The figure in a sentence."""

    def __str__(self) -> str:
        """The finding for a person."""
        if self.bound is None:
            return f"{self.source}: {self.words}"
        side = "below" if self.check in BELOW else "above"
        return f"{self.source}: {self.words}; {self.check}: {self.level} {side} {self.bound:g}"


def check(source: str, brought: Brought, former: Former | None, bounds: Checks) -> list[Finding]:
    """All findings about a source, in the order of the bounds."""
    return [
        _finding(source, name, value, words, getattr(bounds, name))
        for name, value, words in _figures(brought, former)
        if not np.isnan(value)
    ]


def _finding(source: str, name: str, value: float, words: str, bounds: Threshold) -> Finding:
    def passed(bound: float | None) -> bool:
        return bound is not None and (value < bound if name in BELOW else value > bound)

    if passed(bounds.stop):
        return Finding(source, name, value, bounds.stop, "stop", words)
    if passed(bounds.warn):
        return Finding(source, name, value, bounds.warn, "warn", words)
    return Finding(source, name, value, None, "fine", words)


def _figures(brought: Brought, former: Former | None) -> Iterator[tuple[str, float, str]]:
    """Name, value and sentence of each check that can be made."""
    now = brought.profile
    before = former.profile if former is not None else None
    share = 0.0 if now.events == 0 else np.nan
    if before is not None and before.events:
        share = now.events / before.events
    of_last = f", {share:.0%} of the last run's {before.events:,}" if before is not None else ""
    yield "shrink", share, f"{now.events:,} events{of_last}"
    yield "grow", share, f"{now.events:,} events{of_last}"
    rejected = now.rejected / max(now.rows, 1)
    yield "rejects", rejected, f"{now.rejected:,} of {now.rows:,} rows cannot be read{_listed(now)}"
    if former is not None:
        yield from _compared(brought, former)
    gap = now.gap_hours
    if before is not None and before.last is not None and now.first is not None:
        gap = max(gap, (now.first - before.last) / HOUR_MS)
    yield "gap_hours", gap, f"{gap:,.0f} hours without an event at most"


def _compared(brought: Brought, former: Former) -> Iterator[tuple[str, float, str]]:
    now, before = brought.profile, former.profile
    nulls = {
        "without a user": now.without_user / max(now.events, 1) - before.without_user / max(before.events, 1),
        "without a time": now.without_time / max(now.events, 1) - before.without_time / max(before.events, 1),
    }
    what = max(nulls, key=lambda name: nulls[name])
    yield "nulls", nulls[what], f"{nulls[what]:+.1%} of the events are {what}, compared with the last run"
    moved = {name: _share(now, name) - _share(before, name) for name in {*now.kinds, *before.kinds}}
    kind = max(sorted(moved), key=lambda name: abs(moved[name]), default="view")
    shares = f"{_share(before, kind):.1%} before, {_share(now, kind):.1%} now"
    yield "event_share", abs(moved.get(kind, 0.0)), f"the share of {kind} events is {shares}"
    for name, ids, seen in (
        ("new_users", brought.users["user_id"], former.seen_users),
        ("new_items", brought.items["item_id"], former.seen_items),
    ):
        new = float((~np.isin(hashes(ids), seen)).mean()) if len(ids) else 0.0
        yield name, new, f"{new:.1%} of {len(ids):,} {name.removeprefix('new_')} are new"
    indices = {
        "items": drift.of_items(former.items, brought.items),
        "kinds of event": drift.of_counts(before.kinds, now.kinds),
        "hours of the day": drift.of_counts(before.hours, now.hours),
    }
    most = max(indices, key=lambda name: indices[name])
    yield "drift", indices[most], f"population stability index {indices[most]:.2f} over {most}"


def _share(profile: Profile, kind: str) -> float:
    return profile.kinds.get(kind, 0) / max(profile.events, 1)


def _listed(profile: Profile) -> str:
    return f" (see {profile.rejects_file})" if profile.rejects_file and profile.rejected else ""

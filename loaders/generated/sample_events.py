"""What happens in the sample shop: sessions of users with tastes, and the funnel from view to purchase.

Tastes live on a line. The items of a category lie side by side, categories in depth-first order of the tree, and each
item is as long as it is popular; so a point of [0, 1] names an item, relatives are neighbours, and a uniform point
meets items by popularity. A user has two centres on the line; most clicks fall near one of them, some anywhere in its
category, few anywhere at all. Whoever clicked near one's own clicks is therefore the best guide to the held-out ones.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.random import Generator

from kartograph.loaders.generated.sample_catalogue import Catalogue, Floats, Ints

BEGIN = 1_430_622_000_000
"""2015-05-03 03:00 UTC."""
END = 1_442_545_200_000
"""2015-09-18 03:00 UTC, exclusive."""
HOUR = 3_600_000

HOURLY = np.array([51, 53, 58, 56, 55, 43, 26, 17, 10, 6, 9, 10, 10, 20, 34, 48, 57, 67, 63, 58, 64, 67, 63, 53])
"""Share of the events in each hour of the day (UTC), in thousandths, as in RetailRocket's."""
DAILY = np.array([171, 168, 146, 161, 127, 114, 113])
"""The same for the days of the week, from Monday."""

CART_SHARE = 69_332 / 2_756_101
BUY_SHARE = 22_457 / 2_756_101
HOURS_PER_SESSION = 8
"""The least mean time between two sessions of a user."""
NEW_SESSION_SHARE = 0.26
"""Chance that an event of a user who was there before opens a new session."""
REPEAT_SHARE = 0.25
"""Chance that a click returns to an item of the same session."""
CENTRES = 2
FIRST_CENTRE_SHARE = 0.7
"""Of the sessions; the second centre has the others."""
NEAR_ITEMS = 5
"""Scale of a click's distance from its centre, in items of mean popularity."""
NEAR_SHARE, CATEGORY_SHARE = 0.8, 0.15
"""Clicks near a centre and anywhere in its category; the rest fall anywhere."""


@dataclass(frozen=True)
class _Slots:
    """One row per event to come, ordered by user, session and position."""

    user: Ints
    session: Ints
    """Number of the session over all users, ascending."""
    position: Ints
    """Within the session, from 0."""


def event_table(shop: Catalogue, users: int, events: int, rng: Generator) -> pa.Table:
    """`timestamp, visitorid, event, itemid, transactionid`, ordered by time.

    Every user has one event at least, and every item of positive popularity too where there are events enough.
    """
    slots = _slots(users, events, rng)
    item = _items(shop, slots, users, rng)
    kind = _funnel(slots, rng)
    # A cart event is about the item just viewed, a purchase about the item just put into the cart.
    item = np.where(kind >= 1, np.roll(item, 1), item)
    item = np.where(kind == 2, np.roll(item, 1), item)
    item = _touch_all(shop, item, kind, rng)
    at = _times(slots, rng)
    order = np.argsort(at, kind="stable")
    bought = kind[order] == 2
    receipt = np.zeros(len(order), dtype=np.int64)
    receipt[bought] = np.unique(slots.session[order][bought], return_inverse=True)[1]
    names = pa.array(["view", "addtocart", "transaction"])
    return pa.table(
        {
            "timestamp": at[order],
            "visitorid": slots.user[order],
            "event": names.take(pa.array(kind[order])),
            "itemid": shop.item_ids[item[order]],
            "transactionid": pa.array(receipt, mask=~bought),
        }
    )


def _slots(users: int, events: int, rng: Generator) -> _Slots:
    """Events per user: one each and the others by a Lomax law, which leaves 70 % of the users with one."""
    appetite = np.minimum(rng.pareto(1.3, users), 5_000.0)
    count = 1 + rng.multinomial(events - users, appetite / appetite.sum())
    user = np.repeat(np.arange(users), count)
    first = np.zeros(events, dtype=bool)
    first[np.cumsum(count) - count] = True
    concentration = 20.0
    restless = rng.beta(NEW_SESSION_SHARE * concentration, (1 - NEW_SESSION_SHARE) * concentration, users)
    opens = first | (rng.random(events) < restless[user])
    session = np.cumsum(opens) - 1
    return _Slots(user, session, np.arange(events) - np.flatnonzero(opens)[session])


def _items(shop: Catalogue, slots: _Slots, users: int, rng: Generator) -> Ints:
    """The item (row of the catalogue) that each event would be about, were it a view."""
    active = np.flatnonzero(shop.popularity > 0)
    line = active[np.argsort(shop.item_category[active], kind="stable")]
    ends = np.cumsum(shop.popularity[line])
    ends /= ends[-1]
    category = shop.item_category[line]
    starts_category = np.concatenate([[True], category[1:] != category[:-1]])
    left = np.concatenate([[0.0], ends[:-1]])[starts_category]
    right = np.append(left[1:], 1.0)

    sessions = int(slots.session[-1]) + 1
    centre = rng.random((users, CENTRES))
    favour = (rng.random(sessions) >= FIRST_CENTRE_SHARE).astype(np.int64)
    owner = slots.user[slots.position == 0]
    centre_of_session = centre[owner, favour][slots.session]
    cell = np.searchsorted(right, centre_of_session, side="right")
    events = len(centre_of_session)
    near = centre_of_session + rng.laplace(0.0, NEAR_ITEMS / len(line), events)
    wide = left[cell] + rng.random(events) * (right - left)[cell]
    dice = rng.random(events)
    point = np.select([dice < NEAR_SHARE, dice < NEAR_SHARE + CATEGORY_SHARE], [near, wide], rng.random(events))
    point = np.abs(point)
    point = np.minimum(np.where(point > 1, 2 - point, point), np.nextafter(1.0, 0.0))
    item = line[np.searchsorted(ends, point, side="right").clip(max=len(line) - 1)]
    return item[_repeats(slots, rng)]


def _repeats(slots: _Slots, rng: Generator) -> Ints:
    """For each event the row of the event whose item it takes: mostly its own, sometimes an earlier one's."""
    rows = np.arange(len(slots.user))
    back = 1 + (rng.random(len(rows)) * slots.position).astype(np.int64)
    source = np.where((slots.position > 0) & (rng.random(len(rows)) < REPEAT_SHARE), rows - back, rows)
    while True:
        further = source[source]
        if np.array_equal(further, source):
            return source
        source = further


def _funnel(slots: _Slots, rng: Generator) -> Ints:
    """0 view, 1 cart, 2 purchase; exactly the shares of the constants where the sessions are long enough.

    A session is cut into blocks of three events; a chosen block reads view, cart and, if it ends in a sale, purchase.
    """
    events = len(slots.user)
    kind = np.zeros(events, dtype=np.int64)
    follows = np.zeros(events, dtype=bool)
    follows[:-1] = slots.position[1:] > slots.position[:-1]
    second_follows = follows & np.append(follows[1:], False)
    head = slots.position % 3 == 0
    buys, carts = round(events * BUY_SHARE), round(events * CART_SHARE)
    sold = rng.permutation(np.flatnonzero(head & second_follows))[:buys]
    kind[sold + 1], kind[sold + 2] = 1, 2
    free = head & follows
    free[sold] = False
    kept = rng.permutation(np.flatnonzero(free))[: max(0, carts - len(sold))]
    kind[kept + 1] = 1
    return kind


def _touch_all(shop: Catalogue, item: Ints, kind: Ints, rng: Generator) -> Ints:
    """Give items that nobody saw an event of a more popular item, of the same part of the tree where possible."""
    touched = np.bincount(item, minlength=len(shop.item_ids))
    missing = np.flatnonzero((touched == 0) & (shop.popularity > 0))
    first = np.zeros(len(item), dtype=bool)
    first[np.unique(item, return_index=True)[1]] = True
    followed = np.append(kind[1:] > 0, False)
    spare = rng.permutation(np.flatnonzero(~first & (kind == 0) & ~followed))[: len(missing)]
    missing = missing[: len(spare)]
    spare = spare[np.argsort(shop.item_category[item[spare]], kind="stable")]
    changed = item.copy()
    changed[spare] = missing[np.argsort(shop.item_category[missing], kind="stable")]
    return changed


def _times(slots: _Slots, rng: Generator) -> Ints:
    """Milliseconds: sessions by the rhythm of day and week within the user's span, events a minute or so apart."""
    sessions = int(slots.session[-1]) + 1
    opens = slots.position == 0
    owner = slots.user[opens]
    users = int(slots.user[-1]) + 1
    span = np.minimum(
        0.95, rng.exponential(0.15, users) + HOURS_PER_SESSION * HOUR / (END - BEGIN) * np.bincount(owner)
    )
    arrival = rng.random(users) * (1 - span)
    at = _rhythm(arrival[owner] + span[owner] * rng.random(sessions))
    # lexsort keeps the owners where they are and puts each one's sessions in order.
    at = at[np.lexsort((at, owner))]
    gap = np.where(opens, 0, np.minimum(rng.lognormal(10.8, 1.1, len(opens)), 25 * 60_000)).astype(np.int64)
    run = np.cumsum(gap)
    offset = run - run[opens][slots.session]
    lasts = offset[np.append(np.flatnonzero(opens)[1:], len(opens)) - 1]
    at = np.minimum(at, END - 1 - lasts)
    return at[slots.session] + offset


def _rhythm(share: Floats) -> Ints:
    """The time at which `share` of all events have happened, by the hourly and daily shares; milliseconds."""
    hours = np.arange((END - BEGIN) // HOUR)
    since_epoch = BEGIN // HOUR + hours
    weekday = (since_epoch // 24 + 3) % 7  # 1970-01-01 was a Thursday
    mass = HOURLY[since_epoch % 24] * DAILY[weekday]
    done = np.concatenate([[0], np.cumsum(mass)]) / mass.sum()
    return np.interp(share, done, BEGIN + np.arange(len(done)) * HOUR).astype(np.int64)

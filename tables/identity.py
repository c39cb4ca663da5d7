"""Identity of events: when two rows tell the same one.

Rows that are alike in source, user, session (where the source has one), item, event and time are one event; without a
time also in the source's own position. So the same rows, in any split over files and loads and in any order, are the
same events. Of what is not part of this, rows of one event give the smallest position and the greatest of all else.
"""

import ibis

from kartograph.tables.engine import Expression, Rows, count_rows, store
from kartograph.tables.schema import Source

IDENTITY = ("user_id", "session_id", "item_id", "event", "timestamp")
_PLACE = "place_without_time"


def told_once(interactions: Rows) -> Rows:
    """A row for each event."""
    placed = interactions.mutate(
        **{_PLACE: ibis.ifelse(interactions.timestamp.isnull(), interactions.position, ibis.null("int64"))}
    )
    others = [name for name in interactions.columns if name not in (*IDENTITY, "position")]
    once = placed.group_by(*IDENTITY, _PLACE).agg(
        position=placed.position.min(), **{name: placed[name].max() for name in others}
    )
    return once.select(*interactions.columns)


def keyed_events(source: Source) -> Rows:
    """The events of a source with `quantity`, and `event_key`: the MD5 sum of its name and what makes it that event.

    Lengths are hashed with the texts, so that no two events run together.
    """
    events = told_once(source.interactions)
    if "quantity" not in events.columns:
        events = events.mutate(quantity=ibis.null("float64"))
    when: Expression = ibis.ifelse(events.timestamp.isnull(), events.position, events.timestamp).cast("string")
    user, session = events.user_id.fill_null(""), events.session_id.fill_null("")
    texts: list[Expression] = [ibis.literal(source.name), user, session, events.item_id]
    words = [word for text in texts for word in (text.length().cast("string"), text)]
    timed = ibis.ifelse(events.timestamp.isnull(), "position", "time")
    bar: Expression = ibis.literal("|")
    key = bar.join([*words, events.event, timed, when.fill_null("")]).hexdigest("md5")
    keyed = store("keyed", events.mutate(event_key=key), source.interactions.get_backend())
    repeats = count_rows(source.interactions) - count_rows(keyed)
    source.report.note("rows of an event that another row names too", repeats)
    return keyed

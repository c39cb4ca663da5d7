"""Returns take back purchases, and what is removed from the cart takes back the adding to it."""

import ibis

from kartograph.tables.engine import Expression, Rows, count_rows, store
from kartograph.tables.events import TAKES_BACK
from kartograph.tables.report import Report


def with_taken_back(events: Rows, report: Report) -> Rows:
    """Events with `returned`, the quantity taken back of each, and `taken_back`, true where an event no longer counts.

    Of one user (of one session, where nobody is known) and one item, the quantities of all returns are taken from the
    latest purchase not after the last return, then from the one before it; likewise `uncart` from `cart`. An event of
    which nothing is left is taken back, and so is what takes back. Both columns are null elsewhere.

    `events` have the columns of INTERACTIONS, `event_key`, and `quantity`, where null counts as 1.
    """
    takes = ibis.cases(*((events.event == back, kind) for back, kind in TAKES_BACK.items()))
    events = events.mutate(takes=takes)
    if not count_rows(events.filter(events.takes.notnull())):
        nothing = events.mutate(returned=ibis.null("float64"), taken_back=ibis.null("boolean"))
        return nothing.drop("takes")
    columns = [name for name in events.columns if name != "takes"]
    amount = events.quantity.fill_null(1.0)
    events = events.mutate(who=events.user_id.fill_null("session:" + events.session_id), amount=amount)
    backs: Rows = events.filter(events.takes.notnull())
    totals = backs.group_by(who_back="who", item_back="item_id", kind_back="takes").agg(
        total=backs.amount.sum(), until=backs.timestamp.max()
    )
    same = [events.who == totals.who_back, events.item_id == totals.item_back, events.event == totals.kind_back]
    joined = events.left_join(totals, same)
    not_after = joined.timestamp.isnull() | joined.until.isnull() | (joined.timestamp <= joined.until)
    joined = joined.mutate(open=(joined.total.notnull() & not_after).fill_null(False))
    later = ibis.window(
        group_by=["who", "item_id", "event", "open"],
        order_by=[ibis.desc("timestamp"), ibis.desc("position"), "event_key"],
        preceding=(None, 1),
    )
    before = joined.mutate(later=joined.amount.sum().over(later).fill_null(0))
    of_it: Expression = ibis.least(before.amount, ibis.greatest(0, before.total - before.later))
    marked = before.mutate(returned=ibis.ifelse(before.open & (of_it > 0), of_it, ibis.null("float64")))
    gone = marked.takes.notnull() | (marked.returned >= marked.amount).fill_null(False)
    marked = marked.mutate(taken_back=ibis.ifelse(gone, True, ibis.null("boolean")))
    marked = store("taken_back", marked, events.get_backend())
    _note(marked, report)
    return marked.select(*columns, "returned", "taken_back")


def standing_interactions(interactions: Rows, report: Report) -> Rows:
    """The rows of a source's interactions that count, with the columns that they have."""
    whole = interactions if "quantity" in interactions.columns else interactions.mutate(quantity=ibis.null("float64"))
    marked = with_taken_back(whole.mutate(event_key=ibis.literal("")), report)
    return standing(marked).select(*interactions.columns)


def standing(events: Rows) -> Rows:
    """The events that count: those of `with_taken_back` that are not taken back."""
    return events.filter(events.taken_back.isnull())


def units(events: Rows) -> Expression:
    """What an event counts: the quantity that is left of it, rounded, and at least 1."""
    left = events.quantity.fill_null(1.0) - events.returned.fill_null(0.0)
    whole: Expression = ibis.greatest(1, left.round())
    return whole.cast("int64")


def _note(marked: Rows, report: Report) -> None:
    """Say how many events are taken back, and what was returned that nobody had bought."""
    figures = marked.agg(
        **{
            f"{name} {back}": value
            for back, kind in TAKES_BACK.items()
            for name, value in (
                ("backs", (marked.event == back).sum()),
                ("whole", ((marked.event == kind) & marked.taken_back.notnull()).sum()),
                ("given", marked.amount.sum(where=marked.event == back)),
                ("taken", marked.returned.sum(where=marked.event == kind)),
            )
        }
    )
    said = figures.to_pyarrow().to_pylist()[0]
    for back, kind in TAKES_BACK.items():
        report.note(f"events of the kind {back}", said[f"backs {back}"] or 0)
        report.note(f"{kind} events that these take back whole", said[f"whole {back}"] or 0)
        unmet = (said[f"given {back}"] or 0) - (said[f"taken {back}"] or 0)
        report.note(f"{back} of what is not among these {kind} events, by quantity", round(unmet))

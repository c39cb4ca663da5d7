"""Returns take back purchases, and what is removed from the cart the adding to it."""

import ibis

from kartograph.tables.engine import Rows, store
from kartograph.tables.report import Report


def without_taken_back(rows: Rows, kind: str, back: str, report: Report) -> Rows:
    """Rows less the events `back`, and less the events `kind` that these take back.

    Of one user (or session) and item, the quantities of `back` are taken from the latest `kind` before the last of
    them, then from the one before it; what nothing is left of is gone. `rows` has `quantity`.
    """
    returned = rows.filter(rows.event == back)
    count = int(returned.count().to_pyarrow().as_py())
    if not count:
        return rows
    rows = rows.mutate(who=rows.user_id.fill_null("session:" + rows.session_id))
    returned = rows.filter(rows.event == back)
    totals = returned.group_by(who_back="who", item_back="item_id").agg(
        total=returned.quantity.sum(), until=returned.timestamp.max()
    )
    joined = rows.filter(rows.event != back).left_join(
        totals, [rows.who == totals.who_back, rows.item_id == totals.item_back]
    )
    open_ = (joined.event == kind) & joined.total.notnull()
    open_ = open_ & (joined.timestamp.isnull() | joined.until.isnull() | (joined.timestamp <= joined.until))
    joined = joined.mutate(open=open_.fill_null(False))
    later = ibis.window(
        group_by=["who", "item_id", "open"],
        order_by=[ibis.desc("timestamp"), ibis.desc("position"), "session_id", "quantity"],
        preceding=(None, 1),
    )
    before = joined.mutate(later=joined.quantity.sum().over(later).fill_null(0))
    left = ibis.greatest(0, before.quantity - ibis.greatest(0, before.total - before.later))
    kept: Rows = store("kept", before.mutate(left=ibis.ifelse(before.open, left, before.quantity)), rows.get_backend())
    gone = kept.filter(kept.open & (kept.left <= 0))
    report.note(f"events of the kind {back}", count)
    report.note(f"{kind} events that these take back whole", int(gone.count().to_pyarrow().as_py()))
    taken = kept.filter(kept.open)
    taken_total = (taken.quantity - taken.left).sum().to_pyarrow().as_py() or 0
    unmet = (returned.quantity.sum().to_pyarrow().as_py() or 0) - taken_total
    report.note(f"{back} of what is not among these {kind} events, by quantity", round(unmet))
    remaining = kept.filter(~kept.open | (kept.left > 0))
    return remaining.mutate(quantity=remaining.left).select(*[name for name in rows.columns if name != "who"])

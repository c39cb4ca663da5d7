"""Sessions of visits: a user's visits in the order of time, cut where the user rests.

Only times count, so the same lines give the same sessions in any order and in any split into files.
"""

import ibis
import ibis.expr.types as ir

from kartograph.tables.engine import Rows


def with_sessions(visits: Rows, gap: int) -> ir.Table:
    """`visits` (`user_id, timestamp, …`) with their `session_id`, the user and the session's first time.

    A visit more than `gap` milliseconds after the user's last one begins a session.
    """
    in_order = ibis.window(group_by="user_id", order_by="timestamp")
    rows = visits.mutate(before=visits.timestamp.lag().over(in_order))
    opens = rows.before.isnull() | (rows.timestamp - rows.before > gap)
    rows = rows.mutate(opening=ibis.ifelse(opens, rows.timestamp, ibis.null("int64")))
    # Within a user the openings rise, so the highest so far is the opening of the session at hand.
    so_far = ibis.cumulative_window(group_by="user_id", order_by="timestamp")
    rows = rows.mutate(start=rows.opening.max().over(so_far))
    return rows.mutate(session_id=rows.user_id + " " + rows.start.cast("string")).drop("before", "opening", "start")

"""Assigns events to sessions."""

import math
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
from ibis.expr.builders import LegacyWindowBuilder

from kartograph.tables.engine import Expression, Rows, count_rows
from kartograph.tables.errors import BadInput
from kartograph.tables.report import Report
from kartograph.tables.schema import MAX_ID_BYTES


@dataclass(frozen=True)
class SessionOptions:
    """How events without a session of their own are cut into sessions."""

    gap_minutes: float = 30
    """A user who does nothing for longer than this begins a new session."""

    def __post_init__(self) -> None:
        """Refuse gaps that are no time."""
        if not (math.isfinite(self.gap_minutes) and self.gap_minutes > 0):
            raise BadInput(f"The session gap is {self.gap_minutes} minutes; it has to be more than 0, such as 30.")


def with_sessions(interactions: Rows, options: SessionOptions, report: Report) -> ir.Table:
    """Fill `session_id` of interactions; `named` keeps what stood there, the source's own id.

    The source's own session holds where there is one; a session that several users share is cut into one for each,
    `session/user`. All other events of a user are cut where the user pauses for longer than the gap; such a session
    is called `user@start`, with the start in milliseconds. Events of one instant lie in one session. Those of a user
    without times or session are one session, `user@`, whatever else is known of the user.
    """
    named = interactions.filter(interactions.session_id.notnull())
    shared = named.group_by("session_id").agg(users=named.user_id.nunique())
    shared = shared.filter(shared.users > 1).select(shared_session="session_id")
    count = count_rows(shared)
    report.note("sessions that several users share, cut into one for each user", count)

    pause = int(options.gap_minutes * 60_000)
    rows = interactions.mutate(own=interactions.session_id.notnull())
    # Both windows are ranges of time, so that events of one instant see the same whatever order they come in.
    of_user = ["user_id", "own"]
    rows = rows.mutate(before=rows.timestamp.max().over(_range(of_user, until=1)))
    opens = rows.before.isnull() | (rows.timestamp - rows.before > pause)
    rows = rows.mutate(opening=ibis.ifelse(opens, rows.timestamp, ibis.null("int64")))
    # Within a user the openings rise, so the highest so far is the opening of the session at hand.
    so_far = rows.opening.max().over(_range(of_user, until=0))
    rows = rows.mutate(start=ibis.ifelse(rows.timestamp.isnull(), ibis.null("int64"), so_far))
    cut = rows.user_id + "@" + rows.start.cast("string").fill_null("")
    if count:
        rows = rows.left_join(shared, rows.session_id == shared.shared_session)
        own = ibis.ifelse(
            rows.shared_session.notnull() & rows.user_id.notnull(),
            rows.session_id + "/" + rows.user_id.fill_null(""),
            rows.session_id,
        )
    else:
        own = rows.session_id
    session: Expression = own.fill_null(cut)
    # A derived id may be longer than the ids it is made of; its hash is not.
    session_id = ibis.ifelse(session.length() * 4 > MAX_ID_BYTES, session.hexdigest("md5"), session)
    return rows.mutate(named=rows.session_id, session_id=session_id).select(*interactions.columns, "named")


def _range(of: list[str], until: int) -> LegacyWindowBuilder:
    """All rows of a group up to `until` milliseconds before each; rows without a time come last and see all others."""
    return ibis.range_window(preceding=(None, until), group_by=of, order_by="timestamp")


def named_by(session_id: Expression, user_id: Expression, started: Expression, named: Expression) -> Expression:
    """The source's own id of a session, as SESSIONS keeps it: null where the session's id tells it.

    An id `user@start` tells that the session was cut from times, every other id that it is the source's own. Where
    that is wrong (a shared session, an id that was hashed or looks like the other kind) the own id is kept, and
    the empty text for a session that was cut.
    """
    looks_cut = cut_form(session_id, user_id, started)
    hidden = named.notnull() & ((named != session_id) | looks_cut)
    return ibis.cases((hidden, named), (named.isnull() & ~looks_cut, ""))


def own_name(session_id: Expression, user_id: Expression, started: Expression, named: Expression) -> Expression:
    """The source's own id of a session, null where it was cut from times: the inverse of `named_by`."""
    name = ibis.ifelse(cut_form(session_id, user_id, started), ibis.null("string"), session_id)
    return ibis.ifelse(named.isnull(), name, named.nullif(""))


def cut_form(session_id: Expression, user_id: Expression, started: Expression) -> Expression:
    """Whether an id has the form of a session that was cut from times, `user@start`; false where there is no user."""
    return (session_id == user_id + "@" + started.cast("string").fill_null("")).fill_null(False)

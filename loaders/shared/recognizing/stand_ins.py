"""Columns that hold a user or an item where the first column of them is empty.

Trackers know a visitor by `anonymousId` until a login gives him a `userId`; shops sell what has a name and no SKU.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis

from kartograph.loaders.shared.recognizing.guess import columns_named, plain_names
from kartograph.tables.engine import Expression, Rows, count_rows
from kartograph.tables.formats.fields import Field
from kartograph.tables.report import Report

PARTS = ("user", "item")
_EMPTY = "_without_"
_VISITOR = "_visitor"
"""The column of who a row's user is beside that."""
_ANONYMOUS = (
    "anonymousid",
    "distinctid",
    "userpseudoid",
    "fullvisitorid",
    "visitorid",
    "domainuserid",
    "deviceid",
    "cookieid",
)
"""Names that are usual for who is not logged in; each of them alone is a column of users, or of none."""


@dataclass(frozen=True)
class FirstGiven:
    """The value of the first of several columns that has one."""

    columns: tuple[str, ...]
    nobody: str | None = None
    """A value that counts as none."""

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns that every file has to have."""
        return self.columns[:1]

    def text(self, rows: Rows) -> Expression:
        """The value in rows of the file."""
        texts = [rows[column] for column in self.columns]
        return ibis.coalesce(*(text if self.nobody is None else text.nullif(self.nobody) for text in texts))


def stand_ins(
    present: Sequence[str], columns: Mapping[str, str], said: Mapping[str, str | None], layout: Mapping[str, Any]
) -> dict[str, tuple[str, ...]]:
    """By part, the columns of a table that stand in for its column in `columns`, in this order.

    They are the further ones that a layout names; without that, what usually tells who is not logged in. None stands in
    for a column that a person has `said`.
    """
    plain = plain_names(present)
    stand_in: dict[str, tuple[str, ...]] = {}
    for part in PARTS:
        if part not in columns or said.get(part) is not None:
            continue
        if part in layout:
            named = columns_named(layout[part], present)
        else:
            named = [plain[name] for name in _ANONYMOUS if part == "user" and name in plain]
            named = [] if columns[part] in named else named
        further = tuple(name for name in dict.fromkeys(named) if name != columns[part])
        if further:
            stand_in[part] = further
    return stand_in


def given_fields(instead: Mapping[str, FirstGiven]) -> dict[str, Field]:
    """Fields that say in which rows the first column is empty, and who a user is by the others."""
    given = {f"{_EMPTY}{part}": _empty(one) for part, one in instead.items()}
    if "user" in instead:
        others = FirstGiven(instead["user"].columns[1:], instead["user"].nobody)
        given[_VISITOR] = Field(others.columns[0], lambda text: text, apart=others, optional=True)
    return given


def tell_stand_ins(rows: Rows, instead: Mapping[str, FirstGiven], report: Report) -> Rows:
    """Note how many rows take their user or item from which columns; return the rows without the fields of above."""
    for part, one in instead.items():
        count = count_rows(rows.filter(rows[f"{_EMPTY}{part}"] & rows[f"{part}_id"].notnull()))
        first, *others = one.columns
        report.note(f"rows without {first}, whose {part} is their {' or '.join(others)}", count)
    if "user" in instead:
        _tell_logins(rows, instead["user"].columns, report)
    return rows.drop(*given_fields(instead))


def _tell_logins(rows: Rows, columns: Sequence[str], report: Report) -> None:
    """Say how many visitors have rows without a user beside rows that name one.

    They are not joined: the user is part of what makes an event one, and a live load may be the first to name one.
    """
    before: Rows = rows.filter(rows[f"{_EMPTY}user"] & rows.user_id.notnull())
    after: Rows = rows.filter(~rows[f"{_EMPTY}user"] & rows[_VISITOR].notnull()).select(_VISITOR).distinct()
    both = before.semi_join(after, [("user_id", _VISITOR)]).user_id.nunique().to_pyarrow().as_py()
    if both:
        first, *others = columns
        by = " or ".join(others)
        report.remark(
            f"visitors who have rows with {first} and rows without: those are events of two users, {by} before the "
            f"login and {first} after it. Join them in the export, or say --user {others[0]} for one user by browser",
            both,
        )


def _empty(one: FirstGiven) -> Field:
    first = FirstGiven(one.columns[:1], one.nobody)
    return Field(one.columns[0], lambda text: text.isnull(), apart=first)

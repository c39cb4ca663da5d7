"""Days as people and programs write them, in shapes that leave no doubt and in those that leave some."""

import re
import warnings
from datetime import UTC, datetime, timedelta
from itertools import product

import numpy as np
import pandas as pd
from dateutil import parser as dateutil_parser

_COUNTED = ("%G-W%V-%u", "%GW%V%u", "%Y-%j")
"""Those that count weeks or days of a year."""
_DATES = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y %m %d", "%d.%m.%Y", "%d %b %Y", "%d-%b-%Y", "%d/%b/%Y",
    "%b %d %Y", "%d %B %Y", "%B %d %Y", "%d-%B-%Y", "%Y-%b-%d", "%Y %b %d", "%d.%m.%y", "%d-%b-%y", "%d %b %y",
    "%d/%b/%y", "%b %d %y", "%Y-%m", "%Y", *_COUNTED,
)  # fmt: skip
"""Shapes of dates that leave no doubt, the commoner first."""
_DOUBTFUL = (("%m{}%d{}%Y", "%d{}%m{}%Y"), ("%m{}%d{}%y", "%d{}%m{}%y"))
"""Shapes in which month and day can be taken for each other: month first, day first."""


def by_pattern(body: pd.Series, pattern: str) -> pd.Series:
    """Milliseconds of what a pattern of `strptime` says of texts, nan where it does not fit."""
    moments = pd.to_datetime(body, format=pattern, errors="coerce", utc="%z" in pattern.lower())
    return milliseconds(moments)


def milliseconds(moments: pd.Series) -> pd.Series:
    """Milliseconds since 1970 of moments without a zone or in UTC, as floats, nan where there is none."""
    if moments.dt.tz is not None:
        moments = moments.dt.tz_convert("UTC").dt.tz_localize(None)
    return (moments - pd.Timestamp("1970-01-01")) / pd.Timedelta(milliseconds=1)


def days_of(date: pd.Series, weekday: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Milliseconds of days in usual shapes, and remarks where their parts could be taken for each other.

    `weekday` has the first three letters of the names of weekdays that stand beside the days: `Fri 05/01/2024` was the
    fifth of January, for the first of May was a Wednesday.
    """
    days, remark = _years_in_two_digits(date)
    for shape in _DATES:
        open_ = days.isna()
        if not open_.any():
            return days, remark
        days[open_] = by_pattern(date[open_], shape)
        if shape in _COUNTED:  # day 366 and week 53 of a year that has none
            written_days = pd.to_datetime(days[open_], unit="ms").dt.strftime(shape)
            days[open_] = days[open_].where(written_days == date[open_])
    # The dots of 5.1.2024 leave no doubt and say nothing of 5/1/2024 beside it.
    for signs in (r"[/\- ]", r"\."):
        numbers = date[days.isna()].str.extract(rf"^(\d{{1,2}})({signs})(\d{{1,2}})\2\d{{2,4}}$").dropna()
        if numbers.empty:
            continue
        first, second = numbers[0].astype("int64"), numbers[2].astype("int64")
        shows_day, shows_month = _told_by_weekdays(date[numbers.index], numbers, weekday[numbers.index])
        day_first, month_first = (first > 12).any() or shows_day, (second > 12).any() or shows_month
        for sign, shapes in product(numbers[1].unique().tolist(), _DOUBTFUL):
            open_ = numbers.index[(numbers[1] == sign) & days[numbers.index].isna()]
            shape = shapes[1 if day_first and not month_first else 0].replace("{}", sign)
            days[open_] = by_pattern(date[open_], shape)
        if day_first == month_first:
            doubtful = numbers.index[(first <= 12) & (second <= 12)]
            words = ", though others have it second" if day_first else ""
            remark[doubtful] = (
                f"dates such as {date[doubtful[0]]}, read with the month first{words}" if len(doubtful) else None
            )
    return days, remark


def _told_by_weekdays(date: pd.Series, numbers: pd.DataFrame, weekday: pd.Series) -> tuple[bool, bool]:
    """Whether weekdays show that the day comes first in some dates, and that the month does in some."""
    beside = weekday.dropna().index
    fits = [pd.Series(False, index=beside) for _ in range(2)]
    for sign, shapes in product(numbers[1][beside].unique().tolist(), _DOUBTFUL):
        for order, shape in enumerate(shapes):
            weekdays = pd.to_datetime(date[beside], format=shape.replace("{}", sign), errors="coerce").dt.day_name()
            fits[order] |= (weekdays.str[:3] == weekday[beside]).fillna(False)
    month_first, day_first = fits
    return bool((day_first & ~month_first).any()), bool((month_first & ~day_first).any())


def _years_in_two_digits(date: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Milliseconds of days whose year comes first, such as `24-01-05`, and a remark where it might be the last.

    No year lies in the future; else the end with fewer values is the year, and the last one where both have as many.
    """
    days = pd.Series(np.nan, index=date.index, dtype="float64")
    remark = pd.Series(pd.NA, index=date.index, dtype="string")
    parts = date.str.extract(r"^(\d\d)([/.\-])(\d\d)\2(\d\d)$").dropna()
    first, month, last = (parts[number].astype("int64") for number in (0, 2, 3))
    if not (first > 12).any() or (month > 12).any() or not last.between(1, 31).all():
        return days, remark
    this_year = datetime.now(UTC).year % 100
    first_later, last_later = (first > this_year).any(), (last > this_year).any()
    is_first = last_later if first_later != last_later else last.nunique() > first.nunique()
    if is_first:
        for sign in parts[1].unique():
            of_sign = parts.index[parts[1] == sign]
            days[of_sign] = by_pattern(date[of_sign], f"%y{sign}%m{sign}%d")
    if first_later == last_later:
        remark[parts.index] = (
            f"dates such as {date[parts.index[0]]}, read with the year {'first' if is_first else 'last'}"
        )
    return days, remark


def by_dateutil(text: str) -> float:
    """Milliseconds of what dateutil makes of a text, nan where it has to guess the order or to add a part."""
    if not re.search(r"\d{2}", text):
        return np.nan  # 1.1.1 names no year
    moments = []
    for default, day_first, year_first in product(
        (datetime(2001, 1, 1), datetime(2004, 2, 2)), (False, True), (False, True)
    ):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                moments.append(
                    dateutil_parser.parse(text, None, default=default, dayfirst=day_first, yearfirst=year_first)
                )
        except (ValueError, OverflowError, Warning):
            return np.nan
    if any(moment != moments[0] for moment in moments) or moments[0].tzinfo is not None:
        return np.nan
    return (moments[0] - datetime(1970, 1, 1)) / timedelta(milliseconds=1)

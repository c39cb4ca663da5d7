"""Times of a frame that somebody has made become milliseconds since 1970-01-01 UTC."""

import pandas as pd

from kartograph.tables.errors import BadInput


def milliseconds(times: pd.Series) -> pd.Series:
    """Whole numbers are milliseconds already; dates and texts as ISO 8601 count as UTC unless they say a zone.

    Returns `int64`, where a time is missing `float64`. Raises `BadInput` with the first row whose time is none of
    these.
    """
    if pd.api.types.is_integer_dtype(times):
        return times
    if pd.api.types.is_float_dtype(times):
        _refuse(times, times.notna() & (times % 1 != 0))
        return times if times.isna().any() else times.astype("int64")
    moments = pd.to_datetime(times, utc=True, errors="coerce", format="ISO8601")
    _refuse(times, times.notna() & moments.isna())
    numbers = moments.dt.tz_localize(None).astype("datetime64[ms]").astype("int64")
    return numbers.where(moments.notna()) if moments.isna().any() else numbers


def _refuse(times: pd.Series, wrong: pd.Series) -> None:
    if wrong.any():
        row = int(wrong.to_numpy().argmax())
        raise BadInput(
            f"Row {row + 1} of the frame has the {times.name} {str(times.iloc[row])!r}. Times are whole numbers of "
            "milliseconds since 1970-01-01 UTC, dates of pandas, or texts such as 2024-03-01 10:00."
        )

"""Columns that say that rows were undone, though these count: `cancelled`, a day of cancelling, a price below zero."""

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from kartograph.tables.formats.prepare import TableFile
from kartograph.tables.formats.read import Reader
from kartograph.tables.report import Report

_STATUS = re.compile(r"(status|state)$")
_FLAG = re.compile(r"(is|was)?(cancell?ed|refund|refunded|return|returned|voided)$")
_WHEN = re.compile(
    r"(cancell?ed|refunded|returned|voided|cancellation|refund|return)(at|on|date|time|datetime|timestamp|day)$"
    r"|(cancel|cancellation|refund|return)reason$"
)
_UNDONE = r"(?i)\s*(?:order[ _-]?)?(?:cancell?ed|refunded|returned|voided)\s*"
_YES = r"(?i)\s*(?:1|true|yes|y|t)\s*"
_FILLED = r".*[^\s0:./T-].*"
"""More than a day of zeros, `0000-00-00`, or a dash."""
_BELOW_ZERO = r"(?=.*[1-9])\s*(?:\D{0,4}[-\u2212]\s*\D{0,4}[\d.,' ]+\D{0,5}|\([^)]*\)|[\d.,]*\d\s?-)\s*"
"""Amounts as accounts write them: `-12.50`, `(12.50)`, `$-12.50`, `12.50-`."""


def tell_undone(reader: Reader, table: TableFile, columns: Mapping[str, str], unused: Sequence[str]) -> None:
    """Remark on columns that say of some of the first rows that what they tell was taken back.

    These are unused ones, and among `columns`, by part, the prices.
    """
    letters = {name: re.sub("[^a-z]", "", name.lower()) for name in unused}
    statuses = [name for name, bare in letters.items() if _STATUS.search(bare)]
    flags = [name for name, bare in letters.items() if _FLAG.fullmatch(bare)]
    whens = [name for name, bare in letters.items() if _WHEN.search(bare)]
    price, quantity = columns.get("price"), columns.get("quantity")
    amounts = [] if price is None else [one for one in (price, quantity) if one is not None]
    if not (wanted := [*statuses, *flags, *whens, *amounts]):
        return
    rows = reader.peek(table, wanted)
    if price is not None:
        _tell_below_zero(rows, price, quantity, reader.report)
    shapes = dict.fromkeys(whens, _FILLED) | dict.fromkeys(statuses, _UNDONE) | dict.fromkeys(flags, _YES)
    for name in shapes:
        texts = rows[name].dropna()
        undone = texts[texts.str.fullmatch(shapes[name])]
        if undone.empty:
            continue
        words = (
            f"column {name!r} is not read, and says {undone.iloc[0].strip()!r} in {len(undone):,} of the first "
            f"{len(rows):,} rows, which count like the others: "
            + (
                f"--preset orders leaves them out, or --event {name!r} with --event-map"
                if name in statuses
                else "take these rows out, or have a column of events say return in them (--event)"
            )
        )
        reader.report.remark(words, len(undone))


def _tell_below_zero(rows: pd.DataFrame, price: str, quantity: str | None, report: Report) -> None:
    """Remark on prices below zero of rows whose quantity is not: credit notes, fees and discounts."""
    below = rows[price].str.fullmatch(_BELOW_ZERO, na=False)
    if quantity is not None:
        below &= ~rows[quantity].str.match(r"\s*[-\u2212]", na=False)
    if below.any():
        words = (
            f"column {price!r} is below zero, as {rows[price][below].iloc[0].strip()!r}, in {below.sum():,} of the "
            f"first {len(rows):,} rows, which count like the others: take these rows out, write returns with a "
            "negative quantity (--quantity), or leave items that are none out (--no-items)"
        )
        report.remark(words, int(below.sum()))

"""Columns that say that rows are undone or nobody's, though these count: `cancelled`, `is_bot`, a price below zero."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ibis

from kartograph.loaders.shared.doubts.witness import Witness
from kartograph.loaders.shared.recognizing.guess import letters_of
from kartograph.tables.engine import Expression, Rows

STATUS = re.compile(r"(status|state)$")
_FLAG = re.compile(
    r"(is|was)?(cancell?ed|refund|refunded|return|returned|voided|deleted|removed|(ro)?bot|crawler|test(order)?|spam|fraud)$"
)
_WHEN = re.compile(
    r"(cancell?ed|refunded|returned|voided|cancellation|refund|return)(at|on|date|time|datetime|timestamp|day)$"
    r"|(cancel|cancellation|refund|return)reason$"
)
_HOW_MUCH = re.compile(
    r"(refund|refunded|returned|cancell?ed)(amount|quantity|qty|value|sum|total|units|items)$"
    r"|(amount|quantity|qty|total)(refund|refunded|returned|cancell?ed)$"
)
_UNDONE = r"(?i)^\s*(?:order[ _-]?)?(?:cancell?ed|refunded|returned|voided)\s*$"
_YES = r"(?i)^\s*(?:1(?:\.0+)?|true|yes|y|t)\s*$"
_FILLED = r"[^\s0:./T-]"
"""More than a day of zeros, `0000-00-00`, or a dash."""
_SOME = r"[1-9]"
"""An amount or a number that is not zero, whatever its sign."""
_BELOW_ZERO = r"^\s*(?:\D{0,4}[-−]\s*\D{0,4}[\d.,' ]+\D{0,5}|\([^)]*\)|[\d.,]*\d\s?-)\s*$"
"""Amounts as accounts write them: `-12.50`, `(12.50)`, `$-12.50`, `12.50-`."""


def undone(columns: Mapping[str, str], unused: Sequence[str]) -> list[Witness]:
    """What is seen in columns that say that what a row tells was taken back.

    These are unused ones, and among `columns`, by part, the prices.
    """
    witnesses: list[Witness] = []
    if "price" in columns:
        witnesses.append(_below_zero(columns["price"], columns.get("quantity")))
    letters = {name: letters_of(name) for name in unused}
    shapes = {STATUS.search: _UNDONE, _FLAG.fullmatch: _YES, _WHEN.search: _FILLED, _HOW_MUCH.search: _SOME}
    for fits, shape in shapes.items():
        witnesses += [_taken_back(name, shape) for name, bare in letters.items() if fits(bare)]
    return witnesses


def _taken_back(column: str, shape: str) -> Witness:
    remedy = (
        f"--preset orders leaves them out, or --event {column!r} with --event-map"
        if shape == _UNDONE
        else "take these rows out, or have a column of events say return in them (--event)"
    )

    def words(example: str, count: int, rows: int) -> str:
        return (
            f"column {column!r} is not read, and says {example!r} in {count:,} of {rows:,} rows, which count like the "
            f"others: {remedy}"
        )

    return Witness(column, lambda text: text.re_search(shape), words)


@dataclass(frozen=True)
class _Charge:
    """The price of a row whose quantity is not below zero."""

    price: str
    quantity: str | None

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.price,) if self.quantity is None else (self.price, self.quantity)

    @property
    def needed(self) -> tuple[str, ...]:
        return ()

    def text(self, rows: Rows) -> Expression:
        price = rows[self.price]
        if self.quantity is None:
            return price
        below = rows[self.quantity].re_search(r"^\s*[-−]").fill_null(False)
        return ibis.ifelse(below, ibis.null("string"), price)


def _below_zero(price: str, quantity: str | None) -> Witness:
    """Prices below zero of rows whose quantity is not: credit notes, fees and discounts."""

    def words(example: str, count: int, rows: int) -> str:
        return (
            f"column {price!r} is below zero, as {example!r}, in {count:,} of {rows:,} rows, which count like the "
            "others: take these rows out, write returns with a negative quantity (--quantity), or leave items that "
            "are none out (--no-items)"
        )

    return Witness(_Charge(price, quantity), lambda text: text.re_search(_BELOW_ZERO) & text.re_search("[1-9]"), words)

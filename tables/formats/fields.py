"""What a value of a file has to look like, and what it becomes.

Each function makes a `Field`: the column of the file it reads, the typed value it gives and the faults that send a row
to the rejects. A fault is a condition on the text and a reason in words.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import ibis
import pandas as pd

from kartograph.tables.engine import Expression, Rows
from kartograph.tables.events import EVENTS
from kartograph.tables.formats.dates.apart import Apart
from kartograph.tables.formats.dates.counted import EPOCHS
from kartograph.tables.formats.shop_values import amount_of, flag_of
from kartograph.tables.schema import MAX_ID_BYTES
from kartograph.tables.times import ROUNDED, USUAL, TimeRule, doubts, understand

Fault = tuple[Expression, str]


def _no_faults(text: Expression, value: Expression) -> list[Fault]:
    return []


_WHOLE = r"^\s*[+-]?[0-9]{1,18}\s*$"
_AT_END = r"(\s*(Z|UTC|GMT|[+-](0[0-9]|1[0-5])(:?[0-5][0-9])?))"
_ZONE = r"(:[0-9.]+)\s*(Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{0,2})\s*$"
_ISO = r"^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?" + _AT_END + "?)?$"
_ISO_WITH_ZONE = _ISO.replace(_AT_END + "?)?$", _AT_END + ")$")
_COMPACT = (
    r"^(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])(([01][0-9]|2[0-3])[0-5][0-9]([0-5][0-9]([0-9]{3})?)?)?$"
)
_NUMBER = r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$"


class Composed(Protocol):
    """A text that several columns make together."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the file."""
        ...

    @property
    def needed(self) -> tuple[str, ...]:
        """Those of them that every file has to have."""
        ...

    def text(self, rows: Rows) -> Expression:
        """The text in rows of the file."""
        ...


@dataclass(frozen=True)
class Field:
    """One value of a row: where it stands in the file and how it is read."""

    column: str
    """The column of the file."""
    read: Callable[[Expression], Expression]
    """The typed value of a text, null where it is none."""
    faults: Callable[[Expression, Expression], list[Fault]] = _no_faults
    """What is wrong with a text and its value."""
    rest: Callable[[pd.Series], pd.DataFrame] | None = None
    """What texts mean that `read` does not understand: `text, value, remark`, a row for each that is understood."""
    doubtful: tuple[str, ...] = ()
    """Reasons that, where most rows have them, doubt how the whole column is read: then nothing is loaded."""
    doubts: Callable[[list[str]], str] | None = None
    """A sentence on some of the texts that are in doubt."""
    exact: bool = False
    """Whether whole numbers have to be told apart, as those of ids and times."""
    apart: Composed | None = None
    """What makes the text out of several columns; the first of them is `column`."""
    tells_lost: bool = False
    """Whether texts that have no value are counted in the report, for their rows stay."""
    optional: bool = False
    """Whether files may lack the column; it has no values there."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the file."""
        return (self.column,) if self.apart is None else self.apart.columns

    @property
    def needed(self) -> tuple[str, ...]:
        """Those of them that every file has to have."""
        if self.optional:
            return ()
        return (self.column,) if self.apart is None else self.apart.needed

    def whole(self, rows: Rows) -> Expression:
        """The text of the field in rows of the file."""
        return rows[self.column] if self.apart is None else self.apart.text(rows)


def identifier(column: str | Composed, required: bool = True) -> Field:
    """An id: text, never empty where it is required, at most `MAX_ID_BYTES` bytes of UTF-8."""
    apart = None if isinstance(column, str) else column
    column = column if isinstance(column, str) else " or ".join(column.columns)

    def faults(text: Expression, _: Expression) -> list[Fault]:
        listed: list[Fault] = [(text.isnull(), f"no {column}")] if required else []
        # A character takes at most 4 bytes, so that only long ids are measured in bytes.
        long = ibis.ifelse(text.length() * 4 > MAX_ID_BYTES, _bytes(text) > MAX_ID_BYTES, False)
        return [*listed, (long, f"{column} longer than {MAX_ID_BYTES} bytes")]

    return Field(apart.columns[0] if apart else column, _itself, faults, exact=True, apart=apart)


def usual_event(column: str, usual: Mapping[str, str], said: Mapping[str, str], default: str | None) -> Field:
    """A kind of event: a word in `said`, else one in `usual`; `default` where there is none.

    In any case of letters; words are compared with `usual` by their letters and digits alone.
    """

    def read(text: Expression) -> Expression:
        word = text.lower().strip()
        bare = word.re_replace("[^a-z0-9]", "")
        kinds = dict.fromkeys((*said.values(), *usual.values()))
        known: Expression = ibis.cases(
            *[(word == name, kind) for name, kind in said.items()],
            *[(bare.isin([name for name, meant in usual.items() if meant == kind]), kind) for kind in kinds],
        )
        return known if default is None else ibis.ifelse(text.isnull(), default, known)

    def faults(text: Expression, known: Expression) -> list[Fault]:
        unknown = f"{column} is no known word (--event-map WORD=KIND says what it means)"
        return [(text.isnull() & known.isnull(), f"no {column}"), (known.isnull(), unknown)]

    return Field(column, read, faults)


def number(column: str) -> Field:
    """A number with any sign, or nothing; `1,5` has a decimal comma, `1,234` may be two numbers and is none."""

    def faults(text: Expression, value: Expression) -> list[Fault]:
        return [(text.notnull() & value.isnull(), f"{column} is no number")]

    def read(text: Expression) -> Expression:
        return _number(text.re_replace(r"^(\s*[+-]?[0-9]+),([0-9]{1,2}\s*)$", r"\1.\2"))

    return Field(column, read, faults)


def amount(column: str, comma: bool = False) -> Field:
    """A price as shops write it, `$1,234.50`, `1.234,50 €` or `12.50 EUR`; what is none, or below zero, is nothing.

    With `comma` a comma alone stands before decimals: `1.234` is a thousand.
    """
    return Field(column, lambda text: amount_of(text, comma), tells_lost=True)


def flag(column: str) -> Field:
    """Yes or no in one of the usual words, or nothing."""
    return Field(column, flag_of, tells_lost=True)


def event(column: str, mapping: Mapping[str, str]) -> Field:
    """A kind of event: a word of the source that `mapping` turns into one of `EVENTS`, in any case of letters."""
    allowed = ", ".join(mapping)

    def read(text: Expression) -> Expression:
        word = text.lower().strip()
        return ibis.cases(*[(word == name.lower(), kind) for name, kind in mapping.items()])

    def faults(text: Expression, known: Expression) -> list[Fault]:
        return [(text.isnull(), f"no {column}"), (known.isnull(), f"{column} is none of {allowed}")]

    return Field(column, read, faults)


def time(column: str | Apart, required: bool = True, rule: TimeRule = USUAL) -> Field:
    """A time, as milliseconds since 1970 UTC, in one column or in several.

    A number counts seconds below 1e11, milliseconds below 1e14, microseconds below 1e17, else nanoseconds: between
    1973 and 5138 each of them is unmistakable. Numbers that are days (`20191001`, `20191001123000`, also with
    milliseconds) are these. Anything else is read as ISO 8601 (`2019-10-01 00:00:00 UTC`, `2019-10-01T02:00:00+02:00`,
    `2019-10-01`) or in one of the shapes of `times.understand`; without a zone it is in the one of `rule`. A year or a
    month (`1936`, `1936-04`) stands for its first moment. `rule` may say one format that holds instead of all of these.
    Times before the earliest one of `rule` or after tomorrow are at fault.
    """
    apart = column if isinstance(column, Apart) else None
    column = ", ".join(column.day) if isinstance(column, Apart) else column
    early = f"{column} is before {rule.earliest}"
    late = f"{column} is after tomorrow"

    def read(text: Expression) -> Expression:
        if rule.format in EPOCHS:
            return EPOCHS[rule.format].milliseconds(_number(text)).try_cast("int64")
        return ibis.null("int64") if rule.format is not None else _usual_time(text, rule.zone is None).try_cast("int64")

    def faults(text: Expression, value: Expression) -> list[Fault]:
        listed: list[Fault] = [(text.isnull(), f"no {column}")] if required else []
        return [
            *listed,
            (text.notnull() & value.isnull(), f"{column} is no time: write it as 2024-03-05 14:30 or say its format"),
            (value < rule.first, early),
            (value > rule.last, late),
        ]

    return Field(
        apart.day[0] if apart else column,
        read,
        faults,
        rest=None if rule.format in EPOCHS else lambda texts: understand(texts, rule),
        apart=apart,
        exact=True,
        doubtful=(early, late),
        doubts=lambda texts: doubts(texts, column, rule),
    )


def price(column: str) -> Field:
    """A price: a number that is not negative, or nothing."""

    def faults(text: Expression, value: Expression) -> list[Fault]:
        return [
            (text.notnull() & value.isnull(), f"{column} is no number"),
            (value < 0, f"{column} is negative"),
        ]

    return Field(column, _number, faults)


def order(column: str) -> Field:
    """A place in an order: a whole number."""

    def faults(text: Expression, value: Expression) -> list[Fault]:
        return [(text.isnull(), f"no {column}"), (value.isnull(), f"{column} is no whole number")]

    return Field(column, _whole, faults)


def present(column: str) -> Field:
    """Whether there is a value."""
    return Field(column, lambda text: text.notnull())


def text(column: str) -> Field:
    """Any text, or nothing."""
    return Field(column, _itself)


def _itself(text: Expression) -> Expression:
    return text


def _usual_time(text: Expression, is_utc: bool) -> Expression:
    """Numbers and ISO 8601 as milliseconds, null for all else, and unless `is_utc` for times that name no zone."""
    whole, number = _whole(text), _number(text)
    size = number.abs()
    bare = text.strip()
    compact = bare.re_search(_COMPACT)
    dashed = bare.left(4) + "-" + bare.substr(4, 2) + "-" + bare.substr(6, 2)
    clock = bare.substr(8, 2) + ":" + bare.substr(10, 2) + ":" + bare.substr(12, 2).nullif("").fill_null("00")
    local = [
        (compact & (bare.length() == 8), _milliseconds(dashed.try_cast("timestamp"))),
        (
            compact & (bare.length() == 17),
            _milliseconds((dashed + " " + clock + "." + bare.substr(14, 3)).try_cast("timestamp")),
        ),
        (compact, _milliseconds((dashed + " " + clock).try_cast("timestamp"))),
        (bare.re_search(r"^[12][0-9]{3}$"), _milliseconds((bare + "-01-01").try_cast("timestamp"))),
        (bare.re_search(r"^[12][0-9]{3}-[0-9]{2}$"), _milliseconds((bare + "-01").try_cast("timestamp"))),
    ]
    if not is_utc:
        local = [(condition, ibis.null("int64")) for condition, _ in local]
    return ibis.cases(
        # What nearly all files hold comes first: each case is asked of the rows that those before it left.
        (text.re_search(r"^[1-9][0-9]{12}$"), text.try_cast("int64")),
        (text.re_search(r"^[1-9][0-9]{9}$"), text.try_cast("int64") * 1000),
        *local,
        (bare.re_search(ROUNDED), ibis.null("int64")),  # understood with a remark
        (whole.abs() < 10**11, whole * 1000),
        (whole.abs() < 10**14, whole),
        (size < 1e11, number * 1000),
        (size < 1e14, number),
        (size < 1e17, number / 1000),
        (size < 1e20, number / 1_000_000),
        (bare.re_search(_ISO if is_utc else _ISO_WITH_ZONE), _written_moment(bare)),
    )


def _written_moment(text: Expression) -> Expression:
    """An ISO 8601 time as milliseconds; engines differ in what they make of a zone, so it is taken off first."""
    zone = text.re_extract(_ZONE, 2)
    bare = text.re_replace(_ZONE, r"\1").strip()
    digits = zone.re_replace("[^0-9]", "").nullif("")
    minutes = digits.left(2).cast("int64") * 60 + digits.substr(2, 2).nullif("").cast("int64").fill_null(0)
    east: Expression = ibis.ifelse(zone.startswith("-"), -minutes, minutes)
    return _milliseconds(bare.try_cast("timestamp")) - east.fill_null(0) * 60_000


def _milliseconds(moment: Expression) -> Expression:
    return moment.truncate("s").epoch_seconds() * 1000 + moment.millisecond()


def _whole(value: Expression) -> Expression:
    """The text as a whole number, else null: a cast alone would round `1.5`."""
    return ibis.ifelse(value.re_search(_WHOLE), value.try_cast("int64"), ibis.null("int64"))


def _number(value: Expression) -> Expression:
    """The text as a finite number, else null: casts alone would take `nan` and `infinity`."""
    number = value.strip().try_cast("float64")
    finite = value.strip().re_search(_NUMBER) & (number.abs() < 1e300)
    return ibis.ifelse(finite, number, ibis.null("float64"))


def _bytes(value: Expression) -> Expression:
    """Bytes of UTF-8: Ibis counts characters only, so each takes its bytes' number of letters first."""
    wide = value.re_replace(r"[\x{10000}-\x{10FFFF}]", "xxxx").re_replace(r"[\x{800}-\x{FFFF}]", "xxx")
    return wide.re_replace(r"[\x{80}-\x{7FF}]", "xx").length()


EVENT_WORDS = {kind: kind for kind in EVENTS}
"""The mapping of sources that use our own words."""

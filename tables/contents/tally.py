"""How many events there are and a checksum of their keys: what a load brings, a graph must hold."""

from dataclasses import dataclass

import ibis

from kartograph.tables.engine import Expression, Rows

DIGITS = 8
"""Of a key, whose 32 hexadecimal digits are an MD5 sum: the first 8 are the number that the checksum adds up."""


@dataclass(frozen=True)
class Tally:
    """A number of events, and the sum of the first 32 bits of their keys: order does not count.

    Tallies of disjoint events add up; a part that goes is subtracted.
    """

    events: int = 0
    total: int = 0

    @property
    def checksum(self) -> str:
        """The sum in hexadecimal digits, 16 at least."""
        return f"{self.total:016x}"

    def __add__(self, other: "Tally") -> "Tally":
        """The tally of both."""
        return Tally(self.events + other.events, self.total + other.total)

    def __sub__(self, other: "Tally") -> "Tally":
        """The tally without the events of the other."""
        return Tally(self.events - other.events, self.total - other.total)

    def __str__(self) -> str:
        """The tally in words."""
        return f"{self.events:,} events with the checksum {self.checksum}"


def tally_of(events: Rows) -> Tally:
    """The tally of a table with the column `event_key`, MD5 sums in lower-case hexadecimal digits."""
    number: Expression = ibis.literal(0, "int64")
    for place in range(DIGITS):
        number = number * 16 + _digit(events.event_key.substr(place, 1))
    sums = events.agg(events=events.count(), total=number.sum().cast("int64")).to_pyarrow().to_pylist()[0]
    return Tally(sums["events"], sums["total"] or 0)


def _digit(character: Expression) -> Expression:
    """The number that "0" to "9", "a" to "f" mean; no back end reads hexadecimal digits as the others do."""
    code = character.ascii_str().cast("int64")
    return ibis.ifelse(code < ord("a"), code - ord("0"), code - (ord("a") - 10))

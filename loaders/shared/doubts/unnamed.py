"""What names of columns say and nobody reads: a user or a time where no other column does, the zone of times."""

import re
from collections.abc import Collection, Sequence

from kartograph.loaders.shared.recognizing.guess import letters_of
from kartograph.tables.report import Report
from kartograph.tables.times import OFFSETS

_USERS = re.compile("user|customer|client|visitor|member|buyer|shopper|household|reviewer|subscriber|account")
_TIMES = re.compile("time(?!zone)|date(?!d?by)|stamp|[a-z](?:at|dt|ts)$")
_OTHER_TIMES = re.compile("cancel|refund|return|delet|void|expir|birth|updat|modif|due|ship|deliver|times$|days?in")
"""Times of something else than the event, and how often something was done."""

_ZONE = re.compile("(?<![A-Za-z])(?:[A-Z]{3,5}|[A-Z][a-z]+/[A-Z][A-Za-z_]+|(?i:local))(?![A-Za-z])")


def tell_zone(column: str, report: Report) -> None:
    """Remark on a column of times whose name says a zone, `Date (EST)`: it is not read."""
    zones = [zone for zone in _ZONE.findall(column) if OFFSETS.get(zone) or "/" in zone or zone.lower() == "local"]
    if zones:
        words = f"the name of column {column!r} says a zone, and its times without one are read as UTC"
        zone = "Europe/Berlin, if that is it" if zones[0].lower() == "local" else zones[0]
        report.remark(f"{words}: say --timezone {zone}", 1)


def tell_unnamed(unused: Sequence[str], parts: Collection[str], report: Report) -> None:
    """Remark on unused columns that may be those of users or times, where the load has none."""
    if "user" not in parts:
        _tell("user", [name for name in unused if _USERS.search(letters_of(name))], report)
    if not {"time", "date", "year"} & set(parts):
        times = [name for name in unused if _TIMES.search(letters_of(name))]
        _tell("time", [name for name in times if not _OTHER_TIMES.search(letters_of(name))], report)


def _tell(part: str, names: Sequence[str], report: Report) -> None:
    if names:
        listed = ", ".join(map(repr, names[:5]))
        report.remark(f"no column is read as the {part}, and {listed} may be one: --{part} {names[0]!r} reads it", 1)

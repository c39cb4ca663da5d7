"""Logs that a console exports as tables: a first line names the columns of those after it."""

import csv
import re

from kartograph.loaders.access_log.formats.fields import can_tell, plain, request_of
from kartograph.loaders.access_log.requests import Parse, Request, text_of

_ZONE = re.compile(r"[\[(](?:UTC|GMT|Z)[\])]", re.I)
_DELIMITERS = ("\t", ";", "|", ",")


def tabular(header: bytes) -> Parse | None:
    """The parser of the rows below a header; None where a line names no columns that say enough of a request."""
    text = text_of(header)
    for delimiter in _DELIMITERS:
        names = [_plain(name) for name in _row(text, delimiter)]
        if len(names) > 3 and can_tell(set(names)):
            return _reader(names, delimiter)
    return None


def _reader(names: list[str], delimiter: str) -> Parse:
    def parse(line: bytes) -> Request | None:
        values = _row(text_of(line), delimiter)
        if len(values) != len(names):
            return None
        fields = dict(zip(reversed(names), reversed(values), strict=True))
        return request_of({name: value for name, value in fields.items() if value not in ("", "-")})

    return parse


def _plain(name: str) -> str:
    """The plain name of a column, the dots on the way to it kept, the zone of its times left out."""
    return ".".join(plain(part) for part in _ZONE.sub("", name).split("."))


def _row(text: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([text], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        return []

"""The format of a log is recognised by its lines: that of the last line first, else the first one that reads the line.

Recognised are the common and the combined format (`apache`), W3C extended (`w3c`), JSON (`structured`), pairs
(`pairs`), tables with a header (`tabular`) and formats of fixed columns (`known_formats`), each also behind what
syslog and containers write before it (`headers`), or kept in an object of JSON.
"""

from kartograph.loaders.access_log.formats.apache import apache
from kartograph.loaders.access_log.formats.headers import without_header
from kartograph.loaders.access_log.formats.known_formats import known_formats
from kartograph.loaders.access_log.formats.pairs import logfmt, ltsv
from kartograph.loaders.access_log.formats.structured import kept_line, structured
from kartograph.loaders.access_log.formats.tabular import tabular
from kartograph.loaders.access_log.formats.w3c import day_of, w3c
from kartograph.loaders.access_log.requests import Parse, Request


def _behind_header(parse: Parse) -> Parse:
    return lambda line: parse(without_header(line))


def _kept(line: bytes) -> Request | None:
    """A line that an object of JSON keeps."""
    inner = kept_line(line)
    return None if inner is None else _first(inner, PLAIN)


def _first(line: bytes, formats: tuple[Parse, ...]) -> Request | None:
    return next((parsed for parse in formats if (parsed := parse(line)) is not None), None)


PLAIN: tuple[Parse, ...] = (
    _behind_header(apache), structured, *map(_behind_header, known_formats()), logfmt, ltsv,
)  # fmt: skip
FORMATS: tuple[Parse, ...] = (*PLAIN, _kept)


class LineReader:
    """Parses lines one after the other; a line that names fields changes how the following ones are read."""

    def __init__(self, parse: Parse | None = None) -> None:
        """Recognise the format of each line, or read all with `parse`, also behind a header."""
        self._said, self._date = parse, None
        self._parse = parse or FORMATS[0]
        self._begun = False

    def __call__(self, line: bytes) -> Request | bool | None:
        """The request of a line, None where it does not parse, True for a directive that says nothing of a request."""
        if self._said is not None:
            return self._said(line) or self._said(without_header(line))
        if line.startswith(b"#"):
            self._direct(line)
            return True
        parsed = self._parse(line)
        if parsed is None:
            for other in FORMATS:
                parsed = other(line) if other is not self._parse else None
                if parsed is not None:
                    self._parse = other
                    break
        if parsed is None and not self._begun and (table := tabular(line)) is not None:
            self._parse, self._begun = table, True
            return True
        self._begun = self._begun or parsed is not None
        return parsed

    def _direct(self, line: bytes) -> None:
        name, colon, value = line.partition(b":")
        if not colon:  # a remark
            return
        if name.lower() == b"#fields":
            self._parse = w3c(line, self._date)
        elif name.lower() == b"#date":
            self._date = next(map(day_of, value.decode("ascii", "replace").split()), None)

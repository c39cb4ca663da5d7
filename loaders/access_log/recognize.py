"""The format of a log is recognised by its lines: that of the last line first, else the first one that reads the line.

Recognised are the common and the combined format (`apache`), W3C extended (`w3c`), JSON (`structured`) and formats of
fixed columns (`known_formats`).
"""

from kartograph.loaders.access_log.formats.apache import apache
from kartograph.loaders.access_log.formats.known_formats import known_formats
from kartograph.loaders.access_log.formats.structured import structured
from kartograph.loaders.access_log.formats.w3c import w3c
from kartograph.loaders.access_log.requests import Parse, Request

FORMATS: tuple[Parse, ...] = (apache, structured, *known_formats())


class LineReader:
    """Parses lines one after the other; `#Fields:` of W3C extended logs changes how the following ones are read."""

    def __init__(self, parse: Parse | None = None) -> None:
        """Recognise the format of each line, or read all with `parse`."""
        self._said, self._date = parse, None
        self._parse = parse or FORMATS[0]

    def __call__(self, line: bytes) -> Request | bool | None:
        """The request of a line, None where it does not parse, True for a directive that says nothing of a request."""
        if self._said is None and line.startswith(b"#"):
            self._direct(line)
            return True
        found = self._parse(line)
        if found is None and self._said is None:
            for other in FORMATS:
                found = other(line) if other is not self._parse else None
                if found is not None:
                    self._parse = other
                    break
        return found

    def _direct(self, line: bytes) -> None:
        name, colon, value = line.partition(b":")
        if not colon:  # a remark
            return
        if name.lower() == b"#fields":
            self._parse = w3c(line, self._date)
        elif name.lower() == b"#date":
            self._date = (value.decode("ascii", "replace").split() or [None])[0]

"""Apache's common and combined formats, with or without columns before and after them.

Source: Apache HTTP Server, mod_log_config; nginx's predefined format is the same as combined.
"""

import re

from kartograph.loaders.access_log.clients import addresses_in, client_of
from kartograph.loaders.access_log.formats.quoted import IN_QUOTES
from kartograph.loaders.access_log.requests import FAILED, NO_REQUEST, Request, text_of
from kartograph.loaders.access_log.times import time_of

_QUOTED = f'"({IN_QUOTES})"'.encode()
_LINE = re.compile(
    rb"((?:[^\[\n]{1,512}+|\[[0-9A-Fa-f:., ]{2,200}+\](?=:\d| [^\"])){1,4})\[([^\]]{16,40})\] "
    + _QUOTED
    + rb" (\d{3}) (?:\d++|-)(?: "
    + _QUOTED
    + rb" "
    + _QUOTED
    + rb")?"
)
_REQUEST = re.compile(rb"([A-Z]{3,20}) (\S++)(?: HTTP/[\d.]++)?")
_CUT_OFF = rf'"(?=[^"\\]|\\.)({IN_QUOTES})\\?\Z'.encode()
_COLUMN = re.compile(_QUOTED + rb"|([^\s\"]++)|" + _CUT_OFF)


def apache(line: bytes) -> Request | None:
    """A line in the common or the combined format; a virtual host may come first, and X-Forwarded-For last."""
    match = _LINE.match(line)
    if match is None:
        return None
    before, date, request, status, _referrer, browser = match.groups()
    sent, time, client = _REQUEST.fullmatch(request), time_of(text_of(date)), client_of(before)
    if time is None or client is None or (sent is None and int(status) < FAILED):
        return None
    address, forwarded = client
    if match.end() != len(line):
        browser, passed_on = _further(line[match.end(4) :])
        forwarded = passed_on or forwarded
    name = None if browser is None else text_of(browser)
    method, url = (text_of(sent[1]), text_of(sent[2])) if sent else NO_REQUEST
    return Request(address, time, method, url, int(status), name, forwarded)


def _further(rest: bytes) -> tuple[bytes | None, str | None]:
    """The browser and the address passed on among all columns after the status.

    Of the quoted columns that are no addresses the second is the browser (the first is the referrer), or the only one
    where it is no address of a page. A line that is cut off has a last one without its closing quote. An address with
    a port counts right after the browser alone: elsewhere it is the server behind the proxy.
    """
    quoted: list[bytes] = []
    passed_on: str | None = None
    for column in _COLUMN.finditer(rest):
        in_quotes = column[1] if column[1] is not None else column[3]
        text = text_of(column[2] if in_quotes is None else in_quotes).strip(",")
        known = addresses_in(text) if "." in text or ":" in text else []
        after_browser = in_quotes is not None and len(quoted) in (0, 2)
        if known and (after_browser or text.startswith(known[0] + ",") or text == known[0]):
            passed_on = passed_on or known[0]
        elif in_quotes is not None and not known:
            quoted.append(in_quotes)
    if len(quoted) == 1 and not quoted[0].startswith((b"http://", b"https://")):
        return quoted[0], passed_on
    return (quoted[1] if len(quoted) > 1 else None), passed_on

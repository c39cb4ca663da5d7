"""Logs of pairs: `name=value` as Heroku's router and many programs write (logfmt), `name:value` between tabs (LTSV).

Sources: Heroku, HTTP request logging; brandur.org, logfmt; ltsv.org, labels for web server's log.
"""

import re

from kartograph.loaders.access_log.formats.fields import plain, request_of
from kartograph.loaders.access_log.formats.quoted import IN_QUOTES
from kartograph.loaders.access_log.requests import Request, text_of

_PAIR = re.compile(rf'(?:^|(?<=[\s,]))([A-Za-z_][\w.@-]{{0,60}})=("{IN_QUOTES}"|[^\s"]*)')
_LTSV = {"host": "remote_addr", "req": "request", "ua": "user_agent"}
"""Labels of LTSV that mean something else elsewhere, or nothing."""


def logfmt(line: bytes) -> Request | None:
    """A line of pairs; the time may stand before them, as syslog and containers write it."""
    if b"=" not in line:
        return None
    text = text_of(line)
    pairs = list(_PAIR.finditer(text))
    if len(pairs) < 3:
        return None
    fields = {plain(pair[1]): _bare(pair[2]) for pair in reversed(pairs)}
    return request_of({name: value for name, value in fields.items() if value != ""}, text[: pairs[0].start()])


def ltsv(line: bytes) -> Request | None:
    """A line of labelled values between tabs."""
    if line.count(b"\t") < 3:
        return None
    parts = [part.partition(":") for part in text_of(line).split("\t")]
    if not all(colon for _, colon, _ in parts):
        return None
    values = {_LTSV.get(label, label): value for label, _, value in parts if value not in ("", "-")}
    return request_of({plain(label): value for label, value in values.items()})


def _bare(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value

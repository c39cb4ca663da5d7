"""Formats that a format string describes, in the notation of Apache's `LogFormat` or of nginx's `log_format`.

    %v %h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i" "%{X-Forwarded-For}i"
    $remote_addr [$time_local] "$request" $status "$http_user_agent"

A format string is compiled to one regular expression. Source: Apache HTTP Server, mod_log_config; nginx,
ngx_http_log_module.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kartograph.loaders.access_log.clients import addresses_in, first_address
from kartograph.loaders.access_log.formats.quoted import IN_QUOTES
from kartograph.loaders.access_log.requests import FAILED, NO_ANSWER, NO_REQUEST, Parse, Request, text_of
from kartograph.loaders.access_log.times import strptime, time_of
from kartograph.tables.errors import BadInput

CLIENT, FORWARDED, TIME, REQUEST, METHOD = "client", "forwarded", "time", "request", "method"
PATH, QUERY, STATUS, BROWSER, OTHER = "path", "query", "status", "browser", "other"
_APACHE = {
    "h": CLIENT, "a": CLIENT, "t": TIME, "r": REQUEST, "m": METHOD, "U": PATH, "q": QUERY, "s": STATUS,
    "{c}a": CLIENT, "{x-forwarded-for}i": FORWARDED, "{forwarded}i": FORWARDED, "{user-agent}i": BROWSER,
}  # fmt: skip
_NGINX = {
    "remote_addr": CLIENT, "http_x_forwarded_for": FORWARDED, "proxy_add_x_forwarded_for": FORWARDED,
    "http_forwarded": FORWARDED, "time_local": TIME, "time_iso8601": TIME, "msec": TIME, "request": REQUEST,
    "request_method": METHOD, "request_uri": PATH, "uri": PATH, "document_uri": PATH, "args": QUERY,
    "query_string": QUERY, "status": STATUS, "http_user_agent": BROWSER,
}  # fmt: skip
_PIECE = re.compile(
    r"%%|%[!<>\d,]*(?P<apache>\{[^}]*\}\^?[A-Za-z]{1,2}|[A-Za-z])|\$(?:\{(?P<braced>\w+)\}|(?P<nginx>\w+))"
)
_REQUEST = re.compile(r"([A-Z]{3,20}) (\S+)(?: HTTP/[\d.]+)?")
_NEEDED = {
    CLIENT: "the client (%h or $remote_addr)",
    TIME: "the time (%t or $time_local)",
    PATH: "the address of the page (%r, %U or $request)",
    STATUS: "the status (%>s or $status)",
}
_WITH_SPACES = {
    TIME: r"(\S++(?: [+-]\d{4})?)",
    REQUEST: r"([A-Z]{3,20} \S++(?: HTTP/[\d.]++)?)",
    BROWSER: "(.{0,4000}?)",
    FORWARDED: "(.{0,4000}?)",
}
"""What stands for a variable that a space ends, and that may hold spaces itself."""


@dataclass(frozen=True)
class _Variable:
    """One variable of a format string."""

    kind: str
    read_time: Callable[[str], int | None] = time_of
    spaced: str | None = None
    """What stands for it where a space ends it, in place of what stands for its kind."""
    brackets: bool = False
    """Apache writes %t in brackets of its own."""


def compile_format(text: str, *, further: bool = False) -> Parse:
    """The parser of lines that a format string describes; with `further` more columns may follow.

    Raises
    ------
    BadInput
        The format has no variables, or none for the client, the time, the address of the page or the status.
    """
    pieces = _pieces(text.strip().replace(r"\"", '"').replace(r"\t", "\t"))
    kinds = {piece.kind for piece in pieces if isinstance(piece, _Variable)}
    known = kinds | ({PATH} if REQUEST in kinds else set()) | ({CLIENT} if FORWARDED in kinds else set())
    missing = [words for kind, words in _NEEDED.items() if kind not in known]
    if missing:
        raise BadInput(
            f"the format {text[:300]!r} lacks {', '.join(missing)}; give it as the server's configuration has it, in "
            "the notation of Apache's LogFormat or of nginx's log_format"
        )
    pattern = re.compile(_pattern(pieces) + (r"(?:\s.*)?" if further else r"\s*"), re.S)
    variables = [piece for piece in pieces if isinstance(piece, _Variable)]

    def parse(line: bytes) -> Request | None:
        match = pattern.fullmatch(text_of(line))
        return None if match is None else _request(variables, match.groups())

    return parse


def compile_expression(expression: str) -> Parse:
    """The parser of lines that begin as a regular expression says, whose groups are called as the kinds are."""
    pattern = re.compile(expression, re.S)

    def parse(line: bytes) -> Request | None:
        match = pattern.match(text_of(line))
        if match is None:
            return None
        at = {kind: value for kind, value in match.groupdict().items() if value is not None}
        return _request_of(at, time_of(at[TIME]))

    return parse


def _pieces(text: str) -> list[_Variable | str]:
    """The literals and variables of a format string in their order."""
    pieces: list[_Variable | str] = []
    end = 0
    for match in _PIECE.finditer(text):
        pieces.append(text[end : match.start()])
        end = match.end()
        name = match["apache"]
        if name is not None:
            pieces.append(_apache_variable(name))
        elif match[0] == "%%":
            pieces.append("%")
        else:
            pieces.append(_Variable(_NGINX.get(match["braced"] or match["nginx"], OTHER)))
    return [piece for piece in [*pieces, text[end:]] if piece != ""]


def _apache_variable(name: str) -> _Variable:
    if name.startswith("{") and name.endswith("}t"):
        pattern = re.sub("^(begin|end):", "", name[1:-2])
        if pattern in ("sec", "msec", "usec"):
            return _Variable(TIME)
        return (
            _Variable(OTHER) if pattern.endswith("_frac") else _Variable(TIME, strptime(pattern), _WITH_SPACES[BROWSER])
        )
    return _Variable(_APACHE.get(name.lower() if name.startswith("{") else name, OTHER), brackets=name == "t")


def _pattern(pieces: list[_Variable | str]) -> str:
    """The regular expression of a format; a variable ends where the literal after it begins."""
    parts: list[str] = []
    for number, piece in enumerate(pieces):
        if isinstance(piece, str):
            parts.append(re.escape(piece))
            continue
        before = pieces[number - 1] if number else ""
        # Of variables without a literal between them the first takes all: `$uri$is_args$args` is one address.
        after = next((later for later in pieces[number + 1 :] if isinstance(later, str)), "")
        if piece.brackets:
            parts.append(r"\[([^\]]*+)\]")
        elif not after:
            parts.append("(.*)")
        elif isinstance(before, str) and before.endswith('"') and after[0] == '"':
            parts.append(f"({IN_QUOTES})")
        elif not after[0].isspace():
            parts.append(rf"([^{re.escape(after[0])}]*+)")
        else:
            parts.append(piece.spaced or _WITH_SPACES.get(piece.kind, r"(\S*+)"))
    return "".join(parts)


def _request(variables: list[_Variable], values: tuple[str, ...]) -> Request | None:
    """The request of the values that stand for the variables; the first value counts where a kind comes twice."""
    at: dict[str, str] = {}
    time: int | None = None
    for variable, value in zip(variables, values, strict=True):
        if variable.kind == TIME and time is None:
            time = variable.read_time(value)
        at.setdefault(variable.kind, value)
    return _request_of(at, time)


def _request_of(at: Mapping[str, str], time: int | None) -> Request | None:
    """The request of values by their kinds; None where they are none."""
    status = _status(at[STATUS])
    if time is None or status is None:
        return None
    method, url = at.get(METHOD, "GET"), at.get(PATH, "")
    if REQUEST in at:
        sent = _REQUEST.fullmatch(at[REQUEST])
        if sent is None and NO_ANSWER < status < FAILED:
            return None
        method, url = (sent[1], sent[2]) if sent else NO_REQUEST
    elif at.get(QUERY, "-") not in ("", "-") and "?" not in url:
        url += "?" + at[QUERY].removeprefix("?")
    passed_on = addresses_in(at.get(FORWARDED, ""))
    forwarded = passed_on[0] if passed_on else None
    client = first_address(at[CLIENT]) if CLIENT in at else forwarded
    if not client or not url:
        return None
    return Request(client, time, method, url, status, at.get(BROWSER), forwarded)


def _status(text: str) -> int | None:
    """A status; balancers write `-` or `-1` where a client went before it had one."""
    return NO_ANSWER if text in ("-", "-1") else int(text) if text.isdecimal() else None

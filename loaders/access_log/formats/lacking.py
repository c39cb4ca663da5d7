"""Well-known formats that do not say enough of a request: each with what it lacks and what its writer can log instead.

Sources: Envoy, HAProxy, Uvicorn, Django, morgan, Rails, IIS and AWS WAF, their documentation of logging.
"""

import re

from kartograph.loaders.access_log.formats.headers import without_header
from kartograph.loaders.access_log.requests import text_of

_COLOUR = r"(?:\x1b\[[\d;]*m)*"
_CALL = r'"?(?:GET|POST|HEAD|PUT|PATCH|DELETE|OPTIONS) /\S*'
LACKING = (
    (
        "Envoy's default format without a client",
        r'\[\d{4}-\d\d-\d\dT[^\]]+\] "[A-Z]+ \S+ HTTP/[\d.]+" \d+ ',
        "it names none unless X-Forwarded-For is passed on; add %DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT% to the "
        "access log's text_format and say with --format how it is written, or log as json_format with the names "
        "start_time, client_ip, method, path, response_code and user_agent",
    ),
    (
        "HAProxy's TCP format",
        r"\S+:\d+ \[\d\d/[A-Z][a-z]{2}/\d{4}:[\d:.]+\] \S+ \S+/\S+ [\d/+-]+ \d+ ",
        "it names no pages; write `option httplog` where the proxies are declared",
    ),
    (
        "Heroku's router without a moment",
        r".*\bat=(?:info|error)\b.*\bmethod=[A-Z]+ .*\bpath=",
        "the time stands before the pairs; take the lines as `heroku logs` or a log drain gives them",
    ),
    (
        "Uvicorn's format",
        r"(?:INFO: +)?\S+:\d+ - " + _CALL,
        "it has no time; start the server with --log-config and a formatter that writes %(asctime)s, and say with "
        "--format how that is written, or run it behind a server that keeps a log",
    ),
    (
        "the format of Django's development server",
        r"\[\d\d/[A-Z][a-z]{2}/\d{4} [\d:]+\] " + _CALL,
        "it has no client; take the log of the server before it, such as nginx or gunicorn (--access-logfile)",
    ),
    (
        "morgan's format dev, tiny or short",
        rf"(?:\S+ - )?{_COLOUR}" + _CALL.removeprefix('"?') + rf"(?: HTTP/[\d.]+)? {_COLOUR}(?:\d{{3}}|-)",
        "it has no time; let the server log in the format combined",
    ),
    (
        "Rails' format of several lines",
        r".*\b(?:Started (?:GET|POST|PUT|PATCH|DELETE|HEAD) \"|Completed \d{3} |Processing by \w+)",
        "a request stands on several lines; log it on one with the gem lograge (with ip and time as custom options), "
        "or take the log of the server before it",
    ),
    (
        "IIS's own format",
        r"\S+, \S*, \d{1,2}[./-]\d{1,2}[./-]\d{2,4}, \d{1,2}:\d\d:\d\d, [^,]+, [^,]+, \S+, \d+, ",
        "its days are written as each server's country does; choose W3C in the settings of its logging",
    ),
    (
        "AWS WAF's format",
        r'\{.*"webaclId".*"httpRequest"',
        "it does not say what was answered; take the log of the load balancer or of CloudFront that the WAF guards",
    ),
    (
        "a log of errors",
        r"(?:\[[^\]]*\d\d:\d\d:\d\d[^\]]*\] \[(?:[\w-]+:)?(?:error|warn|notice|info|debug|crit|alert|emerg)\]"
        r"|\d{4}/\d\d/\d\d \d\d:\d\d:\d\d \[(?:error|warn|notice|info|debug|crit|alert|emerg)\] \d+#)",
        "it names what went wrong, not what was asked for; take the access log of the same server",
    ),
)
"""Name, expression, and what it lacks with the remedy."""
_COMPILED = [(name, re.compile(expression, re.S), remedy) for name, expression, remedy in LACKING]
_LOOKED_AT = 2_000
"""Bytes of a line that tell its format."""


def lacking(line: bytes) -> str | None:
    """Why a line of a known format is no request that sessions could be made of, and the remedy; else None."""
    text = text_of(without_header(line[:_LOOKED_AT]))
    return next((f"{name}: {remedy}" for name, pattern, remedy in _COMPILED if pattern.match(text)), None)

"""Formats of fixed columns that are recognised by themselves: format strings in nginx's notation, or expressions.

Sources: Amazon Web Services, access logs for Application and Classic Load Balancers, and S3 server access logs;
HAProxy, configuration manual, HTTP and HTTPS log format; Envoy, access logging, default format string; Istio, default
access log format; Squid, native log format; PHP, built-in web server.
"""

from kartograph.loaders.access_log.formats.log_format import compile_expression, compile_format
from kartograph.loaders.access_log.requests import Parse

_BALANCER = (
    "$time_iso8601 $elb $remote_addr $target $waited $worked $answered $status $target_status $received $sent "
    '"$request" "$http_user_agent"'
)
FORMATS = {
    "AWS Application Load Balancer": f"$type {_BALANCER}",
    "AWS Classic Load Balancer": _BALANCER,
    "AWS S3": (
        "$owner $bucket [$time_local] $remote_addr $requester $id $operation $key "
        '"$request" $status $error $sent $size $total $turn "$http_referer" "$http_user_agent"'
    ),
}
_CAPTURED = r"\{(?:[^|}]*\|)*?(?:(?P<browser>[A-Za-z][\w.-]*/\d[^|}]*)(?:\|[^}]*)?)?\} "
EXPRESSIONS = {
    "HAProxy": (
        r"(?P<client>\S+) \[(?P<time>\d[^\]]+)\] \S+ \S+/\S+ [\d/+-]+ (?P<status>\d{3}|-1) \+?\d+ \S+ \S+ \S{4} "
        rf'[\d/+]+ \d+/\d+ (?:{_CAPTURED})?(?:\{{[^}}]*\}} )?"(?P<request>[^"]*)"'
    ),
    "Envoy, Istio": (
        r'\[(?P<time>\d[^\]]+)\] "(?P<request>[^"]*)" (?P<status>\d+)(?: [^\s"]\S*| "[^"]*")*?'
        r' "(?P<forwarded>[^"]*)" "(?P<browser>[^"]*)" "[^"]*" "[^"]*" "[^"]*"(?: \S+ \S+ \S+ (?P<client>\S+:\d+))?'
    ),
    "Squid": (
        r"(?P<time>\d{9,10}\.\d{3}) +-?\d+ (?P<client>\S+) [A-Z_]+/(?P<status>\d{3}) \d+ (?P<method>[A-Z]+) "
        r"(?P<path>\S+) \S+ [A-Z_]+/\S+ \S+"
    ),
    "PHP": (
        r"\[(?P<time>[A-Z][a-z]{2} [A-Z][^\]]+)\] (?P<client>\S+) \[(?P<status>\d{3})\]: (?:(?P<method>[A-Z]+) )?"
        r"(?P<path>/\S*)"
    ),
}
"""Regular expressions whose groups are called as the kinds of `log_format`."""


def known_formats() -> list[Parse]:
    """The parsers of the formats; more columns may follow those that are described."""
    described = [compile_format(text, further=True) for text in FORMATS.values()]
    return [*described, *map(compile_expression, EXPRESSIONS.values())]

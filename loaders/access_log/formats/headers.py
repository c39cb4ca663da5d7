"""What syslog, containers and their tools write before a server's own line, taken off.

Sources: RFC 3164 and RFC 5424 (syslog), RFC 6587 (counted frames); Kubernetes, the container runtime interface's log
format; Docker Compose and `kubectl logs --prefix`.
"""

import re

_MOMENT = rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S*"
_PRIORITY = rb"(?:\d{1,6} )?<\d{1,3}>"
_COLOUR = rb"(?:\x1b\[[\d;]*m)*"
HEADERS = {
    "RFC 5424": _PRIORITY
    + rb"\d{1,2} (?:-|"
    + _MOMENT
    + rb") \S+ \S+ \S+ \S+ (?:-|(?:\[(?:[^\]\"]|\"(?:[^\"\\]|\\.)*\")*\])+) ?(?:\xef\xbb\xbf)?",
    "RFC 3164": rb"(?:"
    + _PRIORITY
    + rb")?(?:[A-Z][a-z]{2} [ \d]\d (?:\d{4} )?\d\d:\d\d:\d\d(?:\.\d+)?|"
    + _MOMENT
    + rb") (?:\S+ )?(?:\w+\.\w+ )?[^\s:\[\"]+(?:\[[^\]\s]+\])?: ",
    "a program with its number": rb"[\w./-]+\[\d+\]: ",
    "the runtime of containers": _MOMENT + rb" std(?:out|err) [FP] ",
    "Docker Compose": _COLOUR + rb"[\w.-]+ +" + _COLOUR + rb"\| " + _COLOUR,
    "kubectl": rb"\[pod/[^\]\s]+\] ",
}
"""What each of them writes, as a regular expression."""
_HEADER = re.compile(b"|".join(b"(?:%b)" % header for header in HEADERS.values()))
_MOST = 4
"""Headers that may stand before one line: a container's before syslog's before a program's."""


def without_header(line: bytes) -> bytes:
    """The line without what was written before it; a line that has no such header stays as it is."""
    for _ in range(_MOST):
        match = _HEADER.match(line)
        if match is None:
            return line
        line = line[match.end() :]
    return line

"""JSON that is no object a line, in bounded memory: a list, objects over several lines, or a list inside of one."""

import json
import re
from collections.abc import Iterator

from kartograph.loaders.access_log.formats.quoted import IN_QUOTES
from kartograph.loaders.access_log.requests import text_of

_LISTS = "records|entries|events|hits|items|logs|results|rows|value"
"""Names of lists of requests inside of one object: of Azure's hubs, of Elasticsearch and of consoles."""
_IN_OBJECT = re.compile(rf'"(?:{_LISTS})"\s*:\s*$'.encode(), re.I)
_BEGINS = re.compile(rf'\[\s*(?:\{{|\Z)|\{{\s*(?:\n|"(?:{_LISTS})"\s*:\s*\[)'.encode(), re.I)
_TOKEN = re.compile(rf'"{IN_QUOTES}(?:"|(?P<open>\\?\Z))|[{{}}\[\]]'.encode(), re.S)
_TEXT_ENDS = re.compile(f'{IN_QUOTES}"'.encode(), re.S)
_DEEPEST = 3
"""Brackets in which such a list may lie."""
_BEFORE = 200
"""Bytes before a bracket in which its name is looked for."""


def is_document(start: bytes) -> bool:
    """Whether the beginning of a file is JSON of which the lines are no objects."""
    start = start.lstrip()
    if _BEGINS.match(start):
        return True
    line = start.partition(b"\n")[0].rstrip()
    if not line.startswith(b"{") or b"\n" not in start or not line.endswith((b",", b"{", b"[")):
        return False
    try:
        json.loads(text_of(line))
    except (ValueError, RecursionError):
        return True
    return False


def objects(blocks: Iterator[bytes], max_length: int) -> Iterator[bytes | None]:
    """Each object of a document on one line; None for one of more than `max_length` bytes."""
    rest, begin, at, level = b"", -1, 0, 0
    stack: list[bytes] = []
    skipping = in_text = False
    for block in blocks:
        rest += block
        if in_text:
            closed = _TEXT_ENDS.match(rest, at)
            at, in_text = (closed.end(), False) if closed is not None else (len(rest) - rest.endswith(b"\\"), True)
        end = at if in_text else len(rest)
        for token in () if in_text else _TOKEN.finditer(rest, at):
            if token["open"] is not None:
                end, in_text = token.start(), len(rest) - token.start() > max_length
                break
            letter = token[0]
            if letter in (b"{", b"["):
                named = (max(begin, token.start() - _BEFORE), token.start())
                if letter == b"[" and begin >= 0 and len(stack) < _DEEPEST and _IN_OBJECT.search(rest, *named):
                    begin, level, skipping = -1, len(stack) + 1, False
                elif letter == b"[" and not stack:
                    level = 1
                stack.append(letter)
                if letter == b"{" and len(stack) == level + 1:
                    begin = token.start()
            elif letter in (b"}", b"]") and stack:
                stack.pop()
                if letter == b"}" and len(stack) == level and (begin >= 0 or skipping):
                    whole = b"" if skipping else rest[begin : token.end()]
                    yield None if skipping or len(whole) > max_length else _on_one_line(whole)
                    begin, skipping = -1, False
        if in_text:  # a text that is too long is let go
            end = len(rest) - rest.endswith(b"\\")
        if begin >= 0 and end - begin > max_length:
            begin, skipping = -1, True
        kept = begin if begin >= 0 else max(end - _BEFORE, 0)
        rest, at = rest[kept:], end - kept
        begin = 0 if begin >= 0 else -1
    if begin >= 0 or skipping:  # cut off
        yield None if skipping else _on_one_line(rest)


def _on_one_line(text: bytes) -> bytes:
    return text.replace(b"\n", b" ").replace(b"\r", b" ")

"""Words of messages for people: counts with their nouns, and what is wrong with a value that pydantic refused."""

from collections.abc import Mapping
from typing import Any


def counted(count: int, noun: str) -> str:
    """A count with its noun, such as `1 line` and `2,000 lines`; nouns that take an s alone."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def refusal_of(fault: Mapping[str, Any]) -> str:
    """The message of one of `ValidationError.errors()`, without pydantic's words before ours."""
    return str(fault["msg"]).removeprefix("Value error, ")

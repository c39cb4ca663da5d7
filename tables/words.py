"""Counts in words for people: one line, several lines."""


def counted(count: int, noun: str) -> str:
    """A count with its noun, such as `1 line` and `2,000 lines`; nouns that take an s alone."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"

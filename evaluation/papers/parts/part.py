"""What a part of a paper is, and where it is here."""

from dataclasses import dataclass, field

WHOLE = "whole"


@dataclass(frozen=True)
class Part:
    """One part of a paper."""

    part: str
    """As the paper calls it."""
    files: tuple[str, ...] = ()
    """Where it is, from the repository's root."""
    presets: tuple[str, ...] = ()
    """Names of `kartograph models`."""
    command: str = ""
    """What shows it, as it is typed; words in capitals stand for files and ids."""
    tests: tuple[str, ...] = ()
    """`file` or `file::name`, with the paper's own example where it has one."""
    state: str = WHOLE
    """`whole`, or what is out of reach or read by us, and why."""


@dataclass(frozen=True)
class Paper:
    """A paper and its parts."""

    title: str
    name: str
    """Of `kartograph reproduce`."""
    parts: tuple[Part, ...] = field(default_factory=tuple)

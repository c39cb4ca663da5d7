"""How a loader recognises a path."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Match:
    """A path that a loader recognises."""

    why: str
    """What shows it, in words."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """Options of the loader that go with it, as a preset."""
    general: bool = False
    """Whether it fits many sources: a loader that knows the layout itself comes before."""

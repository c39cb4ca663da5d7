"""The id of an answer: the version that made it, the place where it stands, and the arm of an experiment.

    walk-20201101-3f2a~home~5fa1c2d3e4f5                     version ~ place ~ time in seconds and chance, hexadecimal
    walk-20201101-3f2a~home~spring=walk=9c41d0~5fa1c2d3e4f5  … ~ experiment = arm = hash of the user ~ …

So whoever counts a click needs no record of the answers. An id that is none of these counts as of nobody's version.
"""

import os
import re
import time
from dataclasses import dataclass
from functools import lru_cache

FALLBACK = "fallback"
"""In place of the version where no trained model was asked."""
NAME = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,126}"
"""What versions, experiments and arms are called."""
PLACE = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}"
PLACE_IS = "a place has 1 to 40 letters, digits, dots, _ and -, the first of them a letter or a digit"
_ID = re.compile(
    rf"(?P<version>{NAME})(?:~(?P<place>{PLACE}))?(?:~(?P<experiment>{NAME})=(?P<arm>{NAME})=(?P<unit>[0-9a-f]+))?"
    r"~(?P<made>[0-9a-f]{8})?[0-9a-f]{2,}"
)


@dataclass(frozen=True)
class Assignment:
    """Who takes part in an experiment, and in which arm."""

    experiment: str
    arm: str
    unit: str
    """Hash of the user, or of the session where there is no user."""


@dataclass(frozen=True)
class Answer:
    """What the id of an answer tells."""

    version: str
    place: str | None
    assignment: Assignment | None
    made: int | None
    """When it was made, milliseconds UTC; None for an id that does not tell."""


def answer_id(version: str | None, place: str, assignment: Assignment | None = None) -> str:
    """A new id."""
    parts = [version or FALLBACK, place]
    if assignment is not None:
        parts.append(f"{assignment.experiment}={assignment.arm}={assignment.unit}")
    return "~".join([*parts, f"{int(time.time()):08x}{os.urandom(5).hex()}"])


@lru_cache(4096)  # an answer has many items
def read_answer(text: str) -> Answer | None:
    """What an id tells; None where it is none of ours."""
    match = _ID.fullmatch(text)
    if match is None:
        return None
    assignment = Assignment(match["experiment"], match["arm"], match["unit"]) if match["arm"] else None
    made = int(match["made"], 16) * 1000 if match["made"] and match["place"] else None
    return Answer(match["version"], match["place"], assignment, made)

"""The errors a person can meet, all of them below one class.

    KartographError
      BadInput          a file, a row or an option is not what it has to be
        NothingThere    the graph holds nothing that the work could be done on
        StillChanging   the graph changes again and again while it is read
        ModelFileError  a saved model is damaged, foreign or of a later release, or a model cannot be saved
      ServerError       the managed Neo4j cannot be installed, started, stopped or reached
        GaveUp          it was asked again for a stated time, and went away or stayed busy
      QueryNotFound     no such file under queries/
      FeatureMissing    the server lacks something a feature needs (the Graph Data Science library, say)
      TooLarge          the work needs more memory than the server has
      Leak              training data or a model holds something of the test part

A message is a sentence that names the value received, what is allowed and the next step.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import ValidationError


class KartographError(Exception):
    """Base of all errors that Kartograph raises on purpose; the command line shows them without a traceback."""


def in_lines(error: "ValidationError") -> str:
    """Return what pydantic has found, a line for each value that is not what it has to be, ten at most."""
    found = error.errors(include_url=False, include_context=False)
    lines = [
        f"    {'.'.join(map(str, one['loc'])) or 'the whole'}: {one['msg']}, not {one['input']!r:.60}" for one in found
    ]
    return "\n".join([*lines[:10], *([f"    … and {len(lines) - 10:,} more"] if len(lines) > 10 else [])])


class BadInput(KartographError):
    """A file, a row or an option is not what it has to be."""


class NothingThere(BadInput):
    """The graph holds nothing that the work could be done on."""


class StillChanging(BadInput):
    """The graph changes again and again while it is read."""


class ModelFileError(BadInput):
    """A saved model is damaged, foreign or of a later release, or a model holds what cannot be saved."""


class ServerError(KartographError):
    """The managed Neo4j cannot be installed, started, stopped or reached."""


class GaveUp(ServerError):
    """The server went away, or stayed busy with others, for as long as it was asked again."""


class QueryNotFound(KartographError):
    """A statement was asked for that no file under `queries/` holds."""


class FeatureMissing(KartographError):
    """The connected server lacks what a feature needs, such as the Graph Data Science library."""


class TooLarge(KartographError):
    """The work needs more memory than the server has."""


class Leak(KartographError):
    """What a model learns from holds something of what it is asked."""

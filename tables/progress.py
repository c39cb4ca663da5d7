"""How long work reports its progress without knowing who shows it."""

from typing import Protocol


class Progress(Protocol):
    """Called with the step at hand and, where they are known, how much of it is done and how much there is.

    Library code calls it; the command line draws it. The unit of `done` and `total` is named in `step`
    ("Downloading jars (MB)").
    """

    def __call__(self, step: str, done: float | None = None, total: float | None = None) -> None:
        """Report that `step` is running, `done` of `total` finished."""
        ...


def silent(step: str, done: float | None = None, total: float | None = None) -> None:
    """Report nothing: the default of every library function that takes a `Progress`."""

"""How many of the ids of a test part the training part has: where it has none, figures of 0 would say nothing."""

from dataclasses import dataclass

import pandas as pd

from kartograph.models.data import Ids
from kartograph.tables.errors import BadInput

LOW = 0.5
"""Share of known ids below which a person is told."""


@dataclass(frozen=True)
class Overlap:
    """The different ids of one kind in a test part, and how many of them the training part has."""

    kind: str
    known: int
    asked: int
    example: object
    """An id of the test part that the training part lacks, where there is one."""
    training_example: object
    """An id of the training part."""

    def __str__(self) -> str:
        """As "3 of 5 users"."""
        return f"{self.known:,} of {self.asked:,} {self.kind}"


def overlap(kind: str, asked: pd.Series | pd.Index, ids: Ids) -> Overlap:
    """Count the different ids of a test part that the training part has; `kind` is "users" or "items"."""
    different = pd.Index(pd.unique(asked))
    known = ids.external.get_indexer(different) >= 0
    strangers = different[~known]
    return Overlap(
        kind,
        int(known.sum()),
        len(different),
        strangers[:1].tolist()[0] if len(strangers) else None,
        ids.external[:1].tolist()[0] if len(ids) else None,
    )


def refuse_strangers(*overlaps: Overlap) -> None:
    """Raise `BadInput` where the training part has none of the ids of a kind."""
    for none in overlaps:
        if none.asked and not none.known:
            raise BadInput(
                f"{', '.join(map(str, overlaps))} of the test part are known to the training part. {none.kind.title()} "
                f"are written as {none.example!r} in the test part, as {none.training_example!r} in the training part"
                f"{_types(none)}. Write ids alike in both parts."
            )


def low_overlap(*overlaps: Overlap) -> str:
    """What a person has to know of ids that the training part mostly lacks; empty where it has most of each kind."""
    if all(one.known >= LOW * one.asked for one in overlaps):
        return ""
    return (
        f"Only {', '.join(map(str, overlaps))} of the test part are known to the training part; the others are misses. "
        "Check that ids are written alike in both parts."
    )


def _types(overlap: Overlap) -> str:
    ours, theirs = type(overlap.example).__name__, type(overlap.training_example).__name__
    return "" if ours == theirs else f" ({ours} and {theirs} never meet)"

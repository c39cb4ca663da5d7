"""Learns once what several systems of the family have in common: rules, and groups in place of categories.

    with shared_training():
        evaluate(events, "hsprec,mce-hsprec,mcprhrec,mcprhrec-50", UserFolds())

mines the rules of each fold once and not for each system. What is learned is the same, and so are all lists and
figures; the times of the fits are not, which is why an evaluation that shows them does without.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import blake2b
from typing import Any, TypeVar

import numpy as np

from kartograph.models.data import TrainingData

T = TypeVar("T")
_known: ContextVar[dict[Hashable, Any] | None] = ContextVar("shared_training", default=None)


@contextmanager
def shared_training() -> Iterator[None]:
    """Within it `once` keeps what it makes; it is all held in memory until the end."""
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def once(name: str, data: TrainingData, options: Hashable, make: Callable[[], T]) -> T:
    """What `make` makes of the events of the data under these options: kept within `shared_training`, made anew
    outside.

    `name` says what it is; nothing but events, times and the number of items may decide it.
    """
    known = _known.get()
    if known is None:
        return make()
    key = name, _sum_of_events(data), options
    if key not in known:
        known[key] = make()
    return known[key]


def _sum_of_events(data: TrainingData) -> bytes:
    digest = blake2b(len(data.items).to_bytes(8, "little"))
    histories = data.histories
    for values in (histories.offsets, histories.items, histories.events, data.times):
        if values is not None:
            digest.update(str(values.dtype).encode())
            digest.update(np.ascontiguousarray(values).data)
    return digest.digest()

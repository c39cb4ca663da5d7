"""The visits of users: their histories, cut where they paused.

What follows an item within a visit says more of the next item than what a user did weeks later, so models of sessions
learn from visits where the owners are users and the events have times.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from kartograph.models.data import Histories, Ids, TrainingData

PAUSE = 30 * 60
"""Seconds without an event after which a visit has ended."""
SECONDS = 10**11
"""Times below are seconds, others milliseconds: tables of interactions may come with either."""


def visits(data: TrainingData) -> TrainingData:
    """The same events by visit, in the order in which the visits began."""
    histories, times = data.histories, data.times
    assert times is not None
    begins = np.ones(len(times), dtype=bool)
    pause = PAUSE if times.max(initial=0) < SECONDS else 1000 * PAUSE
    begins[1:] = (histories.owners[1:] != histories.owners[:-1]) | (np.diff(times) > pause)
    visit = np.cumsum(begins) - 1
    order = np.argsort(times[begins], kind="stable")
    number = np.empty(len(order), dtype=np.int64)
    number[order] = np.arange(len(order))
    events = np.argsort(number[visit], kind="stable")
    parted = Histories.of(number[visit][events], histories.items[events], len(order), histories.events[events])
    owners = Ids(pd.RangeIndex(len(order)))
    return replace(data, owners=owners, histories=parted, times=times[events], kind="sessions", other=None)

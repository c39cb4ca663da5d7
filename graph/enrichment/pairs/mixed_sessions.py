"""The sessions whose events are in several categories, of which pairs of categories are counted.

They are read of the whole shop, or again of those that changed since a step kept the others.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
from jaxtyping import Int
from numpy import ndarray

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.snapshot.pages import Page, pages
from kartograph.graph.snapshot.texts import UNKNOWN, concatenated, packed, positions, text_array, unpacked
from kartograph.tables.derived.co_occurrence import CoOccurrenceOptions, category_co_occurrence
from kartograph.tables.engine import Engine
from kartograph.tables.progress import silent

READ = 50_000
"""Sessions that are read at once."""


@dataclass(frozen=True)
class MixedSessions:
    """The events of such sessions that have a category, in no order."""

    sessions: pa.LargeStringArray
    """The session of each event."""
    positions: Int[ndarray, " events"]
    categories: pa.LargeStringArray

    @classmethod
    def of_lists(cls, read: Iterable[Page]) -> "MixedSessions":
        """What pages say: sessions, and the positions and categories of the events of each."""
        sessions, places, categories = [], [np.empty(0, np.int64)], []
        for page_sessions, page_positions, page_categories in read:
            names = text_array(page_sessions, "an id of Session")
            sizes = [len(of_session) for of_session in page_positions]
            sessions.append(names.take(pa.array(np.repeat(np.arange(len(sizes)), sizes))))
            places.append(np.array([*chain.from_iterable(page_positions)], np.int64))
            categories.append(text_array(chain.from_iterable(page_categories), "an id of Category"))
        return cls(concatenated(sessions), np.concatenate(places), concatenated(categories))

    @classmethod
    def kept(cls, arrays: Mapping[str, ndarray]) -> "MixedSessions":
        """What `arrays` made arrays of."""
        return cls(unpacked("sessions", arrays), arrays["positions"], unpacked("categories", arrays))

    def arrays(self) -> dict[str, ndarray]:
        """All of it, to be kept in a file."""
        texts = packed("sessions", self.sessions) | packed("categories", self.categories)
        return texts | {"positions": self.positions}

    def with_again(self, sessions: pa.LargeStringArray, again: "MixedSessions") -> "MixedSessions":
        """These sessions, some of which were read `again`: what they held goes, what they hold by now comes."""
        others = positions(self.sessions, sessions) == UNKNOWN
        some = pa.array(others)
        return MixedSessions(
            concatenated([self.sessions.filter(some), again.sessions]),
            np.r_[self.positions[others], again.positions],
            concatenated([self.categories.filter(some), again.categories]),
        )

    def pairs(self, options: CoOccurrenceOptions) -> pd.DataFrame:
        """Which categories occur together, as a bulk load counts it: `a, b, weight, sessions`."""
        columns = {"session_id": self.sessions, "position": self.positions, "category_id": self.categories}
        with Engine() as engine:
            events = engine.store("events_of_categories", ibis.memtable(pa.table(columns)))
            return category_co_occurrence(events, options).to_pyarrow().to_pandas()


def read_mixed_sessions(graph: Graph) -> MixedSessions:
    """Read those of the whole shop."""
    return MixedSessions.of_lists(pages(graph, "mixed_sessions", READ, silent, "", 0))


def read_mixed_sessions_again(graph: Graph, former: MixedSessions, changed: Sequence[str]) -> MixedSessions:
    """Those of the whole shop, by what was `former`ly read and what the graph says of the changed sessions by now."""
    statement = queries.load("enrich/mixed_among_sessions")
    some = (changed[begin : begin + READ] for begin in range(0, len(changed), READ))
    again = MixedSessions.of_lists(tuple(graph.query(statement, sessions=part).iloc[0]) for part in some)
    return former.with_again(text_array(changed, "an id of Session"), again)

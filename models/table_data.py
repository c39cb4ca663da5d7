"""How does the graph become what models learn from? Users with their events in order, items with their categories.

model.fit(training_data(graph))
"""

import numpy as np
import pandas as pd

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.models.base import ITEM, USER, TrainingData
from kartograph.models.item_categories import CATEGORY, with_categories
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent

USERS_AT_ONCE = 20_000
"""Users whose events come in one answer: the server sorts them, which takes memory."""


def training_data(graph: Graph, progress: Progress = silent) -> TrainingData:
    """Every event of every known user, and every item of the shop with its present categories.

    Where the shop has no categories of its own, those that were derived in the graph serve; where it has neither,
    `categories` is None. Raises `BadInput` where no user did anything.
    """
    users = graph.query(queries.load("patterns/users"))[USER].tolist()
    if not users:
        raise BadInput("no user of this graph did anything: load a shop first (`kartograph load --help`)")
    parts = []
    for start in range(0, len(users), USERS_AT_ONCE):
        progress("Reading events (users)", start, len(users))
        parts.append(graph.query(queries.load("patterns/events_of_users"), users=users[start : start + USERS_AT_ONCE]))
    packed = pd.concat(parts, ignore_index=True)
    lengths = packed["items"].str.len().to_numpy()
    events = pd.DataFrame(
        {
            USER: np.repeat(packed[USER].to_numpy(object), lengths),
            ITEM: np.concatenate([np.array(items, dtype=object) for items in packed["items"]]),
            "event": np.concatenate([np.array(kinds, dtype=object) for kinds in packed["events"]]),
            "timestamp": np.concatenate([np.array(times, dtype=np.int64) for times in packed["times"]]),
        }
    )
    if not events["timestamp"].any():
        events = events.drop(columns="timestamp")  # a source without times: the order is all there is
    data = TrainingData.from_table(events, USER)
    progress("Reading categories")
    known = graph.query(queries.load("patterns/items_in_categories"))
    tree = graph.query(queries.load("patterns/category_tree"))
    named = known.dropna(subset=[CATEGORY])
    if named.empty:
        return data
    own = named[~named["derived"].astype(bool)]
    chosen = own if len(own) else named
    without = known[~known[ITEM].isin(chosen[ITEM])][[ITEM]].drop_duplicates().assign(**{CATEGORY: None})
    return with_categories(data, pd.concat([chosen[[ITEM, CATEGORY]], without]), tree, catalogue=True)

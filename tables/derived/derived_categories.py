"""Which categories can stand in where a source names none: communities of items, and who else belongs to them."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy.sparse import coo_array


def category_of(communities: pd.Series, events_of_items: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Name the communities and let further items join them: `item_id, category_id`, sorted by item.

    `communities` has the number of the community of each item that is in one, by item id. Each frame of
    `events_of_items` says who has seen an item, `who, item_id`: sessions first, say, then users. An item without a
    community joins the one of most of the items that those who have seen it have seen, by the first frame that knows
    one; ties go to the larger community. An item that occurs with no other is left out. Categories are called
    "derived-0", "derived-1" …
    """
    for frame in events_of_items:
        communities = pd.concat([communities, _joining(communities, frame)])
    communities = communities.sort_index()
    return pd.DataFrame({"item_id": communities.index, "category_id": [f"derived-{one}" for one in communities]})


def _joining(communities: pd.Series, events_of_items: pd.DataFrame) -> pd.Series:
    """The communities of the items that have none and occur with some that do.

    With M the number of times that someone has seen an item, and C the communities of the items, an item's votes are
    its row of M'MC.
    """
    who, item = events_of_items["who"].factorize()[0], events_of_items["item_id"].to_numpy()
    row = communities.index.get_indexer(pd.Index(item))
    alone, items = pd.factorize(item[row < 0], sort=True)
    if not len(items) or (row < 0).all():
        return communities.iloc[:0]
    people, count = int(who.max()) + 1, int(communities.max()) + 1
    ones = np.ones(len(events_of_items))
    meets = coo_array((ones[row < 0], (alone, who[row < 0])), (len(items), people)).tocsr()
    of = coo_array((ones[row >= 0], (who[row >= 0], communities.to_numpy()[row[row >= 0]])), (people, count))
    votes = (meets @ of.tocsr()).tocoo()
    counted = pd.DataFrame({"item": votes.row, "community": votes.col, "votes": votes.data})
    best = counted.sort_values(["item", "votes", "community"], ascending=[True, False, True]).drop_duplicates("item")
    return pd.Series(best["community"].to_numpy(), index=pd.Index(items[best["item"]], dtype="str"))

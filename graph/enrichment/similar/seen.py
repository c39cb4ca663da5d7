"""Which items users have seen, as a matrix: read of all users, or again of those who did something since."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pyarrow as pa
from jaxtyping import Int
from numpy import ndarray
from scipy.sparse import csr_array, vstack

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.snapshot.pages import Page, pages
from kartograph.graph.snapshot.texts import UNKNOWN, Ids, concatenated, packed, positions, text_array, unpacked
from kartograph.tables.progress import silent

READ = 50_000
"""Users whose items are read at once."""


@dataclass(frozen=True)
class Seen:
    """`matrix[u, i] = 1` where user u has seen item i; only users who have seen a number of items, in no order."""

    users: pa.LargeStringArray
    items: Ids
    matrix: csr_array

    @classmethod
    def of_lists(cls, read: Iterable[Page], least_items: int) -> "Seen":
        """What pages say: users, the number of items of each, and the items, the same one perhaps several times."""
        users, sizes, items = [], [np.empty(0, np.int64)], []
        for page_users, page_sizes, page_items in read:
            users.append(text_array(page_users, "an id of User"))
            sizes.append(np.array(page_sizes, np.int64))
            items.append(text_array(chain.from_iterable(page_items), "an id of Item"))
        every, who = concatenated(items), concatenated(users)
        ids = Ids.sorted(every.unique(), "Item")
        user = np.repeat(np.arange(len(who)), np.concatenate(sizes))
        once = np.unique(user * max(1, len(ids)) + ids.rows(every))  # viewed and bought is seen once
        user, item = np.divmod(once, max(1, len(ids)))
        number = np.bincount(user, minlength=len(who))
        enough = number >= least_items
        offsets, kept = np.r_[0, np.cumsum(number[enough])], item[enough[user]]
        matrix = csr_array((np.ones(len(kept), np.int8), kept, offsets), shape=(int(enough.sum()), len(ids)))
        return cls(who.filter(pa.array(enough)), ids, matrix)

    @classmethod
    def kept(cls, arrays: Mapping[str, ndarray]) -> "Seen":
        """What `arrays` made arrays of."""
        users, items = unpacked("users", arrays), Ids(unpacked("items", arrays))
        ones = np.ones(len(arrays["indices"]), np.int8)
        shape = (len(users), len(items))
        return cls(users, items, csr_array((ones, arrays["indices"], arrays["offsets"]), shape=shape))

    def arrays(self) -> dict[str, ndarray]:
        """All of it, to be kept in a file."""
        matrix = {"indices": self.matrix.indices, "offsets": self.matrix.indptr}
        return {**packed("users", self.users), **packed("items", self.items.texts), **matrix}

    def with_again(self, users: pa.LargeStringArray, again: "Seen") -> "Seen":
        """These users, some of whom were read `again`: what they had seen goes, what they have seen by now comes."""
        others = np.flatnonzero(positions(self.users, users) == UNKNOWN)
        items = Ids.sorted(concatenated([self.items.texts, again.items.texts]).unique(), "Item")
        parts = [_among(self.matrix[others], self.items, items), _among(again.matrix, again.items, items)]
        who = concatenated([self.users.take(pa.array(others)), again.users])
        return Seen(who, items, csr_array(vstack(parts, format="csr")))


def read_seen(graph: Graph, least_items: int) -> Seen:
    """What all users have seen who have seen so many items."""
    read = pages(graph, "items_seen", READ, silent, "", 0, least_items=least_items)
    return Seen.of_lists(read, least_items)


def read_seen_again(graph: Graph, former: Seen, users: Sequence[str], least_items: int) -> Seen:
    """What all users have seen, by what was `former`ly read of them and what the graph says of some by now."""
    statement = queries.load("enrich/items_seen_by_users")
    some = (users[begin : begin + READ] for begin in range(0, len(users), READ))
    read = (tuple(graph.query(statement, users=part).iloc[0]) for part in some)
    again = Seen.of_lists(read, least_items)
    return former.with_again(text_array(users, "an id of User"), again)


def _among(matrix: csr_array, items: Ids, all_items: Ids) -> csr_array:
    """The same with a column for each of `all_items`."""
    columns: Int[ndarray, " items"] = all_items.rows(items.texts)
    shape = (matrix.shape[0], len(all_items))
    return csr_array((matrix.data, columns[matrix.indices], matrix.indptr), shape=shape)

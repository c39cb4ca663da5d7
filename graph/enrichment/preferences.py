"""Which categories each user prefers: how often the user bought their items."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
from numpy import ndarray
from scipy.sparse import csr_array

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.snapshot.pages import pages
from kartograph.tables.errors import BadInput, NothingThere
from kartograph.tables.progress import silent

AT_ONCE = 50_000
"""Users in a message to the server."""


@dataclass(frozen=True)
class Preferences:
    """How much each kind of event counts; 0 leaves a kind out."""

    view: float = 0.0
    cart: float = 0.0
    buy: float = 1.0
    borrow: float = 1.0
    otherwise_all: bool = True
    """Whether every event counts 1 in a shop without any event that counts: one of views alone, say."""

    def __post_init__(self) -> None:
        """Refuse weights below zero and weights that are all zero."""
        weights = (self.view, self.cart, self.buy, self.borrow)
        if min(weights) < 0 or max(weights) == 0:
            raise BadInput(
                f"the weights of events are {weights} (view, cart, buy, borrow): each has to be 0 or more, one above 0"
            )


def write_preferences(
    graph: Graph, run: str, options: Preferences | None = None, users: Sequence[str] | None = None
) -> int:
    """Write `(:User)-[:PREFERS {frequency, score, run}]->(:Category)` for every user, or some; returns how many edges.

    `frequency(u, c) = Σ weight(event) · count` over the user's events on items that are in c now, the purchase
    frequency by default, and `score(u, c) = frequency(u, c) / Σ_x frequency(u, x)`. A user's former edges go in the
    same transaction.

    Source: Almu and Ainu, "On the Improvement of E-Commerce Based Recommender Systems" (2025), sections 3.2.1 and 3.3:
    the bipartite graph of the user-category purchase frequency matrix.
    """
    options = options or Preferences()
    if users is not None:
        options = replace(options, otherwise_all=False)
    weights: dict[str, Any] = {kind: float(getattr(options, kind)) for kind in ("view", "cart", "buy", "borrow")}
    statement, written = queries.load("enrich/user_category_preferences"), 0
    for some in [list(users)] if users is not None else _who_act(graph, weights):
        written += int(graph.query(statement, write=True, run=run, users=some, **weights)["preferences"][0])
    if written == 0 and options.otherwise_all:
        return write_preferences(graph, run, replace(options, view=1, cart=1, buy=1, borrow=1, otherwise_all=False))
    return written


def _who_act(graph: Graph, weights: dict[str, Any]) -> Iterator[list[str]]:
    """The users who did something that counts, or have preferences: in most shops few of all."""
    for (users,) in pages(graph, "users_who_act", AT_ONCE, silent, "", 0, **weights):
        yield users


def someone_else_counts(graph: Graph, options: Preferences) -> bool:
    """Whether a user whom no live load marked did something that counts.

    Then something counted before the load as well, so `otherwise_all` neither held for the others nor holds now.
    """
    weights = {"VIEWED": options.view, "CARTED": options.cart, "BOUGHT": options.buy, "BORROWED": options.borrow}
    kinds = [kind for kind, weight in weights.items() if weight > 0]
    return bool(graph.query(queries.load("enrich/someone_else_counts"), kinds=kinds)["found"][0])


@dataclass(frozen=True)
class Preferred:
    """Who prefers which categories."""

    users: pd.Index
    categories: pd.Index
    weights: csr_array
    """The frequency of each preference, users × categories."""
    ranked: ndarray
    """Whether each user has a PageRank; writing preferences takes it away."""


def read_preferences(graph: Graph) -> Preferred:
    """Who prefers which categories; raises `NothingThere` where nobody prefers one."""
    packed = graph.query(queries.load("enrich/preferences_by_user"), exact=True).iloc[0]
    if not packed["users"]:
        raise NothingThere("no user prefers a category: run `kartograph enrich --steps preferences` first")
    users, lengths = pd.Index(packed["users"], dtype=object), [len(of_one) for of_one in packed["categories"]]
    names = np.array(list(chain.from_iterable(packed["categories"])), object)
    places, categories = pd.factorize(names, sort=True)
    of_user = np.repeat(np.arange(len(users)), lengths)
    values = np.fromiter(chain.from_iterable(packed["frequencies"]), float)
    weights = csr_array((values, (of_user, places)), shape=(len(users), len(categories)))
    return Preferred(users, pd.Index(categories), weights, np.array(packed["ranked"], bool))

"""Which categories each user prefers: how often the user acted on their items."""

from dataclasses import dataclass

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.tables.errors import BadInput


@dataclass(frozen=True)
class Preferences:
    """How much each kind of event counts; 0 leaves a kind out, so `view=0, cart=0` counts purchases alone."""

    view: float = 1.0
    cart: float = 1.0
    buy: float = 1.0
    borrow: float = 1.0

    def __post_init__(self) -> None:
        """Refuse weights below zero and weights that are all zero."""
        weights = (self.view, self.cart, self.buy, self.borrow)
        if min(weights) < 0 or max(weights) == 0:
            raise BadInput(
                f"the weights of events are {weights} (view, cart, buy, borrow): each has to be 0 or more, one above 0"
            )


def write_preferences(graph: Graph, run: str, options: Preferences | None = None) -> int:
    """Write `(:User)-[:PREFERS {frequency, score, run}]->(:Category)` for every user; returns how many edges.

    `frequency(u, c) = Σ weight(event) · count` over the user's events on items that are in c now, and
    `score(u, c) = frequency(u, c) / Σ_x frequency(u, x)`. A user's former edges go in the same transaction.
    """
    options = options or Preferences()
    found = graph.query(
        queries.load("enrich/user_category_preferences"),
        write=True,
        run=run,
        view=float(options.view),
        cart=float(options.cart),
        buy=float(options.buy),
        borrow=float(options.borrow),
    )
    return int(found["preferences"][0])

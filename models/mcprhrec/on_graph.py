"""MCPRHRec on the graph: it learns from what the graph holds and answers with reasons whose numbers add up.

OnGraph().fit(graph).recommend(["42"], k=5)
OnGraph().fit(graph).explained("42", "1234")
"""

from typing import Self

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from kartograph.graph.connection import Graph
from kartograph.models.base import ITEM, NONE, REASON, RECOMMENDATIONS, SCORE, USER
from kartograph.models.cypher.asking import CANDIDATES, EVIDENCE, VIA, GraphRecommender
from kartograph.models.mcprhrec.model import MCPRHRec, MCPRHRecOptions
from kartograph.models.mcprhrec.presets import MCPRHREC
from kartograph.models.table_data import training_data
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent

WORDS = {
    "bought": "you bought it before",
    "clicked": "you looked at it and have not bought it",
    "rule": "who did {0}",
    "neighbour": "users like you want it, most of all user {0}",
    "category": "it is wanted in category {0}, where you look",
}


class OnGraph(GraphRecommender):
    """MCPRHRec, fitted on the events and categories of a graph; what changes there shows after the next `fit`."""

    name = "mcprhrec"

    def __init__(self, options: MCPRHRecOptions | None = None, new_only: bool = True) -> None:
        """`new_only` leaves out items that the user met."""
        self.model = MCPRHRec(options or MCPRHREC)
        self.new_only = new_only

    def fit(self, graph: Graph, progress: Progress = silent) -> Self:
        """Read the graph and learn."""
        super().fit(graph)
        self.data = training_data(graph, progress)
        self.model.fit(self.data, progress)
        return self

    def candidates(self, users: list[str], k: int) -> pd.DataFrame:
        """The k best items of each user; users whom the graph does not know are answered as new ones."""
        owners = self.data.owners.rows(users)
        histories = self.data.histories.take(owners)
        met = histories.matrix(len(self.data.items)) if self.new_only else None
        top = self.model.recommend(histories, k, owners, None if met is None else csr_array(met))
        query, place = np.nonzero(top.items != NONE)
        # Behind a recommendation are the user's latest items: rules, neighbours and categories follow from them.
        latest = [
            [str(item) for item in dict.fromkeys(self.data.items.external[items[::-1]])][:5]
            for items in np.split(histories.items, histories.offsets[1:-1])
        ]
        return pd.DataFrame(
            {
                USER: np.asarray(users, dtype=object)[query],
                ITEM: self.data.items.external[top.items[query, place]],
                SCORE: top.scores[query, place].astype(float),
                VIA: [latest[one] for one in query],
                EVIDENCE: None,
            },
            columns=list(CANDIDATES),
        )

    def recommend(self, users: list[str], k: int = 5, reasons: bool = True) -> pd.DataFrame:
        """The k best items for each user; a reason names the neighbour, category or rule with the largest amount."""
        found = super().recommend(users, k, reasons=False)
        if reasons and len(found):
            found[REASON] = [self._reason(user, item) for user, item in zip(found[USER], found[ITEM], strict=True)]
        return found[list(RECOMMENDATIONS)]

    def explained(self, user: str, item: str) -> pd.DataFrame:
        """What a score is made of: `kind, behind, amount, share`, the largest first; the amounts add up to the score.

        Kinds are those of `MCPRHRec.evidence`; a category is written with those above it. Raises `BadInput` for an item
        that the graph does not know.
        """
        self._refuse_unfitted(1)
        [row] = self.data.items.rows([item])
        if row == NONE:
            raise BadInput(f'the shop has no item "{item}": give the id of one of its items')
        owners = self.data.owners.rows([user])
        told = list(self.model.evidence(self.data.histories.take(owners), int(owners[0]), int(row)))
        frame = pd.DataFrame(told, columns=["kind", "behind", "amount"])
        of_category = frame["kind"] == "category"
        frame.loc[of_category, "behind"] = [self._path(name) for name in frame.loc[of_category, "behind"]]
        frame = frame.sort_values("amount", ascending=False, kind="stable", ignore_index=True)
        return frame.assign(share=frame["amount"] / frame["amount"].sum() if len(frame) else [])

    def _path(self, category: str) -> str:
        """The categories from the root down to this one: "1 > 2 > 4"."""
        known = self.model.known
        assert known is not None
        path = [int(known.ids.rows([category])[0])]
        while known.parents[path[0]] != NONE and known.parents[path[0]] not in path:
            path.insert(0, int(known.parents[path[0]]))
        return " > ".join(str(known.ids.external[row]) for row in path)

    def _reason(self, user: str, item: str) -> str:
        told = self.explained(user, item)
        largest = told.groupby("kind", sort=False)["amount"].sum().idxmax()
        behind = told.loc[told["kind"] == largest, "behind"].iloc[0]
        return WORDS[str(largest)].format(behind)

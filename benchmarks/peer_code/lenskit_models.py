"""Models of LensKit, run in an environment of its own by `peers.py`."""

import numpy as np
import pandas as pd
from exchange import Exchange, answer
from lenskit.als import ImplicitMFScorer
from lenskit.data import ItemList, RecQuery, from_interactions_df
from lenskit.knn import ItemKNNScorer, UserKNNScorer
from lenskit.pipeline import topn_pipeline

MODELS = {"item-knn": ItemKNNScorer, "user-knn": UserKNNScorer, "implicit-mf": ImplicitMFScorer}


def fit(model: str, options: dict, exchange: Exchange):
    """Queries are the items of somebody new."""
    users, items = exchange.pairs("train")
    data = from_interactions_df(pd.DataFrame({"user_id": users, "item_id": items}))
    feedback = {} if model == "implicit-mf" else {"feedback": "implicit"}
    pipeline = topn_pipeline(MODELS[model](**options, **feedback), n=exchange.asked)
    pipeline.train(data)
    everything = ItemList(item_ids=np.arange(exchange.items))

    def ask() -> np.ndarray:
        queries = exchange.matrix("query")
        lists = np.full((queries.shape[0], exchange.asked), -1)
        for row in range(queries.shape[0]):
            known = queries.indices[queries.indptr[row] : queries.indptr[row + 1]]
            if not len(known):
                continue
            recommendations = pipeline.run(
                "recommender", query=RecQuery(user_items=ItemList(item_ids=known)), items=everything
            )
            ids = np.asarray(recommendations.ids())
            lists[row, : len(ids)] = ids
        return lists

    return ask


answer(fit)

"""Models of `implicit`, run in an environment of its own by `peers.py`."""

import numpy as np
from exchange import Exchange, answer
from implicit.als import AlternatingLeastSquares
from implicit.nearest_neighbours import BM25Recommender, CosineRecommender, TFIDFRecommender

MODELS = {
    "tfidf": TFIDFRecommender,
    "bm25": BM25Recommender,
    "cosine": CosineRecommender,
    "als": AlternatingLeastSquares,
}


def fit(model: str, options: dict, exchange: Exchange):
    """Queries are the rows of a user matrix; ALS makes a new user's factors of each."""
    seeded = {"random_state": 0} if model == "als" else {}
    fitted = MODELS[model](**options, **seeded)
    fitted.fit(exchange.matrix("train"), show_progress=False)

    def ask() -> np.ndarray:
        queries = exchange.matrix("query")
        more = {"recalculate_user": True} if model == "als" else {}
        rows = np.arange(queries.shape[0])
        lists, scores = fitted.recommend(rows, queries, exchange.asked, filter_already_liked_items=False, **more)
        return np.where(np.isfinite(scores) & (scores > -1e30), lists, -1)

    return ask


answer(fit)

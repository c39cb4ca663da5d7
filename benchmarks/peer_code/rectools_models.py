"""Models of RecTools, run in an environment of its own by `peers.py`."""

import numpy as np
import pandas as pd
from exchange import Exchange, answer
from implicit.nearest_neighbours import BM25Recommender, TFIDFRecommender
from rectools import Columns
from rectools.dataset import Dataset
from rectools.models import ImplicitItemKNNWrapperModel

NEIGHBOURS = {"tfidf-knn": TFIDFRecommender, "bm25-knn": BM25Recommender}


def fit(model: str, options: dict, exchange: Exchange):
    """The models know users by the dataset alone: queries are users of a dataset with the same items."""
    fitted = ImplicitItemKNNWrapperModel(NEIGHBOURS[model](**options))
    fitted.fit(_dataset(exchange, "train"))

    def ask() -> np.ndarray:
        dataset = _dataset(exchange, "query")
        users = np.unique(exchange.pairs("query")[0])
        answers = fitted.recommend(users, dataset, k=exchange.asked, filter_viewed=False)
        lists = np.full((len(exchange.owners), exchange.asked), -1)
        lists[answers[Columns.User], answers[Columns.Rank] - 1] = answers[Columns.Item]
        return lists

    return ask


def _dataset(exchange: Exchange, part: str) -> Dataset:
    """Every item stands in it once with nearly no weight, in the order of the numbers, so that all number alike."""
    users, items = exchange.pairs(part)
    nobody = exchange.matrix(part).shape[0]
    table = {
        Columns.User: np.r_[np.full(exchange.items, nobody), users],
        Columns.Item: np.r_[np.arange(exchange.items), items],
    }
    frame = pd.DataFrame(table)
    weights = np.r_[np.full(exchange.items, 1e-9), np.ones(len(users))]
    return Dataset.construct(frame.assign(**{Columns.Weight: weights, Columns.Datetime: pd.Timestamp(2026, 1, 1)}))


answer(fit)

"""Our own models, run in a process of their own as the peers are."""

import numpy as np
import pandas as pd
from exchange import Exchange, answer

from kartograph.evaluation.graph_models import measurable
from kartograph.models.changed_options import with_changes
from kartograph.models.data import Histories, Ids, TrainingData
from kartograph.models.registry import declaration


def fit(model: str, options: dict, exchange: Exchange):
    """Owners are users where queries name them, else sessions."""
    arrays = exchange.arrays
    train, query = (
        Histories(*(arrays[f"{part}_{name}"] for name in ("offsets", "items", "events"))) for part in ("train", "query")
    )
    kind = "users" if (exchange.owners >= 0).any() else "sessions"
    times = arrays.get("train_times")
    owners = Ids(pd.RangeIndex(len(train)))
    data = TrainingData(Ids(pd.RangeIndex(exchange.items)), owners, train, times, kind=kind)
    recommender = declaration(model).make(0)
    if options:
        recommender.options = with_changes(recommender.options, options, model)
    fitted = measurable(recommender).fit(data)
    return lambda: np.asarray(fitted.rank(query, exchange.asked, exchange.owners).items)


answer(fit)

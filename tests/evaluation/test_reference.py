"""The same figures from our code and from others', and the same ones from every run."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

from kartograph.evaluation.cases import interaction_cases
from kartograph.evaluation.graph_models import chosen
from kartograph.evaluation.metrics.accuracy import case_figures
from kartograph.models.data import TrainingData
from kartograph.models.neighbours.item_knn import ItemKNN, ItemKNNOptions
from kartograph.models.registry import declarations, names

PREADDL = {name for name in names() if name.startswith("preaddl")}
NEURAL = {"session-net", "sasrec", "sasrec-users", "sr-gnn", "blend"} | PREADDL
K = 5


def _events(users: int = 150, items: int = 80) -> pd.DataFrame:
    """Users of four tastes see up to twelve items of theirs, each once; the popular ones more often."""
    rng = np.random.default_rng(4)
    rows = []
    for user in range(users):
        liked = np.arange(user % 4, items, 4)
        chosen = rng.choice(
            liked, size=rng.integers(7, 13), replace=False, p=np.linspace(3, 1, len(liked)) / (2 * len(liked))
        )
        rows += [(f"u{user}", f"i{item}", "buy", 1_000 * user + at) for at, item in enumerate(chosen)]
    return pd.DataFrame(rows, columns=["user_id", "item_id", "event", "timestamp"])


def _parts() -> tuple[TrainingData, pd.DataFrame]:
    events = _events()
    late = events.groupby("user_id").cumcount(ascending=False) < 3
    data = TrainingData.from_table(events[~late], "user_id")
    return data, events[late & events["item_id"].isin(data.items.external)][["user_id", "item_id"]]


# implicit hands its own weighting's COO matrix on and then warns of it.
@pytest.mark.filterwarnings("ignore:Method expects CSR input")
@pytest.mark.parametrize("weighting", ["cosine", "tfidf"])
def test_implicit_evaluates_its_model_to_the_same_four_decimals(weighting):
    from implicit.evaluation import ranking_metrics_at_k
    from implicit.nearest_neighbours import CosineRecommender, TFIDFRecommender

    data, held_out = _parts()
    train = csr_matrix(data.histories.matrix(len(data.items)))
    rows, columns = data.owners.rows(held_out["user_id"]), data.items.rows(held_out["item_id"])
    test = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=train.shape)
    theirs = {"cosine": CosineRecommender, "tfidf": TFIDFRecommender}[weighting](K=50, num_threads=1)
    theirs.fit(train.copy(), show_progress=False)
    reference = ranking_metrics_at_k(theirs, train, test, K=K, show_progress=False, num_threads=1)

    cases = interaction_cases(held_out, data, "seen")
    ours = ItemKNN(ItemKNNOptions(weighting=weighting, neighbours=50)).fit(data)
    result = case_figures(ours.rank(cases.queries, K, cases.owners, cases.masked), cases.truth)

    sizes = np.diff(cases.truth.offsets)
    assert result.ndcg.mean() == pytest.approx(reference["ndcg"], abs=1e-4)
    assert result.average_precision.mean() == pytest.approx(reference["map"], abs=1e-4)
    # What implicit calls precision divides by the answers that could be found at all.
    assert (result.recall * sizes).sum() / sizes.sum() == pytest.approx(reference["precision"], abs=1e-4)
    assert result.ndcg.mean() > 0.1


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        one.name
        for one in declarations()
        if one.name not in NEURAL and one.name != "category-popularity" and not one.asks_graph
    ],
)
def test_one_thread_and_two_give_the_same_lists(name):
    data, held_out = _parts()
    data = replace(data, facts=pd.DataFrame({"item_id": data.items.external, "price": 10.0}))  # some ask for prices
    cases = interaction_cases(held_out, data, "none")
    lists = []
    for threads in (1, 2):
        with threadpool_limits(threads):
            model = chosen(name)(3).fit(data)
            lists.append(model.rank(cases.queries, K, cases.owners).items)

    assert np.array_equal(lists[0], lists[1])

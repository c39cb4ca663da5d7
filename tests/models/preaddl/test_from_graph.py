from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from tests.queries import small_shop

from kartograph.graph.connection import Graph
from kartograph.models.data import NONE, TrainingData
from kartograph.models.graph_data import training_data
from kartograph.models.item_categories import with_categories
from kartograph.models.preaddl.attention.first_vectors import begins_with, first_vectors
from kartograph.models.preaddl.attention.model import GraphModel, GraphOptions
from kartograph.models.preaddl.paper.model import PaperModel, PaperOptions
from kartograph.models.preaddl.shop_events import from_training
from kartograph.models.preaddl.training import Training

TINY = GraphOptions(
    embedding_size=4,
    candidates=5,
    sampled_fraction=1.0,
    batch_size=20,
    held_share=0.0,
    training=Training(epochs=1),
)
EVENTS = pd.DataFrame(
    [("u", "a", "view", 10), ("u", "b", "borrow", 20), ("u", "c", "view", 30), ("v", "a", "view", 40)],
    columns=["user_id", "item_id", "event", "timestamp"],
)
PLACED = pd.DataFrame({"item_id": ["a", "b"], "category_id": ["pans", "pots"]})
TREE = pd.DataFrame({"category_id": ["pans", "pots", "all"], "parent_id": ["all", "all", None]})


def embeddings_of_rest(model: GraphModel, graph: Graph, data: TrainingData) -> np.ndarray:
    """Embeddings without what the model holds out, as it knows them of a graph."""
    computed = model.know(graph, data).computed
    assert computed is not None
    assert computed.embeddings_of_rest is not None
    return computed.embeddings_of_rest


def shop(events: pd.DataFrame = EVENTS) -> TrainingData:
    items = pd.DataFrame(
        {"item_id": list("abcd"), "price": [5.0, None, 7.0, 9.0], "available": [True, False, True, None]}
    )
    return with_categories(TrainingData.from_frame(events, items), PLACED, TREE)


def test_training_data_keeps_category_tree_price_and_availability():
    result = from_training(shop())
    assert result.properties["category"].set_index("item_id")["value"].to_dict() == {"a": "pans", "b": "pots"}
    assert result.properties["price"].set_index("item_id")["value"].to_dict() == {"a": 5.0, "c": 7.0, "d": 9.0}
    assert result.properties["available"].set_index("item_id")["value"].to_dict() == {"a": 1.0, "b": 0.0, "c": 1.0}
    tree = dict(zip(result.tree["category_id"], result.tree["parent_id"], strict=True))
    assert (tree["pans"], tree["pots"], tree["all"]) == ("all", "all", None)


def test_the_papers_model_has_their_columns():
    model = PaperModel(PaperOptions(training=Training(epochs=1))).fit(shop())
    # Of items and moments: events of the item and of the visitor, category, root, level, price, availability.
    assert model._item_features.shape == (4, 7)
    assert len(np.unique(model._item_features.numpy(), axis=0)) == 4


def test_an_undated_event_has_the_time_of_the_one_before_it_and_untimed_data_the_place():
    data = shop()
    undated = replace(data, times=np.array([10, 0, 30, 40]))
    assert from_training(undated).events["timestamp"].tolist() == [10, 10, 30, 40]
    first = replace(data, times=np.array([0, 0, 30, 40]))
    assert from_training(first).events["timestamp"].tolist() == [30, 30, 30, 40]
    alone = replace(data, times=np.array([10, 20, 30, 0]))
    assert from_training(alone).events["timestamp"].tolist() == [10, 20, 20, 30]
    assert from_training(replace(data, times=None)).events["timestamp"].tolist() == [0, 1, 2, 3]
    for untimed in (undated, replace(data, times=None), replace(data, times=np.zeros(4, dtype=np.int64))):
        model = PaperModel(PaperOptions(training=Training(epochs=1))).fit(untimed)
        assert not model.rank(data.histories.part(0, 1), 2).unserved.any()


@pytest.mark.server
def test_the_graph_model_begins_with_the_graphs_embeddings(graph):
    small_shop.fill(graph)
    model = GraphModel(TINY).fit(graph)
    data = training_data(graph, needs=("embedding",)).grouped("users")
    kettle = data.items.rows(["101"])[0]
    assert begins_with("auto", TINY.embedding_size, data) == "graph"
    begun = first_vectors("graph", TINY.embedding_size, data, TINY.training, model.edges, None, held_out=False)[
        kettle
    ].numpy()
    assert begun.argmax() == 0 and begun[0] > 0.5  # the graph has 1, 0, 0, 0 there
    assert model.categories[kettle] != NONE
    assert hasattr(model.network, "group")


@pytest.mark.server
def test_the_graph_model_learns_from_a_shop_of_sessions_alone(graph):
    small_shop.fill(graph)
    graph.query("MATCH (u:User) DETACH DELETE u", write=True)
    options = replace(TINY, held_out="owners", held_share=0.4)
    data = training_data(graph, needs=("embedding",)).grouped("users")
    assert data.kind == "sessions"
    of_rest = embeddings_of_rest(GraphModel(options), graph, data)
    # The latest 0.4 · 8 = 3 sessions are held out: with them goes all that happened to 105 and 106.
    lies = of_rest[data.items.rows(["101", "104", "105", "106"])]
    assert [bool(row.any()) for row in lies] == [True, True, False, False]
    assert len(GraphModel(options).fit(graph).recommend_sessions([["101", "103"]], k=2)) == 2


@pytest.mark.server
def test_what_is_held_out_of_a_file_is_left_out_where_its_sessions_are_the_graphs_users(graph):
    small_shop.fill(graph)
    data = training_data(graph, needs=("embedding",)).grouped("users")
    model = GraphModel(replace(TINY, held_out="owners", held_share=0.4))
    of_users, of_sessions = (
        embeddings_of_rest(model, graph, replace(data, kind=kind, other=None)) for kind in ("users", "sessions")
    )
    assert of_sessions == pytest.approx(of_users, abs=1e-6, nan_ok=True)
    assert not of_users[data.items.rows(["106"])].any()  # of user 4, one of the latest 0.4 · 4 = 2


@pytest.mark.server
def test_the_papers_model_learns_from_a_graph_with_its_prices_and_tree(graph):
    small_shop.fill(graph)
    result = from_training(training_data(graph).grouped("users"))
    assert {"category", "price"} <= set(result.properties)
    assert result.tree["parent_id"].notna().any()
    model = PaperModel(PaperOptions(training=Training(epochs=1))).fit(graph)
    assert len(model.recommend(["1"], k=2)) == 2


@pytest.mark.server
def test_the_encoder_of_the_graphs_nodes_serves_from_a_graph(graph):
    small_shop.fill(graph)
    assert len(GraphModel(replace(TINY, init="hetero")).fit(graph).recommend(["1"], k=2)) == 2

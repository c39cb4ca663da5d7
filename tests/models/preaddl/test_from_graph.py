import numpy as np
import pytest
from tests.queries import small_shop

from kartograph.models.data import NONE, Ids
from kartograph.models.preaddl.attention.item_graph import knowledge_of_graph
from kartograph.models.preaddl.attention.model import GraphModel, GraphOptions
from kartograph.models.preaddl.pairs import PairOptions, prepare
from kartograph.models.preaddl.shop_events import from_graph
from kartograph.models.preaddl.training import Training
from kartograph.tables.errors import BadInput


@pytest.mark.server
def test_pairs_are_made_of_what_the_graph_holds(graph):
    small_shop.fill(graph)
    shop = from_graph(graph)
    assert len(shop.events) == 24
    assert set(shop.events["user_id"]) == {"1", "2", "3", "4", "x-0"}
    prepared = prepare(shop, PairOptions(test_share=0))
    pot = prepared.items.rows(["103"])
    moments = np.array([1_600_000_000_000, 1_600_043_200_000])
    found = prepared.space.category_at(np.repeat(pot, 2), moments)
    assert prepared.space.categories.external[found].tolist() == ["2", "4"]


@pytest.mark.server
def test_the_graph_model_begins_with_the_graphs_embeddings(graph):
    small_shop.fill(graph)
    model = GraphModel(
        GraphOptions(
            init="graph",
            size=4,
            candidates=5,
            parts=1,
            clicks=20,
            held_share=0.0,
            categories=False,
            training=Training(epochs=1),
        )
    ).fit(graph)
    assert model.knowledge.embeddings is not None
    kettle, pan = model.items.rows(["101", "102"])
    assert model.knowledge.embeddings[kettle].tolist() == [1.0, 0.0, 0.0, 0.0]
    assert model.knowledge.categories is not None and model.knowledge.categories[kettle] != NONE
    known = knowledge_of_graph(graph, Ids(model.items.external[[pan]]))
    assert known.embeddings is not None and known.embeddings[0, 0] == pytest.approx(0.9)


@pytest.mark.server
def test_a_graph_without_events_is_refused(graph):
    with pytest.raises(BadInput, match="has no events with times"):
        from_graph(graph)

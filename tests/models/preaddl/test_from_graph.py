import pytest
from tests.queries import small_shop

from kartograph.models.data import NONE, Ids
from kartograph.models.preaddl.attention.item_graph import knowledge_of_graph
from kartograph.models.preaddl.attention.model import GraphModel, GraphOptions
from kartograph.models.preaddl.training import Training


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

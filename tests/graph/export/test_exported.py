"""Tests of the export on the small shop of the query tests."""

import numpy as np
import pytest
from scipy.sparse import csr_array
from tests.queries import small_shop

from kartograph.graph.export.edges import EdgeSet
from kartograph.graph.export.exported import export
from kartograph.graph.export.nodes import NodeSet
from kartograph.tables.errors import BadInput, TooLarge

pytestmark = pytest.mark.server

USERS = NodeSet("User")
ITEMS = NodeSet("Item", properties=("price", "available", "pagerank"), embedding="embedding")
BOUGHT = EdgeSet("User", "BOUGHT", "Item", properties=("count", "last"))
T0 = 1_600_000_000_000


@pytest.fixture
def shop(graph):
    """The small shop in an empty database."""
    small_shop.fill(graph)
    return graph


def projections(graph) -> int:
    return len(graph.query("CALL gds.graph.list() YIELD graphName RETURN graphName"))


def test_nodes_come_sorted_by_id_with_features_and_embeddings(shop):
    items = export(shop, [ITEMS]).nodes["Item"]
    assert items.numbering.ids == ("101", "102", "103", "104", "105", "106", "107")
    np.testing.assert_array_equal(items.features[0], [40.0, 1.0, 1.6])
    np.testing.assert_array_equal(items.features[4], [15.0, 0.0, 1.0])  # the rake is not available
    np.testing.assert_array_equal(items.features[6], [25.0, 1.0, np.nan])  # nothing leads to the new spade
    assert items.embeddings is not None
    np.testing.assert_allclose(items.embeddings[2], [0.8, 0.3, 0.0, 0.0], rtol=1e-6)
    assert np.isnan(items.embeddings[6]).all()
    assert list(items.frame().columns) == ["price", "available", "pagerank"]
    assert items.frame().loc["103", "price"] == 35.0
    assert list(items.embedding_frame().index) == ["101", "102", "103", "104", "105", "106"]


def test_edges_come_with_ids_as_a_frame_and_as_a_sparse_matrix(shop):
    bought = export(shop, [USERS, ITEMS], [BOUGHT]).edges["User", "BOUGHT", "Item"]
    assert bought.frame().values.tolist() == [
        ["1", "102", 1.0, T0 + 3 * 60_000],
        ["2", "101", 1.0, T0 + 62 * 60_000],
        ["2", "103", 1.0, T0 + 2882 * 60_000],
        ["3", "101", 1.0, T0 + 1503 * 60_000],
        ["3", "103", 1.0, T0 + 1502 * 60_000],
    ]
    matrix = bought.csr("count")
    assert isinstance(matrix, csr_array)
    assert matrix.shape == (6, 7)
    assert matrix.sum(axis=0).tolist() == [2.0, 1.0, 2.0, 0.0, 0.0, 0.0, 0.0]
    assert matrix.has_canonical_format


def test_edges_of_other_labels_with_the_same_type_are_left_out(shop):
    # Items and categories both co-occur; only the items' edges are asked for although both labels are exported.
    both = export(shop, [NodeSet("Item"), NodeSet("Category")], [EdgeSet("Item", "CO_OCCURS", "Item", ("sessions",))])
    frame = both.edges["Item", "CO_OCCURS", "Item"].frame()
    assert frame.values.tolist() == [["101", "102", 2.0], ["101", "103", 2.0], ["104", "105", 2.0]]


def test_parallel_edges_stay_apart_and_add_up_in_the_matrix(shop):
    exported = export(
        shop, [NodeSet("Session"), NodeSet("Item")], [EdgeSet("Session", "INCLUDES", "Item", ("position", "at"))]
    )
    included = exported.edges["Session", "INCLUDES", "Item"]
    first = included.frame().query("source_id == '1-0'")
    # Viewed the kettle, then viewed, carted and bought the pan.
    assert first["target_id"].tolist() == ["101", "102", "102", "102"]
    assert first["position"].tolist() == [0.0, 1.0, 2.0, 3.0]
    assert first["at"].tolist() == [T0, T0 + 60_000, T0 + 120_000, T0 + 180_000]
    [row] = included.sources.rows(["1-0"])
    assert included.csr()[[row]].toarray().tolist() == [[1.0, 3.0, 0.0, 0.0, 0.0, 0.0, 0.0]]


def test_the_same_graph_loaded_in_another_order_gives_the_same_arrays(graph):
    def filled(ids):
        graph.query("MATCH (n) DETACH DELETE n", write=True)
        graph.query(
            "UNWIND $ids AS id CREATE (:User {id: 'u' + id})-[:VIEWED {count: toInteger(id)}]->(:Item {id: id})",
            write=True,
            ids=ids,
        )
        return export(graph, [USERS, NodeSet("Item")], [EdgeSet("User", "VIEWED", "Item", ("count",))])

    ids = [str(number) for number in range(40)]
    one, other = filled(ids), filled(ids[::-1])
    assert one.nodes["Item"].numbering == other.nodes["Item"].numbering
    a, b = one.edges["User", "VIEWED", "Item"], other.edges["User", "VIEWED", "Item"]
    np.testing.assert_array_equal(a.source_rows, b.source_rows)
    np.testing.assert_array_equal(a.target_rows, b.target_rows)
    np.testing.assert_array_equal(a.values, b.values)


def test_more_nodes_than_a_packed_list_holds_all_come(graph):
    # Only the last items have embeddings, so that whole lists come without any.
    graph.query(
        "UNWIND range(1, 4500) AS n CREATE (:Item {id: toString(n), price: n, "
        "embedding: CASE WHEN n > 4400 THEN [toFloat(n), 1.0] END})",
        write=True,
    )
    items = export(graph, [NodeSet("Item", ("price",), embedding="embedding")]).nodes["Item"]
    assert len(items.numbering) == 4500
    assert items.embedding_frame().shape == (100, 2)
    assert items.embedding_frame().loc[["4444"]].to_numpy()[0].tolist() == [4444.0, 1.0]
    assert items.features[:, 0].tolist() == [float(id_) for id_ in items.numbering.ids]


def test_nothing_of_an_export_stays_in_the_servers_memory(shop):
    export(shop, [USERS, ITEMS], [BOUGHT])
    with pytest.raises(BadInput):
        export(shop, [NodeSet("Item", ("title",))])
    assert projections(shop) == 0


def test_what_does_not_fit_is_refused_before_it_is_projected(shop, monkeypatch):
    monkeypatch.setattr("kartograph.graph.enrichment.projection.HEAP_SHARE", 0.0)
    with pytest.raises(TooLarge, match=r"^projecting Item, User and BOUGHT \(13 nodes, 5 relationships\) takes up to"):
        export(shop, [USERS, ITEMS], [BOUGHT])


@pytest.mark.parametrize(
    ("nodes", "edges", "message"),
    [
        ([NodeSet("Itme")], [], 'no node has the label "Itme"; did you mean "Item"\\?'),
        ([NodeSet("Item", ("prize",))], [], 'no Item has the property "prize"; did you mean "price"\\?'),
        ([USERS], [BOUGHT], "BOUGHT joins User and Item, but Item is not among the exported nodes \\(User\\): add"),
        ([USERS, ITEMS], [EdgeSet("User", "BOGUHT", "Item")], 'no relationship of the type "BOGUHT"; did you mean "BO'),
        # Which of the items an error shows is the server's choice.
        ([NodeSet("Item", ("title",))], [], "Item.title is no number: '[A-Z][a-z ]+', say; features are numbers"),
        ([NodeSet("Item", ("embedding",))], [], r"Item.embedding is no number: \[[0-9., ]+\], say"),
        ([NodeSet("Item", embedding="price")], [], r"Item.price is no list of numbers: [0-9.]+, say; a single number"),
        ([NodeSet("Item", key="brand")], [], 'two Item nodes have the brand "Acme"'),
        ([NodeSet("Item", key="name")], [], r"7 of 7 Item nodes have no text in the property name \(None, say\)"),
        ([ITEMS, ITEMS], [], "Item is asked for twice"),
        ([], [], "nothing to export: name at least one label"),
    ],
)
def test_what_cannot_be_exported_is_named(shop, nodes, edges, message):
    with pytest.raises(BadInput, match=message):
        export(shop, nodes, edges)


def test_embeddings_of_several_lengths_are_refused(graph):
    graph.query("UNWIND [[1.0], [1.0, 2.0]] AS e CREATE (:Item {id: toString(size(e)), embedding: e})", write=True)
    with pytest.raises(BadInput, match="lists of 1, 2 numbers, but an embedding has one length"):
        export(graph, [NodeSet("Item", embedding="embedding")])


def test_a_matrix_of_a_property_that_an_edge_lacks_is_refused(graph):
    graph.query(
        "CREATE (:User {id: '1'})-[:VIEWED]->(i:Item {id: '2'}), (:User {id: '3'})-[:VIEWED {count: 2}]->(i)",
        write=True,
    )
    viewed = export(graph, [USERS, NodeSet("Item")], [EdgeSet("User", "VIEWED", "Item", ("count",))]).edges[
        "User", "VIEWED", "Item"
    ]
    assert np.isnan(viewed.property("count")[0])
    with pytest.raises(BadInput, match="1 of 2 VIEWED edges have no count"):
        viewed.csr("count")
    with pytest.raises(BadInput, match='"last" of VIEWED was not exported; there is count'):
        viewed.csr("last")

"""Tests of what of py2neo works on Neo4j 5, on the real server."""

import pandas as pd
import py2neo
import pytest
from py2neo.bulk import create_nodes, create_relationships, merge_nodes, merge_relationships
from py2neo.matching import NodeMatcher, RelationshipMatcher

from kartograph.graph.connection import Graph
from kartograph.graph.py2neo_graph import open_py2neo
from kartograph.tables.errors import FeatureMissing, ServerError

pytestmark = pytest.mark.server


@pytest.fixture
def old(graph, server):
    """A py2neo graph on the empty database."""
    with Graph.connect(server.uri, server.auth) as own:
        yield own.py2neo()


def test_queries_give_values_dictionaries_and_frames(old):
    assert old.evaluate("RETURN $a + 1", a=2) == 3
    assert old.run("UNWIND [1, 2] AS x RETURN x, 10 * x AS y").data() == [{"x": 1, "y": 10}, {"x": 2, "y": 20}]
    frame = old.run("UNWIND [1, 2] AS x RETURN x, 10 * x AS y").to_data_frame()
    pd.testing.assert_frame_equal(frame, pd.DataFrame({"x": [1, 2], "y": [10, 20]}))


def test_nodes_are_created_matched_pushed_and_deleted(old, graph):
    old.create(py2neo.Node("Item", id="1", price=2.0))
    item = NodeMatcher(old).match("Item", id="1").first()
    assert item["price"] == 2.0
    item["price"] = 3.0
    old.push(item)
    assert graph.query("MATCH (i:Item) RETURN i.price AS price")["price"].tolist() == [3.0]
    old.delete(item)
    assert NodeMatcher(old).match("Item").count() == 0


def test_a_transaction_is_committed_or_rolled_back(old):
    transaction = old.begin()
    transaction.run("CREATE (:Item {id: '1'})")
    old.rollback(transaction)
    assert old.nodes.match("Item").count() == 0
    transaction = old.begin()
    transaction.run("CREATE (:Item {id: '1'})")
    old.commit(transaction)
    assert old.nodes.match("Item").count() == 1


def test_nodes_and_relationships_are_created_and_merged_in_bulk(old):
    create_nodes(old.auto(), [["1", "kettle"]], labels={"Item"}, keys=["id", "title"])
    merge_nodes(old.auto(), [["1", "pot"], ["2", "pan"]], ("Item", "id"), keys=["id", "title"])
    assert [item["title"] for item in NodeMatcher(old).match("Item").order_by("_.id")] == ["pot", "pan"]
    ends = {"start_node_key": ("Item", "id"), "end_node_key": ("Item", "id")}
    create_relationships(old.auto(), [("1", {"weight": 1.0}, "2")], "CO_OCCURS", **ends)
    merge_relationships(old.auto(), [("1", {"weight": 2.0}, "2")], "CO_OCCURS", **ends)
    [edge] = RelationshipMatcher(old).match(r_type="CO_OCCURS")
    assert (edge.start_node["id"], edge.end_node["id"], edge["weight"]) == ("1", "2", 2.0)


def test_labels_and_types_are_listed(old):
    old.run("CREATE (:Item {id: '1'})-[:CO_OCCURS]->(:Item {id: '2'})")
    assert "Item" in old.schema.node_labels
    assert "CO_OCCURS" in old.schema.relationship_types


@pytest.mark.parametrize(
    ("method", "arguments", "instead"),
    [
        ("create_index", ["Py", "a", "b"], r"CREATE INDEX py_a_b IF NOT EXISTS FOR \(n:Py\) ON \(n.a, n.b\)"),
        ("create_uniqueness_constraint", ["Py", "a"], r"CREATE CONSTRAINT py_a_unique IF NOT EXISTS FOR \(n:Py\) REQ"),
        ("drop_index", ["Py", "a"], "DROP INDEX <name> IF EXISTS"),
        ("drop_uniqueness_constraint", ["Py", "a"], "DROP CONSTRAINT <name> IF EXISTS"),
        ("get_indexes", ["Py"], "SHOW INDEXES YIELD name, labelsOrTypes, properties WHERE 'Py' IN labelsOrTypes"),
        ("get_uniqueness_constraints", ["Py"], "SHOW CONSTRAINTS YIELD"),
    ],
)
def test_a_schema_helper_names_the_statement_to_use(old, method, arguments, instead):
    with pytest.raises(FeatureMissing, match=rf"schema.{method} sends a statement that Neo4j 5 refuses.*: {instead}"):
        getattr(old.schema, method)(*arguments)


def test_the_statements_that_the_errors_name_are_accepted(old, graph):
    for method, arguments in (("create_index", ["Py", "a"]), ("get_indexes", ["Py"])):
        with pytest.raises(FeatureMissing) as raised:
            getattr(old.schema, method)(*arguments)
        statement = str(raised.value).partition("graph.query(…): ")[2].partition(". The shop's own")[0]
        rows = graph.query(statement, write=True)
    graph.query("DROP INDEX py_a", write=True)
    assert rows.values.tolist() == [["py_a", ["a"]]]


# py2neo leaves the socket to the garbage collector when nothing answers.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
def test_a_server_that_does_not_answer_is_named():
    with pytest.raises(ServerError, match=r"py2neo cannot connect to bolt://127.0.0.1:1: .*graph.query"):
        open_py2neo("bolt://127.0.0.1:1", ("neo4j", "x"), "neo4j")

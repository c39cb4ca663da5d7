"""Tests of `Graph` on the real local server."""

import neo4j.exceptions
import pytest

from kartograph import queries
from kartograph.graph.connection import Graph, commits_itself
from kartograph.tables.errors import BadInput, FeatureMissing, ServerError

pytestmark = pytest.mark.server


def test_a_query_returns_a_frame_with_a_column_per_name(graph):
    frame = graph.query("UNWIND $ids AS id RETURN id, size(id) AS length ORDER BY id", ids=["b", "aa"])
    assert frame.to_dict("list") == {"id": ["aa", "b"], "length": [2, 1]}


def test_a_query_without_rows_keeps_its_columns(graph):
    assert list(graph.query("MATCH (n) RETURN n.id AS id, labels(n) AS labels").columns) == ["id", "labels"]


def test_execute_returns_what_it_changed(graph):
    assert graph.execute("UNWIND range(1, 3) AS i CREATE (:Item {id: toString(i)})").nodes_created == 3


def test_the_database_is_empty_before_each_test(graph):
    assert graph.query("MATCH (n) RETURN count(n) AS n")["n"][0] == 0


def test_a_query_that_would_change_the_graph_has_to_say_so(graph):
    with pytest.raises(neo4j.exceptions.ClientError, match="read access mode"):
        graph.query("CREATE (:Item {id: 'x'})")
    graph.query("CREATE (:Item {id: 'x'})", write=True)
    assert graph.query("MATCH (i:Item) RETURN count(i) AS n")["n"][0] == 1


def test_call_in_transactions_is_sent_outside_of_a_transaction(graph):
    counters = graph.execute("UNWIND range(1, 25) AS i CALL (i) { CREATE (:Item {id: i}) } IN TRANSACTIONS OF 10 ROWS")
    assert counters.nodes_created == 25


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("CALL (n) { DELETE n } IN TRANSACTIONS", True),
        ("call (n) { delete n } in 2 concurrent transactions of 10 rows", True),
        ("CALL (n) { DELETE n } IN $many CONCURRENT TRANSACTIONS", True),
        ("RETURN 'CALL { } IN TRANSACTIONS' AS text", False),
        ("MATCH (`in transactions`) WHERE 1 IN [1] RETURN 1 AS transactions", False),
    ],
)
def test_what_commits_itself_is_recognised(body, expected):
    assert commits_itself(body) is expected


def test_a_statement_file_is_sent_as_it_is_with_its_parameters(graph):
    frame = graph.query(queries.load("operate/last_loads"), k=3)
    assert "load" in frame.columns


def test_a_missing_parameter_of_a_statement_file_is_named(graph):
    with pytest.raises(BadInput, match=r"^queries/operate/last_loads.cypher needs the parameters k; missing: k$"):
        graph.query(queries.load("operate/last_loads"))


def test_text_that_looks_like_cypher_is_only_a_value(graph):
    evil = "'; MATCH (n) DETACH DELETE n //\n`\"\\ 🙂"
    graph.execute("CREATE (:Item {id: $id})", id=evil)
    assert graph.query("MATCH (i:Item {id: $id}) RETURN i.id AS id", id=evil)["id"].tolist() == [evil]


def test_the_graph_data_science_client_works_on_the_same_connection(graph):
    graph.execute("CREATE (:Item {id: 'a'})-[:CO_OCCURS]->(:Item {id: 'b'})")
    assert graph.has_gds
    assert str(graph.gds.server_version()) == graph.query("RETURN gds.version() AS version")["version"][0]


def test_a_server_without_graph_data_science_is_told_what_needs_it(server):
    with Graph.connect(server.uri, server.auth) as graph:
        graph.__dict__["has_gds"] = False  # what the server would answer without the library
        for use in (lambda: graph.gds, lambda: graph.query("CALL gds.noSuchThing() YIELD x RETURN x")):
            with pytest.raises(FeatureMissing, match=r"PageRank, node similarity, embeddings .*`kartograph start`"):
                use()


def test_a_wrong_password_is_told_apart_from_a_server_that_is_not_there(server):
    with pytest.raises(ServerError, match=r'refuses the user "neo4j" with this password; .*NEO4J_PASSWORD'):
        Graph.connect(server.uri, ("neo4j", "wrong"))
    with pytest.raises(ServerError, match=r"no Neo4j answers at bolt://127.0.0.1:9: .*NEO4J_URI"):
        Graph.connect("bolt://127.0.0.1:9", ("neo4j", "x"))


def test_a_database_that_does_not_exist_is_named(server):
    with pytest.raises(ServerError, match=r'answers, but not for the database "nope"'):
        Graph.connect(server.uri, server.auth, database="nope")


@pytest.mark.parametrize("uri", ["http://localhost:7474", "localhost", "", "neo4j+x://host"])
def test_an_address_with_another_scheme_is_refused_with_those_that_are_allowed(uri):
    with pytest.raises(BadInput, match=r"is no address of a Neo4j server: write one of neo4j, neo4j\+s, .*bolt"):
        Graph.connect(uri, ("neo4j", "x"))


@pytest.mark.parametrize("file", ["file:///etc/passwd", "file:///../password", "file:///../../../../../etc/passwd"])
def test_load_csv_reads_nothing_outside_of_the_import_folder(graph, file):
    with pytest.raises(neo4j.exceptions.ClientError, match=r"(?i)cannot load|couldn't load|not.*allowed|outside"):
        graph.query("LOAD CSV FROM $file AS line RETURN line", file=file)


@pytest.mark.server
def test_a_kind_of_event_that_the_shop_lacks_is_no_warning(graph, caplog):
    assert graph.query("MATCH (:User)-[b:NEVER_SEEN]->() RETURN count(b) AS seen")["seen"].tolist() == [0]
    assert caplog.records == []

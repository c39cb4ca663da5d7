"""Tests of bringing a graph of a former schema to the present one."""

import pytest

from kartograph.graph.migrate import migrate, migrations, present_version, schema_advice
from kartograph.tables.errors import BadInput

pytestmark = pytest.mark.server


def noted(graph) -> list[int]:
    return graph.query("MATCH (m:Meta {id: 'schema'}) RETURN m.schema_version AS version")["version"].tolist()


def test_a_graph_of_schema_0_is_brought_to_the_present_one_once(graph):
    graph.query(
        "CREATE (a:Item {id: '1'})-[:CO_OCCURS {sessions: 2}]->(:Item {id: '2'})-[:CO_OCCURS {run: 'r'}]->(a)",
        write=True,
    )
    first = migrate(graph)
    assert (first.before, first.now, first.applied) == (0, present_version(), tuple(migrations().values()))
    runs = graph.query("MATCH ()-[c:CO_OCCURS]->() RETURN c.run AS run ORDER BY run")["run"].tolist()
    assert runs == ["load", "r"]
    assert noted(graph) == [present_version()]
    assert migrate(graph).applied == ()


def test_an_empty_graph_is_noted_as_present_without_a_migration(graph):
    assert migrate(graph).applied == ()
    assert noted(graph) == [present_version()]


def test_a_graph_of_a_later_schema_is_refused_and_left_alone(graph):
    graph.query("CREATE (:Meta {id: 'schema', schema_version: 999})", write=True)
    with pytest.raises(BadInput, match="the graph has schema 999, and this release of Kartograph knows the schemas up"):
        migrate(graph)
    assert noted(graph) == [999]


def test_what_the_loaders_write_is_the_present_schema():
    from kartograph.graph.bulk.contents import SCHEMA_VERSION

    assert present_version() == SCHEMA_VERSION


def test_a_graph_of_a_former_schema_is_advised_to_be_upgraded(graph):
    assert schema_advice(graph) is None  # it is empty
    graph.query("CREATE (:Item {id: '1'})", write=True)
    advice = schema_advice(graph)
    assert advice is not None
    assert f"has schema 0, and this release of Kartograph works with schema {present_version()}" in advice
    assert "run `kartograph upgrade`" in advice
    migrate(graph)
    assert schema_advice(graph) is None
    graph.query("MATCH (m:Meta {id: 'schema'}) SET m.schema_version = 999", write=True)
    assert "a later release wrote it" in str(schema_advice(graph))

"""Similarities, clusters, weights and pages in the graph, and sessions as objects out of it."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kartograph.ontology.clusters import Clusters
from kartograph.ontology.compare.columns import Measure
from kartograph.ontology.files.reading import read_rdf
from kartograph.ontology.graph.computed import (
    read_weights,
    session_objects,
    write_clusters,
    write_pages,
    write_similar,
    write_weights,
)
from kartograph.ontology.graph.ids import graph_ids
from kartograph.ontology.graph.write import write_ontology
from kartograph.ontology.similarity import neighbours, space_of
from kartograph.tables.errors import BadInput

FILMS = Path(__file__).resolve().parents[1] / "films.ttl"
FILM = "http://films.example/onto#"


@pytest.fixture
def cinema(graph):
    _, contents = write_ontology(graph, read_rdf(FILMS), ids={f"{FILM}vertigo": "v"})
    return graph, contents.catalogue, graph_ids(graph, contents.catalogue.items.ids)


@pytest.mark.server
def test_the_most_similar_items_are_linked_and_a_second_run_replaces_the_first(cinema):
    graph, catalogue, ids = cinema
    space = space_of(catalogue, Measure.EED1)
    assert write_similar(graph, space, ids, 3) == 18
    assert write_similar(graph, space, ids, 2) == 12
    result, scores = neighbours(space, 2)
    row = int(np.flatnonzero(ids == "v")[0])
    edges = graph.query(
        "MATCH (:Item {id: 'v'})-[s:SIMILAR {measure: 'EED-1'}]->(i) RETURN i.id AS id, s.score AS score "
        "ORDER BY score DESC"
    )
    assert edges["id"].tolist() == ids[result[row]].tolist()
    assert edges["score"].to_numpy() == pytest.approx(scores[row])


@pytest.mark.server
def test_clusters_weights_and_pages_are_written(cinema):
    graph, _, ids = cinema
    clusters = Clusters(np.array([0, 0, 1, 1, 1, 1]), np.array([1, 2]))
    assert write_clusters(graph, clusters, ids, "agglomerative", "EED-1") == 2
    assert write_clusters(graph, clusters, ids, "agglomerative", "EED-1") == 2
    sizes = graph.query(
        "MATCH (i:Item)-[:IN_CLUSTER]->(c:Cluster) RETURN c.id AS c, count(i) AS n, c.k AS k ORDER BY c"
    )
    assert sizes["n"].tolist() == [2, 4] and set(sizes["k"]) == {2}
    assert write_weights(graph, {"minutes": 0.5, "director.identity": 0.25, "director.born": 1.0}, "purity") == 3
    result = graph.query(
        "MATCH (a:Attribute) WHERE a.weight IS NOT NULL RETURN a.name AS name, a.weight AS w ORDER BY name"
    )
    assert result.to_dict("list") == {"name": ["born", "director", "minutes"], "w": [1.0, 0.25, 0.5]}
    assert write_pages(graph, pd.DataFrame({"url": ["/v", "/x"], "item_id": ["v", "none"]})) == (2, 1)


@pytest.mark.server
@pytest.mark.parametrize("measure", list(Measure))
def test_weights_are_read_as_they_were_written(cinema, measure):
    graph, catalogue, _ = cinema
    space = space_of(catalogue, measure)
    assert read_weights(graph, space) == ({}, "")
    weights = {name: 1 / (2 + number) for number, name in enumerate(space.names)}
    write_weights(graph, weights, f"purity of {measure}")
    assert read_weights(graph, space) == (weights, f"purity of {measure}")


@pytest.mark.server
def test_a_session_comes_as_target_objects_and_as_these_with_linked_ones(cinema):
    graph, _, _ = cinema
    graph.query(
        "CREATE (s:Session {id: 's'}) WITH s UNWIND [['v', 0], [$other, 1], ['v', 2]] AS row "
        "MATCH (i:Item {id: row[0]}) CREATE (s)-[:INCLUDES {position: row[1]}]->(i)",
        write=True,
        other=f"{FILM}thirdMan",
    )
    plain = session_objects(graph, "s", extended=False)
    assert plain["item"].tolist() == ["v", f"{FILM}thirdMan"] and plain["linked"].tolist() == [[], []]
    linked = session_objects(graph, "s")["linked"]
    assert [[one["name"] for one in row] for row in linked] == [["Alfred Hitchcock"], ["Carol Reed"]]
    assert linked[0][0]["relation"] == "DIRECTOR" and linked[0][0]["properties"]["born"] > 1899


@pytest.mark.server
def test_items_that_the_graph_lacks_are_named(cinema):
    graph, _, _ = cinema
    with pytest.raises(BadInput, match=r"lacks 1 of the items, \['urn:none'\]"):
        graph_ids(graph, np.array(["urn:none", f"{FILM}vertigo"], dtype=object))

"""Similarities and clusters of an ontology's items, written into the graph when they are loaded."""

from dataclasses import asdict

from kartograph.graph.connection import Graph
from kartograph.ontology.clusters import distances_of, k_medoids
from kartograph.ontology.compare.columns import Measure
from kartograph.ontology.graph.computed import write_clusters, write_similar
from kartograph.ontology.graph.ids import graph_ids
from kartograph.ontology.graph.write import Written
from kartograph.ontology.owl.individuals import Catalogue
from kartograph.ontology.similarity import Unknown, similarity_matrix, space_of
from kartograph.tables.progress import Progress, silent

_NAMES = {"individuals": "linked individuals"}


def counts_of(written: Written) -> dict[str, int]:
    """What came into the graph, by name."""
    counts = {_NAMES.get(name, name): count for name, count in asdict(written).items() if name != "seconds"}
    return {name: count for name, count in counts.items() if count or name != "rejected"}


def compute(
    graph: Graph, catalogue: Catalogue, measure: Measure, neighbours: int, clusters: int, progress: Progress = silent
) -> dict[str, int]:
    """Link each item to its `neighbours` most similar ones and write `clusters`, none of them for 0; returns counts.

    Clusters are those of k-medoids: merging parts single items from the rest, which is nothing to look at.
    """
    counts: dict[str, int] = {}
    ids = graph_ids(graph, catalogue.items.ids)
    space = space_of(catalogue, measure, unknown=Unknown.EXPECTED)
    if neighbours:
        counts["similarities"] = write_similar(graph, space, ids, min(neighbours, len(space) - 1), progress=progress)
    if clusters:
        progress("Clustering")
        clustering = k_medoids(distances_of(similarity_matrix(space)), min(clusters, len(space)))
        counts["clusters"] = write_clusters(graph, clustering, ids, "k-medoids", space.measure.value)
    return counts

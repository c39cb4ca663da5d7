"""Groups of items whose right answer is known."""

import numpy as np
import pytest

from kartograph.ontology.clusters import agglomerative, best_k, cut, distances_of, k_medoids, medoids_of, tree
from kartograph.ontology.compare.columns import Measure
from kartograph.ontology.compare.kinds import Matching
from kartograph.ontology.similarity import Unknown, similarity_matrix, space_of
from kartograph.tables.errors import BadInput

# Three groups on a line: around 0, 0.5 and 1; 0.01, 0.5 and 0.98 lie in the middle of theirs.
PLACES = np.array([0.0, 0.01, 0.03, 0.5, 0.48, 0.52, 0.95, 0.98, 1.0])
DISTANCE = np.abs(PLACES[:, None] - PLACES[None, :])
GROUPS = [{0, 1, 2}, {3, 4, 5}, {6, 7, 8}]


def groups(labels) -> list[set[int]]:
    return sorted(({*np.flatnonzero(labels == c).tolist()} for c in np.unique(labels)), key=min)


@pytest.mark.parametrize("method", ["average", "single", "complete"])
def test_every_linkage_finds_the_groups_and_their_middle(method):
    clusters = agglomerative(DISTANCE, 3, method=method)
    assert groups(clusters.labels) == GROUPS and sorted(clusters.medoids) == [1, 3, 7]


def test_linkages_differ_where_a_chain_joins_two_groups():
    places = np.array([0, 1, 2, 3, 4, 6.5, 7])
    distance = np.abs(places[:, None] - places[None, :])
    assert groups(agglomerative(distance, 2, method="single").labels) == [{0, 1, 2, 3, 4}, {5, 6}]
    assert groups(agglomerative(distance, 3, method="complete").labels)[0] == {0, 1}


@pytest.mark.parametrize("seed", range(5))
def test_k_medoids_finds_the_groups(seed):
    clusters = k_medoids(DISTANCE, 3, seed=seed)
    assert groups(clusters.labels) == GROUPS and sorted(clusters.medoids) == [1, 3, 7]


def test_items_that_are_all_equal_can_be_grouped():
    assert sorted(k_medoids(np.zeros((4, 4)), 3).sizes) == [1, 1, 2]
    assert agglomerative(np.zeros((4, 4)), 2).sizes.sum() == 4


def test_the_silhouette_chooses_the_number_of_groups():
    k, silhouettes = best_k(DISTANCE, range(2, 7))
    assert k == 3 and silhouettes[3] == max(silhouettes.values())


def test_several_numbers_of_clusters_are_cut_from_one_tree():
    merges = tree(DISTANCE)
    for k in (1, 2, 5, 9):
        assert len(np.unique(cut(DISTANCE, merges, k).labels)) == k


def test_medoids_are_the_members_with_the_smallest_sum_of_distances():
    labels = np.array([0, 0, 0, 1, 1, 1, 1, 1, 1])
    assert medoids_of(DISTANCE, labels).tolist() == [1, 5]  # 0.52 and 0.95 tie in sum; the smaller row wins


def test_only_the_nearest_cluster_is_searched_and_the_rest_is_saved():
    clusters = agglomerative(DISTANCE, 2)
    similarity = 1 - DISTANCE
    within = clusters.within(similarity[[8]])[0]
    searched = {*np.flatnonzero(~np.isnan(within)).tolist()}
    assert searched == {*np.flatnonzero(clusters.labels == clusters.labels[8]).tolist()}
    assert clusters.reduction(similarity[[8]]) == 1 - len(searched) / 9


def test_items_that_cannot_be_compared_are_as_far_as_can_be(shelf):
    space = space_of(shelf, Measure.EED1, matching=Matching.BEST, unknown=Unknown.LEFT_OUT)
    distance = distances_of(similarity_matrix(space))
    assert (np.diag(distance) == 0).all() and (distance == distance.T).all()
    assert distance[4, :4].tolist() == [1, 1, 1, 1]
    assert distances_of(np.array([[1, -1, 0.25], [-1, 1, 0], [0.25, 0, 1]])).tolist() == [
        [0, 1, 0.75],
        [1, 0, 1],
        [0.75, 1, 0],
    ]


@pytest.mark.parametrize("k", [0, 10])
def test_a_number_of_clusters_that_cannot_be_is_refused(k):
    for method in (agglomerative, k_medoids):
        with pytest.raises(BadInput, match=f"{k} clusters of 9 items cannot be made; give a number from 1 to 9"):
            method(DISTANCE, k)


def test_a_single_item_is_one_cluster():
    for clusters in (agglomerative(np.zeros((1, 1)), 1), k_medoids(np.zeros((1, 1)), 1)):
        assert clusters.labels.tolist() == [0] and clusters.medoids.tolist() == [0]


@pytest.mark.parametrize("items", [1, 2])
def test_a_number_is_chosen_among_three_items_at_least(items):
    with pytest.raises(BadInput, match=rf"received {items} items? and no number of clusters; .*: give it with --k"):
        best_k(np.zeros((items, items)), range(2, 20))

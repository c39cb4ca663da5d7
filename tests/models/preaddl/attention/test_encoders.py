from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch
from tests.models.sessions import training
from tests.queries import small_shop

from kartograph.models.data import TrainingData
from kartograph.models.graph_data import training_data
from kartograph.models.item_categories import with_categories
from kartograph.models.preaddl.attention.encoders import HeteroEncoder, following, hgt, light_gcn
from kartograph.models.preaddl.attention.hetero import hetero_of, hetero_of_graph, part_of, partition

TREE = pd.DataFrame({"category_id": ["pans", "kitchen"], "parent_id": ["kitchen", None]})
EVENTS = pd.DataFrame(
    [("u", "s", "a", "view", 1), ("u", "s", "b", "buy", 2), ("u", "t", "a", "view", 3), ("v", "r", "c", "view", 4)],
    columns=["user_id", "session_id", "item_id", "event", "timestamp"],
)
CYCLES = ["abcd", "bcda", "cdab", "dabc", "wxyz", "xyzw", "yzwx", "zwxy"] * 6


def closeness(data: TrainingData, vectors) -> tuple[float, float]:
    """Mean cosine inside the two groups of items, and between them."""
    near, far = data.items.rows(list("abcd")), data.items.rows(list("wxyz"))
    cosine = vectors @ vectors.T
    return float(cosine[np.ix_(near, near)].mean()), float(cosine[np.ix_(near, far)].mean())


def test_a_shop_has_its_nodes_and_edges_in_both_directions():
    placed = pd.DataFrame({"item_id": ["a", "c"], "category_id": ["pans", "pans"]})
    data = with_categories(TrainingData.from_frame(EVENTS), placed, TREE)
    result = hetero_of(data)
    assert result.validate()
    assert {label: result[label].num_nodes for label in result.node_types} == {
        "Item": 3,
        "User": 2,
        "Session": 3,
        "Category": 2,
    }
    a, b, c = data.items.rows(["a", "b", "c"])
    viewed = {tuple(edge) for edge in result["User", "VIEWED", "Item"].edge_index.T.tolist()}
    assert viewed == {(0, a), (1, c)}  # each pair once
    assert result["Item", "REV_BOUGHT", "User"].edge_index.T.tolist() == [[b, 0]]
    assert result["Session", "INCLUDES", "Item"].edge_index.shape == (2, 4)
    assert result["Category", "CHILD_OF", "Category"].edge_index.T.tolist() == [[0, 1]]


def test_items_that_follow_each_other_are_pairs_in_both_orders():
    data = training("aab", "c")
    a, b = data.items.rows(["a", "b"])
    assert following(data.histories).T.tolist() == [[a, b], [b, a]]


@pytest.mark.parametrize("at_once", [10**6, 60], ids=["whole", "parts"])
def test_both_encoders_put_items_of_the_same_owners_side_by_side(at_once):
    data = training(*CYCLES)
    for vectors in (
        hgt(hetero_of(data), data.histories, 16, seed=0, at_once=at_once),
        light_gcn(data, 16, seed=0, at_once=at_once),
    ):
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, rel=1e-5)
        inside, between = closeness(data, vectors)
        assert inside > between + 0.3


def test_a_part_holds_the_edges_of_its_owners_and_the_items_that_they_met():
    data = hetero_of(training("ab", "ac", "bd", "ef"))
    numbers = {"User": np.array([0, 0, 1, 2]), "Item": np.full(6, -1)}
    parts = [part_of(data, numbers, number) for number in range(3)]
    assert [part["Item"].rows.tolist() for part in parts] == [[0, 1, 2], [1, 3], [4, 5]]
    edges = [part["User", "VIEWED", "Item"].edge_index.T.tolist() for part in parts]
    assert edges == [[[0, 0], [0, 1], [1, 0], [1, 2]], [[0, 0], [0, 1]], [[0, 0], [0, 1]]]


def test_every_item_is_in_a_part_and_one_that_nobody_met_in_one():
    placed = pd.DataFrame({"item_id": ["a", *"klmno"], "category_id": "pans"})
    data = with_categories(training(*CYCLES), placed, TREE, catalogue=True)
    nodes = hetero_of(data)
    count, numbers = partition(nodes, 60, seed=0)
    assert count == 4  # 48 sessions of 4 items, 6 items in a category and a category in another
    parts = [part_of(nodes, numbers, number) for number in range(count)]
    edges = [part["User", "VIEWED", "Item"].edge_index.shape[1] for part in parts]
    assert sum(edges) == 48 * 4 and min(edges) > 0
    times = np.bincount(np.concatenate([part["Item"].rows for part in parts]), minlength=len(data.items))
    assert times.min() == 1 and times[data.items.rows(list("klmno"))].tolist() == [1] * 5
    vectors = hgt(nodes, data.histories, 8, seed=0, steps=8, at_once=60)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, rel=1e-5)


def test_a_whole_graph_taken_as_one_part_gives_the_vectors_of_the_whole():
    nodes = hetero_of(training(*CYCLES))
    count, numbers = partition(nodes, 10**6, seed=0)
    assert count == 1
    encoder = HeteroEncoder(nodes, 8)
    with torch.no_grad():
        assert torch.equal(encoder(part_of(nodes, numbers, 0)), encoder(nodes))


def test_one_seed_gives_one_set_of_vectors():
    data = training(*CYCLES)
    first, second = (hgt(hetero_of(data), data.histories, 8, seed=3, steps=4) for _ in range(2))
    assert np.array_equal(first, second)


def test_histories_without_a_pair_leave_the_vectors_as_they_began():
    data = training("a", "b")
    assert hgt(hetero_of(data), data.histories, 8, seed=0).shape == (2, 8)


def test_derived_categories_are_no_nodes():
    placed = pd.DataFrame({"item_id": ["a", "c"], "category_id": ["pans", "pans"]})
    data = with_categories(TrainingData.from_frame(EVENTS), placed, TREE)
    assert data.categories is not None
    derived = replace(data, categories=replace(data.categories, derived=True), other=None)
    assert "Category" not in hetero_of(derived).node_types


@pytest.mark.server
def test_the_graphs_export_has_the_edges_of_the_training_data(graph):
    small_shop.fill(graph)
    data = training_data(graph).grouped("users")
    exported, own = hetero_of_graph(graph, data.items), hetero_of(data)
    for triple in [("User", "VIEWED", "Item"), ("User", "BOUGHT", "Item"), ("Item", "IN_CATEGORY", "Category")]:
        # Users and categories may be numbered otherwise: as many edges lead to and from every item.
        place = triple.index("Item") // 2
        counted = [np.bincount(one[triple].edge_index[place], minlength=len(data.items)) for one in (exported, own)]
        assert counted[0].tolist() == counted[1].tolist(), triple
    assert "HAD" in {triple[1] for triple in exported.edge_types}
    with torch.no_grad():
        assert HeteroEncoder(exported, 8)(exported).shape == (len(data.items), 8)

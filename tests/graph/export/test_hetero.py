"""Tests of the export as a heterogeneous graph of PyTorch Geometric."""

import numpy as np
import pytest
import torch

from kartograph.graph.export.edges import Edges
from kartograph.graph.export.exported import Exported
from kartograph.graph.export.nodes import Nodes
from kartograph.graph.export.numbering import Numbering


@pytest.fixture
def exported() -> Exported:
    """Two users, three items of which the last lacks everything, and two purchases."""
    users = Nodes(Numbering("User", ("a", "b")), (), np.empty((2, 0)), None, np.array([7, 3]))
    items = Nodes(
        Numbering("Item", ("x", "y", "z")),
        ("price",),
        np.array([[10.0], [20.0], [np.nan]]),
        np.array([[1, 2], [3, 4], [np.nan, np.nan]], dtype=np.float32),
        np.array([1, 2, 9]),
    )
    bought = Edges(
        users.numbering,
        "BOUGHT",
        items.numbering,
        np.array([0, 1]),
        np.array([2, 0]),
        ("count",),
        np.array([[1.0], [4]]),
    )
    return Exported({"User": users, "Item": items}, {("User", "BOUGHT", "Item"): bought})


def test_features_and_embeddings_stand_side_by_side_and_what_is_missing_is_marked(exported):
    from kartograph.graph.export.hetero import hetero_data

    data = hetero_data(exported)
    assert data.validate()
    assert data["User"].num_nodes == 2
    assert "x" not in data["User"]
    assert data["Item"].x.tolist() == [[10, 1, 2], [20, 3, 4], [0, 0, 0]]
    assert data["Item"].known.tolist() == [[True] * 3, [True] * 3, [False] * 3]
    assert data["User", "BOUGHT", "Item"].edge_index.tolist() == [[0, 1], [2, 0]]
    assert data["User", "BOUGHT", "Item"].edge_attr.tolist() == [[1.0], [4.0]]
    assert data["Item"].x.dtype == torch.float32

"""The export as a heterogeneous graph of PyTorch Geometric."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kartograph.graph.export.exported import Exported
from kartograph.tables.extras import naming_the_extra

with naming_the_extra("the export for PyTorch Geometric"):
    import torch
    from torch_geometric.data import HeteroData

if TYPE_CHECKING:
    from torch import Tensor


def hetero_data(exported: Exported) -> HeteroData:
    """Return the exported nodes and edges as tensors on the CPU.

    Shapes, for a label with n nodes, p properties and an embedding of size d, and a type with m edges and q properties:
        `data[label].num_nodes` n; `.x` float32 (n, p + d), features first; `.known` bool (n, p + d)
        `data[source, type, target].edge_index` int64 (2, m); `.edge_attr` float32 (m, q)

    What a node lacks is 0 in `x` and false in `known`; a NaN would spread through every layer. `edge_attr` keeps NaN.
    `x`, `known` and `edge_attr` are left out where their width is 0. Row r of a label is the node
    `exported.nodes[label].numbering.ids[r]`. Nothing is scaled: times and prices need it before a model sees them.
    """
    data = HeteroData()
    for label, nodes in exported.nodes.items():
        data[label].num_nodes = len(nodes.numbering)
        columns = nodes.features if nodes.embeddings is None else np.hstack([nodes.features, nodes.embeddings])
        if columns.shape[1]:
            data[label].x = _float32(np.nan_to_num(columns, nan=0.0))
            data[label].known = torch.from_numpy(~np.isnan(columns))
    for triple, edges in exported.edges.items():
        data[triple].edge_index = torch.from_numpy(np.stack([edges.source_rows, edges.target_rows]))
        if edges.properties:
            data[triple].edge_attr = _float32(edges.values)
    return data


def _float32(array: NDArray) -> "Tensor":
    return torch.from_numpy(array.astype(np.float32))

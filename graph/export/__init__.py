"""Nodes and edges out of the graph, as arrays, frames, sparse matrices and tensors.

exported = export(
    graph,
    nodes=[NodeSet("User"), NodeSet("Item", properties=("price",), embedding="embedding")],
    edges=[EdgeSet("User", "BOUGHT", "Item", properties=("count",))],
)
exported.nodes["Item"].embeddings               float32 array, one row per item
exported.edges["User", "BOUGHT", "Item"].csr("count")   users × items
hetero_data(exported)                           for PyTorch Geometric
"""

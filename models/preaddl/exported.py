"""Exports the paper's network as a program of `torch.export`, which PyTorch alone can load.

export(model, "preaddl.pt2")
program = torch.export.load("preaddl.pt2").module()
logits = program(visitors, items, features, recent)      # any number of pairs
"""

from copy import deepcopy
from pathlib import Path

import torch

from kartograph.models.preaddl.paper.model import PaperModel


def export(model: PaperModel, path: Path | str) -> None:
    """Write the trained network as a program over pairs; the number of pairs is free, all other sizes are fixed."""
    network = deepcopy(model.network).eval()
    for module in network.modules():
        if isinstance(module, torch.nn.Embedding):
            module.sparse = False  # gradients are of no use there
    pairs = torch.export.Dim("pairs", min=1)
    rows = torch.zeros(2, dtype=torch.long)
    recent = torch.zeros(2, model.recent, dtype=torch.long)
    features = torch.zeros(2, model._item_features.shape[1])
    shapes = tuple({0: pairs} for _ in range(4))
    program = torch.export.export(network, (rows, rows, features, recent), dynamic_shapes=shapes)
    torch.export.save(program, path)

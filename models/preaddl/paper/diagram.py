"""Draws the paper's network from the code: `python -m kartograph.models.preaddl.paper.diagram`.

The network is traced and every operation becomes a box with the shape of what comes out of it, so the picture cannot
show what the code does not do; a test fails when the page is stale.
"""

from pathlib import Path

import torch
from torch import fx
from torch.fx.passes.shape_prop import ShapeProp

from kartograph.models.preaddl.paper.network import PaperNetwork, PaperNetworkOptions

PAGE = Path(__file__).resolve().parents[3] / "docs" / "preaddl.md"
FEATURES = 9
BATCH = 2
TEXT = """\
# The network of PRE-ADDL

Drawn from `models/preaddl/paper/network.py` by `python -m kartograph.models.preaddl.paper.diagram`. `n` is the number
of pairs in a batch; the numeric branch is shown with {features} features, their number depends on what the source
knows. Unknown visitors share the last row of `visitor_embedding`. Dropouts, which do nothing once trained, are left
out.

```mermaid
{diagram}
```
"""


def page() -> str:
    """The page with the diagram of the network with the paper's sizes."""
    return TEXT.format(features=FEATURES, diagram=mermaid(PaperNetworkOptions()))


def mermaid(options: PaperNetworkOptions) -> str:
    """The network as a Mermaid flowchart; dropouts, which change nothing once trained, are left out."""
    network = PaperNetwork(5, 7, FEATURES, options).eval()
    traced = fx.symbolic_trace(network)
    row = torch.zeros(BATCH, dtype=torch.long)
    ShapeProp(traced).propagate(row, row, torch.zeros(BATCH, FEATURES), torch.zeros(BATCH, 0, dtype=torch.long))
    lines, boxes = ["flowchart TD"], {}
    for node in traced.graph.nodes:
        sources = [boxes[one] for one in node.all_input_nodes if one in boxes]
        label = _label(node, network)
        if label is None:
            if sources:
                boxes[node] = sources[0]
            continue
        boxes[node] = node.name
        lines.append(f'    {node.name}["{label}"]')
        lines += [f"    {source} --> {node.name}" for source in dict.fromkeys(sources)]
    return "\n".join(lines)


def _label(node: fx.Node, network: PaperNetwork) -> str | None:
    """What stands in a box; None for what is not drawn."""
    if node.op == "output" or (node.op == "placeholder" and not node.users):
        return None
    shape = node.meta["tensor_meta"].shape if "tensor_meta" in node.meta else ()
    size = "n" + "".join(f" × {width}" for width in shape[1:])
    if node.op == "placeholder":
        return f"{node.target}<br/>{size}"
    if node.op == "call_module":
        module = network.get_submodule(str(node.target))
        kind = type(module).__name__
        return None if kind == "Dropout" else f"{node.target}<br/>{kind}, {size}"
    name = node.target if isinstance(node.target, str) else node.target.__name__
    return None if name == "squeeze" else f"{name}<br/>{size}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

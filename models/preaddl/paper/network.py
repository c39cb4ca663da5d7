"""The network of PRE-ADDL's authors, in one reading of their text.

    h  = [E_v ; E_i ; ReLU(W_x x + b_x)]                     two embeddings of 8, a Dense of the numeric features
    h₁ = σ(W₁h + b₁)                                         64 units
    a  = softmax(W₂h₁ + b₂),     h' = a ⊙ h₁                 attention over the units of one pair
    s  = w_a · dropout(ReLU(W₃ dropout(h') + b₃)) + b_a      32 units
    d  = w_d · [E_v ; E_i] + b_d                             the deep branch
    P(yes) = sigmoid(w · (s + d) + b)

Where the text is silent: "weighted sum" is ⊙, because a Dense of 32 follows; the numeric branch is merged with the
embeddings (switched off, h has the 16 dimensions of the figure); σ is a sigmoid and the Dense of 32 has a ReLU.

Source: "PRE-ADDL" (2025), section 3, figure 12 and the mathematical representation.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

Sequence = Literal["none", "cnn", "rnn", "transformer"]


@dataclass(frozen=True)
class PaperNetworkOptions:
    """Sizes and branches; the defaults are the paper's."""

    embedding_size: int = 8
    """Length of the visitors' and the items' embeddings."""
    numeric: bool = True
    """Whether the pair's numeric features have a branch."""
    numeric_size: int = 8
    """Units of that branch."""
    units: int = 64
    """Units of h₁, over which the attention goes."""
    attention_units: int = 32
    """Units of the layer after the attention."""
    activation: Literal["sigmoid", "relu", "tanh"] = "sigmoid"
    """σ of h₁."""
    depth: int = 1
    """Dense layers of `attention_units` after the attention."""
    dropout: float = 0.2
    """Share of the units that is zeroed in training, before and after that layer."""
    deep: Literal["embeddings", "attention"] = "embeddings"
    """What the deep branch reads: [E_v ; E_i], or the first dropout's output, as the name of one layer suggests."""
    sequence: Sequence = "none"
    """An encoder of the visitor's latest items; its output joins h. The paper names all three."""
    sparse: bool = True
    """Sparse gradients of the embeddings: a step costs what the batch touches, not what the shop holds."""


class PaperNetwork(nn.Module):
    """From visitor, item and features to a logit; the last row of the visitors stands for all unknown ones."""

    def __init__(self, visitors: int, items: int, features: int, options: PaperNetworkOptions) -> None:
        """Make the layers; `features` is the number of numeric features, 0 for none."""
        super().__init__()
        self.options, self.unknown, self.padding = options, visitors, items
        size = options.embedding_size
        self.visitor_embedding = nn.Embedding(visitors + 1, size, sparse=options.sparse)
        self.item_embedding = nn.Embedding(items + 1, size, sparse=options.sparse)
        for embedding in (self.visitor_embedding, self.item_embedding):
            nn.init.uniform_(embedding.weight, -0.05, 0.05)  # Keras' default, which the paper's code rests on
        width = 2 * size
        if options.numeric and features:
            self.numeric = nn.Linear(features, options.numeric_size)
            width += options.numeric_size
        if options.sequence != "none":
            self.sequence = _Encoder(options.sequence, size)
            width += size
        self.attention_layer1 = nn.Linear(width, options.units)
        self.attention_layer = nn.Linear(options.units, options.units)
        sizes = [options.units] + [options.attention_units] * options.depth
        self.attention_layer2 = nn.ModuleList(nn.Linear(wide, narrow) for wide, narrow in pairwise(sizes))
        self.dropout = nn.Dropout(options.dropout)
        self.attention_output = nn.Linear(sizes[-1], 1)
        self.deep = nn.Linear(2 * size if options.deep == "embeddings" else options.units, 1)
        self.final = nn.Linear(1, 1)
        nn.init.ones_(self.final.weight)
        self.activation = {"sigmoid": torch.sigmoid, "relu": torch.relu, "tanh": torch.tanh}[options.activation]

    def forward(
        self,
        visitors: Int[Tensor, " n"],
        items: Int[Tensor, " n"],
        features: Float[Tensor, "n features"],
        recent: Int[Tensor, "n recent"],
    ) -> Float[Tensor, " n"]:
        """The logit of each pair; `recent` rows beyond the history are `padding`."""
        return self.of_vectors(self.visitor_embedding(visitors), self.item_embedding(items), features, recent)

    def of_vectors(
        self,
        visitor: Float[Tensor, "n size"],
        item: Float[Tensor, "n size"],
        features: Float[Tensor, "n features"],
        recent: Int[Tensor, "n recent"],
    ) -> Float[Tensor, " n"]:
        """The same for vectors that were looked up."""
        embedded = torch.cat([visitor, item], dim=1)
        parts = [embedded]
        if hasattr(self, "numeric"):
            parts.append(torch.relu(self.numeric(features)))
        if hasattr(self, "sequence"):
            parts.append(self.sequence(self.item_embedding(recent), recent != self.padding))
        hidden = self.activation(self.attention_layer1(torch.cat(parts, dim=1)))
        attended = self.dropout(self.attention(hidden) * hidden)
        deep = self.deep(embedded if self.options.deep == "embeddings" else attended)
        for layer in self.attention_layer2:
            attended = torch.relu(layer(attended))
        output = self.attention_output(self.dropout(attended)) + deep
        return self.final(output).squeeze(1)

    def attention(self, hidden: Float[Tensor, "n units"]) -> Float[Tensor, "n units"]:
        """The weights a over the units of each pair; they sum to 1."""
        return torch.softmax(self.attention_layer(hidden), dim=1)


class _Encoder(nn.Module):
    """A visitor's latest items as one vector; a visitor without any is the zero vector."""

    def __init__(self, kind: Sequence, size: int) -> None:
        super().__init__()
        self.kind = kind
        if kind == "cnn":
            self.layer = nn.Conv1d(size, size, kernel_size=3, padding=1)
        elif kind == "rnn":
            self.layer = nn.GRU(size, size, batch_first=True)
        else:
            self.layer = nn.TransformerEncoderLayer(size, 2, 4 * size, 0.0, batch_first=True)

    def forward(self, items: Float[Tensor, "n recent size"], real: Bool[Tensor, "n recent"]) -> Float[Tensor, "n size"]:
        seen = items * real[:, :, None]
        if self.kind == "cnn":
            states = self.layer(seen.transpose(1, 2)).transpose(1, 2)
        elif self.kind == "rnn":
            states = self.layer(seen)[0]
        else:
            # A row without items would be masked whole, which has no softmax: its first place stays open.
            states = self.layer(
                seen, src_key_padding_mask=~(real | (torch.arange(real.shape[1], device=real.device) == 0))
            )
        count = real.sum(1, keepdim=True).clamp(min=1)
        return (states * real[:, :, None]).sum(1) / count

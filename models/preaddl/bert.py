"""The BERT baseline: an encoder over the visitor's latest events and the candidate, trained from scratch.

A pair reads `[CLS] candidate [SEP] item item … [SEP]`, the items that the visitor saw before, oldest first, with the
kind of event as the type of the token. No weights are downloaded; the encoder is small and learns a sample of the
pairs. Needs the package transformers: `pip install "kartograph[bert]"`.

Source: Devlin, Chang, Lee, Toutanova, "BERT: Pre-training of Deep Bidirectional Transformers for Language
Understanding" (2019); the encoder is transformers' `BertForSequenceClassification`.
"""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from numpy import ndarray
from torch import Tensor

from kartograph.models.data import NONE
from kartograph.models.neural.finite import refuse_infinite
from kartograph.models.preaddl.pairs import Pairs, Prepared
from kartograph.tables.errors import BadInput
from kartograph.tables.events import EVENTS

PAD, CLS, SEP, UNKNOWN = range(4)
FIRST_ITEM = 4
CANDIDATE = len(EVENTS)
"""The token type of the candidate; those of the history are the kinds of event."""


@dataclass(frozen=True)
class BertOptions:
    """A small encoder and a short training."""

    size: int = 64
    layers: int = 2
    heads: int = 2
    vocabulary: int = 20_000
    """The items with most training events have a token, all others share one."""
    pairs: int = 20_000
    """Training pairs that are learned."""
    epochs: int = 1
    batch: int = 256
    learning_rate: float = 1e-3
    seed: int = 0


class Bert:
    """A classifier of pairs that reads the visitor's events."""

    def __init__(self, options: BertOptions | None = None) -> None:
        """Raises `BadInput` where transformers is not installed."""
        try:
            import transformers
        except ImportError as error:
            raise BadInput(
                'The BERT baseline needs the package transformers, which is missing: pip install "kartograph[bert]"'
            ) from error
        self._transformers = transformers
        self.options = options or BertOptions()

    def fit(self, prepared: Prepared) -> "Bert":
        """Learn a sample of the training pairs; they need `recent` items (`PairOptions.recent`)."""
        options = self.options
        if prepared.train.recent.shape[1] == 0:
            raise BadInput("The pairs carry no recent items: prepare them with PairOptions(recent=10), say.")
        random = np.random.default_rng(options.seed)
        train = prepared.train.take(np.sort(random.permutation(len(prepared.train))[: options.pairs]))
        self.training_pairs = len(train)
        positive = prepared.train.labels == 1
        counts = np.bincount(prepared.train.items[positive], minlength=len(prepared.items))
        often = np.argsort(-counts, kind="stable")[: options.vocabulary]
        self._tokens = np.full(len(prepared.items) + 1, UNKNOWN)
        self._tokens[often] = FIRST_ITEM + np.arange(len(often))
        config = self._transformers.BertConfig(
            vocab_size=FIRST_ITEM + len(often),
            hidden_size=options.size,
            num_hidden_layers=options.layers,
            num_attention_heads=options.heads,
            intermediate_size=4 * options.size,
            max_position_embeddings=train.recent.shape[1] + 4,
            type_vocab_size=CANDIDATE + 1,
            num_labels=2,  # pyright: ignore[reportCallIssue]
            pad_token_id=PAD,
        )
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(options.seed)
            self._model = self._transformers.BertForSequenceClassification(config)
            optimiser = torch.optim.AdamW(self._model.parameters(), lr=options.learning_rate)
            self._model.train()
            for epoch in range(options.epochs):
                total_loss = 0.0
                order = random.permutation(len(train))
                for start in range(0, len(order), options.batch):
                    some = train.take(order[start : start + options.batch])
                    loss = self._model(**self._inputs(some), labels=torch.from_numpy(some.labels).long()).loss
                    optimiser.zero_grad()
                    loss.backward()
                    optimiser.step()
                    total_loss += float(loss.detach())
                refuse_infinite(total_loss, epoch, options.learning_rate)
        self._model.eval()
        return self

    def probabilities(self, pairs: Pairs) -> Float[ndarray, " n"]:
        """P(yes)."""
        batches = []
        with torch.inference_mode():
            for start in range(0, len(pairs), 4 * self.options.batch):
                rows = np.arange(start, min(start + 4 * self.options.batch, len(pairs)))
                batches.append(self._model(**self._inputs(pairs.take(rows))).logits.softmax(1)[:, 1])
        return torch.cat(batches).double().numpy() if batches else np.zeros(0)

    def _inputs(self, pairs: Pairs) -> dict[str, Tensor]:
        n = len(pairs)
        history = np.where(pairs.recent == NONE, PAD, self._tokens[pairs.recent])[:, ::-1]
        kinds = pairs.recent_events[:, ::-1]
        column = np.full((n, 1), SEP)
        ids = np.hstack([np.full((n, 1), CLS), self._tokens[pairs.items][:, None], column, history, column])
        types = np.full(ids.shape, CANDIDATE)
        types[:, 3:-1] = kinds
        tensors = {"input_ids": ids, "token_type_ids": types, "attention_mask": (ids != PAD).astype(np.int64)}
        return {name: torch.from_numpy(np.ascontiguousarray(one)).long() for name, one in tensors.items()}

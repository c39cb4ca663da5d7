"""The paper's model as a recommender: it learns labelled pairs and ranks the whole catalogue.

`score(v, i) = w·(s(v, i) + d(v, i)) + b`, the logit of the network for visitor v and item i: s is the branch with the
attention, d the deep branch (the parts below have their formulas).

A network over pairs has to score every item for every visitor, which costs minutes for 1,000 visitors and 235,000
items. So candidates come first, from one matrix product: the exact logits of a visitor on a fixed sample of items are
fitted by least squares with functions φ of an item, and all items are ranked by the fit,

    q_v = Φ⁺ f(v, sample),        f(v, i) ≈ q_v · φ(i),        φ(i) = (1, E_i, E_i ⊗ E_i, x_i)

with Φ⁺ the pseudo-inverse of the sample's φ, the same for all visitors. The best candidates get their exact score.
`candidate_overlap` says how many of the exact top k are among the answers.

Source: "PRE-ADDL" (2025), section 3; candidates by least squares are our own.

Parts: `models.preaddl.paper.network`, `models.preaddl.paper.variants`, `models.preaddl.pairs`
"""

from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Self

import numpy as np
import torch
from jaxtyping import Float, Int
from numpy import ndarray
from torch import Tensor

from kartograph.models.array_model import ArrayModel
from kartograph.models.data import NONE, Histories, TrainingData
from kartograph.models.explaining import Part, influences
from kartograph.models.preaddl.pairs import PairOptions, Pairs, Prepared
from kartograph.models.preaddl.paper.network import PaperNetwork, PaperNetworkOptions
from kartograph.models.preaddl.paper.task import AT_ONCE, Loss, PairTask, as_batch, batch_for, logits_of
from kartograph.models.preaddl.preparation import prepare
from kartograph.models.preaddl.shop_events import from_training
from kartograph.models.preaddl.training import Course, Training, train
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent

SAMPLE = 1500
"""Items whose exact logits are fitted."""


@dataclass(frozen=True)
class PaperOptions:
    """The network, its pairs and its training."""

    network: PaperNetworkOptions = field(default_factory=PaperNetworkOptions)
    pairs: PairOptions = field(default_factory=lambda: PairOptions(test_share=0.0))
    training: Training = field(default_factory=Training)
    batch_size: int | None = None
    """Pairs in a step; None for as many as make some 64 steps an epoch, a power of two from 64 to 4,096."""
    loss: Loss = "bce"
    """Binary cross entropy, the same with positives weighted by their rarity, or focal loss."""
    id_dropout: float = 0.1
    """Share of the training pairs whose visitor is shown as the unknown one."""
    unknown: Literal["shared", "items"] = "shared"
    """Unknown visitors have the row that id dropout trained, or the mean of their items' embeddings."""
    candidates: int = 500
    """Items that get an exact score; 0 scores the whole catalogue."""
    confidence: float = 0.0
    """Probability that an item must reach to be recommended; the paper leaves out what lies below, without a number."""

    def __post_init__(self) -> None:
        """Refuse what is no probability."""
        if not 0 <= self.confidence < 1:
            raise BadInput(f"confidence is {self.confidence}: give a probability, 0 or more and below 1.")


class PaperModel(ArrayModel):
    """PRE-ADDL as its authors wrote it."""

    trained_on = "users"
    knows_owners = True
    batch = 256

    Options = PaperOptions

    def learn(self, data: TrainingData, progress: Progress = silent) -> Self:
        """Make pairs of the histories and train on them. Features are counts and, where there are times, the moment."""
        options = self.options.pairs
        if options.test_share:
            raise BadInput(f"test_share is {options.test_share}: training data has no test part, give 0")
        shop = from_training(data)
        return self.fit_pairs(prepare(shop, options, progress, (data.owners, data.items)), None, progress)

    def fit_pairs(self, prepared: Prepared, validation: Pairs | None = None, progress: Progress = silent) -> Self:
        """Train on prepared pairs; `course` holds the losses and the validation figures of each epoch."""
        options = self.options
        self.items, self.visitors = prepared.items, prepared.visitors
        self.recent = prepared.train.recent.shape[1]
        if options.network.sequence != "none" and not self.recent:
            raise BadInput(
                f"The pairs carry no recent items, which the encoder {options.network.sequence} reads: prepare them "
                "with PairOptions(recent=10), say."
            )
        training = options.training
        features = prepared.train.features.shape[1]
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(training.seed)
            self.network = PaperNetwork(len(self.visitors), len(self.items), features, options.network)
        task = PairTask(
            prepared.train,
            validation,
            self.network.unknown,
            self.network.padding,
            options.loss,
            options.id_dropout,
            options.batch_size or batch_for(len(prepared.train)),
            training.seed,
            training.device,
        )
        self.course: Course = train(self.network, task, training, progress)
        self._keep_item_features(prepared)
        self._prepare_retrieval()
        return self

    def probabilities(self, pairs: Pairs) -> Float[ndarray, " n"]:
        """P(yes) of labelled pairs."""
        batch = as_batch(pairs, self.network.unknown, self.network.padding)
        return torch.sigmoid(logits_of(self.network, batch, self.options.training.device)).numpy()

    def probability(self, scores: Float[ndarray, "n k"]) -> Float[ndarray, "n k"]:
        """What the scores of `recommend` are as probabilities."""
        return 1 / (1 + np.exp(-scores))

    def scores(self, queries: Histories, owners: ndarray) -> Float[ndarray, "n items"]:
        """Logits: exact ones of the candidates; all other items lie below them in the order of the fit.

        An item below the option `confidence` has -inf.
        """
        scores = self._logits(queries, owners)
        asked = self.options.confidence
        return scores if not asked else np.where(scores < np.log(asked / (1 - asked)), -np.inf, scores)

    def _logits(self, queries: Histories, owners: ndarray) -> Float[ndarray, "n items"]:
        keys = np.stack([owners, queries.lengths], axis=1)
        if self.options.unknown == "shared" and self.options.network.sequence == "none":
            _, first, back = np.unique(keys, axis=0, return_index=True, return_inverse=True)
            back = back.ravel()
        else:
            first = back = np.arange(len(keys))
        visitor = self._visitor_vectors(queries, owners)[first]
        features = self._visitor_features(queries.lengths)[first]
        recent = self._recent(queries)[first]
        with torch.inference_mode():
            if not 0 < self.options.candidates < len(self.items):
                every = torch.arange(len(self.items)).expand(len(first), -1)
                return self._exact(visitor, features, recent, every).numpy()[back]
            sample = self._exact(visitor, features, recent, self._sample.expand(len(first), -1))
            scores = (sample @ self._inverse.T) @ self._functions.T
            best, rows = torch.topk(scores, self.options.candidates, dim=1)
            exact = self._exact(visitor, features, recent, rows)
            scores += (exact.amin(1) - best[:, 0] - 1)[:, None]
            scores.scatter_(1, rows, exact)
        return scores.numpy()[back]

    def parts(
        self, queries: Histories, owners: Int[ndarray, " n"], items: Int[ndarray, "n k"], most: int | None
    ) -> list[list[list[Part]]]:
        """The influence on the logit, whatever the option `confidence` leaves out."""
        return influences(self._logits, self.items, self.batch, queries, owners, items, most)

    def candidate_overlap(self, queries: Histories, owners: Int[ndarray, " n"], k: int) -> float:
        """Share of the exact top k that the answers hold, averaged over the queries."""
        every = copy(self)
        every.options = replace(self.options, candidates=0)
        fast, exact = self.rank(queries, k, owners).items, every.rank(queries, k, owners).items
        return float(np.mean([len(np.intersect1d(a, b)) / k for a, b in zip(fast, exact, strict=True)]))

    def saved_state(self) -> dict[str, Any]:
        """The attributes, the network as its weights."""
        return vars(self) | {"network": dict(self.network.state_dict())}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Build the network anew and give it its weights."""
        vars(self).update(state)
        features = self._item_features.shape[1]
        with torch.random.fork_rng(devices=[]):
            self.network = PaperNetwork(len(self.visitors), len(self.items), features, self.options.network)
        self.network.load_state_dict(state["network"])
        self.network.eval()

    def _keep_item_features(self, prepared: Prepared) -> None:
        """Scale the features of all items at the end of training; the visitor's column is filled in when asked."""
        space = prepared.space
        self.network.to("cpu")
        if prepared.train.features.shape[1] == 0:
            self._item_features, self._visitor_column = torch.zeros(len(self.items), 0), None
            return
        rows = np.arange(len(self.items))
        raw = space.raw(np.full(len(rows), NONE), rows, np.full(len(rows), space.cut + 1))
        self._item_features = torch.from_numpy(space.scaled(raw))
        self._visitor_column = space.line("visitor_events")

    def _prepare_retrieval(self) -> None:
        with torch.inference_mode():
            vectors = self.network.item_embedding.weight[:-1]
            size = vectors.shape[1]
            upper = torch.triu_indices(size, size)
            # Products of small numbers are brought to the numbers' own scale, so that the fit stays well conditioned.
            scaled = vectors / vectors.std().clamp(min=1e-6)
            ones = torch.ones(len(vectors), 1)
            self._functions = torch.cat(
                [ones, scaled, scaled[:, upper[0]] * scaled[:, upper[1]], self._item_features], dim=1
            )
            chosen = np.random.default_rng(0).permutation(len(self.items))[:SAMPLE]
            self._sample = torch.from_numpy(np.sort(chosen))
            self._inverse = torch.linalg.pinv(self._functions[self._sample], rtol=1e-4)

    def _exact(
        self, visitor: Tensor, features: Tensor, recent: Tensor, rows: Int[Tensor, "n items"]
    ) -> Float[Tensor, "n items"]:
        count = rows.shape[1]
        at_once = max(AT_ONCE // count, 1)
        exact = []
        for start in range(0, len(rows), at_once):
            some = rows[start : start + at_once]
            flat = some.reshape(-1)
            owner = torch.arange(len(some)).repeat_interleave(count)
            numeric = self._item_features[flat]
            if self._visitor_column is not None:
                numeric[:, self._visitor_column[0]] = features[start : start + at_once][owner]
            exact.append(
                self.network.of_vectors(
                    visitor[start : start + at_once][owner],
                    self.network.item_embedding.weight[flat],
                    numeric,
                    recent[start : start + at_once][owner],
                ).reshape(len(some), count)
            )
        return torch.cat(exact)

    def _visitor_vectors(self, queries: Histories, owners: ndarray) -> Float[Tensor, "n size"]:
        with torch.inference_mode():
            unknown = owners == NONE
            rows = torch.from_numpy(np.where(unknown, self.network.unknown, owners))
            vectors = self.network.visitor_embedding.weight[rows].clone()
            if self.options.unknown == "items" and (unknown & (queries.lengths > 0)).any():
                weights = queries.matrix(len(self.items), 1 / np.maximum(queries.lengths, 1)[queries.owners])
                means = weights @ self.network.item_embedding.weight[:-1].numpy()
                asked = torch.from_numpy(unknown & (queries.lengths > 0))
                vectors[asked] = torch.from_numpy(means)[asked]
        return vectors

    def _visitor_features(self, lengths: ndarray) -> Float[Tensor, " n"]:
        if self._visitor_column is None:
            return torch.zeros(len(lengths))
        _, low, slope = self._visitor_column
        return torch.from_numpy(np.clip(low + slope * np.log1p(lengths), 0, 1).astype(np.float32))

    def _recent(self, queries: Histories) -> Int[Tensor, "n recent"]:
        """The last items of each query, the latest first."""
        length = self.recent
        rows = np.full((len(queries), length), self.network.padding)
        kept = queries.ages < length
        rows[queries.owners[kept], queries.ages[kept]] = queries.items[kept]
        return torch.from_numpy(rows)

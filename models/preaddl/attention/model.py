"""The model on the graph: embeddings that begin as the graph's, candidates by one product, reranked by attention.

    candidates(q) = the items j with the largest f(j) + edges · ln(1 + 1000 · Σ_{i ∈ q} 0.8^age(i) · n(j, i))
    score(q, j)   = ψ(g(j), x(j))     for the candidates

f is the product of the first stage, n the cosine of the co-occurrence edges, g the attention of the candidate over the
history, x what is known of the pair; the parts below have the formulas.

    GraphModel().fit(data).recommend(["42"], k=5)
    GraphModel().fit(graph)

Fitted on a graph, all steps begin with FastRP embeddings of the graph: the last one with those that its enrichment
wrote, the first two with the same made anew without what is held out, for with it the first stage would look better
than it is on new histories. On files FastRP is made of the training part.

Learning takes three steps, so that the second stage sees the first as it is on new histories: the latest histories (or
each user's last purchase) are held out; the first stage learns the rest until NDCG on some of the held out stops
rising; the second stage learns the held out; then the first stage learns everything for as many epochs. Co-occurrence
edges and counts are made anew for each step from what it may know.

Sources: Covington, Adams and Sargin, "Deep Neural Networks for YouTube Recommendations" (2016), for the two stages;
Chen et al., "Fast and Accurate Network Embeddings via Very Sparse Random Projection" (2019), for FastRP; Zhou et al.,
"Deep Interest Network for Click-Through Rate Prediction" (2018), for attention of a candidate over the history; for
`init` He et al., "LightGCN" (2020), and Hu et al., "Heterogeneous Graph Transformer" (2020).

Parts: `models.two_stage.retrieval`, `models.two_stage.rerank`
"""

from copy import copy
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np
import pandas as pd
import torch
from jaxtyping import Float, Int
from numpy import ndarray
from scipy.sparse import csr_array
from torch import Tensor

from kartograph.graph.connection import Graph
from kartograph.graph.counts import counts_of
from kartograph.graph.enrichment.embedding import FastRP, embeddings_without
from kartograph.models.array_model import ArrayModel
from kartograph.models.data import NONE, Histories, TrainingData
from kartograph.models.groups import groups_of
from kartograph.models.neural.sampled_softmax import SampledSoftmax, parts_of
from kartograph.models.preaddl.attention.first_vectors import begins_with, first_vectors
from kartograph.models.preaddl.attention.item_graph import ItemGraph, edges_between
from kartograph.models.preaddl.attention.item_groups import item_groups
from kartograph.models.preaddl.held_out import HeldOut, hold_out, several_purchases
from kartograph.models.preaddl.training import Course, Training, train
from kartograph.models.scoring.ranking import TopK
from kartograph.models.scoring.top_k import top_k_of_dense
from kartograph.models.two_stage.rerank import Asked, Attention, AttentionReranker, popularity_features
from kartograph.models.two_stage.reranking import RerankingTask
from kartograph.models.two_stage.retrieval import (
    NextItemTask,
    RankingLoss,
    RetrievalNetwork,
    history_vectors,
    latest_first,
)
from kartograph.tables.errors import FeatureMissing, NothingThere
from kartograph.tables.progress import Progress, silent

if TYPE_CHECKING:
    from torch_geometric.data import HeteroData

EVIDENCE = 1e-3
ENOUGH_BUYERS = 300


@dataclass(frozen=True)
class GraphOptions:
    """Both stages and their training."""

    embedding_size: int = 64
    """Length of the vectors."""
    temperature: float = 0.08
    """τ; the smaller, the sharper."""
    dropout: float = 0.2
    history_length: int = 30
    """Events of a history that the first stage looks at."""
    attention_length: int = 12
    """Events that the second stage attends to."""
    init: Literal["auto", "graph", "fastrp", "shuffled", "lightgcn", "hetero", "random"] = "auto"
    """First embeddings. `auto`: those of the graph's enrichment where it has them, else FastRP on the training edges;
    `graph` and `fastrp` demand one of the two; `shuffled`: FastRP with its rows exchanged at random, a control;
    `lightgcn`; `hetero`: relation-wise attention over users, sessions, items and categories; `random`."""
    categories: bool = True
    """Whether category, parent, root, level, brand and price enter the vectors, where they are known."""
    users: bool = False
    """Whether each user or session has a vector of its own, stepped with sparse gradients."""
    loss: RankingLoss = "softmax"
    """Loss of both stages: sampled softmax, BPR, or binary cross entropy."""
    attend: Attention = "history"
    """What the second stage attends to: the history, the units of the pair, or nothing."""
    batch_size: int = 2000
    """Places to predict in a step of the first stage."""
    sampled_fraction: float = 0.25
    """Share of the catalogue that stands for all of it in a step, 1 / n for a whole n."""
    held_out: Literal["auto", "owners", "purchases"] = "auto"
    """What the second stage learns from: the latest histories, or each user's last purchase of a new item; `auto`
    takes purchases where 300 users bought two items."""
    held_share: float = 0.06
    """Share of the users or sessions that is held out, where those are."""
    edges: float = 0.6
    """Weight of the co-occurrence edges when candidates are retrieved."""
    candidates: int = 200
    """Items of the first stage that the second one orders."""
    rerank_epochs: int = 6
    """Passes of the second stage over its cases."""
    rerank_rate: float = 5e-3
    """Adam's largest rate in the second stage."""
    training: Training = field(
        default_factory=lambda: Training(epochs=6, learning_rate=2e-3, embedding_rate=1e-2, patience=0)
    )


class GraphModel(ArrayModel):
    """Retrieve by a product, rerank by attention over the history and the edges of the graph."""

    trained_on = "users"
    knows_owners = True
    needs = ("embedding",)
    batch = 128
    hetero: "HeteroData | None" = None
    """The graph's export, while the model learns from it."""

    def __init__(self, options: GraphOptions | None = None) -> None:
        """Keep the options."""
        self.options = options or GraphOptions()
        if self.options.init not in ("auto", "graph"):
            self.needs = ()

    def learn(self, data: TrainingData, progress: Progress = silent) -> Self:
        """Hold out, learn, rerank, learn everything; see the module."""
        options = replace(self.options, init=self._begins_with(data), held_out=self._holds_out(data))
        self.items = data.items
        self.course: dict[str, Course] = {}
        held = self._held(data)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(options.training.seed)
            self.reranker = self._reranker()
            epochs = options.training.epochs
            if len(held.targets):
                self._learn_items(held.rest, held, options, options.training, progress)
                self._learn_reranking(held, progress)
                epochs = self.course["choosing"].best + 1
            training = replace(options.training, epochs=epochs, patience=None)
            self._learn_items(data, None, options, training, progress)
        self.hetero = None
        return self

    def know(self, graph: Graph, data: TrainingData, progress: Progress = silent) -> TrainingData:
        """The graph's own export, where the encoder of its nodes is asked for; embeddings without what is held out."""
        if self.options.init == "hetero":
            from kartograph.models.preaddl.attention.hetero import hetero_of_graph

            self.hetero = hetero_of_graph(graph, data.items, progress)
        if self._begins_with(data) != "graph":
            return data
        progress("Embedding items without what is held out")
        assert data.computed is not None and data.computed.embeddings is not None  # `begins_with` has seen them
        gone = data.histories.matrix(len(data.items)) - self._held(data).rest.histories.matrix(len(data.items))
        owner, item = gone.tocsr().nonzero()
        owners, items = data.owners.external.to_numpy(object)[owner], data.items.external.to_numpy(object)[item]
        left_out = {str(name): of_owner.astype(str).to_list() for name, of_owner in pd.Series(items).groupby(owners)}
        # An evaluation loads the sessions of a file as users.
        kind = "users" if counts_of(graph).get("User", 0) else "sessions"
        try:
            embeddings = embeddings_without(graph, {kind: left_out}, FastRP(dimension=self.options.embedding_size))
        except (FeatureMissing, NothingThere):  # the embeddings came with the graph: all steps begin with them
            return data
        rows, of_rest = data.items.rows(embeddings["item_id"]), np.full_like(data.computed.embeddings, np.nan)
        of_rest[rows[rows != NONE]] = np.stack(embeddings["embedding"].to_list())[rows != NONE]
        return replace(data, computed=replace(data.computed, embeddings_of_rest=of_rest))

    def scores(self, queries: Histories, owners: ndarray) -> Float[ndarray, "n items"]:
        """Log-probabilities of the candidates; all other items lie below them in the order of the first stage.

        An empty history whose owner has no vector gets the logarithm of each item's share of all events.
        """
        rough, z = self._rough(queries, owners)
        rows, chosen = best_of(rough, min(self.options.candidates, len(self.items)))
        with torch.inference_mode():
            first = (self.vectors[torch.from_numpy(rows)] @ z[:, :, None]).squeeze(2) / self.options.temperature
            ranked, _ = self.reranker(self._asked(queries, owners, rows, first.numpy()))
            ranked = torch.log_softmax(ranked, dim=1).numpy()
        scores = rough + (ranked.min(axis=1) - chosen[:, 0] - 1)[:, None]
        np.put_along_axis(scores, rows, ranked, axis=1)
        empty = (queries.lengths == 0) & ~(self.options.users & (owners != NONE))
        scores[empty] = np.log((self.events + 0.5) / (self.events + 0.5).sum())
        return scores

    def probability(self, scores: Float[ndarray, "n k"]) -> Float[ndarray, "n k"]:
        """What the scores of `recommend` are as probabilities among the candidates."""
        return np.exp(scores)

    def reasons(self, queries: Histories, owners: Int[ndarray, " n"], top: TopK) -> list[list[list[tuple[int, float]]]]:
        """For each query and answer the items of the history that attention rests on: (item row, weight), most first.

        Weights of one item add up; they sum to 1 over the history's latest events.
        """
        influences = []
        with torch.inference_mode():
            asked = self._asked(queries, owners, np.maximum(top.items, 0), np.zeros_like(top.scores))
            attention = self.reranker(asked)[1].numpy()
        items = latest_first(queries, self.options.attention_length)[0]
        for row in range(len(queries)):
            of_query = []
            for position in range(top.items.shape[1]):
                sums: dict[int, float] = {}
                for item, weight in zip(items[row].tolist(), attention[row, position].tolist(), strict=True):
                    if item != NONE:
                        sums[item] = sums.get(item, 0.0) + weight
                of_query.append(
                    sorted(sums.items(), key=lambda pair: -pair[1]) if top.items[row, position] != NONE else []
                )
            influences.append(of_query)
        return influences

    def candidate_overlap(self, queries: Histories, owners: Int[ndarray, " n"], k: int) -> float:
        """Share of the top k of exact scoring, every item a candidate, that the answers hold."""
        every = copy(self)
        every.options, every.batch = replace(self.options, candidates=len(self.items)), 4
        fast, exact = self.rank(queries, k, owners).items, every.rank(queries, k, owners).items
        return float(np.mean([len(np.intersect1d(a, b)) / k for a, b in zip(fast, exact, strict=True)]))

    def saved_state(self) -> dict[str, Any]:
        """The attributes, both networks as their weights."""
        weights = {name: dict(getattr(self, name).state_dict()) for name in ("network", "reranker")}
        return {name: value for name, value in vars(self).items() if name != "needs"} | weights

    def restore_state(self, state: dict[str, Any]) -> None:
        """Build both networks anew and give them their weights."""
        vars(self).update(state)
        with torch.random.fork_rng(devices=[]):
            self.network, self.reranker = RetrievalNetwork.of_state(state["network"], self.options), self._reranker()
        self.reranker.load_state_dict(state["reranker"])
        self.network.eval()
        self.reranker.eval()

    def _learn_items(
        self, data: TrainingData, held: HeldOut | None, options: GraphOptions, training: Training, progress: Progress
    ) -> None:
        """Train the first stage on `data`, and keep its edges and counts."""
        progress("Counting what occurs together")
        histories, count = data.histories, len(data.items)
        self.edges = ItemGraph.of(histories, count)
        order = np.argsort(data.times, kind="stable") if data.times is not None else slice(None)
        self.popularity = popularity_features(histories.items[order], histories.events[order], count)
        self.events = np.bincount(histories.items, minlength=count).astype(np.float32)
        known = data.categories if options.categories else None
        self.categories = np.full(count, NONE) if known is None else known.first
        groups = item_groups(data) if options.categories else None
        owners = len(data.owners) if options.users else 0
        numbered = None if groups is None else torch.from_numpy(groups)
        progress("Making the first embeddings")
        exported = None if held else self.hetero  # it knows what is held out
        begun = first_vectors(
            options.init, options.embedding_size, data, options.training, self.edges, exported, held is not None
        )
        self.network = RetrievalNetwork(begun, numbered, owners, options)
        validation = None if held is None else held.validation()
        precision = torch.bfloat16 if training.device == "cpu" else torch.float32
        task = NextItemTask(
            histories,
            validation,
            options.loss,
            options.batch_size,
            SampledSoftmax(options.temperature, parts_of(options.sampled_fraction), precision),
            options.held_out == "purchases",
            options.history_length,
            training,
        )
        if training.checkpoint and held is not None:
            training = replace(training, checkpoint=f"{training.checkpoint}.choosing")
        self.course["choosing" if held else "training"] = train(self.network, task, training, progress)
        self.network.to("cpu")
        self._keep_vectors()

    def _begins_with(self, data: TrainingData) -> str:
        return begins_with(self.options.init, self.options.embedding_size, data)

    def _holds_out(self, data: TrainingData) -> Literal["purchases", "owners"]:
        """What `held_out` comes to with this data."""
        if self.options.held_out != "auto":
            return self.options.held_out
        return "purchases" if several_purchases(data.histories).sum() >= ENOUGH_BUYERS else "owners"

    def _held(self, data: TrainingData) -> HeldOut:
        """The cases of the first two steps, and what they leave; the same for the same data."""
        options = self.options
        return hold_out(data, self._holds_out(data) == "purchases", options.held_share, options.training.seed)

    def _reranker(self) -> AttentionReranker:
        return AttentionReranker(self.options.embedding_size, self.options.attention_length, self.options.attend)

    def _keep_vectors(self) -> None:
        with torch.no_grad():
            self.vectors = self.network.unit_vectors()

    def _learn_reranking(self, held: HeldOut, progress: Progress) -> None:
        """Train the second stage on held-out cases whose right item is among the candidates."""
        rows, first = self._retrieved(held.queries, held.owners)
        column = (rows == held.targets[:, None]).argmax(axis=1)
        usable = np.flatnonzero((rows == held.targets[:, None]).any(axis=1))
        if len(usable) == 0:
            return

        def ask(some: ndarray) -> Asked:
            return self._asked(held.queries.take(some), held.owners[some], rows[some], first[some])

        options, for_training = self.options, held.for_training[usable]
        seed, checkpoint = options.training.seed, options.training.checkpoint
        task = RerankingTask(ask, column, usable[for_training], usable[~for_training], options.loss, seed)
        epochs = task.epochs(options.rerank_epochs)
        training = Training(
            epochs=epochs,
            learning_rate=options.rerank_rate,
            schedule="one-cycle",
            weight_decay=1e-4,
            patience=epochs,  # all epochs, of which the best is kept
            seed=seed,
            checkpoint=f"{checkpoint}.reranking" if checkpoint else None,
        )
        self.course["reranking"] = train(self.reranker, task, training, progress)

    def _retrieved(self, queries: Histories, owners: ndarray) -> tuple[ndarray, ndarray]:
        """The candidates of each history and their scores f."""
        rows, first = [], []
        for start in range(0, len(queries), self.batch):
            stop = min(start + self.batch, len(queries))
            rough, z = self._rough(queries.part(start, stop), owners[start:stop])
            rows.append(best_of(rough, min(self.options.candidates, len(self.items)))[0])
            with torch.inference_mode():
                vectors = self.vectors[torch.from_numpy(rows[-1])]
                first.append((vectors @ z[:, :, None]).squeeze(2).numpy() / self.options.temperature)
        return np.concatenate(rows), np.concatenate(first)

    def _rough(self, queries: Histories, owners: ndarray) -> tuple[Float[ndarray, "n items"], Float[Tensor, "n size"]]:
        """What candidates are chosen by, f plus the evidence of the edges, and the histories' vectors."""
        with torch.inference_mode():
            z = history_vectors(self.network, self.vectors, queries, owners, self.options.history_length)
            scores = (z @ self.vectors[:-1].T / self.options.temperature).numpy()
        if self.options.edges:
            recency = queries.matrix(len(self.items), 0.8 ** np.minimum(queries.ages, 60))
            evidence = csr_array(recency @ self.edges.cosine)
            owner = groups_of(evidence.indptr)
            scores[owner, evidence.indices] += self.options.edges * np.log1p(evidence.data / EVIDENCE)
        return scores, z

    def _asked(self, queries: Histories, owners: ndarray, rows: Int[ndarray, "n candidates"], first: ndarray) -> Asked:
        items, events, real = latest_first(queries, self.options.attention_length)
        padded = np.where(real, items, len(self.items))
        categories = np.r_[self.categories, NONE]
        of_history = categories[padded][:, None, :]
        same_category = (categories[rows][:, :, None] == of_history) & (of_history != NONE)
        return Asked(
            torch.from_numpy(first),
            self.vectors[torch.from_numpy(rows)],
            self.vectors[torch.from_numpy(padded)],
            torch.from_numpy(edges_between(self.edges.weights, rows, items)),
            torch.from_numpy(edges_between(self.edges.cosine, rows, items)),
            torch.from_numpy((rows[:, :, None] == items[:, None, :]).astype(np.float32)),
            torch.from_numpy(same_category.astype(np.float32)),
            torch.from_numpy(events),
            torch.from_numpy(real.astype(np.float32)),
            torch.from_numpy(self.popularity[rows]),
        )


def best_of(scores: Float[ndarray, "n items"], count: int) -> tuple[Int[ndarray, "n count"], Float[ndarray, "n count"]]:
    """The columns of the largest scores and the scores, best first."""
    if count >= scores.shape[1]:
        return top_k_of_dense(scores, count)
    values, columns = torch.topk(torch.from_numpy(scores), count, dim=1)
    return columns.numpy(), values.numpy()

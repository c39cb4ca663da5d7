"""What the ontology knows of items, blended with who borrowed what: serves items that nobody has taken yet.

`score(q, j) = w_o O + w_c C + w_p P + w_f F`, each part divided by its largest, 0 where it knows nothing:

    O  exp((s - 1) / τ), s the similarity of j to the items of q by the ontology, the latest counting most
    C  item-kNN over the owners' histories (TF-IDF cosine)
    P  PageRank of walks item → owner → item that start at q (at any event where q is empty)
    F  exp(-|year of j - year of reference| / age), newness by an attribute of the ontology
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from jaxtyping import Float
from numpy import ndarray
from scipy.sparse import csr_array, diags_array

from kartograph.models.array_model import ArrayModel
from kartograph.models.data import NONE, Histories, TrainingData
from kartograph.models.neighbours.item_knn import ItemKNN, ItemKNNOptions
from kartograph.ontology.similarity import Space, similarities
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent


@dataclass(frozen=True)
class OntologyBlendOptions:
    """Weights of the parts; the defaults were found on validation data by `benchmarks/tune_ontology_blend.py`."""

    ontology: float = 0.506
    co_borrowing: float = 0.001
    pagerank: float = 0.359
    newness: float = 0.134
    """Has an effect where `year` names an attribute."""
    year: str | None = None
    """A numeric column of the space that tells when an item came out."""
    reference_year: float | None = None
    """The year at which items are new, on the scale of the data; the default is the latest year of a trained item."""
    age: float = 2.0
    """Years after which newness has fallen to 1/e."""
    sharpness: float = 0.1
    """τ: the smaller, the more only the most similar items count."""
    recent: int = 20
    """Items of the query that count, the latest ones."""
    decay: float = 0.9
    """Weight of an item relative to the one after it."""
    damping: float = 0.85
    """Probability that a walk goes on."""
    steps: int = 8
    """Steps after which walks are cut."""


class OntologyBlend(ArrayModel):
    """Ontology similarity, co-borrowing, PageRank and newness in one score."""

    def __init__(self, space: Space, options: OntologyBlendOptions | None = None) -> None:
        """Keep the space, whose items are the catalogue, and the options."""
        self.space = space
        self.options = options or OntologyBlendOptions()
        if self.options.year is not None and self.options.year not in space.names:
            raise BadInput(f"newness goes by {self.options.year!r}, which is not compared; there are {space.names}")

    def learn(self, data: TrainingData, progress: Progress = silent) -> Self:
        """Count who borrowed what; the ontology's part needs no learning.

        Items of the training data that the space lacks have no ontology part. Items without any event are served if
        `data.items` names them.
        """
        self.items = data.items
        count = len(data.items)
        self.row_in_space = pd.Index(self.space.ids).get_indexer(data.items.external)
        self.knn = ItemKNN(ItemKNNOptions(neighbours=200)).fit(data, progress)
        taken = data.histories.matrix(count)
        taken.data[:] = 1
        self.to_owners = csr_array(_by_row(csr_array(taken.T)))
        self.to_items = csr_array(_by_row(taken))
        popularity = np.bincount(data.histories.items, minlength=count).astype(np.float32)
        self.popularity = popularity / max(popularity.sum(), 1)
        self.newness = self._newness(popularity > 0)
        return self

    def scores(self, queries: Histories, owners: ndarray) -> Float[ndarray, "n items"]:
        """The blend; see the module."""
        options = self.options
        weights = {
            "ontology": options.ontology,
            "co_borrowing": options.co_borrowing,
            "pagerank": options.pagerank,
            "newness": options.newness,
        }
        parts = self.terms(queries, tuple(name for name, weight in weights.items() if weight))
        total = np.zeros((len(queries), len(self.items)), dtype=np.float32)
        for name, part in parts.items():
            total += np.float32(weights[name]) * part
        return total

    def terms(self, queries: Histories, names: tuple[str, ...]) -> dict[str, Float[ndarray, "n items"]]:
        """The parts of the score by name, each 0 to 1; 0 on the items of the query, but for newness."""
        options = self.options
        late = queries.ages < options.recent
        recent = Histories.of(queries.owners[late], queries.items[late], len(queries))
        seen = _by_row(recent.matrix(len(self.items), options.decay**recent.ages))
        by_name: dict[str, ndarray] = {}
        for name in names:
            if name == "newness":
                by_name[name] = np.broadcast_to(self.newness, (len(queries), len(self.items)))
                continue
            if name == "ontology":
                part = self._alike(seen)
            elif name == "co_borrowing":
                part = self.knn.scores(recent, np.full(len(queries), NONE)).toarray()
            else:
                part = self._walk(seen)
            part[queries.owners, queries.items] = 0
            by_name[name] = _by_largest(part)
        return by_name

    def _alike(self, seen: csr_array) -> ndarray:
        """`exp((s - 1) / τ)` with s the mean similarity to the items seen, by their weights."""
        inside = self.row_in_space >= 0
        asked = np.unique(seen.indices)
        asked = asked[inside[asked]]
        scores = np.zeros((seen.shape[0], len(self.items)), dtype=np.float32)
        if not len(asked):
            return scores
        alike = np.nan_to_num(similarities(self.space, self.row_in_space[asked]), nan=0.0)
        sharp = np.exp((alike - 1) / np.float32(self.options.sharpness))
        scores[:, inside] = (seen[:, asked] @ sharp)[:, self.row_in_space[inside]]
        return scores

    def _walk(self, seen: csr_array) -> ndarray:
        start = seen.toarray()
        start[start.sum(axis=1) == 0] = self.popularity
        mass = start.copy()
        damping = np.float32(self.options.damping)
        for _ in range(self.options.steps):
            mass = (1 - damping) * start + damping * ((mass @ self.to_owners) @ self.to_items)
        return mass - (1 - damping) * start  # where a walk starts says nothing of where it leads

    def _newness(self, taken: ndarray) -> Float[ndarray, " items"]:
        result = np.zeros(len(self.items), dtype=np.float32)
        if self.options.year is None:
            return result
        column = next(c for c in self.space.columns if c.name == self.options.year)
        codes = np.where(self.row_in_space >= 0, column.codes[self.row_in_space], -1)
        values = column.shown[column.sets.atoms[column.sets.starts[:-1]]].astype(np.float64)
        years = np.append(values, np.nan)[codes]
        latest = self.options.reference_year
        if latest is None:
            latest = np.nanmax(years[taken], initial=-np.inf)
        return np.nan_to_num(np.exp(-np.abs(years - latest) / self.options.age)).astype(np.float32)


def _by_row(matrix: csr_array) -> csr_array:
    """Rows that sum to 1; empty ones stay empty."""
    sums = matrix.sum(axis=1)
    return csr_array(diags_array(1 / np.where(sums > 0, sums, 1)) @ matrix).astype(np.float32)


def _by_largest(scores: ndarray) -> ndarray:
    largest = scores.max(axis=1, keepdims=True)
    return np.divide(scores, largest, out=np.zeros_like(scores), where=largest > 0)

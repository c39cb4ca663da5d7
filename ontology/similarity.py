"""How similar are items to one another, by their attributes and by what they link to?

With similarities `s_k`, distances `d_k = 1 - s_k` and weights `w_k` of the attributes `k` that both items have:

    Euclidean   1 - sqrt(Σ w_k² d_k² / Σ w_k²)
    cosine      Σ w_k² b_k / sqrt(Σ w_k² n_k(x)² · Σ w_k² n_k(y)²)

with `b = x·y, n = |x|` for numbers on their scale and `b = s_k, n = 1` for every other kind.
Source: the ontology-based relational product recommendation system (books and authors of an online bookshop); its
formulas are our reading, the kinds and rules are the paper's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kartograph.ontology.columns import Column, Measure, columns_of, weight_vector
from kartograph.ontology.individuals import Catalogue
from kartograph.ontology.kinds import Matching, Matrix, compare_sets, gathered
from kartograph.ontology.ragged import Ragged
from kartograph.tables.progress import Progress, silent

BLOCK_BYTES = 32 * 2**20
"""Size of one block of similarities; about four such blocks are held at a time."""


@dataclass(frozen=True)
class Space:
    """A catalogue as one measure sees it."""

    measure: Measure
    columns: tuple[Column, ...]
    ids: NDArray[np.object_]
    labels: NDArray[np.object_]
    matching: Matching = Matching.MEAN

    def __len__(self) -> int:
        """How many items there are."""
        return len(self.ids)

    @property
    def names(self) -> list[str]:
        """Names of the columns: what weights are given for."""
        return [column.name for column in self.columns]

    @cached_property
    def side(self) -> "Side":
        """What is known of all items, and their norms."""
        known = np.stack([column.codes >= 0 for column in self.columns]).astype(np.float32)
        numbers = [column.is_number and self.measure.is_cosine for column in self.columns]
        pairs = zip(self.columns, known, numbers, strict=True)
        return Side(known, np.stack([numbers_of(c) ** 2 if number else k for c, k, number in pairs]))


def space_of(
    catalogue: Catalogue,
    measure: Measure,
    *,
    attributes: tuple[str, ...] | None = None,
    matching: Matching = Matching.MEAN,
) -> Space:
    """The catalogue, ready to be compared by one measure; `attributes` as in `columns.columns_of`."""
    columns = columns_of(catalogue, measure, attributes)
    return Space(measure, columns, catalogue.items.ids, catalogue.items.labels, matching)


def similarities(space: Space, rows: NDArray[np.int64], weights: Mapping[str, float] | None = None) -> Matrix:
    """Similarities of some items to all items (rows × items), between 0 and 1.

    Two items that share no known attribute (of a weight above 0) have NaN; if all weights are 0, every pair has 0.
    Symmetric. 1 on itself, but for columns of several numbers or links under `Matching.MEAN`, the paper's rule.
    """
    vector = weight_vector(space.columns, weights)
    total = np.zeros((len(rows), len(space)), dtype=np.float32)
    for column, weight in zip(space.columns, (vector**2).astype(np.float32), strict=True):
        if weight == 0:
            continue
        if space.measure.is_cosine and column.is_number:
            mean = numbers_of(column)
            total += weight * mean[rows][:, None] * mean[None, :]
        else:
            distances = not space.measure.is_cosine
            total += gathered(column, rows, weight, space.matching, weights, distances=distances)
    return finish(space, total, space.side.take(rows), (vector**2).astype(np.float32))


@dataclass(frozen=True)
class Side:
    """One side of a comparison: columns × its items."""

    known: Matrix
    squares: Matrix
    """`n_k(x)²`: for cosine measures the squared numbers, 1 for other kinds; 0 where nothing is known."""

    def take(self, rows: NDArray[np.int64]) -> "Side":
        """Some of its items."""
        return Side(self.known[:, rows], self.squares[:, rows])


def finish(space: Space, total: Matrix, here: Side, squared_weights: Matrix) -> Matrix:
    """The sums `Σ w² b` or `Σ w² d²` of some items × all items, divided by what the formula divides them by."""
    w, there = squared_weights[:, None], space.side
    shared = (w * here.known).T @ there.known
    if space.measure.is_cosine:
        left, right = (w * here.squares).T @ there.known, (w * here.known).T @ there.squares
        norm = np.sqrt(left * right)
        # Two vectors of zeros are equal; a vector of zeros and another one have nothing in common.
        zero = ((left == 0) & (right == 0)).astype(np.float32)
        similarity = np.divide(total, norm, out=zero, where=norm > 0)
    else:
        similarity = 1 - np.sqrt(np.divide(total, shared, out=np.zeros_like(total), where=shared > 0))
    similarity = np.clip(similarity, 0, 1)
    similarity[shared == 0] = np.nan if squared_weights.any() else 0
    return similarity


def numbers_of(column: Column) -> Matrix:
    """Per item the number on its scale; the mean of several that its links bring; 0 where nothing is known."""
    sums = np.bincount(column.sets.owners, weights=column.scaled[column.sets.atoms], minlength=len(column.sets))
    means = np.append(sums / np.maximum(column.sets.sizes, 1), 0.0).astype(np.float32)
    return means[column.codes]


def similarities_of_sets(space: Space, sets: tuple[Ragged, ...], weights: Mapping[str, float] | None = None) -> Matrix:
    """Similarities of made-up items to all items: `sets[k]` holds, per made-up item, its values of column `k`.

    Empty sets are unknown values.
    """
    vector = weight_vector(space.columns, weights).astype(np.float32) ** 2
    count = len(sets[0])
    total = np.zeros((count, len(space)), dtype=np.float32)
    known = np.zeros((len(sets), count), dtype=np.float32)
    squares = np.zeros_like(known)
    for k, (column, queries) in enumerate(zip(space.columns, sets, strict=True)):
        full = np.flatnonzero(queries.sizes)
        known[k, full] = squares[k, full] = 1
        if not len(full) or not len(column.sets):
            continue
        asked = queries.take(full)
        if space.measure.is_cosine and column.is_number:
            sums = np.bincount(asked.owners, weights=column.scaled[asked.atoms], minlength=len(asked))
            means = (sums / asked.sizes).astype(np.float32)
            squares[k, full] = means**2
            total[full] += vector[k] * means[:, None] * numbers_of(column)[None, :]
            continue
        similarity = compare_sets(column, asked, matching=space.matching, weights=weights)
        value = similarity if space.measure.is_cosine else (1 - similarity) ** 2
        table = np.concatenate([value, np.zeros((len(asked), 1), dtype=np.float32)], axis=1)
        total[full] += vector[k] * np.take(table, column.codes, axis=1, mode="wrap")
    return finish(space, total, Side(known, squares), vector)


def similarity_matrix(
    space: Space, weights: Mapping[str, float] | None = None, *, progress: Progress = silent
) -> Matrix:
    """All similarities (items × items): 145 MB for 6,000 items; use `neighbours` for many more."""
    matrix = np.empty((len(space), len(space)), dtype=np.float32)
    for rows in blocks(len(space)):
        matrix[rows] = similarities(space, rows, weights)
        progress("Comparing items", int(rows[-1]) + 1, len(space))
    return matrix


def neighbours(
    space: Space, k: int, weights: Mapping[str, float] | None = None, *, progress: Progress = silent
) -> tuple[NDArray[np.int64], Matrix]:
    """The `k` items most similar to each (items × k), best first, and their similarities.

    Ties go to the smaller row; similarities count as equal when they differ by less than 10⁻⁶. An item is no neighbour
    of its own. Where fewer than `k` can be compared the rest is -1 and NaN. Memory is bounded: a block of rows at a
    time, whatever the number of items.
    """
    indices = np.full((len(space), k), -1, dtype=np.int64)
    scores = np.full((len(space), k), np.nan, dtype=np.float32)
    for rows in blocks(len(space)):
        block = similarities(space, rows, weights)
        block[np.arange(len(rows)), rows] = np.nan
        found = best(block, k)
        values = np.take_along_axis(block, found, axis=1)
        wide = found.shape[1]
        indices[rows, :wide] = np.where(np.isnan(values), -1, found)
        scores[rows, :wide] = values
        progress("Finding neighbours", int(rows[-1]) + 1, len(space))
    return indices, scores


def best(scores: Matrix, k: int) -> NDArray[np.int64]:
    """Columns of the `k` best scores of each row, best first; ties go to the smaller column, NaN comes last."""
    columns = scores.shape[1]
    keys = np.round(np.nan_to_num(scores, nan=-1.0).astype(np.float64) * 1e6).astype(np.int64) * columns
    keys += np.arange(columns)[::-1]
    k = min(k, columns)
    part = np.argpartition(-keys, k - 1, axis=1)[:, :k]
    order = np.argsort(-np.take_along_axis(keys, part, axis=1), axis=1)
    return np.take_along_axis(part, order, axis=1)


def blocks(items: int) -> Iterator[NDArray[np.int64]]:
    """Row numbers, as many at a time as make one block of similarities."""
    size = max(1, BLOCK_BYTES // (4 * max(items, 1)))
    for start in range(0, items, size):
        yield np.arange(start, min(start + size, items))

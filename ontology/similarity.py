"""Similarity of items by their attributes and by what they link to.

With similarities `s_k`, distances `d_k = 1 - s_k` and weights `w_k` of the attributes `k` that both items have:

    Euclidean   1 - sqrt(Σ w_k² d_k² / Σ w_k²)
    cosine      Σ w_k² b_k / sqrt(Σ w_k² n_k(x)² · Σ w_k² n_k(y)²)

with `b = x·y, n = |x|` for numbers on their scale and `b = s_k, n = 1` for every other kind.
Source: the ontology-based relational product recommendation system (books and authors of an online bookshop); its
formulas are our reading, the kinds and rules are the paper's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kartograph.ontology.best import best
from kartograph.ontology.compare.columns import Column, Measure, columns_of, weight_vector
from kartograph.ontology.compare.division import divide
from kartograph.ontology.compare.kinds import ZERO, Matching, Matrix, compare_sets, gathered
from kartograph.ontology.compare.ragged import Ragged
from kartograph.ontology.owl.individuals import Catalogue
from kartograph.tables.progress import Progress, silent

BLOCK_BYTES = 32 * 2**20
"""Size of one block of similarities; about four such blocks are held at a time."""
SAMPLE = 512
"""Items whose pairs with all others give the mean that an unknown value counts as."""


class Unknown(StrEnum):
    """What an attribute counts that one of two items lacks. What both lack is always left out."""

    LEFT_OUT = "left-out"
    """Nothing: the attribute is in none of the sums. Items of which little is known are then very similar to many."""
    EXPECTED = "expected"
    """The mean over the catalogue: of the numbers under cosine measures, else of `s` or `d²` over pairs."""


DEFAULT_UNKNOWN = Unknown.EXPECTED
"""What holds where nobody chose: items of which little is known would else be the most similar to everything."""


@dataclass(frozen=True)
class Side:
    """One side of a comparison; each is attributes × its items, and 0 where nothing is known."""

    known: Matrix
    """1 where something is known."""
    squares: Matrix
    """`n_k(x)²`: the squared number for numbers under cosine measures, 1 for everything else."""

    def take(self, rows: NDArray[np.int64]) -> "Side":
        """Some of its items."""
        return Side(self.known[:, rows], self.squares[:, rows])


@dataclass(frozen=True)
class Expected:
    """Per attribute what an unknown value counts as; all 0 when unknown values are left out."""

    numbers: Matrix
    """The mean number on the scale; of numbers under cosine measures."""
    pairs: Matrix
    """The mean over pairs of items of `s`, or of `d²` under Euclidean measures; of all other attributes."""
    squares: Matrix
    """`n²`: the square of the mean number, else 1."""


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

    unknown: Unknown = DEFAULT_UNKNOWN

    def multiplies(self, column: Column) -> bool:
        """Whether the measure multiplies the column's numbers instead of comparing its values."""
        return self.measure.is_cosine and column.is_number

    @cached_property
    def side(self) -> Side:
        """What is known of all items, and their norms."""
        known = np.stack([column.codes >= 0 for column in self.columns]).astype(np.float32)
        pairs = zip(self.columns, known, strict=True)
        return Side(known, np.stack([numbers_of(c) ** 2 * k if self.multiplies(c) else k for c, k in pairs]))

    @cached_property
    def expected(self) -> Expected:
        """Means over the catalogue; pairs are taken of `SAMPLE` items with all where there are more."""
        numbers, pairs, squares = (np.zeros(len(self.columns), dtype=np.float32) for _ in range(3))
        for k, column in enumerate(self.columns):
            known = np.flatnonzero(column.codes >= 0)
            if self.unknown is Unknown.LEFT_OUT or not len(known):
                continue
            if self.multiplies(column):
                numbers[k] = numbers_of(column)[known].mean()
                squares[k] = numbers[k] ** 2
            else:
                sampled = np.sort(np.random.default_rng(0).choice(known, min(SAMPLE, len(known)), replace=False))
                parts = (sampled[part] for part in blocks(len(self), len(sampled)))
                sums = [compared(self, column, part, np.float32(1)).sum(dtype=np.float64) for part in parts]
                pairs[k] = sum(sums) / (len(sampled) * len(known))
                squares[k] = 1
        return Expected(numbers, pairs, squares)


def space_of(
    catalogue: Catalogue,
    measure: Measure,
    *,
    attributes: tuple[str, ...] | None = None,
    matching: Matching = Matching.MEAN,
    unknown: Unknown = DEFAULT_UNKNOWN,
) -> Space:
    """The catalogue, ready to be compared by one measure; `attributes` as in `columns.columns_of`."""
    columns = columns_of(catalogue, measure, attributes)
    return Space(measure, columns, catalogue.items.ids, catalogue.items.labels, matching, unknown)


def similarities(space: Space, rows: NDArray[np.int64], weights: Mapping[str, float] | None = None) -> Matrix:
    """Similarities of some items to all items (rows × items), between 0 and 1.

    Two items that share no known attribute (of a weight above 0) have NaN; if all weights are 0, every pair has 0.
    Symmetric. 1 on itself, but for columns of several numbers or links under `Matching.MEAN`, the paper's rule.
    """
    vector = weight_vector(space.columns, weights)
    total = np.zeros((len(rows), len(space)), dtype=np.float32)
    for k, (column, weight) in enumerate(zip(space.columns, (vector**2).astype(np.float32), strict=True)):
        if weight > 0:
            total += summands(space, k, column, rows, weight, weights)
    return finish(space, total, space.side.take(rows), (vector**2).astype(np.float32))


def summands(
    space: Space,
    k: int,
    column: Column,
    rows: NDArray[np.int64],
    weight: np.float32,
    weights: Mapping[str, float] | None = None,
) -> Matrix:
    """What column `k` adds to the sum of rows × all items: `weight · b` or `weight · d²`, what is expected included."""
    if not space.multiplies(column):
        return compared(space, column, rows, weight, weights, fill=space.expected.pairs[k])
    fill = space.expected.numbers[k]
    numbers = numbers_of(column, fill)
    product = weight * numbers[rows][:, None] * numbers[None, :]
    if fill:
        product[np.ix_(column.codes[rows] < 0, column.codes < 0)] = 0
    return product


def compared(
    space: Space,
    column: Column,
    rows: NDArray[np.int64],
    weight: np.float32,
    weights: Mapping[str, float] | None = None,
    *,
    fill: np.float32 = ZERO,
) -> Matrix:
    """`kinds.gathered` with the options of the space."""
    distances = not space.measure.is_cosine
    return gathered(column, rows, weight, space.matching, weights, distances=distances, fill=fill)


def finish(space: Space, total: Matrix, side: Side, squared_weights: Matrix) -> Matrix:
    """The sums `Σ w² b` or `Σ w² d²` of some items × all items (overwritten), divided as the formula says."""
    there = space.side
    divide(
        total,
        squared_weights.astype(np.float32),
        side.known,
        side.squares,
        there.known,
        there.squares,
        space.expected.squares,
        space.unknown is Unknown.EXPECTED,
        space.measure.is_cosine,
    )
    return total


def numbers_of(column: Column, unknown: np.float32 = ZERO) -> Matrix:
    """Per item the number on its scale; the mean of several that its links bring; `unknown` where nothing is known."""
    return np.append(means_of(column, column.sets), unknown).astype(np.float32)[column.codes]


def means_of(column: Column, sets: Ragged) -> Matrix:
    """The mean number of each set of the column's atoms."""
    sums = np.bincount(sets.owners, weights=column.scaled[sets.atoms], minlength=len(sets))
    return (sums / np.maximum(sets.sizes, 1)).astype(np.float32)


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
        full, empty = np.flatnonzero(queries.sizes), np.flatnonzero(queries.sizes == 0)
        known[k, full] = squares[k, full] = 1
        there = (column.codes >= 0).astype(np.float32)
        if space.multiplies(column):
            means = means_of(column, queries)
            squares[k] = means**2
            fill = space.expected.numbers[k]
            total[full] += vector[k] * means[full, None] * numbers_of(column, fill)[None, :]
            total[empty] += vector[k] * fill * numbers_of(column)[None, :]
            continue
        fill = space.expected.pairs[k]
        total[empty] += vector[k] * fill * there
        if len(full) and len(column.sets):
            similarity = compare_sets(column, queries.take(full), matching=space.matching, weights=weights)
            value = similarity if space.measure.is_cosine else (1 - similarity) ** 2
            table = np.concatenate([value, np.full((len(full), 1), fill, dtype=np.float32)], axis=1)
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
    indices = np.empty((len(space), k), dtype=np.int64)
    scores = np.empty((len(space), k), dtype=np.float32)
    for rows in blocks(len(space)):
        indices[rows], scores[rows] = nearest_of(space, rows, k, weights)
        progress("Finding neighbours", int(rows[-1]) + 1, len(space))
    return indices, scores


def nearest_of(
    space: Space, rows: NDArray[np.int64], k: int, weights: Mapping[str, float] | None = None
) -> tuple[NDArray[np.int64], Matrix]:
    """`neighbours` of some items (rows × k)."""
    indices = np.full((len(rows), k), -1, dtype=np.int64)
    scores = np.full((len(rows), k), np.nan, dtype=np.float32)
    block = similarities(space, rows, weights)
    block[np.arange(len(rows)), rows] = np.nan
    neighbours = best(block, k)
    values = np.take_along_axis(block, neighbours, axis=1)
    wide = neighbours.shape[1]
    indices[:, :wide] = np.where(np.isnan(values), -1, neighbours)
    scores[:, :wide] = values
    return indices, scores


def blocks(items: int, rows: int | None = None) -> Iterator[NDArray[np.int64]]:
    """Numbers of `rows` rows (of all items by default), as many at a time as make one block of similarities."""
    rows = items if rows is None else rows
    size = max(1, BLOCK_BYTES // (4 * max(items, 1)))
    for start in range(0, rows, size):
        yield np.arange(start, min(start + size, rows))

"""Similarity of two values of each kind.

Everything here compares *sets* of values, single values being sets of one: nominal sets by intersection over union,
the others by the similarities of their members, averaged over all pairs or over the best matches.
"""

from collections.abc import Mapping
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from kartograph.ontology.compare.columns import Column, part_weights, weight_vector
from kartograph.ontology.compare.ragged import Ragged
from kartograph.ontology.vocabulary import Kind

Matrix = NDArray[np.floating]
ZERO = np.float32(0)


class Matching(StrEnum):
    """How the similarities of members become the similarity of two sets (numbers and linked individuals)."""

    MEAN = "mean"
    """The mean over all pairs, as in the paper: a set of different numbers is then less than 1 similar to itself."""
    BEST = "best"
    """Every member with its nearest in the other set, averaged in each direction and then over both: 1 on itself."""


def compare_sets(
    column: Column, queries: Ragged, *, matching: Matching, weights: Mapping[str, float] | None = None
) -> Matrix:
    """Similarities (queries × distinct values of the column), each between 0 and 1.

    Parameters
    ----------
    queries
        Sets of the column's atoms, none of them empty.
    weights
        Of the parts of linked columns, as `writtenBy.birthYear`; see `columns.part_weights`.
    """
    if column.parts:
        return _by_members(column, queries, matching, part_weights(column, weights))
    if column.kind in (Kind.GROUPED, Kind.HIERARCHICAL):
        return _by_members(column, queries, Matching.BEST)
    if len(column.scaled):
        return _by_members(column, queries, matching)
    return _overlap(column, queries)


def _overlap(column: Column, queries: Ragged) -> Matrix:
    """`|A ∩ B| / |A ∪ B|`; for sets of one that is equality."""
    sets = column.sets
    if queries.sizes.max(initial=0) <= 1 and sets.sizes.max(initial=0) <= 1:
        return (queries.atoms[:, None] == sets.atoms[None, :]).astype(np.float32)
    atoms = len(column.shown)
    both = (queries.indicator(atoms) @ sets.indicator(atoms).T).toarray()
    return both / (queries.sizes[:, None] + sets.sizes[None, :] - both).astype(np.float32)


def _by_members(
    column: Column, queries: Ragged, matching: Matching, weights: Mapping[str, float] | None = None
) -> Matrix:
    asked, position = np.unique(queries.atoms, return_inverse=True)
    atoms = _atom_similarity(column, asked, matching, weights)
    sets = column.sets
    if queries.sizes.max(initial=0) <= 1 and sets.sizes.max(initial=0) <= 1:
        return np.take(np.take(atoms, sets.atoms, axis=1), position, axis=0)
    pairs = np.take(np.take(atoms, sets.atoms, axis=1), position, axis=0)  # members of queries × members of sets
    sizes, query_sizes = sets.sizes.astype(np.float32), queries.sizes.astype(np.float32)[:, None]
    if matching is Matching.MEAN:
        sums = np.add.reduceat(np.add.reduceat(pairs, sets.starts[:-1], axis=1), queries.starts[:-1], axis=0)
        return sums / (query_sizes * sizes)
    best_there = np.maximum.reduceat(pairs, sets.starts[:-1], axis=1)
    best_here = np.maximum.reduceat(pairs, queries.starts[:-1], axis=0)
    there = np.add.reduceat(best_there, queries.starts[:-1], axis=0) / query_sizes
    of_rows = np.add.reduceat(best_here, sets.starts[:-1], axis=1) / sizes
    return (there + of_rows) / 2


def _atom_similarity(
    column: Column, asked: NDArray[np.int64], matching: Matching, weights: Mapping[str, float] | None
) -> Matrix:
    """Similarity of some atoms to all atoms of the column."""
    if column.parts:
        return _linked_similarity(column, asked, matching, weights)
    if column.kind is Kind.GROUPED:
        same_group = column.groups[asked][:, None] == column.groups[None, :]
        same = asked[:, None] == np.arange(len(column.groups))[None, :]
        return ((same_group.astype(np.float32) + same) / 2).astype(np.float32)
    if column.above is not None:
        return _by_hierarchy(column.above, asked)
    return 1 - np.abs(column.scaled[asked][:, None] - column.scaled[None, :])


def _by_hierarchy(above: csr_array, asked: NDArray[np.int64]) -> Matrix:
    """`2 |A ∩ B| / (|A| + |B|)`, A and B the classes from an atom upwards.

    In a tree that is `2 d(c) / (d(a) + d(b))`, d the depth and c the lowest class that both lie below.

    Source: Wu, Palmer, "Verb Semantics and Lexical Selection" (1994).
    """
    sizes = np.asarray(above.sum(axis=1), dtype=np.float32).ravel()
    both = (above[asked] @ above.T).toarray()
    return 2 * both / (sizes[asked][:, None] + sizes[None, :])


def _linked_similarity(
    column: Column, asked: NDArray[np.int64], matching: Matching, weights: Mapping[str, float] | None
) -> Matrix:
    """1 less the Euclidean distance of linked individuals; 0 where they share no known attribute."""
    squares = np.zeros((len(asked), len(column.parts[0].codes)), dtype=np.float32)
    known = np.zeros_like(squares)
    for part, weight in zip(column.parts, weight_vector(column.parts, weights), strict=True):
        squares += gathered(part, asked, np.float32(weight**2), matching, weights, distances=True)
        both = (part.codes[asked] >= 0)[:, None] & (part.codes >= 0)[None, :]
        known += np.float32(weight**2) * both
    distance = np.sqrt(np.divide(squares, known, out=np.ones_like(squares), where=known > 0))
    return 1 - np.clip(distance, 0, 1)


def gathered(
    column: Column,
    rows: NDArray[np.int64],
    weight: np.float32,
    matching: Matching,
    weights: Mapping[str, float] | None,
    *,
    distances: bool,
    fill: np.float32 = ZERO,
) -> Matrix:
    """`weight · s`, or `weight · (1 - s)²` with `distances`, of rows × all items.

    `weight · fill` where one side is unknown, 0 where both are.
    """
    codes = column.codes[rows]
    unique, position = np.unique(codes[codes >= 0], return_inverse=True)
    # One more row and column stand for the unknown: the code -1 indexes the last.
    table = np.full((len(unique) + 1, len(column.sets) + 1), weight * fill, dtype=np.float32)
    table[-1, -1] = 0
    if len(unique):
        similarity = compare_sets(column, column.sets.take(unique), matching=matching, weights=weights)
        table[:-1, :-1] = weight * ((1 - similarity) ** 2 if distances else similarity)
    places = np.full(len(rows), len(unique))
    places[codes >= 0] = position
    return np.take(table, column.codes, axis=1, mode="wrap")[places]

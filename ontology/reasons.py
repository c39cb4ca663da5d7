"""Reasons of a similarity: the attributes that two items share, in words, each with its share."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from kartograph.ontology.compare.columns import Column, weight_vector
from kartograph.ontology.compare.kinds import compare_sets
from kartograph.ontology.similarity import Space, numbers_of
from kartograph.ontology.vocabulary import Kind

SHOWN = 3
"""Most values that a reason lists."""


@dataclass(frozen=True)
class Reason:
    """What one attribute adds to the similarity of two items."""

    attribute: str
    similarity: float
    """Of the two values, 0 to 1."""
    share: float
    """Part of the whole that this attribute adds; the shares of all reasons sum to 1."""
    words: str


def reasons(space: Space, one: int, other: int, weights: Mapping[str, float] | None = None) -> list[Reason]:
    """What makes two items (row numbers) alike, the largest share first; attributes that add nothing are left out.

    The shares are parts of a sum that the measure is made of: `w_k² b_k` for the cosine measures, and `w_k² (1 - d_k²)`
    for the Euclidean ones, because `1 - ED² = Σ w_k² (1 - d_k²) / Σ w_k²`.
    """
    agreeing: list[tuple[Column, float, float]] = []
    for column, weight in zip(space.columns, weight_vector(space.columns, weights) ** 2, strict=True):
        a, b = column.codes[[one, other]]
        if a < 0 or b < 0:
            continue
        query = column.sets.take(np.array([a]))
        similarity = float(compare_sets(column, query, matching=space.matching, weights=weights)[0, b])
        if not space.measure.is_cosine:
            part = 1 - (1 - similarity) ** 2
        elif column.is_number:
            part = float(np.prod(numbers_of(column)[[one, other]]))
        else:
            part = similarity
        agreeing.append((column, similarity, float(weight) * part))
    whole = sum(part for _, _, part in agreeing)
    if whole == 0:
        return []
    sentences = [
        Reason(column.name, similarity, part / whole, words(column, one, other, similarity))
        for column, similarity, part in agreeing
        if part > 0
    ]
    return sorted(sentences, key=lambda reason: (-reason.share, reason.attribute))


def words(column: Column, one: int, other: int, similarity: float) -> str:
    """One attribute of two items in words: "same author: James Joyce", "publication year 1922 and 1924"."""
    a, b = (_members(column, row) for row in (one, other))
    both = [value for value in a if value in b]
    label = _label(column)
    if sorted(a, key=str) == sorted(b, key=str):
        return f"same {label}: {_listed(a)}"
    if column.kind is Kind.GROUPED and not both and similarity > 0:
        return f"same group of {label}: {_listed(a)} and {_listed(b)}"
    if (column.parts or column.above is not None) and similarity > 0 and not both:
        return f"{label}s alike: {_listed(a)} and {_listed(b)}"
    if len(column.scaled):
        return f"{label} {_listed(a)} and {_listed(b)}"
    return f"{label} shared: {_listed(both)}" if both else f"different {label}: {_listed(a)} and {_listed(b)}"


def _members(column: Column, row: int) -> list[object]:
    return column.shown[column.sets.take(column.codes[[row]]).atoms].tolist()


def _label(column: Column) -> str:
    """The attribute's label, with that of its class before it where a link has brought it in line."""
    path = column.name.split(".")[:-1]
    return column.label if not path or column.name.endswith(".identity") else f"{column.label} ({path[-1]})"


def _listed(values: list[object]) -> str:
    shown = [_value(value) for value in values[:SHOWN]]
    more = f" and {len(values) - SHOWN} more" if len(values) > SHOWN else ""
    return ", ".join(shown) + more


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)

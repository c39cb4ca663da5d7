"""Searches by a genetic algorithm for the weights that suggest best.

The crossing is unusual (parents are paired by rank, children are the parents' mean), which is why this is no library's
algorithm: selection, crossing and mutation are the three things that a library would have brought.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kartograph.ontology.compare.stack import stack_of, success_of_weights
from kartograph.ontology.sessions import Sessions
from kartograph.ontology.similarity import Space
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent

DIGITS = 2
"""Chromosomes that agree to this many digits are the same one, and their fitness is found once."""


@dataclass(frozen=True)
class GeneticOptions:
    """Size and end of the search; the defaults are the paper's."""

    chromosomes: int = 25
    """Size of the population."""
    crossovers: int = 100
    """How often the whole population is crossed."""
    threshold: float | None = None
    """Stop as soon as a chromosome is this fit (0 to 1); by default only the number of crossovers counts."""
    mutation: float = 0.0
    """Share of a child's genes that are drawn anew. 0 is the paper's operator, whose population shrinks to a point."""
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse sizes that cannot be crossed."""
        if self.chromosomes < 2 or self.crossovers < 1 or not 0 <= self.mutation <= 1:
            raise BadInput(
                f"a population of {self.chromosomes}, {self.crossovers} crossovers and a mutation of {self.mutation} "
                "cannot be run; allowed are 2 or more chromosomes, 1 or more crossovers, a mutation of 0 to 1"
            )


@dataclass(frozen=True)
class GeneticResult:
    """The best chromosome of any generation."""

    weights: NDArray[np.float64]
    fitness: float
    history: tuple[float, ...]
    """Best fitness so far, after the first population and after each crossing."""
    evaluations: int
    """How many different chromosomes were tried."""


def pairs_of(chromosomes: int) -> NDArray[np.int64]:
    """The parents by rank (best is 0), a pair per child: one half (i, i+1), the other (i, n+1-i), counted from 1.

    With 25 chromosomes 13 children have neighbours in rank as parents, and 12 a good and a bad one.
    """
    neighbouring = np.arange((chromosomes + 1) // 2)
    opposite = np.arange(chromosomes // 2)
    return np.concatenate(
        [
            np.stack([neighbouring, np.minimum(neighbouring + 1, chromosomes - 1)], axis=1),
            np.stack([opposite, chromosomes - 1 - opposite], axis=1),
        ]
    )


def cross(
    population: NDArray[np.float64], fitness: NDArray[np.float64], mutation: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    """The next generation: parents paired by rank, children the arithmetic mean of their parents, some genes anew."""
    ranked = population[np.argsort(-fitness, kind="stable")]
    children = ranked[pairs_of(len(population))].mean(axis=1)
    anew = rng.random(children.shape) < mutation
    return np.where(anew, rng.random(children.shape), children)


def search(
    fitness: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    genes: int,
    options: GeneticOptions,
    *,
    progress: Progress = silent,
) -> GeneticResult:
    """The fittest chromosome that the crossings meet.

    Parameters
    ----------
    fitness
        From chromosomes (several × genes) to one number each; called once for chromosomes that are the same.
    """
    rng = np.random.default_rng(options.seed)
    known: dict[bytes, float] = {}
    population = rng.random((options.chromosomes, genes))
    values = np.zeros(len(population))
    best, best_fitness, history = population[0], -np.inf, []
    for crossing in range(options.crossovers + 1):
        if crossing:
            population = cross(population, values, options.mutation, rng)
        rounded = np.round(population, DIGITS)
        keys = [row.tobytes() for row in rounded]
        new = {key: row for key, row in zip(keys, rounded, strict=True) if key not in known}
        if new:
            known.update(zip(new, fitness(np.stack(list(new.values()))).tolist(), strict=True))
        values = np.array([known[key] for key in keys])
        if values.max() > best_fitness:
            best, best_fitness = rounded[values.argmax()], float(values.max())
        history.append(best_fitness)
        progress("Crossing weights", crossing, options.crossovers)
        if options.threshold is not None and best_fitness >= options.threshold:
            break
    return GeneticResult(best, best_fitness, tuple(history), len(known))


def genetic_weights(
    space: Space,
    learning: Sessions,
    *,
    suggestions: int = 3,
    options: GeneticOptions | None = None,
    progress: Progress = silent,
) -> tuple[dict[str, float], GeneticResult]:
    """Weights by column name, and how they were found.

    The fitness is the share of learning sessions in which one of the items suggested from the first one occurs later.

    Parameters
    ----------
    learning
        Sessions of two or more items, none of the test part.
    """
    learning = learning.longer_than(1)
    if not len(learning):
        raise BadInput("no learning session has two items, so no suggestion can succeed; give longer sessions")
    stack = stack_of(space, np.unique(learning.items[learning.starts[:-1]]))
    result = search(
        lambda chromosomes: success_of_weights(stack, learning, chromosomes, suggestions=suggestions),
        len(space.columns),
        options or GeneticOptions(),
        progress=progress,
    )
    return dict(zip(space.names, result.weights.tolist(), strict=True)), result

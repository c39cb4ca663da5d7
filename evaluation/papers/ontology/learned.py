"""Weights that each fold learns from its learning sessions alone."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kartograph.ontology.compare.kinds import Matrix
from kartograph.ontology.compare.stack import Stack, stack_of, successes_of_weights
from kartograph.ontology.sessions import Sessions
from kartograph.ontology.similarity import Space
from kartograph.ontology.weights.genetic import GeneticOptions, GeneticResult, search
from kartograph.ontology.weights.purity import PurityOptions, purity_weights
from kartograph.tables.progress import Progress, silent


@dataclass
class Fitness:
    """Success of chromosomes on any part of the sessions; every chromosome is tried once on all of them.

    A session's success does not depend on the other sessions, so the folds share it. What a fold asks for is the mean
    over its learning sessions and nothing else.
    """

    stack: Stack
    sessions: Sessions
    suggestions: int = 3
    known: dict[bytes, NDArray[np.float32]] = field(default_factory=dict)

    @classmethod
    def of(cls, space: Space, sessions: Sessions) -> "Fitness":
        """Ready to try weights of the space's columns on sessions of two or more items."""
        return cls(stack_of(space, np.unique(sessions.items[sessions.starts[:-1]])), sessions)

    def __call__(self, chromosomes: Matrix, learning: NDArray[np.bool_]) -> NDArray[np.float64]:
        """The share of learning sessions in which a suggestion succeeds, for each chromosome."""
        new = {row.tobytes(): row for row in chromosomes if row.tobytes() not in self.known}
        if new:
            weights = np.stack(list(new.values()))
            successes = successes_of_weights(self.stack, self.sessions, weights, suggestions=self.suggestions)
            self.known.update(zip(new, successes.astype(np.float32), strict=True))
        return np.array([self.known[row.tobytes()][learning].mean(dtype=np.float64) for row in chromosomes])


def genetic_of_fold(
    fitness: Fitness, learning: NDArray[np.bool_], options: GeneticOptions, progress: Progress = silent
) -> tuple[dict[str, float], GeneticResult]:
    """The weights that the genetic algorithm finds on the learning sessions (a mask)."""
    names = fitness.stack.space.names
    result = search(lambda chromosomes: fitness(chromosomes, learning), len(names), options, progress=progress)
    return dict(zip(names, result.weights.tolist(), strict=True)), result


def purity_of_fold(
    space: Space, sessions: Sessions, learning: NDArray[np.bool_], options: PurityOptions
) -> dict[str, float]:
    """The purity weights of the learning sessions (a mask)."""
    return purity_weights(space, sessions.select(learning), options=options)[0]

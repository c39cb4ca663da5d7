"""The genetic algorithm of the paper, and what mutation adds."""

import numpy as np
import pytest

from kartograph.ontology.compare.columns import Measure
from kartograph.ontology.compare.stack import stack_of, success_of_weights
from kartograph.ontology.sessions import Sessions
from kartograph.ontology.similarity import space_of
from kartograph.ontology.weights.genetic import GeneticOptions, cross, genetic_weights, pairs_of, search
from kartograph.tables.errors import BadInput

TARGET = np.array([0.2, 0.9, 0.5])


def closeness(chromosomes):
    return 1 - np.abs(chromosomes - TARGET).mean(axis=1)


def test_of_25_crossovers_13_pair_neighbours_in_rank_and_12_the_best_with_the_worst():
    pairs = pairs_of(25) + 1
    assert pairs[:13].tolist() == [[i, i + 1] for i in range(1, 14)]
    assert pairs[13:].tolist() == [[i, 25 + 1 - i] for i in range(1, 13)]


@pytest.mark.parametrize("chromosomes", [2, 3, 4, 24, 75])
def test_every_population_is_replaced_by_one_of_its_size(chromosomes):
    pairs = pairs_of(chromosomes)
    assert pairs.shape == (chromosomes, 2) and pairs.min() >= 0 and pairs.max() < chromosomes


def test_a_child_is_the_arithmetic_mean_of_its_parents():
    # The figure's rule; the numbers are ours. Ranked: the third, the first, the second.
    population = np.array([[0.4, 0.8, 0.1], [0.0, 0.2, 0.9], [1.0, 0.6, 0.3]])
    children = cross(population, np.array([0.5, 0.1, 0.9]), 0.0, np.random.default_rng(0))
    first, second, last = population[2], population[0], population[1]
    np.testing.assert_allclose(children, [(first + second) / 2, (second + last) / 2, (first + last) / 2])


def test_averaging_alone_shrinks_the_population_and_mutation_keeps_it_wide():
    def spread(mutation: float) -> float:
        seen = []
        search(lambda c: seen.append(c) or closeness(c), 3, GeneticOptions(mutation=mutation, crossovers=30))
        return float(np.ptp(np.concatenate(seen[-3:]), axis=0).mean())

    assert spread(0.0) < 0.1 < 0.3 < spread(0.3)


def test_the_best_chromosome_of_any_generation_is_kept():
    result = search(closeness, 3, GeneticOptions(mutation=0.5, crossovers=40))
    assert list(result.history) == sorted(result.history)
    assert result.fitness == result.history[-1] == pytest.approx(closeness(result.weights[None, :])[0])


def test_mutation_comes_nearer_to_a_known_optimum_than_the_first_population():
    result = search(closeness, 3, GeneticOptions(mutation=0.2))
    assert result.fitness > 0.97 > result.history[0]


def test_the_search_ends_at_the_threshold_and_a_seed_repeats_it():
    ended = search(closeness, 3, GeneticOptions(threshold=0.5))
    assert len(ended.history) == 1
    one, other = (search(closeness, 3, GeneticOptions(seed=3)) for _ in range(2))
    assert one.history == other.history and (one.weights == other.weights).all()


def test_a_chromosome_is_evaluated_once():
    seen = []
    result = search(lambda c: seen.extend(map(tuple, c)) or closeness(c), 3, GeneticOptions())
    assert len(seen) == len(set(seen)) == result.evaluations < 25 * 101


def test_sizes_that_cannot_be_crossed_are_refused():
    with pytest.raises(BadInput, match=r"population of 1, 100 crossovers and a mutation of 0.0 cannot be run; allowed"):
        GeneticOptions(chromosomes=1)


def test_weights_learned_from_sessions_are_at_least_as_fit_as_equal_weights(films):
    space = space_of(films, Measure.EED1)
    learning = Sessions(np.array([0, 2, 4, 6]), np.array([0, 2, 1, 5, 3, 4]))
    weights, result = genetic_weights(
        space, learning, suggestions=1, options=GeneticOptions(mutation=0.3, crossovers=20)
    )
    stack = stack_of(space, np.array([0, 1, 3]))
    equal = success_of_weights(stack, learning, np.ones((1, len(space.columns))), suggestions=1)[0]
    assert list(weights) == space.names and all(0 <= w <= 1 for w in weights.values())
    assert result.fitness >= equal


def test_without_sessions_of_two_items_there_is_nothing_to_learn_from(films):
    with pytest.raises(BadInput, match=r"no learning session has two items"):
        genetic_weights(space_of(films, Measure.ED), Sessions(np.array([0, 1]), np.array([0])))

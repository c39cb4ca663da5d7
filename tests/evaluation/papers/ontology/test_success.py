"""Questions, folds, and the scorers that answer."""

from pathlib import Path

import numpy as np
import pytest

from kartograph.evaluation.papers.ontology.learned import Fitness, genetic_of_fold, purity_of_fold
from kartograph.evaluation.papers.ontology.scorers import by_chain, by_last_two, by_similarity
from kartograph.evaluation.papers.ontology.success import folds, from_first, from_last, success, summary
from kartograph.ontology.clusters import Clusters
from kartograph.ontology.compare.columns import Measure
from kartograph.ontology.files.reading import read_rdf
from kartograph.ontology.owl.schema import schema_of
from kartograph.ontology.owl.validation import individuals_of
from kartograph.ontology.sessions import Sessions
from kartograph.ontology.similarity import Unknown, similarity_matrix, space_of
from kartograph.ontology.weights.genetic import GeneticOptions
from kartograph.ontology.weights.purity import PurityOptions


@pytest.fixture(scope="module")
def films():
    rdf = read_rdf(Path(__file__).resolve().parents[3] / "ontology" / "films.ttl")
    return individuals_of(rdf, schema_of(rdf))[0]


def sessions(*lists: list[int]) -> Sessions:
    return Sessions(np.cumsum([0, *map(len, lists)]), np.array([item for one in lists for item in one], dtype=np.int64))


# Similarity to item 0: 1 is nearest, then 2, then 3 and 4 alike.
MATRIX = np.array(
    [[1, 0.9, 0.8, 0.5, 0.5], [0.9, 1, 0.1, 0.2, 0.7], [0.8, 0.1, 1, 0, 0], [0.5, 0.2, 0, 1, 0], [0.5, 0.7, 0, 0, 1]],
    dtype=np.float32,
)


def test_from_the_first_item_all_others_are_to_be_found():
    asked = from_first(sessions([0, 3, 4], [2, 1]))
    result = success(asked, by_similarity(MATRIX))
    # To 0 the three best are 1, 2 and one of 3 and 4, both of which come later; to 2 they are 0, 1 and 3 or 4.
    assert result.tolist() == [[0, 1], [0, 1]]


def test_ties_count_with_their_chance():
    assert success(from_first(sessions([0, 3])), by_similarity(MATRIX)).tolist() == [[0, 0.5]]


def test_from_the_last_but_one_the_last_is_to_be_found_and_what_was_seen_is_not_suggested():
    result = success(from_last(sessions([1, 0, 2])), by_similarity(MATRIX))
    assert result.tolist() == [[1, 1]]  # 1 is nearer to 0 and was seen


def test_the_lists_of_the_last_two_items_have_their_common_part_first():
    score = by_last_two(MATRIX, candidates=2)
    seen = sessions([1, 0])
    # Of 0: 2, then 3 and 4, the smaller row; of 1: 4 and 3. Common: 3.
    assert np.nanargmax(score(seen)[0]) == 3


def test_clusters_keep_the_search_inside_of_the_nearest():
    clusters = Clusters(np.array([0, 0, 1, 1, 1]), np.array([0, 2]))
    assert np.isneginf(by_similarity(MATRIX, clusters)(sessions([0]))[0]).tolist() == [False, False, True, True, True]


def test_a_chain_suggests_what_followed_and_nothing_else():
    learning = sessions([0, 1], [0, 1], [0, 2], [1, 2, 3], [4, 2, 0])
    first, second = (by_chain(learning, 5, order) for order in (1, 2))
    assert first(sessions([0]))[0].tolist() == pytest.approx([-np.inf, 2 / 3, 1 / 3, -np.inf, -np.inf])
    assert second(sessions([1, 2]))[0].tolist() == pytest.approx([-np.inf, -np.inf, -np.inf, 1, -np.inf])
    assert np.isneginf(second(sessions([0, 2]))).all()


def test_folds_have_sizes_that_differ_by_one_and_follow_the_seed():
    sizes = np.bincount(folds(23, 10, 0))
    assert sizes.sum() == 23 and set(sizes) == {2, 3}
    assert (folds(23, 10, 0) == folds(23, 10, 0)).all() and (folds(23, 10, 0) != folds(23, 10, 1)).any()


def test_the_summary_is_the_mean_of_the_folds_and_their_deviation():
    result = np.array([[1, 1], [0, 1], [1, 1], [1, 1]], dtype=float)
    told = summary(result, np.array([0, 0, 1, 1]))
    assert told["success@1"] == (50 + 100) / 2 and told["success@3"] == 100
    assert told["sd@1"] == pytest.approx(np.std([50, 100], ddof=1)) and told["sd@3"] == 0


def test_weights_of_a_fold_do_not_depend_on_its_test_sessions(films):
    space = space_of(films, Measure.EED1, unknown=Unknown.EXPECTED)
    rng = np.random.default_rng(0)
    drawn = [rng.permutation(6)[: rng.integers(2, 4)].tolist() for _ in range(30)]
    others = [one[::-1] if number % 3 == 0 else one for number, one in enumerate(drawn)]
    learning = np.arange(30) % 3 != 0
    options = GeneticOptions(chromosomes=4, crossovers=3)
    one, other = (Fitness.of(space, sessions(*lists)) for lists in (drawn, others))
    assert genetic_of_fold(one, learning, options)[0] == genetic_of_fold(other, learning, options)[0]
    assert purity_of_fold(space, sessions(*drawn), learning, PurityOptions()) == purity_of_fold(
        space, sessions(*others), learning, PurityOptions()
    )


def test_the_shared_fitness_is_the_success_on_the_learning_sessions(films):
    space = space_of(films, Measure.EED1, unknown=Unknown.EXPECTED)
    asked = sessions([0, 1, 2], [3, 4], [5, 0])
    fitness, learning = Fitness.of(space, asked), np.array([True, False, True])
    weights = np.full((1, len(space.columns)), 0.5)
    matrix = similarity_matrix(space, dict.fromkeys(space.names, 0.5))
    expected = success(from_first(asked), by_similarity(matrix))[learning, 1].mean()
    assert fitness(weights, learning)[0] == pytest.approx(expected)

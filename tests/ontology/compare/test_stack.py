"""Trying weights on a stack gives what comparing anew gives."""

import numpy as np
import pytest
from rdflib import Graph

from kartograph.ontology.compare.columns import Measure
from kartograph.ontology.compare.kinds import Matching
from kartograph.ontology.compare.stack import stack_of, success_of_weights, successes_of_weights
from kartograph.ontology.owl.individuals import catalogue_of
from kartograph.ontology.owl.schema import schema_of
from kartograph.ontology.sessions import Sessions
from kartograph.ontology.similarity import Unknown, similarities, space_of
from kartograph.ontology.success import success_from

SESSIONS = Sessions(np.array([0, 2, 4, 7]), np.array([0, 1, 3, 4, 0, 5, 2]))
SHELF = """@prefix : <urn:shelf#> . @prefix kg: <urn:kartograph:vocabulary#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:Book a owl:Class ; kg:isTarget true . :Author a owl:Class .
:year a owl:DatatypeProperty ; rdfs:domain :Book ; kg:kind kg:Numeric .
:genre a owl:DatatypeProperty ; rdfs:domain :Book ; kg:kind kg:NominalSet .
:by a owl:ObjectProperty ; rdfs:domain :Book ; rdfs:range :Author ; kg:kind kg:Linked .
:born a owl:DatatypeProperty ; rdfs:domain :Author ; kg:kind kg:Numeric .
"""


@pytest.fixture(scope="module")
def shelf():
    """300 books of few years, genres and authors, so that many tie; of a third nothing but the genre is known."""
    rng = np.random.default_rng(3)
    ids, authors = np.arange(300).astype(str), np.arange(12).astype(str)
    known = np.flatnonzero(rng.random(300) < 2 / 3)
    return catalogue_of(
        schema_of(Graph().parse(data=SHELF, format="turtle")),
        {"Book": ids, "Author": authors},
        {},
        {
            "Book": {
                "year": (ids[known], rng.integers(1900, 1906, len(known))),
                "genre": (ids, np.array(["a", "b", "c"], dtype=object)[rng.integers(0, 3, 300)]),
                "by": (ids[known], rng.choice(authors, len(known))),
            },
            "Author": {"born": (authors[:9], rng.integers(1850, 1860, 9))},
        },
    )


@pytest.mark.parametrize("measure", Measure)
@pytest.mark.parametrize("unknown", Unknown)
def test_a_stack_gives_the_success_of_comparing_anew(films, measure, unknown):
    space = space_of(films, measure, matching=Matching.BEST, unknown=unknown)
    weights = np.random.default_rng(1).random((4, len(space.columns)))
    result = success_of_weights(stack_of(space, np.array([0, 3])), SESSIONS, weights, suggestions=2)
    for row, vector in enumerate(weights):
        assert result[row] == pytest.approx(_anew(space, SESSIONS, vector, 2).mean())


@pytest.mark.parametrize("measure", [Measure.EED1, Measure.ECS])
@pytest.mark.parametrize("unknown", Unknown)
@pytest.mark.parametrize("suggestions", [1, 3, 400])
def test_stopping_at_enough_better_items_changes_no_session(shelf, measure, unknown, suggestions):
    """400 suggestions are more than there are items, so that no search ends early."""
    space, rng = space_of(shelf, measure, unknown=unknown), np.random.default_rng(2)
    drawn = [rng.permutation(300)[: rng.integers(2, 6)] for _ in range(80)]
    sessions = Sessions(np.cumsum([0, *map(len, drawn)]), np.concatenate(drawn))
    weights = np.round(rng.random((5, len(space.columns))), 2)
    weights[0] = 0
    weights[1, 1:] = 0
    stack = stack_of(space, np.unique(sessions.items[sessions.starts[:-1]]))
    result = successes_of_weights(stack, sessions, weights, suggestions=suggestions)
    expected = [_anew(space, sessions, vector, suggestions) for vector in weights]
    np.testing.assert_array_equal(result, expected)
    assert 0 < result.mean() <= 1


def _anew(space, sessions, vector, suggestions):
    named = dict(zip(space.names, vector.tolist(), strict=True))
    return success_from(sessions, lambda seen: similarities(space, seen[:, 0], named), suggestions=suggestions)

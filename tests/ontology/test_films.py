"""An ontology of other classes goes all the way: nothing but its file says what films are."""

import numpy as np
import pytest

from kartograph.ontology.clusters import agglomerative, distances_of, k_medoids
from kartograph.ontology.compare.columns import Measure
from kartograph.ontology.compare.kinds import Matching
from kartograph.ontology.similarity import similarity_matrix, space_of
from kartograph.ontology.suggest import Suggester

FILM = "http://films.example/onto#"


@pytest.mark.parametrize("measure", Measure)
def test_films_are_compared_clustered_and_suggested_by_every_measure(films, measure):
    space = space_of(films, measure, matching=Matching.BEST)
    matrix = similarity_matrix(space)
    assert np.allclose(matrix, matrix.T, equal_nan=True) and np.allclose(np.diag(matrix), 1)
    distance = distances_of(matrix)
    label = {name: row for row, name in enumerate(space.labels)}
    for clusters in (agglomerative(distance, 3), k_medoids(distance, 3)):
        assert clusters.labels[label["Playtime"]] == clusters.labels[label["Mon oncle"]]
        assert clusters.labels[label["Vertigo"]] == clusters.labels[label["Rear Window"]]
        assert sorted(clusters.labels[clusters.medoids]) == [0, 1, 2]
    (first,) = Suggester(space).table([FILM + "monOncle"], 1).to_dict("records")
    assert first["label"] == "Playtime" and "same director: Jacques Tati" in first["reason"]

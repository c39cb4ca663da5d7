"""The blend serves items that nobody has taken."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kartograph.models.blend.ontology_blend import OntologyBlend, OntologyBlendOptions
from kartograph.models.data import NONE, Histories, Ids, TrainingData
from kartograph.models.saved.saving import load, save
from kartograph.ontology.compare.columns import Measure
from kartograph.ontology.owl.individuals import catalogue_of
from kartograph.ontology.owl.schema import Attribute, ClassDescription, Schema
from kartograph.ontology.similarity import space_of
from kartograph.ontology.vocabulary import Kind
from kartograph.tables.errors import BadInput

GENRE = Attribute("urn:g", "genre", "genre", Kind.NOMINAL)
YEAR = Attribute("urn:y", "year", "year", Kind.NUMERIC)
SCHEMA = Schema("T", {"T": ClassDescription("urn:T", "T", "thing", (GENRE, YEAR), frozenset())}, (), frozenset())
ITEMS = ["a", "b", "c", "new", "old"]
SPACE = space_of(
    catalogue_of(
        SCHEMA,
        {"T": ITEMS},
        {},
        {"T": {"genre": (ITEMS, ["x", "x", "y", "x", "y"]), "year": (ITEMS, [1930, 1930, 1930, 1931, 1900])}},
    ),
    Measure.ED,
)
# Owners 0 and 1 took a and c, owner 2 took b.
DATA = TrainingData(
    Ids(pd.Index(ITEMS)),
    Ids(pd.Index(["u", "v", "w"])),
    Histories.of(np.array([0, 0, 1, 1, 2]), np.array([0, 2, 0, 2, 1]), 3),
)


def ranked(query: list[int], **options: Any) -> list[str]:
    nothing = OntologyBlendOptions(ontology=0, co_borrowing=0, pagerank=0, newness=0)
    model = OntologyBlend(SPACE, replace(nothing, **options)).fit(DATA)
    histories = Histories.of(np.zeros(len(query), dtype=np.int64), np.array(query, dtype=np.int64), 1)
    top = model.rank(histories, 3, masked=histories.matrix(5))
    return [ITEMS[item] for item in top.items[0] if item != NONE]


def test_the_ontology_serves_what_nobody_has_taken():
    assert ranked([0], ontology=1)[:2] == ["b", "new"]


def test_co_borrowing_and_walks_lead_to_what_others_took():
    assert ranked([0], co_borrowing=1)[0] == "c"
    assert ranked([0], pagerank=1)[0] == "c"


def test_newness_goes_by_the_years_before_the_latest_trained_one():
    assert ranked([0], newness=1, year="year")[:2] == ["b", "c"]
    assert ranked([0], newness=1, year="year", reference_year=1931)[0] == "new"


def test_somebody_without_a_past_gets_what_most_took():
    assert set(ranked([], pagerank=1)[:2]) == {"a", "c"}


def test_a_year_that_is_not_compared_is_refused():
    with pytest.raises(BadInput, match=r"newness goes by 'born', which is not compared; there are \['genre', 'year'\]"):
        OntologyBlend(SPACE, OntologyBlendOptions(year="born"))


def test_it_is_saved_with_what_it_knows_of_the_ontology(tmp_path):
    model = OntologyBlend(SPACE, OntologyBlendOptions(year="year")).fit(DATA)
    save(model, tmp_path / "model")
    query = Histories.of(np.array([0, 0]), np.array([0, 2]), 1)
    loaded, _ = load(tmp_path / "model")
    np.testing.assert_array_equal(loaded.scores(query, np.array([NONE])), model.scores(query, np.array([NONE])))

"""Tests of what the graph computed, by the rows of training data: the small shop of the query tests, read by hand."""

import numpy as np
import pandas as pd
import pytest
from tests.queries import small_shop

from kartograph.graph.enrichment.enrich import enrich
from kartograph.models.baselines.popularity import Popularity
from kartograph.models.computed import Computed
from kartograph.models.data import NONE, TrainingData
from kartograph.models.graph_data import computed_of, snapshot_for, training_data
from kartograph.models.item_categories import with_categories, with_derived_categories
from kartograph.tables.errors import NothingThere

STEPS = ("pagerank", "embedding", "co-occurrence", "similarity", "preferences")


@pytest.fixture
def shop(graph):
    small_shop.fill(graph)
    enrich(graph, ("preferences",))
    return graph


def of(data: TrainingData) -> Computed:
    assert data.computed is not None
    return data.computed


@pytest.mark.server
def test_every_part_has_the_rows_of_the_items_and_categories_of_the_data(shop):
    data = training_data(shop, needs=STEPS)
    computed, items, categories = of(data), data.items.external, data.categories
    assert categories is not None
    names = categories.ids.external
    assert computed.item_pagerank is not None and computed.category_pagerank is not None

    assert dict(zip(items, computed.item_pagerank, strict=True)) == pytest.approx(
        {"101": 1.6, "102": 1.4, "103": 1.5, "104": 1.1, "105": 1.0, "106": 0.7, "107": np.nan}, nan_ok=True
    )
    of_categories = dict(zip(names, computed.category_pagerank, strict=True))
    assert of_categories == {"1": 0.5, "2": 1.2, "3": 0.8, "4": 1.5, "5": 0.3}
    assert computed.embeddings is not None
    assert computed.embeddings[items.get_loc("104")].tolist() == [0.0, 0.0, 1.0, 0.0]
    pairs = computed.items_together
    assert pairs is not None and pairs.sessions is not None
    assert [(items[a], items[b]) for a, b in zip(pairs.a, pairs.b, strict=True)] == [
        ("101", "102"),
        ("101", "103"),
        ("104", "105"),
    ]
    assert pairs.sessions.tolist() == [2, 2, 2]
    both = pairs.matrix(len(items))
    assert both[items.get_loc("103"), items.get_loc("101")] == both[items.get_loc("101"), items.get_loc("103")] == 4.0
    above = computed.categories_together
    assert above is not None
    assert [(names[a], names[b]) for a, b in zip(above.a, above.b, strict=True)] == [("2", "4")]
    alike = computed.of_measure("jaccard")
    assert [(items[a], items[b]) for a, b in zip(alike.a, alike.b, strict=True)][-1] == ("104", "105")
    with pytest.raises(NothingThere, match='by "cosine"; this training data holds jaccard'):
        computed.of_measure("cosine")


@pytest.mark.server
def test_preferences_are_those_of_the_users_by_either_kind_of_owner(shop):
    data = training_data(shop, uses=("preferences",))
    users, prefers = data.grouped("users").owners.external, of(data.grouped("sessions")).prefers
    assert prefers is not None and data.categories is not None
    matrix = prefers.matrix(len(users), len(data.categories))
    expected = shop.query(
        "MATCH (u:User)-[r:PREFERS]->(c:Category) RETURN u.id AS user, c.id AS category, r.frequency AS frequency"
    )

    assert len(expected) == matrix.nnz > 4
    for user, category, frequency in expected.itertuples(index=False):
        row, column = users.get_loc(user), data.categories.ids.external.get_loc(category)
        assert matrix[row, column] == frequency
    assert prefers.matrix(len(users), len(data.categories), "pagerank").nnz == 0  # no step has written it


@pytest.mark.server
def test_a_step_that_is_needed_and_missing_is_named_and_one_that_is_used_is_left_out(shop):
    with pytest.raises(NothingThere, match=r"holds no communities: .* ran and had nothing to compute"):
        training_data(shop, needs=("communities",))

    data = training_data(shop, uses=("communities", "pagerank"))
    assert of(data).communities is None
    assert of(data).item_pagerank is not None
    assert training_data(shop).computed is None


@pytest.mark.server
def test_a_model_is_fitted_with_what_it_says_that_it_needs(shop):
    class Central(Popularity):
        needs: tuple[str, ...] = ("pagerank",)

        def learn(self, data, progress=None):
            self.central = of(data).item_pagerank
            return super().learn(data)

    model = Central().fit(shop)
    assert model.central[model.items.rows(["101"])[0]] == 1.6
    Central.needs = ("communities",)
    with pytest.raises(NothingThere, match="communities"):
        Central().fit(shop)


@pytest.mark.server
def test_other_data_gets_what_belongs_to_its_items_in_their_order(shop):
    other = TrainingData.from_frame(
        pd.DataFrame({"user_id": ["3", "3", "new"], "item_id": ["105", "strange", "101"], "event": "view"})
    )
    other = with_categories(other, pd.DataFrame({"item_id": ["105", "101"], "category_id": ["4", "2"]}))
    computed = computed_of(snapshot_for(shop, STEPS), other)

    np.testing.assert_array_equal(computed.item_pagerank, [1.0, np.nan, 1.6])
    assert computed.items_together is not None and not len(computed.items_together.a)  # neither pair is whole
    assert computed.categories_together is not None
    assert computed.categories_together.weight.tolist() == [47 / 6]
    assert computed.prefers is not None
    assert computed.prefers.user.tolist() == [0] * len(computed.prefers.user)


def test_other_categories_forget_what_was_computed_of_the_former_ones():
    data = TrainingData.from_frame(pd.DataFrame({"user_id": ["u", "u"], "item_id": ["a", "b"]}))
    data = TrainingData(
        data.items,
        data.owners,
        data.histories,
        computed=Computed(item_pagerank=np.ones(2), category_pagerank=np.ones(3), communities=np.array([0, NONE])),
    )
    derived = of(with_derived_categories(data, 1))
    assert derived.item_pagerank is not None
    assert derived.category_pagerank is None
    assert with_categories(data, pd.DataFrame({"item_id": ["c"], "category_id": ["x"]}), None, True).computed is None


def test_a_frame_knows_nothing_that_a_graph_would_compute():
    data = TrainingData.from_frame(pd.DataFrame({"user_id": ["u"], "item_id": ["a"]}))
    assert data.computed is None

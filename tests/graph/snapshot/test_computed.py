"""Tests of what the snapshot has of the enrichment, and of what it says where a step has not run."""

import numpy as np
import pytest
from tests.graph.snapshot.shops import THERE, add_run

from kartograph.graph.enrichment.preferences import Preferences, write_preferences
from kartograph.tables.errors import BadInput, NothingThere

pytestmark = pytest.mark.server


def test_what_the_enrichment_computed_comes_by_row(shop):
    snapshot = shop.snapshot(THERE)
    np.testing.assert_array_equal(snapshot.ranks.items, [1.6, 1.4, 1.5, 1.1, 1.0, 0.7, np.nan])
    np.testing.assert_array_equal(snapshot.ranks.categories, [0.5, 1.2, 0.8, 1.5, 0.3])
    assert snapshot.embeddings.shape == (7, 4)
    assert snapshot.embeddings.dtype == np.float32
    np.testing.assert_allclose(snapshot.embeddings[2], [0.8, 0.3, 0.0, 0.0], rtol=1e-6)
    assert np.isnan(snapshot.embeddings[6]).all()
    pairs = snapshot.co_occurs.items
    assert list(zip(pairs.a, pairs.b, pairs.sessions, strict=True)) == [(0, 1, 2), (0, 2, 2), (3, 4, 2)]
    assert pairs.weight.tolist() == [23 / 6, 4.0, 2.0]
    above = snapshot.co_occurs.categories
    assert (above.a.tolist(), above.b.tolist(), above.weight.tolist()) == ([1], [3], [47 / 6])
    similar = snapshot.similar
    assert similar.measures == ("jaccard",)
    assert list(zip(similar.item, similar.other, similar.score, strict=True)) == [
        (0, 1, 0.75),
        (1, 0, 0.75),
        (2, 3, 0.5),
        (3, 4, 0.5),
    ]
    with pytest.raises(BadInput, match='no item is similar by "cosine"; the graph holds jaccard'):
        similar.of("cosine")


def test_communities_and_preferences_come_once_they_are_computed(shop):
    shop.query("MATCH (i:Item) WHERE i.id < '103' SET i.community = 0", write=True)
    write_preferences(shop, "run-1", Preferences(view=1, cart=1))
    snapshot = shop.snapshot(("communities", "prefers"))
    assert snapshot.communities.tolist() == [0, 0, -1, -1, -1, -1, -1]
    prefers = snapshot.prefers
    first = prefers.user == 0  # the first user: one view of a kettle and of a shovel; four acts on pots
    assert prefers.category[first].tolist() == [1, 2, 3]
    assert prefers.frequency[first].tolist() == [1.0, 1.0, 4.0]
    assert prefers.score[first].tolist() == [1 / 6, 1 / 6, 4 / 6]
    assert np.isnan(prefers.pagerank).all()


def test_a_part_that_no_step_has_computed_names_the_step(shop):
    with pytest.raises(
        NothingThere,
        match='holds no prefers: the step "preferences" of the enrichment, which computes them, has not run',
    ):
        shop.snapshot("prefers")
    snapshot = shop.snapshot()
    assert snapshot.parts == THERE
    with pytest.raises(NothingThere, match='the step "communities" of the enrichment ran and had nothing to compute'):
        _ = snapshot.communities


def test_a_part_whose_step_is_not_finished_is_refused(shop):
    add_run(shop, "embedding", status="running")
    with pytest.raises(NothingThere, match='"embedding" of the enrichment is at work or broke off'):
        shop.snapshot("embeddings")
    assert "embeddings" not in shop.snapshot().parts

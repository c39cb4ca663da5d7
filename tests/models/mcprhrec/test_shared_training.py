"""What systems of the family share is learned once, and says the same."""

from dataclasses import replace

import numpy as np
from tests.models.mcprhrec.test_model import OPTIONS, shop

from kartograph.models.mcprhrec.model import MCPRHRec, mce_hsprec
from kartograph.models.mcprhrec.shared_training import shared_training
from kartograph.models.patterns.gsp import MiningOptions


def test_two_systems_share_their_rules_within_and_not_outside():
    data, other = shop(), shop(seed=1)
    with shared_training():
        one, two = (MCPRHRec(options).fit(data).profiler.user_items for options in (OPTIONS, mce_hsprec(OPTIONS)))
        assert one is two
        longer = replace(OPTIONS, user_items=replace(OPTIONS.user_items, mining=MiningOptions(support=3)))
        assert MCPRHRec(longer).fit(data).profiler.user_items is not one
        assert MCPRHRec(OPTIONS).fit(other).profiler.user_items is not one
        # The same events, read again.
        assert MCPRHRec(OPTIONS).fit(shop()).profiler.user_items is one
    assert MCPRHRec(OPTIONS).fit(data).profiler.user_items is not one


def test_groups_in_place_of_categories_are_shared_and_lists_are_the_same():
    data = replace(shop(), categories=None)
    alone = [MCPRHRec(options).fit(data) for options in (OPTIONS, mce_hsprec(OPTIONS))]
    with shared_training():
        together = [MCPRHRec(options).fit(data) for options in (OPTIONS, mce_hsprec(OPTIONS))]
    assert together[0].known is together[1].known and alone[0].known is not alone[1].known
    for one, two in zip(alone, together, strict=True):
        first, second = (model.rank(data.histories, 5, np.arange(len(data.owners))) for model in (one, two))
        np.testing.assert_array_equal(first.items, second.items)
        np.testing.assert_array_equal(first.scores, second.scores)

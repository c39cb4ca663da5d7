from math import sqrt

import numpy as np
import pytest

from kartograph.models.data import Histories
from kartograph.models.mcprhrec.click_purchase import ClickPurchase, click_purchase_similarity
from kartograph.tables.errors import BadInput
from kartograph.tables.events import EVENTS

VIEW, BUY = EVENTS.index("view"), EVENTS.index("buy")


def histories(*users: tuple[list[int], list[int]]) -> Histories:
    """Users with their clicks, then their purchases."""
    lists = [clicks + purchases for clicks, purchases in users]
    kinds = [[VIEW] * len(clicks) + [BUY] * len(purchases) for clicks, purchases in users]
    owners = np.repeat(np.arange(len(users)), [len(one) for one in lists])
    return Histories.of(owners, np.concatenate(lists).astype(np.int64), len(users), np.concatenate(kinds))


def test_the_first_user_of_the_paper_is_as_similar_as_the_formula_says():
    # Clicked I5, I3, I1, I3, I4, I5 and bought I4, I3, I1: the longest common subsequence is I3, I1.
    result = click_purchase_similarity(histories(([5, 3, 1, 3, 4, 5], [4, 3, 1])))

    assert result == pytest.approx([0.8 * 2 / 6 + 0.2 * 4 / (sqrt(10) * sqrt(3))])


def test_users_without_clicks_or_without_purchases_have_no_similarity():
    assert click_purchase_similarity(histories(([1, 2], []), ([], [1]), ([], []), ([7], [7]))).tolist() == [0, 0, 0, 1]


def test_precedes_is_the_share_of_purchases_that_a_click_came_before():
    asked = histories(([1, 2], [2, 3, 1, 9]), ([], [2]))

    assert click_purchase_similarity(asked, ClickPurchase("precedes")).tolist() == [2 / 4, 0]


def test_weights_that_leave_the_range_are_refused():
    with pytest.raises(BadInput, match=r"sequence 0\.9 and frequency 0\.2: both are 0 or more and 1 at most together"):
        ClickPurchase(sequence=0.9)

import numpy as np
import pytest
from tests.models.patterns.test_rules import acting

from kartograph.models.mcprhrec.user_items import BOUGHT, CLICK, RULE, UserItemOptions, UserItems
from kartograph.models.patterns.gsp import MiningOptions

RULES_ALONE = UserItemOptions(mining=MiningOptions(support=1, max_length=3), clicks=False)


def shop():
    """The first user of the paper clicked 5, 3, 1, 3, 4, 5 (e c a c d e) and bought 4, 3, 1.

    A second one bought 4 and 5; the third one clicked 3 and 5 and bought nothing.
    """
    return acting(u1="ecacdeDCA", u2="cedDE", u3="ce")


def row(data, cells, owner: str) -> dict[str, tuple[float, int]]:
    at = data.owners.rows([owner])[0]
    part = slice(cells.matrix.indptr[at], cells.matrix.indptr[at + 1])
    names = data.items.external[cells.matrix.indices[part]]
    return dict(zip(names, zip(cells.matrix.data[part].tolist(), cells.kind[part].tolist(), strict=True), strict=True))


def test_who_clicked_three_and_five_is_offered_four():
    data = shop()
    filled = row(data, UserItems(RULES_ALONE, data).cells(data.histories), "u3")

    # Both who clicked c, then e bought d: confidence 2/3 counting u3, and the largest support.
    assert filled["d"] == (pytest.approx(2 / 3), RULE)
    assert max(filled, key=lambda item: filled[item]) == "d"


def test_the_first_user_of_the_paper_is_offered_five_who_bought_other_items():
    data = shop()
    model = UserItems(RULES_ALONE, data)
    filled = row(data, model.cells(data.histories), "u1")

    assert {item for item, (_, kind) in filled.items() if kind == BOUGHT} == {"a", "c", "d"}
    assert filled["e"][1] == RULE
    assert "b" not in filled


def test_clicks_that_led_to_no_purchase_count_by_the_click_purchase_similarity():
    data = shop()
    options = UserItemOptions(rules=())
    filled = row(data, UserItems(options, data).cells(data.histories), "u1")

    # e was clicked twice, as often as c, the most clicked one.
    assert filled["e"] == (pytest.approx(0.8 * 2 / 6 + 0.2 * 4 / np.sqrt(30)), CLICK)


def test_a_user_without_purchases_has_the_mean_similarity_of_the_buyers():
    data = acting(u1="aA", u2="bbaA", u3="cc")
    filled = row(data, UserItems(UserItemOptions(rules=()), data).cells(data.histories), "u3")

    of_u1 = 0.8 * 1 + 0.2 * 1
    of_u2 = 0.8 * 1 / 3 + 0.2 * 1 / (np.sqrt(2**2 + 1) * 1)
    assert filled["c"] == (pytest.approx((of_u1 + of_u2) / 2), CLICK)


def test_how_often_is_relative_to_the_item_bought_most():
    data = acting(u1="AAAB")

    assert row(data, UserItems(UserItemOptions(), data).cells(data.histories), "u1")["b"][0] == pytest.approx(1 / 3)


def test_rules_weigh_by_support_or_by_the_users_who_followed_them():
    data = acting(u1="aB", u2="aB", u3="cD", u4="a", u5="c")
    mining = MiningOptions(support=1)
    by_support = UserItems(UserItemOptions(mining=mining, clicks=False), data).cells(data.histories)
    options = UserItemOptions(mining=mining, clicks=False, weight="similarity")
    by_similarity = UserItems(options, data).cells(data.histories)

    assert row(data, by_support, "u4")["b"][0] == pytest.approx(2 / 3 * 2 / 2)
    assert row(data, by_support, "u5")["d"][0] == pytest.approx(1 / 2 * 1 / 2)
    assert "b" not in row(data, by_similarity, "u4")  # nobody bought what was clicked


def test_data_without_purchases_has_no_rules_and_no_failure():
    data = acting(u1="ab", u2="a")
    model = UserItems(UserItemOptions(), data)

    assert len(model.index.rules) == 0
    assert model.cells(data.histories).matrix.nnz == 0

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from tests.models.mcprhrec.test_model import shop
from tests.models.patterns.test_rules import acting
from tests.models.sessions import asking, score_of, training

from kartograph.models.data import NONE
from kartograph.models.item_categories import with_categories
from kartograph.models.mcprhrec.hcr import HCR, HCROptions
from kartograph.models.mcprhrec.husrec import HUSRec
from kartograph.models.mcprhrec.model import MCPRHRec
from kartograph.models.mcprhrec.presets import HSPREC
from kartograph.models.mcprhrec.semsrec import SEMSRec, SEMSRecOptions, followers
from kartograph.models.registry import declarations, make
from kartograph.tables.errors import BadInput

SYSTEMS = [one.name for one in declarations() if one.module == "kartograph.models.mcprhrec.model"]
ALONE = np.array([NONE])


def test_what_follows_is_counted_within_the_window_and_not_after_itself():
    data = training("aab", "ba")
    a, b = data.items.rows(["a", "b"])
    result = followers(data.histories, 2, 2).toarray()

    assert result[a, b] == 2  # both a's come at most two events before b
    assert result[b, a] == 1
    assert result[a, a] == 0


def test_semsrec_without_semantics_is_the_share_of_followers():
    data = training("ab", "ab", "ac")
    scores = SEMSRec(SEMSRecOptions(share=0, decay=0.5)).fit(data).scores(asking(data, "a"), ALONE)

    assert score_of(data, scores, 0, "b") == pytest.approx(2 / 3)
    assert score_of(data, scores, 0, "c") == pytest.approx(1 / 3)


def test_semsrec_finds_items_in_the_same_company_more_alike():
    data = training(*["abx", "aby", "bax", "bay"] * 5, *["pqz", "pqw", "bq"] * 5)
    scores = SEMSRec(SEMSRecOptions(share=1, dimensions=4)).fit(data).scores(asking(data, "b"), ALONE)

    assert score_of(data, scores, 0, "a") > score_of(data, scores, 0, "q")


def test_hcr_compares_within_classes_only():
    data = acting(u1="abx", u2="abx", u3="ab", u4="x", u5="by")
    classes = pd.DataFrame({"item_id": list("abxy"), "category_id": ["one", "one", "two", "two"]})
    model = HCR(HCROptions(dimensions=3)).fit(with_categories(data, classes))
    scores = model.scores(data.histories.take(data.owners.rows(["u3"])), ALONE)

    assert score_of(data, scores, 0, "a") > 0
    assert score_of(data, scores, 0, "x") == 0


def test_husrec_prefers_the_dearer_of_two_rules_and_refuses_data_without_prices():
    data = acting(u1="aB", u2="aB", u3="aB", u4="aC", u5="aC", u6="aC", u7="a")
    asked = data.histories.take(data.owners.rows(["u7"]))
    prices = {"a": 1.0, "b": 1.0, "c": 500.0}
    priced = replace(
        data, facts=pd.DataFrame({"item_id": data.items.external, "price": data.items.external.map(prices)})
    )
    scores = HUSRec(HSPREC).fit(priced).scores(asked, ALONE)

    assert score_of(data, scores, 0, "c") > score_of(data, scores, 0, "b")
    with pytest.raises(BadInput, match="HUSRec ranks by utility, price times quantity, and these items have no prices"):
        HUSRec(HSPREC).fit(data)


@pytest.mark.parametrize("name", SYSTEMS)
def test_every_named_system_answers_users_who_bought(name):
    data = shop()
    model = MCPRHRec(make(name).options).fit(data)
    top = model.rank(data.histories, 5, np.arange(len(data.histories)))

    assert (top.items[model.buyers, 0] != NONE).all()


def test_actions_weigh_as_musif_and_uibb_say():
    data = acting(u1="aabC", u2="abb", u3="C")
    by_kind, by_rarity = (
        MCPRHRec(make(name).options).fit(data).profiler.user_items.cells(data.histories).matrix.toarray()
        for name in ("musif", "uibb")
    )
    a, b, c = data.items.rows(list("abc"))

    assert by_kind[0, [a, b, c]] == pytest.approx([2 / 5, 1 / 5, 1])
    # 6 of 8 events are views and 2 are purchases: a purchase weighs three times a view.
    assert by_rarity[0, [a, b, c]] == pytest.approx([2 / 3, 1 / 3, 1])

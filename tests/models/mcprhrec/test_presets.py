import pytest
from tests.models.mcprhrec.test_model import shop
from tests.models.patterns.test_rules import acting

from kartograph.models.mcprhrec.model import MCPRHRec
from kartograph.models.mcprhrec.presets import HSPREC, MCE_HSPREC, MCPRHREC
from kartograph.models.mcprhrec.user_items import UserItems
from kartograph.models.registry import declarations, make


def rules_of(data, options) -> set[str]:
    index = UserItems(options.user_items, data).index
    name = data.items.external
    return {
        " ".join("".join(sorted(name[list(element)])) for element in index.rules.left(rule))
        + ">"
        + name[index.rules.right[rule]]
        for rule in range(len(index.rules))
    }


@pytest.mark.parametrize("name", ["hsprec", "mce-hsprec", "mcprhrec"])
def test_the_papers_presets_know_that_who_clicks_three_and_five_buys_four(name):
    # Table 1: user 1 clicked 5, 3, 1, 3, 4, 5 (e c a c d e) and bought 4, 3, 1; user 3 clicked 3 and 5.
    data = acting(u1="ecacdeDCA", u3="ce")
    assert any(rule in rules_of(data, make(name).options) for rule in ("ce>d", "c e>d"))
    cells = UserItems(make(name).options.user_items, data).cells(data.histories.take(data.owners.rows(["u3"])))
    assert "d" in set(data.items.external[cells.matrix.indices])


def test_short_rules_do_not_know_it():
    data = acting(u1="ecacdeDCA", u3="ce")
    assert not any(len(rule.replace(" ", "")) > 3 for rule in rules_of(data, make("mcprhrec-short-rules").options))


def test_the_papers_presets_are_what_the_paper_says():
    for options in (HSPREC, MCE_HSPREC, MCPRHREC):
        assert options.user_items.periods == ("day", "week", "month")
        assert options.user_items.mining.max_length >= 3
        assert options.neighbours == 20
    assert MCPRHREC.profile.pagerank == "global" and MCPRHREC.profile.pagerank_share > 0
    assert MCPRHREC.categories.matrix == "purchases" and MCPRHREC.categories.within == "sessions"
    assert MCE_HSPREC.profile.pagerank_share == 0 and HSPREC.category_weight == 0
    assert make("mcprhrec-50").options.neighbours == 50


def test_each_ablation_changes_one_part_and_the_tuned_ones_have_names_of_their_own():
    every = {one.name: one.make(0).options for one in declarations() if one.module.endswith("mcprhrec.model")}
    paper = make("mcprhrec").options
    parts = ("user_items", "categories", "profile", "neighbours")
    for name, options in every.items():
        if name.startswith("mcprhrec-") and name not in ("mcprhrec-tuned", "mcprhrec-no-cf"):
            assert sum(getattr(options, part) != getattr(paper, part) for part in parts) == 1, name
    assert {"hsprec-tuned", "mce-hsprec-tuned", "mcprhrec-tuned"} <= set(every)


def test_data_without_times_is_read_in_the_order_of_its_events():
    data = acting(u1="abC", u2="abC")
    untimed = type(data)(data.items, data.owners, data.histories)
    assert "a b>c" in rules_of(untimed, MCPRHREC)


def test_too_many_patterns_raise_the_support_in_place_of_an_error():
    from dataclasses import replace

    data = shop(users=60)
    mining = replace(MCPRHREC.user_items.mining, support=1, max_patterns=60)
    few = UserItems(replace(MCPRHREC.user_items, mining=mining, periods=("event",)), data)
    assert 0 <= len(few.index.rules) <= 2 * 60
    assert MCPRHRec(MCPRHREC).fit(data).rank(data.histories, 3).items.shape == (60, 3)

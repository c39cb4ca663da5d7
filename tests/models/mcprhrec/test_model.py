from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from tests.models.patterns.test_rules import acting

from kartograph.models.data import NONE, Histories, TrainingData
from kartograph.models.item_categories import with_categories, with_derived_categories
from kartograph.models.mcprhrec.categories import Categories, CategoryOptions
from kartograph.models.mcprhrec.model import MCPRHRec, MCPRHRecOptions, hsprec, mce_hsprec
from kartograph.models.mcprhrec.profiles import ProfileOptions
from kartograph.models.mcprhrec.user_items import UserItemOptions
from kartograph.models.patterns.gsp import MiningOptions
from kartograph.tables.derived.co_occurrence import CoOccurrenceOptions
from kartograph.tables.errors import BadInput
from kartograph.tables.events import EVENTS

OPTIONS = MCPRHRecOptions(
    neighbours=3,
    profile=ProfileOptions(pagerank="personalised"),
    user_items=UserItemOptions(mining=MiningOptions(support=2)),
)
NOTHING = Histories.of(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), 1)


def table(**items: str) -> pd.DataFrame:
    return pd.DataFrame({"item_id": list(items), "category_id": list(items.values())})


def shop(users: int = 40, seed: int = 0) -> TrainingData:
    """Users who act within one of three categories of eight items each, and then and now elsewhere."""
    random = np.random.default_rng(seed)
    tastes = random.integers(0, 3, users)
    lengths = random.integers(2, 9, users)
    owners = np.repeat(np.arange(users), lengths)
    of = np.where(random.random(len(owners)) < 0.85, tastes[owners], random.integers(0, 3, len(owners)))
    items = of * 8 + random.integers(0, 8, len(owners))
    rows = pd.DataFrame(
        {
            "user_id": [f"u{owner}" for owner in owners],
            "item_id": [f"i{item}" for item in items],
            "event": np.where(random.random(len(owners)) < 0.3, "buy", "view"),
            "timestamp": np.arange(len(owners)),
        }
    )
    every = pd.DataFrame(
        {"item_id": [f"i{item}" for item in range(24)], "category_id": [f"c{n // 8}" for n in range(24)]}
    )
    return with_categories(TrainingData.from_table(rows, "user_id"), every, catalogue=True)


def test_preferences_spread_to_categories_that_co_occur_and_still_sum_to_one():
    data = with_categories(acting(u1="ab", u2="z"), table(a="x", b="y", z="z"))
    learned = Categories(CategoryOptions(co_occurrence=CoOccurrenceOptions(min_sessions=1)), data)
    assert data.categories is not None
    x, y, z = data.categories.ids.rows(["x", "y", "z"])
    spread = learned.extended(learned.preferences(data.histories.matrix(3)), spread=0.4).toarray()

    assert spread[0, [x, y, z]] == pytest.approx([0.5, 0.5, 0])
    assert spread[1, [x, y, z]] == pytest.approx([0, 0, 1])


def test_a_new_item_is_found_through_the_parent_of_its_new_category():
    tree = pd.DataFrame({"category_id": ["new", "phones", "things"], "parent_id": ["phones", "things", None]})
    items = table(a="phones", fresh="new", other="things")
    data = with_categories(acting(u1="aA", u2="aA", u3="a"), items, tree, catalogue=True)
    top = MCPRHRec(OPTIONS).fit(data).rank(data.histories.take(np.array([2])), 2)

    assert data.items.external[top.items[0]].tolist() == ["a", "fresh"]


def test_each_system_adds_what_the_one_before_lacks():
    data = shop()
    cold, known = NOTHING, data.histories.part(0, 1)
    served = {
        name: MCPRHRec(options).fit(data).rank(cold, 24).items[0]
        for name, options in {"hsprec": hsprec(OPTIONS), "mce": mce_hsprec(OPTIONS), "mcprhrec": OPTIONS}.items()
    }

    assert (served["hsprec"] == NONE).all() and (served["mce"] == NONE).all()
    assert (served["mcprhrec"] != NONE).sum() == 24
    lists = [(MCPRHRec(one).fit(data).rank(known, 24).items[0] != NONE).sum() for one in (hsprec(OPTIONS), OPTIONS)]
    assert lists[0] < lists[1]


def test_users_of_whom_one_category_is_known_get_what_is_wanted_there_but_not_from_hsprec():
    data = shop()
    assert data.categories is not None
    asked = np.append(data.categories.ids.rows(["c0", "c1", "c2"]), NONE)
    for options in (OPTIONS, mce_hsprec(OPTIONS)):
        model = MCPRHRec(options).fit(data)
        scores = model.category_scores(asked).toarray()
        best = scores[:3].argmax(axis=1)
        assert data.categories.first[best].tolist() == asked[:3].tolist()
        # Without a category it is the same as of a user without events.
        assert scores[3] == pytest.approx(model.scores(NOTHING, np.array([NONE])).toarray()[0])
    assert MCPRHRec(hsprec(OPTIONS)).fit(data).category_scores(asked).nnz == 0


def test_users_without_an_item_are_scored_by_categories_or_neighbours_as_the_option_says():
    data = shop()
    model = MCPRHRec(OPTIONS).fit(data)
    cold, warm = model.scored(NOTHING).parts, model.scored(data.histories.part(0, 1)).parts
    assert cold["collaborative"].nnz == 0 and cold["category"].max() == pytest.approx(1)
    assert warm["category"].max() == pytest.approx(OPTIONS.category_weight)
    half = model.reweighted(replace(OPTIONS, cold_category_weight=0.5)).scored(NOTHING).parts
    assert half["category"].max() == half["collaborative"].max() == pytest.approx(0.5)
    with pytest.raises(BadInput, match="for cold users is 2"):
        replace(OPTIONS, cold_category_weight=2)


def test_a_new_category_is_asked_for_as_its_parent():
    tree = pd.DataFrame({"category_id": ["new", "phones", "things"], "parent_id": ["phones", "things", None]})
    items = table(a="phones", fresh="new", b="things")
    data = with_categories(acting(u1="aA", u2="bB"), items, tree, catalogue=True)
    assert data.categories is not None
    scores = MCPRHRec(OPTIONS).fit(data).category_scores(data.categories.ids.rows(["new", "phones"])).toarray()
    assert scores[0] == pytest.approx(scores[1]) and scores[0].max() > 0


def test_users_with_the_same_taste_are_neighbours_and_nobody_is_their_own():
    data = shop()
    model = MCPRHRec(OPTIONS).fit(data)
    everyone = np.arange(len(data.histories))
    near = model.scored(data.histories, everyone).neighbours

    assert (np.diff(near.indptr) <= 3).all()
    rows = np.repeat(everyone, np.diff(near.indptr))
    assert not (model.buyers[near.indices] == rows).any()


@pytest.mark.parametrize("pagerank", ["personalised", "global"])
def test_the_evidence_adds_up_to_the_score_of_every_item(pagerank):
    data = shop()
    options = replace(OPTIONS, profile=ProfileOptions(pagerank=pagerank, walks=50))
    model = MCPRHRec(options).fit(data)
    for owner in (0, 7, NONE):
        query = NOTHING if owner == NONE else data.histories.part(owner, owner + 1)
        scores = model.scores(query, np.array([owner])).toarray()[0]
        for item in range(len(data.items)):
            told = list(model.evidence(query, owner, item))
            assert sum(amount for _, _, amount in told) == pytest.approx(scores[item], abs=1e-5)
            assert {kind for kind, _, _ in told} <= {"bought", "clicked", "rule", "neighbour", "category"}


def test_a_rule_is_told_in_words():
    data = acting(u1="abC", u2="abC", u3="ab")
    model = MCPRHRec(hsprec(OPTIONS)).fit(data)
    told = list(model.evidence(data.histories.part(2, 3), 2, int(data.items.rows(["c"])[0])))

    assert ("rule", "a, then b → c, with confidence 0.67") in [(kind, text) for kind, text, _ in told]


def test_a_user_is_answered_alone_as_among_others_and_a_seed_gives_one_result():
    data = shop()
    model, other = MCPRHRec(OPTIONS).fit(data), MCPRHRec(OPTIONS).fit(data)
    together = model.rank(data.histories, 5, np.arange(len(data.histories)))
    alone = model.rank(data.histories.part(9, 10), 5, np.array([9]))

    assert np.array_equal(together.items[9], alone.items[0])
    assert np.array_equal(together.items, other.rank(data.histories, 5, np.arange(len(data.histories))).items)


def test_derived_categories_group_what_the_same_users_meet_and_say_that_they_are_derived():
    rows = [(f"u{n}", item, "view") for n in range(12) for item in ("abc" if n % 2 else "xyz")]
    data = TrainingData.from_table(pd.DataFrame(rows, columns=["user_id", "item_id", "event"]), "user_id")
    result = with_derived_categories(data, 2).categories

    assert result is not None and result.derived
    groups = {item: int(result.matrix.indices[row]) for row, item in enumerate(data.items.external)}
    assert groups["a"] == groups["b"] == groups["c"] != groups["x"] == groups["y"] == groups["z"]
    assert result.ids.external[0] == "derived-0"


def test_data_without_categories_is_an_error_that_says_what_to_add_but_hsprec_needs_none():
    data = acting(u1="aA", u2="aB")

    with pytest.raises(BadInput, match=r"this data has no categories: add the shop's with .*with_derived_categories"):
        MCPRHRec(replace(OPTIONS, derive=False)).fit(data)
    assert MCPRHRec(OPTIONS).fit(data).profiler.categories is not None
    assert MCPRHRec(hsprec(OPTIONS)).fit(data).rank(data.histories, 2).items[0, 0] != NONE


def test_options_that_score_nothing_are_refused():
    with pytest.raises(BadInput, match=r"weights of the parts are \(0, 0, 0\) with 20 neighbours"):
        MCPRHRecOptions(own_weight=0, collaborative_weight=0, category_weight=0)
    with pytest.raises(BadInput, match=r"the shares of items, categories and PageRank are \(0, 0, 0\)"):
        ProfileOptions(0, 0, 0)


def test_views_alone_make_profiles_too():
    data = with_categories(acting(u1="ab", u2="b"), table(a="x", b="y"))
    assert "buy" in EVENTS
    top = MCPRHRec(OPTIONS).fit(data).rank(data.histories, 2)

    assert (top.items[0] != NONE).any()


def test_a_reweighted_model_is_the_one_that_a_fit_with_these_options_gives():
    data = shop()
    model = MCPRHRec(OPTIONS).fit(data)
    for options in (hsprec(OPTIONS), mce_hsprec(OPTIONS), replace(OPTIONS, neighbours=5, own_weight=0.9)):
        anew = MCPRHRec(options).fit(data)
        asked = (data.histories, 5, np.arange(len(data.histories)))
        assert np.array_equal(model.reweighted(options).rank(*asked).items, anew.rank(*asked).items)


def test_what_was_not_learned_cannot_be_weighed():
    data = shop()
    with pytest.raises(BadInput, match="PageRank cannot be added to a model that was fitted without: fit a new one"):
        MCPRHRec(mce_hsprec(OPTIONS)).fit(data).reweighted(OPTIONS)
    with pytest.raises(BadInput, match="other rules or categories have to be learned: fit a new model"):
        MCPRHRec(OPTIONS).fit(data).reweighted(replace(OPTIONS, user_items=UserItemOptions()))


def test_a_model_that_was_fitted_with_the_global_pagerank_has_no_personalised_one():
    data = shop()
    model = MCPRHRec(replace(OPTIONS, profile=ProfileOptions())).fit(data)
    with pytest.raises(BadInput, match="another PageRank cannot be added to a model that was fitted without"):
        model.reweighted(OPTIONS)


def test_the_user_category_matrix_counts_purchases_or_all_filled_cells():
    data = with_categories(acting(u1="abbBC", u2="a"), table(a="x", b="y", c="z"))
    asked = data.histories.take(data.owners.rows(["u1", "u2"]))
    options = {"user_items": UserItemOptions(rules=()), "categories": CategoryOptions()}
    bought, filled = (
        MCPRHRec(replace(OPTIONS, profile=ProfileOptions(spread=0), **options | {"categories": of}))
        .fit(data)
        .scored(asked)
        .profiles.categories
        for of in (CategoryOptions(), CategoryOptions(matrix="filled"))
    )
    assert data.categories is not None and bought is not None and filled is not None
    x, y, z = data.categories.ids.rows(["x", "y", "z"])

    assert bought.toarray()[0, [x, y, z]] == pytest.approx([0, 1 / 2, 1 / 2])
    assert bought.toarray()[1].sum() == 0  # u2 has bought nothing
    assert filled.toarray()[0, x] > 0 and filled.toarray()[1, x] == pytest.approx(1)


def test_a_stranger_is_not_told_of_looking_into_a_category():
    model = MCPRHRec(OPTIONS).fit(shop())
    [strange] = model.portions(["nobody"], 1, histories={"nobody": []})
    assert strange["reason"].str.fullmatch("it is wanted in category .+").all()
    assert not strange["reason"].str.contains("where you look").any()

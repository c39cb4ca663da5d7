"""Every model of the registry keeps the contract on training data: one shop of two tastes, small enough to read."""

from functools import cache

import pandas as pd
import pytest

from kartograph.models.array_model import ArrayModel
from kartograph.models.baselines.popularity import Popularity
from kartograph.models.blend.model import BlendOptions
from kartograph.models.columns import EXPLANATION, RECOMMENDATIONS, SESSION_RECOMMENDATIONS, SIMILAR_ITEMS
from kartograph.models.data import TrainingData
from kartograph.models.item_categories import with_categories
from kartograph.models.neighbours.item_knn import ItemKNN
from kartograph.models.registry import declaration, declarations, make, names
from kartograph.models.walks.random_walk import RandomWalk
from kartograph.tables.errors import BadInput

ROWS = [
    (f"u{taste}{number}", f"s{taste}{number}{visit}", item, event, 1_600_000_000_000 + 1000 * position)
    for taste, items in (("k", ["kettle", "pan", "lid", "ladle"]), ("g", ["spade", "rake", "hoe", "seed"]))
    for number in range(6)
    for visit in range(2)
    for position, (item, event) in enumerate(
        (items[(number + visit + step) % 4], ("view", "cart", "buy")[step]) for step in range(3)
    )
]
EVENTS = pd.DataFrame(ROWS, columns=["user_id", "session_id", "item_id", "event", "timestamp"])
ITEMS = pd.DataFrame({"item_id": sorted(EVENTS["item_id"].unique()), "title": None}).assign(
    title=lambda items: items["item_id"].str.title(), price=10.0
)
PLACED = pd.DataFrame(
    {
        "item_id": ITEMS["item_id"],
        "category_id": ["garden" if i in "hoe rake seed spade" else "kitchen" for i in ITEMS["item_id"]],
    }
)
TREE = pd.DataFrame({"category_id": ["garden", "kitchen"], "parent_id": [None, None]})
PREADDL = {name for name in names() if name.startswith("preaddl")}
SLOW = {"session-net", "sasrec", "sasrec-users", "sr-gnn", "blend"} | PREADDL


def shop() -> TrainingData:
    return with_categories(TrainingData.from_frame(EVENTS, ITEMS), PLACED, TREE)


BY_ARRAYS = [declared.name for declared in declarations() if not declared.asks_graph and declared.name not in SLOW]


@cache  # and no fixture of the module, which in a random order of the tests would fit each model for each of them
def _fitted(name: str) -> ArrayModel:
    model = make(name)
    assert isinstance(model, ArrayModel)
    return model.fit(shop())


@pytest.fixture(params=BY_ARRAYS)
def fitted(request) -> ArrayModel:
    return _fitted(request.param)


def test_users_known_and_unknown_are_each_answered_or_told_why(fitted):
    frame = fitted.recommend(["uk0", "nobody"], k=3, include_seen=True)

    assert tuple(frame.columns) == RECOMMENDATIONS
    assert frame["user_id"].unique().tolist() == ["uk0", "nobody"]
    served = frame[frame["rank"] > 0]
    assert served["served_by"].eq(fitted.name).all()
    assert served["item_id"].notna().all()
    refused = frame[frame["rank"] == 0]
    assert refused["served_by"].eq("nobody").all()
    assert refused["reason"].str.len().gt(0).all()
    if declaration(fitted.name).serves == "a history":
        assert refused["reason"].tolist()[-1:] == ['the training data has no user "nobody"']


def test_a_session_with_an_unknown_item_is_answered_by_the_known_ones(fitted):
    frame = fitted.recommend_sessions([["pan", "unheard"], ["unheard"], []], k=2)

    assert tuple(frame.columns) == SESSION_RECOMMENDATIONS
    assert frame["session"].unique().tolist() == [0, 1, 2]
    assert "pan" not in frame.loc[frame["session"] == 0, "item_id"].tolist()
    known = fitted.recommend_sessions([["pan"]], k=2)
    columns = ["item_id", "score", "rank", "served_by"]
    pd.testing.assert_frame_equal(
        frame.loc[frame["session"] == 0, columns].reset_index(drop=True), known[columns], check_dtype=False
    )


def test_items_like_one_leave_it_out_and_an_unknown_one_says_so(fitted):
    frame = fitted.similar(["pan", "unheard"], k=2)

    assert tuple(frame.columns) == SIMILAR_ITEMS
    assert frame["item_id"].unique().tolist() == ["pan", "unheard"]
    assert "pan" not in frame["similar_item_id"].tolist()
    assert frame.loc[frame["item_id"] == "unheard", "served_by"].tolist() == ["nobody"]


def test_parts_that_are_called_a_sum_add_up_to_the_score(fitted):
    top = fitted.recommend(["ug1"], k=2, include_seen=True)
    if top["rank"].iloc[0] == 0:
        pytest.fail(f"{fitted.name} has nothing for a user with six events: {top['reason'].iloc[0]}")
    for row in top.to_dict("records"):
        parts = fitted.explain(row["item_id"], user="ug1")
        assert tuple(parts.columns) == EXPLANATION
        assert parts["amount"].is_monotonic_decreasing
        if fitted.explains == "sum":
            assert parts["amount"].sum() == pytest.approx(row["score"], rel=1e-4)


def test_no_explanation_names_another_customer_unless_it_is_internal():
    model = make("mcprhrec").fit(shop())
    item = model.recommend(["ug1"], k=1, include_seen=True)["item_id"].iloc[0]

    shown, internal = (model.explain(item, user="ug1", internal=inside) for inside in (False, True))

    users = set(EVENTS["user_id"])
    assert not users & set(shown["behind"])
    assert users & set(internal["behind"])
    assert shown["amount"].sum() == pytest.approx(internal["amount"].sum())


def test_histories_come_from_the_argument_else_from_the_source_else_are_refused():
    model = ItemKNN().fit(shop())
    given = model.recommend(["somebody"], k=2, histories={"somebody": ["spade", ("rake", "buy", 5)]})
    assert set(given["item_id"]) == {"hoe", "seed"}

    model.source = None
    with pytest.raises(BadInput, match=r"bound to no source.*pass histories"):
        model.recommend(["uk0"], k=2)


def test_a_model_of_users_sees_the_past_and_the_session_a_model_of_sessions_the_session_alone():
    of_users, of_sessions = make("als").fit(shop()), RandomWalk().fit(shop())

    alone = of_sessions.recommend_sessions([["spade"]], k=3)
    with_user = of_sessions.recommend_sessions([["spade"]], k=3, users=["uk0"])
    pd.testing.assert_frame_equal(alone, with_user)
    alone = of_users.recommend_sessions([["spade"]], k=3)
    with_user = of_users.recommend_sessions([["spade"]], k=3, users=["uk0"])
    assert alone["score"].tolist() != with_user["score"].tolist()


def test_a_model_of_sessions_with_an_option_for_the_past_puts_that_much_of_it_before_the_session():
    model = RandomWalk(past=2).fit(shop())  # uk0 saw kettle, pan, lid, then pan, lid, ladle

    known = model.recommend_sessions([["spade"], ["spade"]], k=3, users=["uk0", None], reasons=False)
    written_out = model.recommend_sessions([["lid", "ladle", "spade"], ["spade"]], k=3, reasons=False)

    pd.testing.assert_frame_equal(known, written_out)
    behind = model.explain("pan", session=["lid", "ladle", "spade"])["behind"]
    assert set(behind) == {"lid", "ladle"}
    with pytest.raises(BadInput, match="past is -1: give a number of events, 0 or more"):
        RandomWalk(past=-1)


def test_a_blend_is_asked_with_as_much_of_the_past_and_one_of_an_earlier_release_with_none():
    model = make("blend-graph", past=2).fit(shop())

    known = model.recommend_sessions([["spade"], ["spade"]], k=3, users=["uk0", None], reasons=False)
    written_out = model.recommend_sessions([["lid", "ladle", "spade"], ["spade"]], k=3, reasons=False)

    pd.testing.assert_frame_equal(known, written_out)
    earlier = object.__new__(BlendOptions)
    earlier.restore_state({"neural": False, "seed": 3})
    assert earlier == BlendOptions(seed=3, past=0)


@pytest.mark.parametrize(
    "name", ["stan", "v-sknn", "item-knn", "walk", "session-net", "sasrec", "sr-gnn", "blend", "blend-graph"]
)
def test_neighbours_walks_and_networks_of_sessions_may_see_the_past(name):
    assert make(name, past=3).options.past == 3


def test_options_are_given_by_name_and_a_strange_one_is_refused():
    assert ItemKNN(neighbours=3).options.neighbours == 3
    with pytest.raises(BadInput, match=r"ItemKNN has no option 'neighbors'. Options are past, weighting, neighbours"):
        ItemKNN(neighbors=3)


def test_reasons_call_items_by_their_titles():
    frame = ItemKNN().fit(shop()).recommend(["uk0"], k=1, include_seen=True)
    assert frame["reason"].iloc[0].startswith("goes with ")
    assert "(" in frame["reason"].iloc[0]


def test_a_popular_item_needs_no_reason_but_its_popularity():
    assert Popularity().fit(shop()).recommend(["uk0"], k=1)["reason"].tolist() == ["popular in the whole shop"]


@pytest.mark.parametrize("name", ["mcprhrec", "mce-hsprec", "hsprec", "stan-users"])
def test_a_shop_of_views_only_is_answered_or_told_why(name):
    views = EVENTS.assign(event="view").head(12)
    frame = make(name).fit(TrainingData.from_frame(views)).recommend(["uk0", "nobody"], k=2)

    assert frame["user_id"].unique().tolist() == ["uk0", "nobody"]
    assert frame["reason"].str.len().gt(0).all()

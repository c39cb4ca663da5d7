"""Tests of the recommenders that ask the graph, on the small shop."""

import pandas as pd
import pytest
from tests.queries import small_shop

from kartograph import queries
from kartograph.graph.recommendations import WriteBack, write_recommendations
from kartograph.models.columns import RECOMMENDATIONS
from kartograph.models.cypher.co_occurrence import CoOccurrence
from kartograph.models.cypher.model import RANKED
from kartograph.models.cypher.personalised_pagerank import PersonalisedPageRank
from kartograph.models.cypher.popular_in_category import PopularInCategory, filled_up
from kartograph.models.where.conditions import for_people, where
from kartograph.tables.errors import BadInput

ALL = [CoOccurrence, PersonalisedPageRank, PopularInCategory]


@pytest.fixture
def shop(graph):
    """The small shop in an empty database."""
    small_shop.fill(graph)
    return graph


def of(result: pd.DataFrame, user: str) -> list[str]:
    return result[result["user_id"] == user].sort_values("rank")["item_id"].tolist()


@pytest.mark.server
@pytest.mark.parametrize("model", ALL)
def test_every_user_is_served_even_one_that_nobody_has_seen(shop, model):
    users = ["nobody", "3", "5", "1"]
    result = model().fit(shop).recommend(users, k=2)
    assert list(result.columns) == list(RECOMMENDATIONS)
    assert result["user_id"].drop_duplicates().tolist() == users
    assert result["reason"].str.len().min() > 0
    for user in users:
        own = result[result["user_id"] == user]
        assert own["rank"].tolist() == list(range(1, len(own) + 1))
        assert own["score"].is_monotonic_decreasing
        assert own["item_id"].is_unique


@pytest.mark.server
@pytest.mark.parametrize("model", ALL)
def test_items_that_the_user_met_are_left_out_unless_asked_for(shop, model):
    assert not {"101", "102", "103", "104"} & set(of(model().fit(shop).recommend(["1"], k=7), "1"))
    assert {"103", "104"} & set(of(model().fit(shop).recommend(["1"], k=7, include_seen=True), "1"))


@pytest.mark.server
@pytest.mark.parametrize("model", ALL)
def test_the_filter_of_lists_for_people_is_that_of_the_table_of_items(shop, model):
    model = model().fit(shop)
    shop.query("MATCH (i:Item {id: '106'}) REMOVE i.available", write=True)  # whether it is, nobody knows
    in_graph = model.recommend(["1", "3", "5"], k=7, where=for_people())
    by_table = model.recommend(["1", "3", "5"], k=7, where=where(available=True, price_min=0))
    pd.testing.assert_frame_equal(in_graph, by_table)
    assert "106" in of(in_graph, "1") and "105" not in set(in_graph["item_id"])


@pytest.mark.server
@pytest.mark.parametrize("model", ALL)
def test_asking_for_many_users_gives_what_asking_for_each_gives(shop, model):
    model = model().fit(shop)
    model.batch = 2
    users = ["1", "2", "3", "4", "5"]
    together = model.recommend(users, k=3)
    alone = pd.concat([model.recommend([user], k=3) for user in users], ignore_index=True)
    pd.testing.assert_frame_equal(together, alone)


@pytest.mark.server
@pytest.mark.parametrize("model", ALL)
def test_a_session_of_somebody_unknown_is_answered_like_the_same_history_of_a_user(shop, model):
    model = model().fit(shop)
    by_user = model.recommend(["1"], k=3)
    history = shop.query(
        "MATCH (:User {id: '1'})-[:HAD]->(s)-[e:INCLUDES]->(i) RETURN i.id AS id ORDER BY s.started, s.id, e.position"
    )["id"].tolist()
    by_session = model.recommend_sessions([history], k=3)
    assert by_session["item_id"].tolist() == by_user["item_id"].tolist()
    assert by_session["score"].tolist() == pytest.approx(by_user["score"].tolist())


@pytest.mark.server
def test_what_fills_a_list_up_is_named_by_who_served_it(shop):
    result = CoOccurrence().fit(shop).recommend(["1", "nobody"], k=3)
    assert result["served_by"].tolist()[0] == "CoOccurrence"
    assert set(result[result["user_id"] == "nobody"]["served_by"]) == {"popular-in-category"}


@pytest.mark.server
def test_the_parts_of_an_explanation_add_up_to_the_score(shop):
    model = CoOccurrence().fit(shop)
    best = model.recommend(["3"], k=1).iloc[0]
    parts = model.explain(best["item_id"], user="3")
    assert parts["amount"].sum() == pytest.approx(best["score"])
    assert parts["behind"].tolist() == ["101"]


@pytest.mark.server
def test_items_like_one_are_those_that_occur_with_it(shop):
    result = CoOccurrence().fit(shop).similar(["104", "nowhere"], k=1)
    assert result["item_id"].tolist() == ["104", "nowhere"]
    assert result["similar_item_id"].tolist()[0] != "104"
    assert result["reason"].tolist()[1] == 'the shop has no item "nowhere"'


@pytest.mark.server
def test_what_occurs_with_the_last_items_comes_first(shop):
    result = CoOccurrence().fit(shop).recommend(["1", "3"], k=1)
    # User 1 ends at 104, which occurs with 105 (weight 2, popularity 2).
    assert of(result, "1") == ["105"]
    assert result["score"][0] == pytest.approx(2 / (0 + 1) / 2**0.5)
    # User 3's items, latest first: 105, 104, 101, 103; 102 occurs with 101 (weight 23/6, popularity 5).
    assert of(result, "3") == ["102"]
    assert result["score"][1] == pytest.approx(23 / 6 / (2 + 1) / 5**0.5)


@pytest.mark.server
def test_reasons_name_the_items_behind_and_what_the_user_did(shop):
    assert CoOccurrence().fit(shop).recommend(["3", "5"], k=1)["reason"].tolist() == [
        "often in the same session as Copper kettle (101), which you bought",
        "popular in the whole shop",
    ]
    assert PopularInCategory().fit(shop).recommend(["1"], k=1)["reason"].tolist() == [
        "popular in the category of Garden shovel (104), which you viewed"
    ]
    walked = PersonalisedPageRank().fit(shop).recommend(["1"], k=1)
    assert walked["reason"][0] == "close in the shop's sessions to Garden shovel (104), which you viewed"


@pytest.mark.server
def test_an_item_without_a_title_is_called_by_its_id(shop):
    shop.query("MATCH (i:Item {id: '104'}) REMOVE i.title", write=True)
    result = CoOccurrence().fit(shop).recommend(["1"], k=1)
    assert result["reason"][0] == "often in the same session as item 104, which you viewed"


@pytest.mark.server
def test_without_reasons_the_column_is_null(shop):
    assert CoOccurrence().fit(shop).recommend(["1"], k=1, reasons=False)["reason"].isna().all()


@pytest.mark.server
def test_titles_with_quotes_and_newlines_stay_text(shop):
    title = '\'; MATCH (n) DETACH DELETE n //\n"x"'
    shop.query("MATCH (i:Item {id: '104'}) SET i.title = $title", title=title, write=True)
    assert title in CoOccurrence().fit(shop).recommend(["1"], k=1)["reason"][0]


@pytest.mark.server
def test_pagerank_leaves_no_projection(shop):
    PersonalisedPageRank().fit(shop).recommend(["1"], k=1)
    assert shop.query("CALL gds.graph.list() YIELD graphName RETURN graphName").empty


@pytest.mark.server
def test_what_a_model_recommends_can_be_written_back_with_what_is_behind_it(shop):
    model = CoOccurrence().fit(shop)
    write_recommendations(shop, model.called, model.portions(["1", "3"], k=1), WriteBack(grace_seconds=0))
    assert shop.query(queries.load("recommend/current"), model="CoOccurrence", user="3")["via"].tolist() == [["101"]]


@pytest.mark.parametrize("model", ALL)
def test_a_model_without_a_graph_says_so(model):
    with pytest.raises(BadInput, match="knows no graph yet: call fit"):
        model().recommend(["1"])


@pytest.mark.server
@pytest.mark.parametrize("model", ALL)
def test_no_items_cannot_be_asked_for(shop, model):
    with pytest.raises(BadInput, match="k is 0: ask for at least 1 item"):
        model().fit(shop).recommend(["1"], k=0)


def test_items_of_a_second_source_rank_below_those_of_the_first():
    columns = list(RANKED)
    best = pd.DataFrame([(0, "a", 0.4, [], [], "sessions", "one")], columns=columns)
    more = pd.DataFrame(
        [
            (n, item, score, [], [], "popular", "two")
            for n, item, score in ((0, "a", 9.0), (0, "b", 8.0), (1, "a", 9.0))
        ],
        columns=columns,
    )
    result = filled_up(best, more, 2).sort_values(["question", "score"], ascending=[True, False])
    rows = list(result[["question", "item_id", "score"]].itertuples(index=False, name=None))
    assert rows == [(0, "a", 0.4), (0, "b", pytest.approx(0.5 * 0.4 * 8 / 9)), (1, "a", 9.0)]

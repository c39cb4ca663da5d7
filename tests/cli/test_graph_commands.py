"""Tests of the commands that enrich, recommend, explain and run statements, on the small shop."""

import json

import pandas as pd
import pytest
from tests.queries import small_shop
from typer.testing import CliRunner

from kartograph import queries
from kartograph.cli import enrich, query
from kartograph.cli.app import app
from kartograph.cli.models import explain, recommend
from kartograph.cli.query import parameter
from kartograph.tables.errors import BadInput

COMMANDS = (enrich, query, recommend, explain)
"""Importing a file adds its commands."""


@pytest.fixture
def shop(addressed):
    """The small shop, where commands look first."""
    small_shop.fill(addressed)
    return addressed


def run(*arguments: str):
    """Run a command; an error of ours comes out as itself, as the program's own main function catches it."""
    result = CliRunner().invoke(app, arguments)
    if isinstance(result.exception, Exception):
        raise result.exception
    return result


def printed(*arguments: str):
    return json.loads(run(*arguments, "--json").stdout)


@pytest.mark.server
def test_a_statement_prints_its_rows_as_json(shop):
    assert printed("query", "explore/item_neighbours", "--param", "item=104") == [
        {"item": "105", "title": "Garden rake", "weight": 2.0, "sessions": 2}
    ]


@pytest.mark.server
def test_null_is_printed_as_null_and_numbers_beside_it_stay_whole(shop):
    shop.query("CREATE (:Item {id: 'nameless', popularity: 7})", write=True)
    rows = printed("query", "explore/items_by_id", "--param", 'items=["nameless", "101"]')
    assert rows[1] == {"item_id": "nameless", "title": None}
    shown = run("query", "explore/items_by_id", "--param", 'items=["nameless"]').stdout
    assert [cell.strip() for cell in shown.splitlines()[3].split("│")[1:-1]] == ["nameless", "null"]


@pytest.mark.server
def test_dates_and_paths_are_printed_as_text(shop):
    assert printed("query", "explore/sales_by_day")[0]["day"] == "2020-09-13"
    assert printed("query", "explain/paths")[0]["path"] == "(1)-VIEWED->(104)-CO_OCCURS->(105)"


@pytest.mark.server
def test_parameters_that_are_not_given_are_those_of_the_file_and_are_told(shop):
    result = run("query", "explore/top_items", "--param", "k=1")
    assert "Copper kettle" in result.stdout
    assert "Iron pot" not in result.stdout
    assert 'With item = "101", k = 10' in run("query", "explore/item_neighbours").stderr


@pytest.mark.server
def test_a_statement_that_writes_may_write(shop):
    assert printed("query", "enrich/item_popularity") == [{"items": 7, "events": 24}]


@pytest.mark.server
def test_a_statement_that_needs_another_says_which(shop):
    with pytest.raises(BadInput, match="run first: kartograph query enrich/project_item_co_occurrence"):
        run("query", "recommend/by_personalised_pagerank")


def test_statements_are_listed_with_their_questions():
    result = {row["statement"]: row["question"] for row in printed("query")}
    assert set(result) == set(queries.names())
    assert result["explore/best_sellers"] == "Which items are bought most often."


def test_cypher_in_place_of_a_name_is_sent_to_the_shell():
    with pytest.raises(BadInput, match=r'"MATCH \(n\) RETURN n" is no name of a statement, .*`kartograph shell`'):
        run("query", "MATCH (n) RETURN n")


def test_parameters_have_the_kind_that_the_file_shows():
    neighbours = queries.load("explore/item_neighbours")
    assert parameter(neighbours, "item=104") == ("item", "104")
    assert parameter(neighbours, "item=a=b") == ("item", "a=b")
    assert parameter(neighbours, "k=3") == ("k", 3)
    assert parameter(queries.load("explore/items_by_id"), 'items=["1"]') == ("items", ["1"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("k", r'"k" is no parameter of queries/explore/item_neighbours\.cypher: write name=value, names: item, k'),
        ("limit=3", "names: item, k"),
        ("k=many", 'k is "many": write it as JSON, such as 10'),
    ],
)
def test_a_parameter_that_does_not_fit_says_what_does(text, message):
    with pytest.raises(BadInput, match=message):
        parameter(queries.load("explore/item_neighbours"), text)


@pytest.mark.server
def test_enriching_tells_what_each_step_wrote(shop):
    result = printed("enrich", "--steps", "pagerank,preferences")
    assert [(row["step"], row["written"]) for row in result] == [("preferences", 6), ("pagerank", 6 + 5)]


@pytest.mark.server
def test_enriching_says_how_near_walks_come_to_gds_and_ranks_chosen_users_by_gds(shop):
    run("enrich", "--steps", "preferences")
    assert "200 walks from each user; against GDS on 4 of them" in run(
        "enrich", "--steps", "user-pagerank", "--walks", "200"
    ).stdout.replace("\n", " ")
    [result] = printed("enrich", "--users", "1,2")
    assert result["step"] == "pagerank-of-users" and "against GDS on 2 of them" in result["note"]
    refused = CliRunner().invoke(app, ["enrich", "--users", "1", "--all"])
    assert refused.exit_code != 0


@pytest.mark.server
def test_recommendations_come_with_titles_and_reasons(shop):
    [result] = printed("recommend", "--user", "1", "--top", "1")
    assert result["item_id"] == "106"
    assert result["title"] == "A novel about gardens"
    assert result["reason"] == "popular in the whole shop"
    shown = " ".join(run("recommend", "popular-in-category", "--user", "1").stdout.split())
    assert "A novel" in shown


@pytest.mark.server
@pytest.mark.parametrize("model", ["co-occurrence", "walk"])
def test_lists_leave_out_what_is_not_available_unless_the_filter_names_it(shop, model):
    def listed(*more: str) -> set[str]:
        return {row["item_id"] for row in printed("recommend", model, "--user", "1", "--top", "7", *more)}

    for name, question in (("recommend", ["--session", "104"]), ("similar", ["--item", "104"])):
        rows = printed(name, model, *question, "--top", "7")
        assert "105" not in {row["similar_item_id" if name == "similar" else "item_id"] for row in rows}
    assert "105" not in listed()
    assert "105" not in listed("--where", "price < 50")
    assert "105" in listed("--where", "available or not available")
    assert listed("--where", "not available") == {"105"}


@pytest.mark.slow
@pytest.mark.server
def test_written_lists_follow_the_filter_and_leave_out_what_is_not_available(shop):
    def written(*more: str) -> set[str]:
        run("recommend", "--write", "--user", "1", "--top", "7", *more)
        return {row["item"] for row in printed("query", "recommend/current", "--param", "model=co-occurrence")}

    assert "106" in written() and "105" not in written()
    assert written("--where", "not available") == {"105"}
    assert "104" in written("--include-seen")


@pytest.mark.server
def test_recommendations_are_written_for_active_users(shop):
    result = run("recommend", "--write", "--active-days", "1", "--top", "2")
    assert "for 2 users" in result.stderr.replace("\n", " ")
    [row] = [row for row in printed("query", "operate/current_runs") if row["model"] == "co-occurrence"]
    assert row["recommendations"] == 2 * 2


def test_recommending_to_nobody_is_a_wrong_call():
    assert CliRunner().invoke(app, ["recommend"]).exit_code == 2


def test_a_recommender_that_does_not_exist_is_named_with_those_that_do():
    with pytest.raises(BadInput, match=r'Unknown model "magic"\. Choose from .*co-occurrence'):
        run("recommend", "magic", "--user", "1")


@pytest.mark.server
def test_an_item_is_explained_by_what_ties_it_to_the_user(shop):
    result = printed("explain", "graph", "--user", "1", "--item", "105")
    assert [row["seen"] for row in result["by_co_occurrence"]] == ["104"]
    assert [row["model"] for row in result["recommended"]] == ["popular"]
    assert "Garden shovel" in run("explain", "graph", "--user", "1", "--item", "105").stdout


@pytest.mark.server
@pytest.mark.parametrize(("user", "item", "what"), [("nobody", "105", 'user "nobody"'), ("1", "9", 'item "9"')])
def test_explaining_what_the_shop_does_not_know_says_so(shop, user, item, what):
    with pytest.raises(BadInput, match=f"the shop has no {what}"):
        run("explain", "graph", "--user", user, "--item", item)


def test_another_server_needs_a_password(monkeypatch):
    monkeypatch.setenv("NEO4J_URI", "bolt://localhost:1")
    monkeypatch.delenv("NEO4J_PASSWORD", raising=False)
    with pytest.raises(BadInput, match="NEO4J_URI is bolt://localhost:1, but NEO4J_PASSWORD is not set"):
        run("query", "explore/funnel")


@pytest.mark.server
def test_a_score_of_mcprhrec_is_the_sum_of_its_parts(shop):
    [best] = printed("recommend", "mcprhrec", "--user", "1", "--top", "1")
    result = printed("explain", "mcprhrec", "--user", "1", "--item", best["item_id"])

    assert sum(part["amount"] for part in result["parts"]) == pytest.approx(best["score"], rel=1e-4)
    assert best["reason"]
    shown = run("explain", "mcprhrec", "--user", "1", "--item", best["item_id"]).stdout
    assert "of mcprhrec" in shown
    assert all(part["kind"] in shown for part in result["parts"])


@pytest.mark.server
def test_a_model_that_ranks_without_a_history_has_nothing_to_take_apart(shop):
    shown = run("explain", "popularity", "--user", "1", "--item", "105").stderr
    assert "there is nothing to take apart" in shown.replace("\n", " ").replace("  ", " ")


@pytest.mark.server
def test_a_session_at_hand_is_answered_and_so_is_an_item(shop):
    result = printed("recommend", "walk", "--session", "101,102", "--top", "2")
    assert {row["served_by"] for row in result} == {"walk"}
    assert not {"101", "102"} & {row["item_id"] for row in result}
    [alike] = printed("similar", "item-knn", "--item", "101", "--top", "1")
    assert alike["item_id"] == "101"
    assert alike["similar_item_id"] != "101"


@pytest.mark.server
def test_answers_go_to_a_file(shop, tmp_path):
    run("recommend", "--user", "1", "--top", "1", "--out", str(tmp_path / "found.csv"))
    assert pd.read_csv(tmp_path / "found.csv", dtype=str)["item_id"].tolist() == ["106"]
    with pytest.raises(BadInput, match=r"the file ends in \.csv or \.parquet"):
        run("recommend", "--user", "1", "--out", str(tmp_path / "found.txt"))


@pytest.mark.server
def test_whoever_cannot_be_answered_is_told_why(shop):
    [refused] = printed("recommend", "walk", "--user", "nobody")
    assert (refused["item_id"], refused["rank"], refused["served_by"]) == (None, 0, "nobody")
    assert refused["reason"] == 'the shop has no user "nobody"'
    [refused] = printed("recommend", "walk", "--user", "5")
    assert refused["reason"] == 'user "5" has no events'

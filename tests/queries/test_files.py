"""Tests of every file under queries/: its form, its plan, and its rows on the small shop."""

import csv
import json
import math
import re
from pathlib import Path

import pytest
from tests.queries import small_shop

from kartograph import queries
from kartograph.queries import readme
from kartograph.queries.header import header_of

FOLDER = Path(queries.__file__).parent
NAMES = queries.names()
STATEMENTS = [name for name in NAMES if not name.startswith("schema/")]
RECOMMENDING = [
    name
    for name in NAMES
    if name.startswith("recommend/") and header_of(queries.load(name)).returns.startswith("item STRING")
]
SLOW_OPERATORS = {"AllNodesScan", "DirectedAllRelationshipsScan", "UndirectedAllRelationshipsScan"}
ANY = "*"
"""Stands in expected rows for a value that depends on the machine."""
FEW_ROWS = re.compile(
    r"NodeUniqueIndexSeek|MultiNodeIndexSeek|NodeIndexSeek$|(Node|Relationship)CountFromCountStore|Argument"
)
"""Leaves that bring one row, or those with one value of an index: a Cartesian product of such is small."""


@pytest.fixture(scope="module")
def shop(connected):
    """The connection, with all constraints and indexes; each test fills in the small shop itself."""
    for name in NAMES:
        if name.startswith("schema/"):
            connected.query(queries.load(name), write=True)
    yield connected
    connected.query(queries.load("enrich/drop_item_embedding_index"), write=True)


@pytest.fixture(scope="module")
def plans(shop) -> dict[str, tuple[dict, list[str]]]:
    """The plan of every statement, and the planner's notes on it, all made with the statistics of the small shop.

    The server samples its indexes when it finds time, and deleted nodes count until then: with what the tests before
    left it would choose other plans now and then.
    """
    small_shop.fill(shop)
    needs = (needed for name in STATEMENTS for needed in header_of(queries.load(name)).needs)
    for needed in dict.fromkeys(needs):  # for the names that these bring into the database
        small_shop.drop_projections(shop)
        small_shop.run(shop, needed)
    small_shop.fill(shop)
    # Names of shops that group items, count pieces and take things back, which this one does not.
    for name in ("group_id", "quantity", "returned"):
        shop.query("CALL db.createProperty($name)", name=name, write=True)
    shop.query("CALL db.createRelationshipType('TAKEN_BACK')", write=True)
    # Marks that live loads leave.
    for label in ("PairsStale", "PreferencesStale", "SimilarityStale", "NeighboursStale", "EmbeddingStale"):
        shop.query("CALL db.createLabel($label)", label=label, write=True)
    shop.query("CALL db.prepareForReplanning(120)", write=True)
    return {name: _planned(shop, queries.load(name)) for name in STATEMENTS}


def test_a_map_among_the_shown_values_stands_in_parentheses_without_which_browser_takes_none() -> None:
    shown = {(name, parameter): text for name in NAMES for parameter, text in queries.load(name).shown.items()}
    assert [place for place, text in shown.items() if text.startswith("{")] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_parameters_shown_are_those_used(name):
    statement = queries.load(name)
    assert set(statement.shown) == statement.parameters


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_one_statement(name):
    body = queries.load(name).body
    assert body.endswith(";")
    assert re.sub(r"'[^']*'|\"[^\"]*\"", "", body).count(";") == 1


@pytest.mark.parametrize("name", NAMES)
def test_the_header_asks_one_question_and_says_what_comes_back(name):
    statement = queries.load(name)
    header = header_of(statement)
    assert statement.text.startswith("// ")
    assert header.question.endswith(".")
    assert header.returns
    assert set(header.needs) <= set(NAMES)


@pytest.mark.parametrize("name", STATEMENTS)
def test_rows_that_are_cut_off_have_a_total_order(name):
    statement = queries.load(name)
    body = statement.body.rstrip(";")
    if re.search(r"LIMIT \$\w+$", body):
        assert "ORDER BY" in body.rpartition("RETURN")[2]
        assert re.search(r"ties by|by rank|first", header_of(statement).returns)


@pytest.mark.server
@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_is_planned_without_notes(plans, name):
    """Any note of the planner (a Cartesian product, an unknown name) fails the test."""
    plan, notes = plans[name]
    assert not notes
    operators = {_operator(one) for one in _all(plan)}
    assert not SLOW_OPERATORS & operators
    if "{id: $" in queries.load(name).body:
        assert "NodeByLabelScan" not in operators
    for product in [one for one in _all(plan) if _operator(one) == "CartesianProduct"]:
        leaves = [_operator(one) for one in _all(product) if not one.get("children")]
        assert all(FEW_ROWS.match(leaf) for leaf in leaves), leaves


@pytest.mark.server
@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_returns_the_expected_rows(shop, name):
    small_shop.fill(shop)
    rows, expected = small_shop.cells_of(small_shop.run(shop, name)), _expected(name)
    if "in no order" in header_of(queries.load(name)).returns:  # what the server meets first depends on what it held
        rows, expected = [[*of[:1], *sorted(of[1:])] for of in (rows, expected)]
    _assert_rows_agree(rows, expected)


@pytest.mark.server
@pytest.mark.parametrize("name", RECOMMENDING)
def test_no_statement_recommends_what_is_known_to_be_unavailable(shop, name):
    small_shop.fill(shop)
    first, *others = small_shop.run(shop, name)["item"]
    small_shop.fill(shop)
    shop.query("MATCH (i:Item {id: $item}) SET i.available = false", item=first, write=True)
    rest = set(small_shop.run(shop, name)["item"])
    assert first not in rest
    assert rest >= set(others)


@pytest.mark.server
def test_every_constraint_and_index_comes_online(shop):
    states = shop.query("SHOW INDEXES YIELD name, state RETURN name, state")
    online = set(states["name"][states["state"] == "ONLINE"])
    assert {name.removeprefix("schema/") for name in NAMES if name.startswith("schema/")} <= online


def test_the_page_of_statements_is_not_stale():
    assert (FOLDER / "README.md").read_text("utf-8") == readme.page(), "run python -m kartograph.queries.readme"


def test_the_page_has_a_heading_for_every_folder():
    assert {name.split("/")[0] for name in NAMES} == set(readme.PURPOSES)


def test_every_file_of_expected_rows_belongs_to_a_statement():
    kept = {file.relative_to(FOLDER).as_posix() for file in FOLDER.rglob("*.expected.csv")}
    assert kept <= {f"{name}.expected.csv" for name in STATEMENTS}


def _planned(graph, statement) -> tuple[dict, list[str]]:
    with graph.driver.session(database=graph.database) as session:
        values = small_shop.native(small_shop.shown_values(graph, statement))
        summary = session.run(f"EXPLAIN {statement.text}", values).consume()
    notes = [status.status_description for status in summary.gql_status_objects if status.is_notification]
    return summary.plan, notes


def _all(plan: dict) -> list[dict]:
    return [plan, *(below for child in plan.get("children", []) for below in _all(child))]


def _operator(plan: dict) -> str:
    return plan["operatorType"].partition("@")[0].partition("(")[0]


def _expected(name: str) -> list[list[str]]:
    file = FOLDER / f"{name}.expected.csv"
    if not file.exists():
        assert header_of(queries.load(name)).returns.startswith("nothing"), f"keep the expected rows in {file}"
        return []
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.reader(opened))


def _assert_rows_agree(rows: list[list[str]], expected: list[list[str]]) -> None:
    assert [len(row) for row in rows] == [len(row) for row in expected], rows
    for row, wanted in zip(rows, expected, strict=True):
        for value, other in zip(row, wanted, strict=True):
            assert other == ANY or value == other or math.isclose(_number(value), _number(other), rel_tol=1e-6), rows


def _number(text: str) -> float:
    try:
        value = json.loads(text)
    except json.JSONDecodeError:
        return math.nan
    return value if isinstance(value, int | float) else math.nan

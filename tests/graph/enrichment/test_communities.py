"""Tests of communities of items and of the categories derived from them."""

import pytest
from tests.queries import small_shop

from kartograph import queries
from kartograph.graph.enrichment.communities import (
    Communities,
    join_communities,
    remove_derived_categories,
    write_communities,
    write_derived_categories,
)
from kartograph.graph.enrichment.pagerank import write_pagerank
from kartograph.graph.enrichment.preferences import write_preferences
from kartograph.tables.derived.co_occurrence import CoOccurrenceOptions

pytestmark = pytest.mark.server

PAIRS = Communities(least_items=2)


@pytest.fixture
def shop(graph):
    """The small shop in an empty database."""
    small_shop.fill(graph)
    return graph


@pytest.fixture
def bare(shop):
    """The small shop as a source without categories gives it."""
    shop.query("MATCH (c:Category) DETACH DELETE c", write=True)
    shop.query("MATCH ()-[e:INCLUDES]->() REMOVE e.category", write=True)
    return shop


def communities(graph) -> dict[str, float | None]:
    result = graph.query("MATCH (i:Item) WHERE i.community IS NOT NULL RETURN i.id AS id, i.community AS c")
    return dict(zip(result["id"], result["c"], strict=True))


def categories(graph) -> dict[str, str]:
    result = graph.query("MATCH (i:Item)-[:IN_CATEGORY]->(c {derived: true}) RETURN i.id AS id, c.id AS c ORDER BY id")
    return dict(zip(result["id"], result["c"], strict=True))


def test_items_that_occur_together_are_a_community_the_largest_first(shop):
    assert write_communities(shop, PAIRS) == 5
    assert communities(shop) == {"101": 0, "102": 0, "103": 0, "104": 1, "105": 1}


def test_groups_below_the_least_size_are_none_and_lose_their_number(shop):
    write_communities(shop, PAIRS)
    assert write_communities(shop, Communities(least_items=3)) == 3
    assert communities(shop) == {"101": 0, "102": 0, "103": 0}


def test_a_new_item_joins_the_community_of_most_of_its_neighbours_by_weight(graph):
    graph.query(
        "CREATE (:Item {id: 'a', community: 1}), (:Item {id: 'b', community: 0}), (:Item {id: 'c', community: 0}), "
        "(:Item {id: 'd'}), (:Item {id: 'e'}), (:Item {id: 'f'}), (:Item {id: 'g'}) "
        "WITH * UNWIND [['a', 'd', 3.0], ['b', 'd', 2.0], ['c', 'd', 2.0], ['e', 'f', 2.0], ['a', 'e', 1.0]] AS row "
        "MATCH (x:Item {id: row[0]}), (y:Item {id: row[1]}) CREATE (x)-[:CO_OCCURS {weight: row[2]}]->(y)",
        write=True,
    )
    # d: 2 + 2 to 0 and 3 to 1; e: 2 to f, which has none, and 1 to 1; g has no neighbours.
    assert join_communities(graph) == 4
    assert communities(graph) == {"a": 1, "b": 0, "c": 0, "d": 0}


def test_the_same_seed_gives_the_same_communities(graph):
    # A ring of 60 items has many partitions of the same modularity.
    graph.query(
        "UNWIND range(0, 59) AS n CREATE (:Item {id: toString(100 + n), popularity: 1}) WITH count(*) AS done "
        "UNWIND range(0, 59) AS n MATCH (a:Item {id: toString(100 + n)}), (b:Item {id: toString(100 + (n + 1) % 60)}) "
        "CREATE (a)-[:CO_OCCURS {weight: 1.0}]->(b)",
        write=True,
    )

    def made(seed: int) -> dict:
        write_communities(graph, Communities(seed=seed, least_items=2))
        return communities(graph)

    first = made(1)
    assert len(first) == 60
    assert [made(1), made(1)] == [first, first]


def test_a_shop_without_categories_gets_one_per_community(bare):
    write_communities(bare, PAIRS)
    # 106 is in no community; the other items of its session are 104 and 105. 107 has no events.
    assert write_derived_categories(bare, "run-1", CoOccurrenceOptions(min_sessions=1)) == 6
    assert categories(bare) == dict.fromkeys(["101", "102", "103"], "derived-0") | dict.fromkeys(
        ["104", "105", "106"], "derived-1"
    )
    # In session 1-1 the positions of 103 and 104 are neighbours: one pair of categories, in one session.
    result = bare.query(
        "MATCH (a:Category)-[w:CO_OCCURS]->(b) RETURN a.id AS a, b.id AS b, w.weight AS w, w.sessions AS s"
    )
    assert result.values.tolist() == [["derived-0", "derived-1", 1.0, 1]]
    assert write_preferences(bare, "run-1") == 1 + 1 + 1 + 1  # users 1 to 3 bought in one, user 4 borrowed in the other
    assert write_pagerank(bare, "category") == 2


def test_an_item_without_sessions_in_common_goes_where_its_users_are(bare):
    bare.query(
        "MATCH (u:User {id: '4'}) CREATE (u)-[:VIEWED {count: 1}]->(:Item {id: '108', popularity: 1})", write=True
    )
    write_communities(bare, PAIRS)
    write_derived_categories(bare, "run-1")
    assert categories(bare)["108"] == "derived-1"


def test_deriving_again_replaces_and_removing_leaves_nothing(bare):
    write_communities(bare, PAIRS)
    write_derived_categories(bare, "run-1")
    write_communities(bare, Communities(least_items=3))
    # 104 shares a session with 103; 105 and 106 share users with items of the community that is left.
    assert write_derived_categories(bare, "run-2") == 6
    assert set(categories(bare).values()) == {"derived-0"}
    assert bare.query("MATCH (c:Category) RETURN c.id AS id, c.derived AS d, c.run AS r").values.tolist() == [
        ["derived-0", True, "run-2"]
    ]
    assert remove_derived_categories(bare) > 0
    assert bare.query("MATCH (c:Category) RETURN c").empty
    assert bare.query("MATCH (i:Item) WHERE i.derived_category IS NOT NULL RETURN i").empty


def test_a_shop_with_categories_keeps_them(shop):
    before = shop.query(queries.load("operate/counts"))
    write_communities(shop, PAIRS)
    assert write_derived_categories(shop, "run-1") == 0
    assert shop.query(queries.load("operate/counts")).equals(before)


def test_derived_categories_go_when_the_data_names_some(bare):
    write_communities(bare, PAIRS)
    write_derived_categories(bare, "run-1")
    bare.query("MATCH (i:Item {id: '101'}) CREATE (i)-[:IN_CATEGORY]->(:Category {id: '1'})", write=True)
    assert write_derived_categories(bare, "run-2") == 0
    assert categories(bare) == {}

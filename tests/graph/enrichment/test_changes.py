"""Tests of the enrichment after live loads: what is counted of the changes alone is what a whole run counts."""

import random
import re

import pandas as pd
import pytest
from tests.graph.enrichment.pairs_of_graph import counted, edges
from tests.queries import small_shop

from kartograph import queries
from kartograph.graph.enrichment.enrich import Enrichment, enrich
from kartograph.graph.enrichment.pairs import co_occurrence
from kartograph.graph.enrichment.preferences import Preferences, write_preferences
from kartograph.graph.schema import apply_schema
from kartograph.loaders import interactions
from kartograph.tables.derived.co_occurrence import CoOccurrenceOptions, category_co_occurrence, item_co_occurrence

pytestmark = pytest.mark.server
STEPS = ("popularity", "co-occurrence", "preferences")
MINUTE, START = 60_000, 1_600_000_000_000
COLUMNS = ["user_id", "session_id", "item_id", "event", "timestamp"]
PARTLY = {"co-occurrence", "preferences"}


def told(rng, users, items, count, first, last) -> pd.DataFrame:
    """Some events between two minutes, a few in sessions without a user."""
    rows = []
    for _ in range(count):
        user, at = f"u{rng.randrange(users)}", rng.randrange(first, last)
        nobody = rng.random() < 0.1
        own = f"s{at // 50}" if nobody else None
        event = rng.choice(["view", "view", "cart", "buy"])
        rows.append((None if nobody else user, own, f"i{rng.randrange(items):02}", event, START + at * MINUTE))
    return pd.DataFrame(rows, columns=COLUMNS)


def returned(rng, of: pd.DataFrame) -> pd.DataFrame:
    bought = of[(of["event"] == "buy") & of["user_id"].notna()].sample(2, random_state=rng.randrange(1000))
    return bought.assign(event="return", timestamp=bought["timestamp"] + 3 * MINUTE)


def preferred(graph) -> pd.DataFrame:
    return graph.query(
        "MATCH (u:User)-[p:PREFERS]->(c:Category) RETURN u.id AS u, c.id AS c, p.frequency AS frequency, "
        "p.score AS score ORDER BY u, c"
    )


def put_into_categories(graph) -> None:
    graph.query(
        "MATCH (i:Item) MERGE (c:Category {id: toString(toInteger(right(i.id, 2)) % 7)}) MERGE (i)-[:IN_CATEGORY]->(c)",
        write=True,
    )


def marks(graph) -> int:
    return int(graph.query("MATCH (n:PairsStale|PreferencesStale) RETURN count(n) AS n")["n"][0])


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_after_late_events_returns_and_new_ones_the_edges_are_those_of_a_whole_run(graph, seed):
    rng = random.Random(seed)
    options = CoOccurrenceOptions(min_sessions=1 + seed % 2, top_k=3, window=(2, 20)[seed])
    enrichment = Enrichment(co_occurrence=options, preferences=Preferences(view=0.5 * (seed % 2)))
    apply_schema(graph)
    base = told(rng, users=150, items=80, count=900, first=0, last=6_000)
    interactions.load(graph, base)
    put_into_categories(graph)
    enrich(graph, STEPS, enrichment)
    loads = [
        told(rng, users=160, items=80, count=12, first=6_000, last=6_100),  # the newest, of new users too
        told(rng, users=150, items=80, count=6, first=0, last=6_000),  # late: sessions are joined, positions move
        returned(rng, base),
        told(rng, users=150, items=84, count=12, first=5_950, last=6_200),  # of new items too
    ]
    partly = set()
    for load in loads:
        interactions.load(graph, load)
        results = {result.step: result for result in enrich(graph, STEPS, enrichment)}
        assert {result.because for result in results.values()} <= {
            "data was loaded since",
            "ran since: popularity",
        }
        partly |= {step for step in PARTLY if results[step].note}
        assert marks(graph) == 0
        expected = counted(graph, item_co_occurrence, options)
        pd.testing.assert_frame_equal(edges(graph, "Item"), expected, check_dtype=False)
        actual = preferred(graph)
        write_preferences(graph, "whole", enrichment.preferences)
        pd.testing.assert_frame_equal(actual, preferred(graph))
        enrich(graph, ("preferences",), enrichment, again=True)
    assert partly == PARTLY


@pytest.mark.slow
def test_items_of_new_sessions_without_a_user_are_embedded_alone(graph):
    apply_schema(graph)
    clicks = [(None, f"s{n}", f"i{n % 5}", "view", START + n * MINUTE + at) for n in range(40) for at in (0, 1)]
    clicks += [(None, f"s{n}", f"i{(n + 1) % 5}", "view", START + n * MINUTE + 2) for n in range(40)]
    interactions.load(graph, pd.DataFrame(clicks, columns=COLUMNS))
    enrich(graph, ("popularity", "embedding"))
    new = [(None, "s99", item, "view", START + 99 * MINUTE) for item in ("i0", "new")]
    interactions.load(graph, pd.DataFrame(new, columns=COLUMNS))
    assert graph.query("MATCH (n:EmbeddingStale) RETURN labels(n) AS labels, n.id AS id")["id"].tolist() == ["s99"]
    result = enrich(graph, ("popularity", "embedding"))[-1]
    assert (result.written, (result.note or "").partition(";")[0]) == (6, "only of 1 items that had none")
    assert graph.query("MATCH (n:EmbeddingStale) RETURN n.id AS id").empty


def shop_of_buyers(graph) -> None:
    apply_schema(graph)
    interactions.load(graph, told(random.Random(5), users=50, items=20, count=300, first=0, last=6_000))
    put_into_categories(graph)
    enrich(graph, STEPS)


def notes_after(graph, change) -> dict[str, str | None]:
    change()
    return {result.step: result.note for result in enrich(graph, STEPS) if result.step in PARTLY}


@pytest.mark.slow
def test_a_step_that_did_not_come_to_its_end_counts_everything_the_next_time(graph, monkeypatch):
    shop_of_buyers(graph)
    rows = [(user, None, item, "view", START + 7_000 * MINUTE) for user in ("x", "y") for item in ("i00", "i01")]
    together = pd.DataFrame(rows, columns=COLUMNS)

    def broken_off() -> None:
        interactions.load(graph, together)
        with monkeypatch.context() as patched:
            patched.setattr("kartograph.graph.enrichment.steps.write_changed_co_occurrence", interrupt)
            patched.setattr("kartograph.graph.enrichment.steps.write_item_co_occurrence", interrupt)
            with pytest.raises(KeyboardInterrupt):
                enrich(graph, ("co-occurrence",))
        assert edges_differ(graph)

    assert notes_after(graph, broken_off)["co-occurrence"] is None
    assert not edges_differ(graph)


def interrupt(*_) -> None:
    raise KeyboardInterrupt


def edges_differ(graph) -> bool:
    held = edges(graph, "Item")
    return not held.equals(counted(graph, item_co_occurrence, CoOccurrenceOptions()).astype(held.dtypes.to_dict()))


@pytest.mark.slow
@pytest.mark.parametrize("what", ["an erasure", "a load of other software", "much at once"])
def test_after_changes_that_nobody_marked_everything_is_counted(graph, what):
    shop_of_buyers(graph)
    changes = {
        "an erasure": lambda: graph.query("MERGE (l:Load {id: 'erasures'}) SET l.finished = 1", write=True),
        "a load of other software": lambda: graph.query("CREATE (:Load {id: 'x', finished: 1})", write=True),
        "much at once": lambda: interactions.load(
            graph, told(random.Random(7), users=50, items=20, count=90, first=6_000, last=7_000)
        ),
    }
    assert notes_after(graph, changes[what]) == {"co-occurrence": None, "preferences": None}


@pytest.mark.slow
def test_a_night_that_names_the_categories_of_items_anew_or_moves_one_is_counted_alone_and_rightly(graph):
    apply_schema(graph)
    rng = random.Random(9)

    def with_categories(load: pd.DataFrame) -> pd.DataFrame:
        return load.assign(category=[f"c{int(item[1:]) % 7}" for item in load["item_id"]])

    interactions.load(graph, with_categories(told(rng, users=50, items=80, count=300, first=0, last=6_000)))
    enrich(graph, STEPS)
    nights = [
        with_categories(told(rng, users=50, items=80, count=5, first=6_000, last=6_100)),
        with_categories(told(rng, users=50, items=80, count=4, first=0, last=6_000)),
        told(rng, users=50, items=1, count=1, first=7_000, last=7_100).assign(category="another"),
    ]
    for night in nights:
        interactions.load(graph, night)
        results = {result.step: result.note for result in enrich(graph, STEPS)}
        assert all(results[step] for step in PARTLY)
        assert_pairs_of_categories_are_those_of_all_sessions(graph)
        actual = preferred(graph)
        write_preferences(graph, "whole")
        pd.testing.assert_frame_equal(actual, preferred(graph))
        enrich(graph, ("preferences",), again=True)
    assert "another" in set(preferred(graph)["c"]), "who bought the item that moved prefers its new category"


def assert_pairs_of_categories_are_those_of_all_sessions(graph) -> None:
    assert len(edges(graph, "Category")) > 0
    expected = counted(graph, category_co_occurrence, CoOccurrenceOptions())
    pd.testing.assert_frame_equal(edges(graph, "Category"), expected, check_dtype=False)


@pytest.mark.slow
def test_pairs_of_categories_are_counted_of_changed_sessions_and_of_those_that_the_run_before_kept(graph, monkeypatch):
    apply_schema(graph)
    clicks = [
        (None, f"s{session}", f"i{(session * place) % 9}", "view", START + (100 * session + place) * MINUTE)
        for session in range(60)
        for place in range(1, 5)
    ]
    of = pd.DataFrame(clicks, columns=COLUMNS)
    interactions.load(graph, of.assign(category=of["item_id"].str.replace("i", "c")))
    enrich(graph, STEPS)
    with monkeypatch.context() as patched:
        patched.setattr(co_occurrence, "read_mixed_sessions", interrupt)
        at = START + 7_000 * MINUTE
        for number, (item, category) in enumerate([("i1", "c1"), ("i2", "c2"), ("i1", "moved")]):
            new = pd.DataFrame([(None, "s99", item, "view", at + number * MINUTE)], columns=COLUMNS)
            interactions.load(graph, new.assign(category=category))
            enrich(graph, STEPS)
            assert_pairs_of_categories_are_those_of_all_sessions(graph)
        with pytest.raises(KeyboardInterrupt):
            enrich(graph, STEPS, again=True)


def test_sessions_with_an_event_that_goes_into_another_category_are_marked(graph):
    def categories() -> pd.Series:
        events = graph.query(
            "MATCH (s:Session)-[e:INCLUDES]->() RETURN s.id AS session, e.position AS position, e.category AS category"
        )
        return events.set_index(["session", "position"])["category"].fillna("")

    small_shop.fill(graph)
    before = categories()
    small_shop.run(graph, "load/write_histories")
    after = categories()
    moved = set(after[after != before.reindex(after.index)].index.get_level_values("session"))
    marked = graph.query("MATCH (s:Session&PairsStale) RETURN s.id AS id")["id"]
    assert set(marked) == moved and moved


@pytest.mark.slow
def test_the_first_who_buys_in_a_shop_of_views_changes_what_everyone_prefers(graph):
    apply_schema(graph)
    views = told(random.Random(8), users=50, items=20, count=300, first=0, last=6_000).assign(event="view")
    interactions.load(graph, views)
    put_into_categories(graph)
    enrich(graph, STEPS)
    assert len(preferred(graph)) > 50, "every view counts where nobody buys"
    interactions.load(graph, pd.DataFrame([("u1", None, "i03", "buy", START + 7_000 * MINUTE)], columns=COLUMNS))
    results = {result.step: result for result in enrich(graph, STEPS)}
    assert results["preferences"].note is None
    assert preferred(graph).to_numpy().tolist() == [["u1", "3", 1.0, 1.0]]


def one_more(graph, **of) -> None:
    row = {"user_id": "u1", "session_id": None, "item_id": "i03", "event": "view"} | of
    interactions.load(graph, pd.DataFrame([{**row, "timestamp": START + 7_000 * MINUTE}], columns=COLUMNS))


@pytest.mark.slow
def test_the_steps_say_that_they_worked_on_less_and_all_of_them_can_be_asked_for(graph):
    shop_of_buyers(graph)
    enrich(graph)
    shorter = ("popularity", "pagerank", "user-pagerank", "embedding", "neighbours")

    def notes(again: bool = False) -> list[str]:
        actual = {result.step: result.note or "" for result in enrich(graph, again=again)}
        return [actual[step] for step in shorter]

    one_more(graph)
    told = notes()
    beginnings = [
        "the live loads counted",
        "only ranks that moved",
        "only of 1 users",
        "only of 0 items",
    ]
    for note, begins in zip(told, [*beginnings, "looked up for "], strict=True):
        assert note.startswith(begins), told
        assert re.search(r"; whole last at \d{4}-\d\d-\d\d \d\d:\d\d UTC$", note), told
    assert (graph.query(queries.load("enrich/steps"))["whole"] > 0).all()
    *_, ranked, embedded, looked_up = notes(again=True)
    assert "against GDS on 5 of them" in ranked
    assert embedded == ""
    assert looked_up.startswith("looked up for 20 items")
    graph.query("MERGE (l:Load {id: 'erasures'}) SET l.finished = 1", write=True)
    assert notes()[3] == "", "nobody marked what an erasure changed"
    graph.query(queries.load("enrich/drop_item_embedding_index"), write=True)


@pytest.mark.slow
def test_small_loads_add_up_and_beyond_the_limit_a_step_works_on_the_whole_shop(graph):
    shop_of_buyers(graph)  # 300 events: 5 % are 15
    enrich(graph, ("pagerank",))

    def partly(events: int) -> bool:
        interactions.load(graph, told(random.Random(events), users=50, items=20, count=events, first=7_000, last=9_000))
        [result] = enrich(graph, ("pagerank",))
        return result.note is not None

    assert [partly(events) for events in (7, 6, 5, 4)] == [True, True, False, True]

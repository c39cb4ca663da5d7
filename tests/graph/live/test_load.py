"""Tests of live loads into the real server: equal to a bulk load, once each, in any order, after any interruption."""

import itertools
import os
import random
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import ibis
import pandas as pd
import pytest
from tests.graph.live.days import two_days
from tests.graph.live.whole_graph import assert_same, content_from, content_of

from kartograph.graph import connection
from kartograph.graph.bulk import LoadRecord, bulk_load
from kartograph.graph.connection import Graph
from kartograph.graph.live import LiveOptions, live_load
from kartograph.graph.managed.home import ShopDirectory
from kartograph.graph.managed.lifecycle import running, start, stop
from kartograph.graph.managed.memory import Memory
from kartograph.loaders import interactions, retailrocket
from kartograph.loaders.interactions import InteractionOptions
from kartograph.loaders.retailrocket import RetailRocketOptions
from kartograph.loaders.shared.begin import events_only
from kartograph.tables.derived.derive import derive
from kartograph.tables.engine import Engine
from kartograph.tables.errors import BadInput, ServerError
from kartograph.tables.progress import silent
from kartograph.tables.report import Report
from kartograph.tables.schema import INTERACTIONS

pytestmark = [pytest.mark.server, pytest.mark.timeout(900)]

SMALL = Memory(heap_mib=512, page_cache_mib=64)


def shop(folder: Path, tmp_path: Path):
    return retailrocket.read(folder, RetailRocketOptions(rejects=tmp_path / "rejects.csv", properties=("888",)))


def events(file: Path, tmp_path: Path):
    return interactions.read(file, InteractionOptions(rejects=tmp_path / "rejects.csv"))


@pytest.fixture(scope="module")
def days(tmp_path_factory):
    return two_days(tmp_path_factory.mktemp("days"))


def load(graph, source, progress=silent, **options):
    files = [file for read in source.report.reads.values() for file in read.files]
    return live_load(source, graph, LoadRecord(source.name, files), LiveOptions(**options), progress)


@pytest.mark.slow
def test_two_days_live_are_what_both_are_in_bulk_and_a_day_again_changes_nothing(graph, days, tmp_path):
    whole, first, second = days
    expected = content_from(derive(shop(whole, tmp_path)))
    one = load(graph, shop(first, tmp_path), batch=300)
    assert one.known_events == 0
    two = load(graph, shop(second, tmp_path), batch=300)
    assert two.known_events > 0
    assert one.new_events + two.new_events == sum(len(found) for found in expected["INCLUDES"].values())
    assert_same(content_of(graph), expected)
    ledger = graph.query("MATCH (l:Load) RETURN sum(l.rows) AS rows, count(l) AS batches")
    assert ledger["rows"][0] == one.new_events + two.new_events
    assert ledger["batches"][0] == one.batches + two.batches
    for day in (second, first, whole):
        again = load(graph, shop(day, tmp_path))
        assert (again.new_events, again.batches) == (0, 0)
    assert_same(content_of(graph), expected)
    assert graph.query("MATCH (m:Meta) RETURN collect(m.id) AS ids")["ids"][0] == ["schema"]


@pytest.mark.slow
def test_the_second_day_before_the_first_comes_to_the_same(graph, days, tmp_path):
    whole, first, second = days
    load(graph, shop(second, tmp_path))
    load(graph, shop(first, tmp_path))
    assert_same(content_of(graph), content_from(derive(shop(whole, tmp_path))))


@pytest.mark.slow
def test_a_day_live_on_top_of_a_day_in_bulk_is_what_both_are_in_bulk(home, days, tmp_path):
    whole, first, second = days
    place = ShopDirectory.of("live", root=home)
    bulk_load(derive(shop(first, tmp_path)), place)
    server = start(place, SMALL)
    try:
        with Graph.connect(server.uri, server.auth) as graph:
            load(graph, shop(second, tmp_path))
            assert_same(content_of(graph), content_from(derive(shop(whole, tmp_path))))
    finally:
        stop(place)


def clicks(path: Path, seed: int, count: int = 60) -> Path:
    """Random events with and without users and sessions of their own, some of them alike, some taken back later."""
    rng = random.Random(seed)
    rows = []
    for _ in range(count):
        user = rng.choice(["u", "v", "w", "", "x"])
        session = rng.choice(["s", "t", "r"]) if not user or rng.random() < 0.3 else ""
        at = rng.randrange(0, 600) * 60 + 1_500_000_000
        kind, quantity = rng.choice(["view", "view", "cart", "buy", "buy", "return"]), rng.randrange(1, 4)
        rows.append((user, rng.choice("abcd"), kind, at, session, quantity))
    frame = pd.DataFrame(rows, columns=["user", "item", "event", "time", "session", "quantity"])
    frame.to_csv(path, index=False)
    return path


@pytest.mark.slow
def test_sessions_with_and_without_users_grow_together_load_after_load(graph, tmp_path):
    folder = tmp_path / "all"
    folder.mkdir()
    files = [clicks(folder / f"{number}.csv", seed=number) for number in range(3)]
    for file in files:
        load(graph, events(file, tmp_path), batch=20)
    expected = content_from(derive(events(folder, tmp_path)))
    assert expected["TAKEN_BACK"]
    assert_same(content_of(graph), expected)


@pytest.mark.slow
def test_a_category_that_is_told_later_is_also_that_of_events_that_were_taken_back(graph, tmp_path):
    columns = ["user", "item", "event", "time", "category"]
    first = [("u", "i", "view", 10, "A"), ("u", "i", "cart", 20, None), ("u", "i", "uncart", 30, None)]
    second = [("u", "i", "view", 15, "B")]
    files = [tmp_path / f"{name}.csv" for name in ("first", "second", "both")]
    for file, rows in zip(files, (first, second, first + second), strict=True):
        told = [(*row[:3], 1_500_000_000 + row[3], row[4]) for row in rows]
        pd.DataFrame(told, columns=columns).to_csv(file, index=False)
    for file in files[:2]:
        load(graph, events(file, tmp_path))
    expected = content_from(derive(events(files[2], tmp_path)))
    assert [one["category"] for one in expected["TAKEN_BACK"][(f"u@{1_500_000_010_000}", "i")]] == ["B", "B"]
    assert_same(content_of(graph), expected)


@pytest.mark.slow
def test_rows_in_any_split_and_order_come_to_the_same_graph(graph, tmp_path):
    """Known users before many new ones, repeats in one load and in two, sessions and users without times."""
    rng = random.Random(3)
    start = 1_500_000_000_000
    known = [("u1", "i1", start, None), *((f"u{n}", f"i{n % 5}", start + n, None) for n in range(3))]
    new = [(f"a{n % 400}", f"i{rng.randrange(9)}", start + 60_000 * rng.randrange(300), None) for n in range(1200)]
    timeless = [("u1", "i1", None, "s1"), ("u1", "i2", None, "s1"), ("u1", "i1", None, "s2"), ("u1", "i3", None, "s2")]
    timeless += [("u1", "i4", None, None), ("a1", "i1", None, None)]
    rows = [*known, *new, *rng.sample(new, 50), *timeless]
    late = ("u1", "i9", start + 10**8, None)

    def source(rows):
        told = [(user, item, "view", at, session, None) for user, item, at, session in rows]
        table = Engine().store("interactions", ibis.memtable(told, schema=INTERACTIONS))
        return events_only("test", table, Report(source="test"))

    shuffled = rng.sample(rows, len(rows))
    for some, batch in (
        ([*known, *timeless[:2]], 10_000),
        ([late, *new], 30),
        (shuffled, 300),
        (shuffled[:500], 10_000),
    ):
        load(graph, source(some), batch=batch)
    expected = content_from(derive(source([late, *rows])))
    assert_same(content_of(graph), expected)
    assert sum(len(found) for found in expected["INCLUDES"].values()) == len(set(rows)) + 1
    sessions = graph.query("MATCH (:User {id: 'u1'})-[:HAD]->(s) RETURN s.id AS id, s.length AS n ORDER BY id")
    assert sessions[sessions["id"].isin(["s1", "s2", "u1@"])].values.tolist() == [["s1", 2], ["s2", 2], ["u1@", 1]]


@pytest.mark.slow
def test_two_loads_at_once_wait_for_each_other_and_both_are_there(graph, days, tmp_path):
    whole, first, second = days
    sources = [shop(day, tmp_path / day.name) for day in (first, second)]
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(load, graph, source, batch=200) for source in sources]:
            done.result()
    assert_same(content_of(graph), content_from(derive(shop(whole, tmp_path))))


LOADER = """
import sys
from pathlib import Path
from kartograph.graph.bulk import LoadRecord
from kartograph.graph.connection import Graph
from kartograph.graph.live import LiveOptions, live_load
from kartograph.loaders import retailrocket
uri, user, password, folder, rejects = sys.argv[1:]
source = retailrocket.read(folder, retailrocket.RetailRocketOptions(rejects=Path(rejects), properties=("888",)))
files = [file for read in source.report.reads.values() for file in read.files]
with Graph.connect(uri, (user, password)) as graph:
    live_load(source, graph, LoadRecord(source.name, files), LiveOptions(batch=100))
"""


def batches(graph) -> int:
    return int(graph.query("MATCH (l:Load) RETURN count(l) AS n")["n"][0])


@pytest.mark.slow
def test_a_loader_killed_three_times_at_random_points_ends_in_the_same_graph(graph, server, days, tmp_path):
    whole, _, _ = days
    rng = random.Random(5)
    arguments = [server.uri, *server.auth, str(whole), str(tmp_path / "rejects.csv")]
    for _ in range(3):
        process = subprocess.Popen([sys.executable, "-c", LOADER, *arguments])
        enough = batches(graph) + rng.randrange(1, 6)
        while batches(graph) < enough:
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
    source = shop(whole, tmp_path)
    resumed = load(graph, source)
    assert resumed.batches_before >= 3
    assert resumed.batches > 0
    assert_same(content_of(graph), content_from(derive(shop(whole, tmp_path))))
    rows = graph.query("MATCH (l:Load) RETURN sum(l.rows) AS rows")["rows"][0]
    assert rows == resumed.new_events + resumed.known_events


@pytest.mark.slow
def test_a_server_killed_in_the_middle_of_a_load_goes_on_after_it_is_back(home, days, tmp_path, monkeypatch):
    monkeypatch.setattr(connection, "TRIES_FOR", 2.0)  # the load asks so long for a server that does not come back
    whole, _, _ = days
    place = ShopDirectory.of("killed", root=home)
    server = start(place, SMALL)
    try:
        with Graph.connect(server.uri, server.auth) as graph, ThreadPoolExecutor(1) as pool:
            killed, begun = threading.Event(), itertools.count(1)

            def hold(step, done=None, total=None):
                """Let the load begin ten blocks and no more before the server is killed."""
                if step.startswith("Writing") and done is not None and next(begun) >= 10:
                    killed.wait(300)

            loading = pool.submit(load, graph, shop(whole, tmp_path), hold, batch=100)
            try:
                while batches(graph) < 4:
                    assert not loading.done()
                    time.sleep(0.01)
                state = running(place)
                assert state is not None
                os.kill(state.pid, signal.SIGKILL)
            finally:
                killed.set()
            with pytest.raises(ServerError, match="run the same command again"):
                loading.result()
        server = start(place, SMALL)
        with Graph.connect(server.uri, server.auth) as graph:
            assert batches(graph) >= 4
            load(graph, shop(whole, tmp_path))
            assert_same(content_of(graph), content_from(derive(shop(whole, tmp_path))))
    finally:
        stop(place)


def test_options_that_mean_nothing_are_refused():
    with pytest.raises(BadInput, match="The option batch of a live load is 0; it has to be 1 or more"):
        LiveOptions(batch=0)

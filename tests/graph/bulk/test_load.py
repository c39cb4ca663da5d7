"""A shop goes through the importer into Neo4j: values unchanged, every row there, the former shop safe until the swap.

A load costs half a minute and more, so each test tells a whole story.
"""

import csv
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import ibis
import psutil
import pytest

from kartograph.graph.bulk import BulkOptions, LoadRecord, bulk_load, undo_load
from kartograph.graph.bulk.importer import STEP
from kartograph.graph.connection import Graph
from kartograph.graph.enrichment.freshness import stale_because
from kartograph.graph.managed.home import ShopDirectory
from kartograph.graph.managed.lifecycle import running, start, stop
from kartograph.graph.managed.memory import Memory
from kartograph.graph.managed.process import ends_within, running_state
from kartograph.graph.schema import schema_names
from kartograph.loaders import interactions, retailrocket
from kartograph.loaders.interactions import InteractionOptions
from kartograph.loaders.retailrocket import RetailRocketOptions
from kartograph.loaders.shared.into_graph import into_graph
from kartograph.tables.derived.derive import derive
from kartograph.tables.engine import count_rows
from kartograph.tables.errors import BadInput
from kartograph.tables.rejects import RejectLimit
from kartograph.tables.schema import Shop, Source

pytestmark = pytest.mark.server

SMALL = Memory(heap_mib=512, page_cache_mib=128)
OPTIONS = BulkOptions(import_memory=SMALL, index_memory=SMALL, server_memory=SMALL)
IMPORTED = replace(OPTIONS, small=0)
HOSTILE = [
    "'; MATCH (n) DETACH DELETE n //",
    'quotes " and "" and \'',
    "two\nlines\r\nand three",
    "🛒 é 漢字 \u2028",
    "back\\slash, comma; semicolon | bar $param {braces}",
    " blanks at both ends ",
    "NULL",
    "x" * 3_900,
]
TITLES = [*HOSTILE, "", "ten thousand " * 800]
"""What a title may be and an id may not: empty, and longer than 10 kB."""
REJECTED = ["", "y" * 10_000]


@pytest.fixture
def place(home: Path) -> Iterator[ShopDirectory]:
    """A shop in a home of its own; its server is stopped at the end, however that comes."""
    place = ShopDirectory.of("loaded", root=home)
    yield place
    stop(place)


def hostile_source(folder: Path) -> Source:
    """Each hostile user looks at, and buys, the item of the same name; the rows after them are bad."""
    file = folder / "hostile.csv"
    with file.open("w", encoding="utf-8", newline="") as opened:
        rows = csv.writer(opened)
        rows.writerow(["user", "item", "event", "time"])
        rows.writerows(
            [text, text, event, 1_500_000_000 + n] for n, text in enumerate(HOSTILE) for event in ("view", "buy")
        )
        rows.writerows([["good", text, "view", 1_500_000_000] for text in REJECTED])
    options = InteractionOptions(rejects=folder / "rejects.csv", limit=RejectLimit(share=0.5), null=("",))
    source = interactions.read(file, options)
    items = [
        {"item_id": f"item {n}", "title": title, "price": n / 4, "brand": title, "available": n % 2 == 0, "note": title}
        for n, title in enumerate(TITLES)
    ]
    schema = {"item_id": "string", "title": "string", "price": "float64", "brand": "string", "available": "boolean"}
    engine = source.interactions.get_backend()
    stored = engine.create_table("hostile_items", ibis.memtable(items, schema={**schema, "note": "string"}))
    return replace(source, items=stored)


def connect(home: ShopDirectory) -> Graph:
    server = start(home, SMALL)
    return Graph.connect(server.uri, server.auth)


def count(graph: Graph, pattern: str) -> int:
    return int(graph.query(f"MATCH {pattern} RETURN count(*) AS n")["n"][0])


def counts(graph: Graph) -> dict[str, int]:
    """What the tables of a shop are called, and how many nodes or relationships the graph has of each."""
    patterns = {
        "users": "(:User)",
        "items": "(:Item)",
        "categories": "(:Category)",
        "sessions": "(:Session)",
        "category_tree": "(:Category)-[:CHILD_OF]->(:Category)",
        "item_categories": "(:Item)-[:WAS_IN_CATEGORY]->(:Category)",
        "session_items": "(:Session)-[:INCLUDES]->(:Item)",
        "user_items": "(:User)-[:VIEWED|CARTED|BOUGHT|BORROWED]->(:Item)",
        "item_co_occurrence": "(:Item)-[:CO_OCCURS]->(:Item)",
        "category_co_occurrence": "(:Category)-[:CO_OCCURS]->(:Category)",
    }
    return {name: count(graph, pattern) for name, pattern in patterns.items()}


def table_counts(shop: Shop) -> dict[str, int]:
    tree = shop.category_tree.filter(shop.category_tree.parent_id.notnull())
    return {name: count_rows(table) for name, table in shop.tables().items()} | {"category_tree": count_rows(tree)}


@pytest.mark.slow
@pytest.mark.timeout(3600)  # a dozen Java processes one after the other, on a machine that may do much else
def test_hostile_values_load_as_data_and_no_interruption_harms_the_former_shop(
    place: ShopDirectory, tmp_path: Path
) -> None:
    source = hostile_source(tmp_path)
    shop = derive(source)
    record = LoadRecord('hostile: "it\'s"\n', [tmp_path / "hostile.csv"])
    summary = bulk_load(shop, place, record, IMPORTED)
    stays = running(place)
    assert stays is not None and stays.heap_mib == SMALL.heap_mib  # the server that built the indexes
    assert sorted(folder.name for folder in place.generations.iterdir()) == [summary.load]

    with connect(place) as graph:
        assert counts(graph) == table_counts(shop)
        users = graph.query("MATCH (u:User) RETURN u.id AS id")["id"]
        assert sorted(users) == sorted(HOSTILE)
        bought = graph.query("MATCH (u:User)-[b:BOUGHT]->(i:Item) RETURN u.id AS u, i.id AS i, b.first AS at")
        assert sorted(bought.itertuples(index=False)) == sorted(
            (t, t, (1_500_000_000 + n) * 1_000) for n, t in enumerate(HOSTILE)
        )
        items = graph.query("MATCH (i:Item) WHERE i.title IS NOT NULL RETURN i {.*} AS i ORDER BY i.price")["i"]
        assert items.tolist() == [
            {
                **{"id": f"item {n}", "title": title, "brand": title, "note": title},
                **{"price": n / 4, "available": n % 2 == 0, "popularity": 0},
            }
            for n, title in enumerate(TITLES)
        ]
        with (tmp_path / "rejects.csv").open(encoding="utf-8", newline="") as rejects:
            assert [row["value"] for row in csv.DictReader(rejects)] == REJECTED
        load = graph.query("MATCH (l:Load) RETURN l {.*} AS l")["l"][0]
        assert (load["id"], load["source"], load["rows"]) == (summary.load, record.source, 2 * len(HOSTILE))
        assert len(load["sha256"]) == 64
        assert stale_because(graph, "co-occurrence", "") is None  # the load counted it
        assert count(graph, "(:Meta {id: 'schema', schema_version: 1})") == 1
        indexes = graph.query("SHOW INDEXES YIELD name, state RETURN name, state")
        assert set(indexes["name"]) >= {name.removeprefix("schema/") for name in schema_names()}
        assert set(indexes["state"]) == {"ONLINE"}

    class Stop(Exception):
        pass

    def stop_at_import(step: str, done: float | None = None, total: float | None = None) -> None:
        if step == STEP:
            raise Stop

    server = running(place)
    with pytest.raises(Stop):
        bulk_load(shop, place, options=IMPORTED, progress=stop_at_import)
    assert [folder.name for folder in place.generations.iterdir()] == [summary.load]

    _kill_while_importing(place, _many_clicks(tmp_path))
    assert place.generation == summary.load
    assert len(list(place.generations.iterdir())) == 2
    assert running(place) == server

    few = derive(interactions.read(_few_clicks(tmp_path), InteractionOptions(rejects=tmp_path / "rejects2.csv")))
    served: list[int] = []

    def look_before_the_swap(step: str, done: float | None = None, total: float | None = None) -> None:
        if step == "Putting the new database in place":
            with Graph.connect(server_now.uri, server_now.auth) as graph:
                served.append(count(graph, "(:User)"))

    server_now = start(place, SMALL)
    second = bulk_load(few, place, options=OPTIONS, progress=look_before_the_swap)
    assert served == [len(HOSTILE)]
    assert sorted(folder.name for folder in place.generations.iterdir()) == sorted([summary.load, second.load])
    assert running(place) is not None
    with connect(place) as graph:
        assert counts(graph) == table_counts(few)
        twice = "(:User {id: 'u'})-[:VIEWED {count: 2, first: 1500000002000, last: 1500000003000}]->(:Item {id: 'b'})"
        assert count(graph, twice) == 1

    done = undo_load(place)
    assert ([one.load for one in done.undone], [one.load for one in done.back]) == ([second.load], [summary.load])
    with connect(place) as graph:
        assert count(graph, "(:User)") == len(HOSTILE)
    stop(place)
    again = undo_load(place)
    assert [one.load for one in again.back] == [second.load]
    assert running(place) is None
    _kill_while_indexing(place, _few_clicks(tmp_path))
    assert (running(place), place.generation) == (None, second.load)
    nothing = interactions.read(_few_clicks(tmp_path, rows=0), InteractionOptions(rejects=tmp_path / "rejects3.csv"))
    with pytest.raises(BadInput, match='would leave the shop "loaded" empty'):
        into_graph(nothing, place)
    assert place.generation == second.load


def _few_clicks(folder: Path, rows: int = 3) -> Path:
    file = folder / f"few-{rows}.csv"
    lines = ["user,item,time", "u,a,1500000001", "u,b,1500000002", "u,b,1500000003"]
    file.write_text("\n".join(lines[: 1 + rows]) + "\n")
    return file


def _many_clicks(folder: Path) -> Path:
    """More than a small shop: each row is a user, a session and three relationships."""
    file = folder / "many.csv"
    file.write_text("user,item,time\n" + "".join(f"u{n},a,1500000001\n" for n in range(5_000)))
    return file


def _kill_while_importing(place: ShopDirectory, file: Path) -> None:
    """Load in another process and kill that alone once the importer works, which ends with it."""
    command = [sys.executable, "-m", "kartograph.loaders.interactions", str(file)]
    log = place.folder / "loads" / "interactions.log"
    process = subprocess.Popen([*command, "--shop", place.shop], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while "Starting the importer" not in (told := log.read_text("utf-8") if log.exists() else ""):
        assert process.poll() is None, told
        time.sleep(0.1)
    workers = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.wait()
    if sys.platform == "linux":
        _, alive = psutil.wait_procs(workers, timeout=60)
        assert not alive


def _kill_while_indexing(place: ShopDirectory, file: Path) -> None:
    """Load in another process and kill that alone while the server that would stay builds the indexes."""
    command = [sys.executable, "-m", "kartograph.loaders.interactions", str(file), "--shop", place.shop]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while (state := running_state(place.paths)) is None:
        assert process.poll() is None
        time.sleep(0.05)
    process.kill()
    process.wait()
    if sys.platform == "linux":
        assert ends_within(state, 60)


@pytest.mark.slow
def test_every_row_of_the_real_shop_stands_in_the_graph(place: ShopDirectory, tmp_path: Path, real_data: Path) -> None:
    options = RetailRocketOptions(rejects=tmp_path / "rejects.csv")
    shop = derive(retailrocket.read(real_data / "retailrocket" / "raw", options))
    summary = bulk_load(shop, place, LoadRecord("retailrocket"), OPTIONS)
    with connect(place) as graph:
        assert counts(graph) == table_counts(shop)
        current = shop.item_categories.filter(shop.item_categories.until.isnull())
        assert count(graph, "(:Item)-[:IN_CATEGORY]->(:Category)") == count_rows(current)
        events = graph.query(
            "MATCH (:User)-[r:VIEWED|CARTED|BOUGHT]->() RETURN type(r) AS type, sum(r.count) AS n ORDER BY n DESC"
        )
        assert events.to_dict("list") == {"type": ["VIEWED", "CARTED", "BOUGHT"], "n": [9_076 - 1, 263 - 2, 46]}
        assert count(graph, "()-[r:INCLUDES WHERE r.event_key IS NOT NULL AND r.at IS NOT NULL]->()") == 9_385 - 3
    assert summary.rows["includes"] == 9_385 - 3
    assert set(summary.seconds) == {"write", "import", "start", "index"}


def test_a_table_that_names_unknown_ids_is_refused(place: ShopDirectory, tmp_path: Path) -> None:
    shop = derive(interactions.read(_few_clicks(tmp_path), InteractionOptions(rejects=tmp_path / "rejects.csv")))
    broken = replace(shop, items=shop.items.filter(shop.items.item_id != "b"))
    with pytest.raises(BadInput, match=r"1 of 2 rows of user_items name ids that no table of nodes has"):
        bulk_load(broken, place, options=OPTIONS)
    assert list(place.generations.iterdir()) == []

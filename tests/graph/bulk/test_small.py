"""Tests of small shops, which the server creates: the same database as the importer makes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import ibis
import pyarrow as pa
import pytest
from tests.graph.live.days import two_days

from kartograph.graph.bulk import BulkOptions, LoadRecord, bulk_load
from kartograph.graph.bulk.contents import Contents
from kartograph.graph.bulk.files import ImportFile
from kartograph.graph.bulk.small import read_contents
from kartograph.graph.connection import Graph
from kartograph.graph.managed.home import ShopDirectory
from kartograph.graph.managed.lifecycle import start, stop
from kartograph.graph.managed.memory import Memory
from kartograph.loaders import retailrocket
from kartograph.loaders.retailrocket import RetailRocketOptions
from kartograph.tables.derived.derive import derive
from kartograph.tables.schema import Shop

SMALL = Memory(heap_mib=512, page_cache_mib=64)
EVERYTHING = """
MATCH (n) WHERE NOT n:Load AND NOT n:Run
OPTIONAL MATCH (n)-[r]->(m)
RETURN id(n) AS id, labels(n) AS labels, n {.*} AS n, type(r) AS type, r {.*, run: null} AS r, id(m) AS end
ORDER BY id, type, end, r.event_key
"""


def file(holds: Literal["nodes", "relationships"], kind: str, rows: dict[str, list]) -> ImportFile:
    table = ibis.duckdb.connect().create_table("rows", ibis.memtable(pa.table(rows)))
    return ImportFile(kind.lower(), holds, kind, table, len(next(iter(rows.values()))))


def test_values_are_what_their_headers_say_and_nodes_stand_in_the_order_of_their_numbers():
    items = {":ID": [1, 0], "id": ["b", "a"], "price:double": [2, None], "seen:long[]": ["3;4", ""], "day": [7, 8]}
    viewed = {":START_ID": [1], ":END_ID": [0], ":TYPE": ["BOUGHT"], "count:long": [2]}
    files = [file("nodes", "Item", items), file("relationships", "", viewed)]
    created = read_contents(Contents(files, 2, [("Load", {"id": "l", "rows:long": 1, "of:string[]": "x"})]))
    assert created.nodes == [
        {"label": "Item", "properties": {"id": "a", "price": None, "seen": [], "day": "8"}},
        {"label": "Item", "properties": {"id": "b", "price": 2.0, "seen": [3, 4], "day": "7"}},
        {"label": "Load", "properties": {"id": "l", "rows": 1, "of": ["x"]}},
    ]
    assert created.relationships == [{"type": "BOUGHT", "start": 1, "end": 0, "properties": {"count": 2}}]
    assert created.rows == {"item": 2, "": 1}


@pytest.fixture
def place(home: Path) -> Iterator[ShopDirectory]:
    """A shop in a home of its own; its server is stopped at the end, however that comes."""
    place = ShopDirectory.of("small", root=home)
    yield place
    stop(place)


def everything(shop: Shop, place: ShopDirectory, small: int) -> list[tuple]:
    options = BulkOptions(SMALL, SMALL, SMALL, small)
    bulk_load(shop, place, LoadRecord("days"), options)
    server = start(place, SMALL)
    with Graph.connect(server.uri, server.auth) as graph:
        rows = graph.query(EVERYTHING, exact=True)
    return list(rows.itertuples(index=False, name=None))


@pytest.mark.server
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_server_creates_what_the_importer_makes_with_the_same_internal_ids(place: ShopDirectory, tmp_path: Path):
    whole, _, _ = two_days(tmp_path)
    options = RetailRocketOptions(rejects=tmp_path / "rejects.csv", properties=("888",))
    shop = derive(retailrocket.read(whole, options))
    imported = everything(shop, place, small=0)
    created = everything(shop, place, small=20_000)
    assert len(created) > 100
    assert created == imported

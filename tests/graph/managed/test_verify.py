"""Tests of the check of a shop's database: what is damaged or missing is found, on a copy, and told."""

import json

import pytest
from typer.testing import CliRunner

from kartograph.cli import backup as commands
from kartograph.cli.app import app
from kartograph.graph.accounts import read_account
from kartograph.graph.connection import Graph
from kartograph.graph.ledger import active_folder
from kartograph.graph.managed.check import _findings, check_store
from kartograph.graph.managed.copying import copied
from kartograph.graph.managed.home import ShopDirectory
from kartograph.graph.managed.lifecycle import start, stop
from kartograph.graph.managed.memory import Memory
from kartograph.graph.managed.verify import verify
from kartograph.loaders import interactions
from kartograph.tables.contents.tally import Tally
from kartograph.tables.errors import BadInput

assert commands.app is app
EVENTS = "user,item,event,time\nu,a,view,1600000000\nu,b,buy,1600000060\nv,a,view,1600000000\n"


def test_a_report_becomes_a_line_for_each_kind_of_fault():
    report = (
        "2026-01-01 10:00:00.000+0000 ERROR The chain is broken.\n\tNode[5,used=true,rel=2]\n\tInconsistent with: x\n"
        "2026-01-01 10:00:00.001+0000 ERROR The chain is broken.\n\tNode[7,used=true,rel=3]\n"
        "2026-01-01 10:00:00.002+0000 WARN  A count is wrong\n\tCountsEntry[(:0): 4]\n"
    )
    assert _findings(report) == ["The chain is broken: Node 5 and 1 more", "A count is wrong"]


def test_a_shop_without_a_database_cannot_be_verified(home):
    with pytest.raises(BadInput, match='the shop "shop" has no database yet; load one first'):
        verify(ShopDirectory.of("shop"))


@pytest.mark.slow
@pytest.mark.server
@pytest.mark.timeout(1800)
def test_what_is_damaged_or_missing_is_found(home, tmp_path):
    shop = ShopDirectory.of("shop")
    (tmp_path / "events.csv").write_text(EVENTS)
    server = start(shop, Memory(512, 64))
    try:
        with Graph.local("shop") as graph:
            interactions.load(graph, tmp_path / "events.csv")
        result = verify(shop)
        assert (result.findings, result.notes, result.events) == ([], [], 3)
        assert result.waited is not None
        account = read_account(active_folder(shop))
        assert account is not None and account.known == Tally(3, int(result.checksum or "", 16))
        with Graph.connect(server.uri, server.auth) as graph:  # at the address that it had
            graph.query("MATCH (:User {id: 'v'})-[:HAD]->()-[r:INCLUDES]->() DELETE r", write=True)
            graph.query("DROP INDEX item_popularity", write=True)
    finally:
        stop(shop)

    told = CliRunner().invoke(app, ["verify", "--json"])
    assert told.exit_code == 1
    lost, index = sorted(json.loads(told.stdout)["findings"])
    assert lost.startswith("events: the database holds 2 events with the checksum")
    assert f"and the loads brought 3 events with the checksum {result.checksum}" in lost
    assert index == "index item_popularity: it is missing; `kartograph upgrade` makes it"

    assert [line.partition(":")[0] for line in verify(shop, accept=True).findings] == ["index item_popularity"]
    account = read_account(active_folder(shop))
    assert account is not None and account.events == 2

    with copied(shop) as copy:
        store = copy.paths.data / "databases" / "neo4j" / "neostore.relationshipstore.db"
        content = bytearray(store.read_bytes())
        content[40:120] = bytes(byte ^ 0xFF for byte in content[40:120])
        store.write_bytes(content)
        assert check_store(copy.paths)
        with pytest.raises(BadInput, match="Another backup, or `kartograph verify`, is at work"):
            verify(shop)
    assert not (shop.folder / "copy").exists()

"""Tests of what a shop must hold by its own accounts, while loads, erasures and expiries change it."""

import hashlib

import pytest

from kartograph.graph.accounts import Account, changing, read_account, tally_in, write_account
from kartograph.graph.erasure.graph import erase_from_graph
from kartograph.graph.expire import expire
from kartograph.graph.ledger import active_folder
from kartograph.graph.managed.home import ShopDirectory
from kartograph.loaders import interactions
from kartograph.tables.contents.tally import Tally
from kartograph.tables.errors import ServerError

pytestmark = pytest.mark.server
DAY, FIRST = 86_400, 1_600_000_000
LAST = FIRST + 90 * DAY
EVENTS = f"user,item,event,time\nu,a,view,{FIRST}\nu,b,buy,{FIRST + DAY}\nv,a,view,{LAST}\n"


@pytest.fixture
def folder(graph, tmp_path):
    """The generation of a shop whose database is that of `graph`."""
    graph.home = ShopDirectory.of("accounts", root=tmp_path)
    folder = active_folder(graph.home)
    folder.mkdir(parents=True)
    yield folder
    graph.home = None


@pytest.mark.slow
def test_loads_erasures_and_expiries_keep_the_account_right(graph, folder, tmp_path):
    file = tmp_path / "events.csv"
    file.write_text(EVENTS + f"w,a,view,{LAST - DAY}\n")
    for held in (4, 4):  # the second load brings nothing
        assert "unexpected" not in interactions.load(graph, file).data
        account = read_account(folder)
        assert account is not None and account.known == tally_in(graph)
        assert account.events == held
    erase_from_graph(graph, "w")
    assert read_account(folder) == account_of(graph) and tally_in(graph).events == 3
    expire(graph, days=30)
    assert read_account(folder) == account_of(graph) and tally_in(graph).events == 1


def account_of(graph) -> Account:
    tally = tally_in(graph)
    return Account(tally.events, tally.total)


@pytest.mark.slow
def test_an_event_that_somebody_deleted_is_told_by_the_next_load(graph, folder, tmp_path):
    file = tmp_path / "events.csv"
    file.write_text(EVENTS)
    interactions.load(graph, file)
    graph.query("MATCH (:User {id: 'v'})-[:HAD]->(s) DETACH DELETE s", write=True)
    file.write_text(f"user,item,event,time\nx,a,view,{FIRST}\n")
    told = interactions.load(graph, file).data["unexpected"]
    assert told.startswith("the shop holds 3 events with the checksum") and "where 4 events" in told


@pytest.mark.slow
def test_after_a_small_load_all_events_are_read_only_where_their_number_is_another(
    graph, folder, tmp_path, monkeypatch
):
    read_all = []

    def counting(graph, statement=None, **parameters):
        read_all.append(statement is None)
        return tally_in(graph, statement, **parameters)

    file = tmp_path / "events.csv"
    many = "".join(f"m{number},{number},view,{FIRST}\n" for number in range(20))
    file.write_text(EVENTS + many)
    interactions.load(graph, file)
    monkeypatch.setattr("kartograph.graph.live.recount.tally_in", counting)
    file.write_text(f"user,item,event,time\nu,c,view,{LAST}\nn,c,view,{LAST}\n")
    assert "unexpected" not in interactions.load(graph, file).data
    assert read_all == [False]
    graph.query("MATCH (:User {id: 'v'})-[:HAD]->(s) DETACH DELETE s", write=True)
    file.write_text(f"user,item,event,time\nx,a,view,{FIRST}\n")
    assert "where 26 events" in interactions.load(graph, file).data["unexpected"], "3 + 20 + 2 + 1"
    assert read_all == [False, True]


@pytest.mark.slow
def test_an_interrupted_change_leaves_the_account_open_and_the_next_load_counts_anew(graph, folder, tmp_path):
    write_account(folder, Tally(7, 7))
    with pytest.raises(KeyboardInterrupt), changing(graph, "load-1", alone=True):
        raise KeyboardInterrupt
    account = read_account(folder)
    assert account is not None and (account.open, account.known) == (("load-1",), None)
    (tmp_path / "events.csv").write_text(EVENTS)
    interactions.load(graph, tmp_path / "events.csv")
    assert read_account(folder) == account_of(graph)


def test_the_database_adds_up_the_first_eight_digits_of_the_keys(graph):
    keys = [hashlib.md5(name.encode()).hexdigest() for name in "abc"]
    graph.query("UNWIND $keys AS key CREATE (:Session)-[:INCLUDES {event_key: key}]->(:Item)", write=True, keys=keys)
    assert tally_in(graph) == Tally(3, sum(int(key[:8], 16) for key in keys))


def test_an_account_that_nobody_can_read_is_an_error_that_names_it(tmp_path):
    (tmp_path / "tally.json").write_text('{"events": "many", "total": -1}')
    with pytest.raises(ServerError, match=r"tally.json, which says what the shop must hold(?s:.*)events: (?s:.*)total"):
        read_account(tmp_path)

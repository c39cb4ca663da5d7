"""Tests of servers as others run them: encrypted, behind routing, without Graph Data Science, restarted, read-only."""

import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.graph.managed.own_ports import start_on_own_ports
from typer.testing import CliRunner

from kartograph.cli import query as query_commands
from kartograph.cli import server as server_commands
from kartograph.cli.app import app
from kartograph.graph.bulk import LoadRecord
from kartograph.graph.connection import Graph
from kartograph.graph.enrichment.enrich import enrich
from kartograph.graph.live import LiveOptions, live_load
from kartograph.graph.managed import lifecycle
from kartograph.graph.managed.home import ShopDirectory
from kartograph.graph.managed.lifecycle import start, start_again, stop
from kartograph.graph.managed.memory import Memory
from kartograph.graph.managed.password import USER
from kartograph.loaders import interactions
from kartograph.tables.errors import BadInput, FeatureMissing, ServerError

pytestmark = [pytest.mark.slow, pytest.mark.server, pytest.mark.timeout(1800)]
ODD = " p'\"\\`${}$(id);|&<>#%@:/?=+*~^!,.[]\u00e4\u6f22\U0001f6d2\tend "
EVENTS = 400
assert query_commands.app is app and server_commands.app is app


@pytest.fixture
def certificate(tmp_path):
    """A folder with a certificate of 127.0.0.1 that nobody has signed, and its key."""
    folder = tmp_path / "certificate"
    folder.mkdir()
    files = ("-keyout", folder / "private.key", "-out", folder / "public.crt")
    who = ("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1")
    made = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *files, *who)
    subprocess.run(made, check=True, capture_output=True)
    return folder


@pytest.fixture
def elsewhere(home, certificate, monkeypatch):
    """The home of a server that speaks in the clear and encrypted, has no plugins, and another password."""
    written = lifecycle.write_configuration
    (home / "no-plugins").mkdir()

    def configured(paths, *rest) -> None:
        written(paths, *rest)
        file = paths.conf / "neo4j.conf"
        kept = [line for line in file.read_text().splitlines() if not line.startswith("server.directories.plugins")]
        more = {
            "server.directories.plugins": home / "no-plugins",
            "server.bolt.tls_level": "OPTIONAL",
            "dbms.ssl.policy.bolt.enabled": "true",
            "dbms.ssl.policy.bolt.base_directory": certificate,
            "dbms.ssl.policy.bolt.client_auth": "NONE",
        }
        file.write_text("\n".join([*kept, *(f"{name}={value}" for name, value in more.items())]) + "\n")

    monkeypatch.setattr(lifecycle, "write_configuration", configured)
    elsewhere = ShopDirectory.of("elsewhere")
    yield elsewhere
    stop(elsewhere)


def test_a_server_of_another_make_works_and_says_what_does_not(elsewhere, tmp_path, monkeypatch):
    server = start_on_own_ports(elsewhere, Memory(512, 64))
    _change_password(server.uri, server.password, ODD)
    address = server.uri.removeprefix("bolt://")
    (tmp_path / "events.csv").write_text("user,item,event,time\nu,a,view,1600000000\nu,b,buy,1600000060\n")
    for scheme in ("bolt", "neo4j", "bolt+ssc", "neo4j+ssc"):
        with Graph.connect(f"{scheme}://{address}", (USER, ODD)) as graph:
            interactions.load(graph, tmp_path / "events.csv")
            assert graph.query("MATCH (i:Item) RETURN i.id AS id ORDER BY id")["id"].tolist() == ["a", "b"]
    for scheme in ("bolt+s", "neo4j+s"):
        with pytest.raises(ServerError, match=r"certificate.*\+ssc"):
            Graph.connect(f"{scheme}://{address}", (USER, ODD))
    with pytest.raises(ServerError, match='refuses the user "neo4j" with this password'):
        Graph.connect(f"neo4j+ssc://{address}", (USER, ODD.strip()))

    with Graph.connect(f"neo4j+ssc://{address}", (USER, ODD)) as graph:
        assert not graph.has_gds
        with pytest.raises(FeatureMissing, match="has no Graph Data Science library"):
            graph.query("RETURN gds.version() AS version")
        with pytest.raises(FeatureMissing, match="has no Graph Data Science library"):
            enrich(graph, ("embedding",))
    for name, value in (("URI", f"neo4j+ssc://{address}"), ("PASSWORD", ODD)):
        monkeypatch.setenv(f"NEO4J_{name}", value)
    told = CliRunner().invoke(app, ["query", "explore/counts_of_ids", "--json"])
    assert told.exit_code == 0, told.output
    for name in ("URI", "PASSWORD"):
        monkeypatch.delenv(f"NEO4J_{name}")

    elsewhere.password_file.write_text(server.password)
    _change_password(server.uri, ODD, server.password)
    _restart_under_a_load(elsewhere, server, tmp_path)
    stop(elsewhere)
    _read_only(elsewhere, tmp_path)


def _change_password(uri: str, old: str, new: str) -> None:
    with Graph.connect(uri, (USER, old)) as graph, graph.driver.session(database="system") as session:
        session.run("ALTER CURRENT USER SET PASSWORD FROM $old TO $new", old=old, new=new).consume()


def _restart_under_a_load(elsewhere, server, tmp_path) -> None:
    """A load begins ten blocks; then its server is stopped and started at the same address; the load ends whole."""
    rows = [f"w{number},i{number % 7},view,{1_600_000_000 + number}" for number in range(EVENTS)]
    (tmp_path / "many.csv").write_text("\n".join(["user,item,event,time", *rows]) + "\n")
    source = interactions.read(tmp_path / "many.csv")
    writing, restarted = threading.Event(), threading.Event()

    def hold(step, done=None, total=None) -> None:
        if step.startswith("Writing events") and done:
            writing.set()
            restarted.wait(300)

    options = LiveOptions(batch=10)
    with Graph.connect(server.uri, server.auth) as graph, ThreadPoolExecutor(1) as pool:
        loading = pool.submit(live_load, source, graph, LoadRecord(source.name), options, hold)
        try:
            while not writing.wait(0.1):
                assert not loading.done()
            stop(elsewhere)
            assert start_again(elsewhere, server.state).uri == server.uri
        finally:
            restarted.set()
        assert loading.result().new_events == EVENTS
        result = graph.query("MATCH ()-[r:INCLUDES]->() WHERE r.event_key IS NOT NULL RETURN count(r) AS n")["n"][0]
        assert result == EVENTS + 2


def _read_only(elsewhere, tmp_path) -> None:
    server = start(elsewhere, Memory(512, 64), read_only=True)
    with Graph.connect(server.uri, server.auth) as graph:
        assert graph.query("MATCH (i:Item) RETURN count(i) AS n")["n"][0] == 9
        for change in (
            lambda: graph.execute("CREATE (:Item {id: 'c'})"),
            lambda: interactions.load(graph, tmp_path / "many.csv"),
        ):
            with pytest.raises(ServerError, match=r"does not let this user change or read that.*not read-only"):
                change()
    with pytest.raises(BadInput, match="runs already, for reading only, and one for reading and writing was asked for"):
        start(elsewhere, read_only=False)
    assert start(elsewhere).state.read_only
    told = CliRunner().invoke(app, ["--shop", "elsewhere", "start"])
    assert told.exit_code == 0 and "It is read-only" in told.stderr

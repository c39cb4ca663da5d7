"""Fixtures that several packages share: the real data, a home of one's own, and one managed Neo4j for the whole run.

With `-n 2` each of the two processes has a server of its own, and the tests of a file stay together.
"""

import gc
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import ibis
import pytest
from hypothesis import settings
from jaxtyping import install_import_hook
from platformdirs import user_data_dir
from tests.shapes import checked_modules

# How long an example takes says how busy the machine is. The examples are the same in every run, so that none fails by
# chance; `--hypothesis-profile exploring` looks for new ones.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("exploring", deadline=None)
settings.load_profile("steady")

REPOSITORY = Path(__file__).resolve().parent.parent
SERVING = REPOSITORY / "tests" / "serving"
TEST_SHOP = "test"
NO_DATA = "the real data sets are not"
SERVERS = Path(os.environ.get("KARTOGRAPH_HOME") or user_data_dir("kartograph")).resolve() / "servers"
"""Where this machine keeps its installed servers, so that the jars come down once and not in every test run."""
# However a test run ends, from outside too, no server that it started is left.
os.environ["KARTOGRAPH_ENDS_WITH"] = str(os.getpid())
# Servers of tests live for minutes, and Java's optimising compiler takes up to half of the CPU time of a start.
os.environ.setdefault("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1")
# The networks of tests are tiny: threads that wait for each other take several times as long, beside other work most.
os.environ.setdefault("OMP_NUM_THREADS", "1")
install_import_hook(checked_modules(), "tests.shapes.checked")


def pytest_collection_finish() -> None:
    """Take what is there by now, thousands of tests and the libraries, out of what Python looks through for garbage."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """Let go of the database in which Ibis reads the tests' own tables: DuckDB would print what it takes for leaks.

    So would libraries of what stays frozen.
    """
    gc.unfreeze()
    ibis.options.default_backend = None


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a packed parameter after its argument: gzip and zip hold the time, and a test has one name in every run."""
    return argname if isinstance(val, bytes) and val.startswith((b"\x1f\x8b", b"PK")) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let two processes begin with the files that hold slow tests, so that none is left with the longest at the end.

    With `-p randomly` files come in a random order and so do the tests in them, but for served shops: what one test
    sends to the process that serves, the next one finds there. Of tests with one name several processes would run the
    last alone, so there may be none.
    """
    twins = [name for name, times in Counter(item.nodeid for item in items).items() if times > 1]
    if twins:
        raise pytest.UsageError(f"several tests have the name {twins[0]}: give each one of its own")
    several = "PYTEST_XDIST_WORKER" in os.environ
    slow = {item.path for item in items if several and item.get_closest_marker("slow")}
    place = {item.path: number for number, item in reversed([*enumerate(items)])}

    def key(item: pytest.Item) -> tuple[bool, int, int]:
        line = item.location[1] if item.path.is_relative_to(SERVING) else None
        return item.path not in slow, place[item.path], line or 0

    items.sort(key=key)


def pytest_terminal_summary(terminalreporter) -> None:
    """Print what tests counted with `record_property`, added up over all of them."""
    counted: Counter[str] = Counter()
    for report in terminalreporter.getreports(""):  # setups and teardowns that passed
        if report.when == "teardown":
            counted.update(dict(report.user_properties))
    if counted:
        terminalreporter.section("counted by tests")
        for name, count in sorted(counted.items()):
            terminalreporter.write_line(f"{count:>9,} {name}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    """With KARTOGRAPH_SKIP_NOTHING, as in the gate, a test that would be skipped fails, unless its data are absent."""
    report = yield
    reason = str(report.longrepr[2]) if report.skipped and isinstance(report.longrepr, tuple) else ""
    if report.skipped and os.environ.get("KARTOGRAPH_SKIP_NOTHING") and NO_DATA not in reason:
        report.outcome, report.longrepr = "failed", f"{item.nodeid} would be skipped: {reason}"
    return report


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of the real data sets: KARTOGRAPH_DATA, else `../shared/data` beside the repository."""
    folder = Path(os.environ.get("KARTOGRAPH_DATA", REPOSITORY.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"{NO_DATA} at {folder}; set KARTOGRAPH_DATA to the folder that holds them")
    return folder


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    """An empty KARTOGRAPH_HOME that shares the installed server with every other home of this machine."""
    folder = tmp_path / "home"
    _share_servers(folder)
    monkeypatch.setenv("KARTOGRAPH_HOME", str(folder))
    return folder


@pytest.fixture
def small_servers(home, monkeypatch) -> Iterator[Path]:
    """A `home` whose servers take little memory and end with the test."""
    from kartograph.graph.managed.home import ShopDirectory, shops
    from kartograph.graph.managed.lifecycle import stop

    monkeypatch.setenv("KARTOGRAPH_HEAP", "512m")
    monkeypatch.setenv("KARTOGRAPH_PAGE_CACHE", "64m")
    yield home
    for shop in shops(home):
        stop(ShopDirectory.of(shop))


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The Neo4j of this process, started once; with KARTOGRAPH_TEST_HOME the one that runs in that home."""
    from kartograph.graph.managed.home import ShopDirectory
    from kartograph.graph.managed.lifecycle import Memory, start, stop

    reused = os.environ.get("KARTOGRAPH_TEST_HOME")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")  # with -n: "gw0", "gw1"
    folder = Path(reused, worker) if reused else tmp_path_factory.mktemp("kartograph-home")
    _share_servers(folder)
    home = ShopDirectory.of(TEST_SHOP, root=folder)
    running = start(home, memory=Memory(heap_mib=1024, page_cache_mib=128))
    yield running
    if not reused:
        stop(home)


@pytest.fixture(scope="session")
def connected(server):
    """One connection for the run; tests ask for `graph`, which is the same one with an empty database."""
    from kartograph.graph.connection import Graph

    with Graph.connect(server.uri, auth=server.auth) as graph:
        yield graph


@pytest.fixture
def graph(connected):
    """A `Graph` whose database holds no nodes and no projections and has no snapshot; constraints and indexes stay."""
    from kartograph.graph.snapshot.snapshot import snapshot_folder

    shutil.rmtree(snapshot_folder(connected), ignore_errors=True)
    connected.query("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS", write=True)
    connected.query(
        "CALL gds.graph.list() YIELD graphName CALL gds.graph.drop(graphName) YIELD graphName AS g RETURN g"
    )
    yield connected
    shutil.rmtree(snapshot_folder(connected), ignore_errors=True)


def _share_servers(folder: Path) -> None:
    SERVERS.mkdir(parents=True, exist_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "servers").exists():
        (folder / "servers").symlink_to(SERVERS)

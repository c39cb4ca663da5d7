"""How a shop's server is: what `kartograph status` shows."""

import shutil
from dataclasses import dataclass
from typing import Any

import neo4j
import psutil

from kartograph import queries
from kartograph.graph.managed.home import ShopDirectory, bytes_below, existing
from kartograph.graph.managed.installing.artifacts import PLUGINS
from kartograph.graph.managed.installing.install import installed
from kartograph.graph.managed.lifecycle import running
from kartograph.graph.managed.password import USER, password_in
from kartograph.graph.managed.process import running_seconds


@dataclass(frozen=True)
class Status:
    """Everything about a shop's server at one moment; None stands where no server runs."""

    shop: str
    folder: str
    running: bool
    generation: str
    """Id of the active database."""
    store_bytes: int
    """Store files of the active database, indexes among them."""
    transaction_log_bytes: int
    log_bytes: int
    free_disk_bytes: int
    """Free on the disk of the folder."""
    plugins: str | None = None
    """Folder of the Graph Data Science jars once they are installed; docker-compose.yml mounts it."""
    neo4j: str | None = None
    """Version of the server."""
    pid: int | None = None
    uptime_seconds: float | None = None
    bolt: str | None = None
    """Address for drivers."""
    browser: str | None = None
    """Address of Neo4j Browser."""
    heap_mib: int | None = None
    """Largest Java heap."""
    page_cache_mib: int | None = None
    rss_mib: int | None = None
    """Memory that the process holds at the moment."""
    nodes: int | None = None
    relationships: int | None = None
    last_load: dict[str, Any] | None = None
    """The newest `:Load` node."""


def status(home: ShopDirectory) -> Status:
    """Return how a shop's server is; a server that does not answer shows as running, without counts."""
    database = home.current / "databases"
    transactions = home.current / "transactions"
    state = running(home)
    server = installed(home.root)
    stopped = Status(
        shop=home.shop,
        folder=str(home.folder),
        running=state is not None,
        generation=home.generation,
        store_bytes=bytes_below(database),
        transaction_log_bytes=bytes_below(transactions),
        log_bytes=bytes_below(home.logs),
        free_disk_bytes=shutil.disk_usage(existing(home.folder)).free,
        plugins=str(server / PLUGINS) if server else None,
    )
    if state is None:
        return stopped
    fields = {
        "neo4j": state.neo4j,
        "pid": state.pid,
        "uptime_seconds": round(running_seconds(state), 1),
        "bolt": state.uri,
        "browser": state.browser,
        "heap_mib": state.heap_mib,
        "page_cache_mib": state.page_cache_mib,
        "rss_mib": _rss_mib(state.pid),
        **_in_database(state.uri, password_in(home.password_file)),
    }
    return Status(**{**vars(stopped), **fields})


def _rss_mib(pid: int) -> int | None:
    try:
        return psutil.Process(pid).memory_info().rss // 2**20
    except (psutil.NoSuchProcess, psutil.AccessDenied):  # it has just ended, or is another user's
        return None


def _in_database(uri: str, password: str) -> dict[str, Any]:
    with neo4j.GraphDatabase.driver(
        # A database where nothing was loaded knows no :Load yet, which is no reason for a warning.
        uri,
        auth=(USER, password),
        connection_timeout=5,
        notifications_min_severity=neo4j.NotificationMinimumSeverity.OFF,
    ) as driver:
        try:
            counts = _first(driver, "operate/size")
            last_load = _first(driver, "operate/last_loads", k=1)
        except (neo4j.exceptions.Neo4jError, neo4j.exceptions.DriverError, OSError):
            return {}
    return {**counts, "last_load": last_load or None}


def _first(driver: neo4j.Driver, name: str, **parameters: Any) -> dict[str, Any]:
    records, _, _ = driver.execute_query(
        queries.load(name).text, parameters, database_="neo4j", routing_=neo4j.RoutingControl.READ
    )
    return records[0].data() if records else {}

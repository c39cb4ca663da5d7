"""Whether a shop's database is whole, and holds what its accounts say, looked into on a copy of it."""

from dataclasses import dataclass, field

import neo4j.exceptions

from kartograph import queries
from kartograph.graph.accounts import Account, read_account, tally_in, write_account
from kartograph.graph.connection import Graph
from kartograph.graph.ledger import active_folder
from kartograph.graph.managed.check import check_store
from kartograph.graph.managed.copying import MEMORY, copied, recover
from kartograph.graph.managed.generations import temporary_server
from kartograph.graph.managed.home import ServerPaths, ShopDirectory
from kartograph.graph.schema import schema_names
from kartograph.tables.errors import ServerError
from kartograph.tables.progress import Progress, silent

UNRECOVERED = "recover"
"""Stands in what administration commands say of a database whose server was killed."""


@dataclass
class Verified:
    """What was found."""

    findings: list[str] = field(default_factory=list)
    """What is wrong, a line each; none where all is well."""
    notes: list[str] = field(default_factory=list)
    """What could not be compared, and why."""
    nodes: int | None = None
    relationships: int | None = None
    events: int | None = None
    checksum: str | None = None
    """Of the keys of all events."""
    waited: float | None = None
    """Seconds for which the shop was not served; None where no server ran."""


def verify(home: ShopDirectory, progress: Progress = silent, accept: bool = False) -> Verified:
    """Check a copy of a shop's store, and compare counts and the checksum of its events with the shop's accounts.

    The shop is served meanwhile, but for the stop, the copy and the start (`waited`). With `accept` the events that
    the copy holds are those that the shop must hold from now on, unless its files are damaged. Raises `BadInput` where
    the shop has no database, `ServerError` where the check cannot run.
    """
    verified = Verified()
    with copied(home, progress) as copy:
        verified.waited = copy.waited
        verified.findings += [f"store: {line}" for line in _checked(copy.paths, progress)]
        try:
            with (
                temporary_server(copy.paths, MEMORY, progress) as server,
                Graph.connect(server.uri, server.auth) as graph,
            ):
                if accept and not verified.findings:
                    tally = tally_in(graph)
                    write_account(copy.paths.folder, tally)
                    write_account(active_folder(home), tally)
                compare(graph, read_account(copy.paths.folder), verified)
        except (ServerError, neo4j.exceptions.Neo4jError) as error:
            if not verified.findings:
                raise
            verified.notes.append(f"events were not counted: {str(error).partition(chr(10))[0]}")
    return verified


def compare(graph: Graph, account: Account | None, verified: Verified) -> None:
    """Add what a graph holds to `verified`, and where it differs from its account and its schema."""
    size, tally = graph.query(queries.load("operate/size")).iloc[0], tally_in(graph)
    verified.nodes, verified.relationships = int(size["nodes"]), int(size["relationships"])
    verified.events, verified.checksum = tally.events, tally.checksum
    if account is None:
        verified.notes.append("the shop keeps no account of its events yet; the next load, or --accept, counts them")
    elif account.known is None:
        verified.notes.append(
            f"events are not compared: {', '.join(account.open)} is under way, or was interrupted; the next load, "
            "or --accept, counts them anew"
        )
    elif tally != account.known:
        verified.findings.append(
            f"events: the database holds {tally}, and the loads brought {account.known}; "
            "load them again, restore a backup, or take it for right with `kartograph verify --accept`"
        )
    indexes = graph.query("SHOW INDEXES YIELD name, state")
    states = dict(zip(indexes["name"], indexes["state"], strict=True))
    verified.findings += [f"index {name}: it is {state}" for name, state in states.items() if state != "ONLINE"]
    if verified.nodes:
        expected_names = {name.removeprefix("schema/") for name in schema_names()}
        missing = sorted(expected_names - set(states))
        verified.findings += [f"index {name}: it is missing; `kartograph upgrade` makes it" for name in missing]


def _checked(paths: ServerPaths, progress: Progress) -> list[str]:
    try:
        return check_store(paths, progress)
    except ServerError as error:
        if UNRECOVERED not in str(error):
            raise
        recover(paths, progress)
        return check_store(paths, progress)

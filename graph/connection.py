"""How Kartograph speaks with a graph database: one `Graph` for the managed server and for any other.

with Graph.local("shop") as graph:
    graph.query("MATCH (i:Item) RETURN i.id AS item_id LIMIT $k", k=10)
"""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self, TypeVar

import neo4j
import neo4j.exceptions
import pandas as pd

from kartograph.graph.managed.home import ShopDirectory
from kartograph.graph.managed.lifecycle import running, start
from kartograph.graph.managed.password import USER, password_in
from kartograph.queries import Statement, without_comments
from kartograph.tables.errors import BadInput, FeatureMissing, GaveUp, ServerError
from kartograph.tables.progress import Progress, silent

if TYPE_CHECKING:
    import py2neo
    from graphdatascience import GraphDataScience

    from kartograph.graph.snapshot.snapshot import Snapshot

T = TypeVar("T")
TRIES_FOR = 60.0
"""Seconds for which work that the server refuses for the moment is tried again."""
SCHEMES = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")
_IN_TRANSACTIONS = re.compile(r"\bIN\s+(?:[\w$`]+\s+)?(?:CONCURRENT\s+)?TRANSACTIONS\b", re.IGNORECASE)
_QUOTED = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"|`(?:``|[^`])*`", re.DOTALL)
_READ_ONLY = re.compile(r"ReadOnly")
_CREATES = re.compile(r"\bCREATE\b")
_UNKNOWN_GDS = re.compile(r"(no procedure with the name|Unknown function) .?gds\.", re.IGNORECASE)


class Graph:
    """A connection to one database; a context manager that closes itself.

    Reads and writes go through managed transactions, which the driver tries again, with growing pauses, when the server
    asks for it (a deadlock, a lock that another writer holds, a change of leader, a lost connection) for up to
    `TRIES_FOR` seconds. `CALL … IN TRANSACTIONS` commits by itself, so it is sent outside of one; it is tried again
    where it is a file of `queries/` that creates nothing, and so may run twice.
    """

    def __init__(self, driver: neo4j.Driver, uri: str, auth: tuple[str, str], database: str):
        """Use `connect` or `local` instead, which check what they are given."""
        self.driver = driver
        self.uri = uri
        self.database = database
        self.home: ShopDirectory | None = None
        """The shop whose managed server this is, where it was opened by its shop (`local`)."""
        self._auth = auth

    @classmethod
    def local(cls, shop: str = "shop", progress: Progress = silent) -> Self:
        """Connect to the managed server of a shop, starting it (and installing it, at the first time) where needed."""
        home = ShopDirectory.of(shop)
        graph = cls._of_running(home)
        if graph is None:
            server = start(home, progress=progress)
            graph = cls.connect(server.uri, server.auth)
        graph.home = home
        return graph

    @classmethod
    def _of_running(cls, home: ShopDirectory) -> Self | None:
        """A connection to the server of a shop where one runs and answers; then there is nothing to wait for."""
        state = running(home) if home.password_file.exists() else None
        if state is None:
            return None
        try:
            return cls.connect(state.uri, (USER, password_in(home.password_file)))
        except ServerError:  # it is starting or stopping, or what is wrong with it is for `start` to say
            return None

    @classmethod
    def connect(cls, uri: str, auth: tuple[str, str], database: str = "neo4j") -> Self:
        """Connect to any Neo4j server or cluster, Aura included.

        `uri` has one of the schemes neo4j, neo4j+s, neo4j+ssc, bolt, bolt+s, bolt+ssc; `auth` is (user, password).
        Raises `BadInput` for another scheme, and `ServerError` where nothing answers or the password is wrong.
        """
        scheme = uri.partition("://")[0]
        if "://" not in uri or scheme not in SCHEMES:
            raise BadInput(
                f'"{uri}" is no address of a Neo4j server: write one of {", ".join(SCHEMES)} and a host, '
                'such as "neo4j+s://host:7687"'
            )
        try:
            driver = neo4j.GraphDatabase.driver(
                uri, auth=auth, connection_timeout=15, max_transaction_retry_time=TRIES_FOR
            )
        except (ValueError, neo4j.exceptions.DriverError) as error:
            raise BadInput(f'"{uri}" is no address of a Neo4j server: {error}') from error
        try:
            with driver.session(database=database, default_access_mode=neo4j.READ_ACCESS) as session:
                session.run("RETURN 1").consume()  # not tried again: a wrong address shall show at once
        except (neo4j.exceptions.Neo4jError, neo4j.exceptions.DriverError, OSError) as error:
            driver.close()
            if scheme == "neo4j+s" and isinstance(error, neo4j.exceptions.ServiceUnavailable):
                error = _without_routing(uri, auth) or error  # the routing driver keeps the cause to itself
            raise ServerError(_unreachable(uri, auth[0], database, error)) from error
        return cls(driver, uri, auth, database)

    def query(
        self,
        statement: str | Statement,
        /,
        *,
        write: bool = False,
        within: float | None = None,
        exact: bool = False,
        **parameters: Any,
    ) -> pd.DataFrame:
        """Run one statement and return its rows, a column per name that it returns.

        `write` is needed for statements that change the graph: in a cluster they go to the leader. The server ends a
        statement after `within` seconds, where they are given. With `exact` columns hold values as the driver gives
        them; otherwise null beside numbers is NaN, and makes whole ones decimal. Raises what the driver raises for a
        statement that the server refuses, and `BadInput` for parameters that are missing.
        """
        kind = object if exact else None
        text, body = _text_and_body(statement, parameters)
        with self._session(neo4j.WRITE_ACCESS if write else neo4j.READ_ACCESS) as session:
            if commits_itself(body):
                return _insisting(statement, body, lambda: _frame(_sent(session, text, parameters), kind))
            run = session.execute_write if write else session.execute_read
            work = neo4j.unit_of_work(timeout=within)
            return run(work(lambda transaction: _frame(_sent(transaction, text, parameters), kind)))

    def read(
        self, statement: str | Statement, consume: Callable[[Iterator[tuple[Any, ...]]], T], **parameters: Any
    ) -> T:
        """Run one statement that reads, and hand its rows to `consume` while they arrive; returns what that returns.

        For answers that are too large to be held as Python objects: what `consume` makes of a row can be smaller. It is
        called again, with all rows anew, where the driver has to try again.
        """
        text, _ = _text_and_body(statement, parameters)
        with self._session(neo4j.READ_ACCESS) as session:
            return session.execute_read(
                lambda transaction: consume(tuple(row.values()) for row in _sent(transaction, text, parameters))
            )

    def execute(self, statement: str | Statement, /, **parameters: Any) -> neo4j.SummaryCounters:
        """Run one statement that changes the graph and return the counts of what it changed."""
        text, body = _text_and_body(statement, parameters)
        with self._session(neo4j.WRITE_ACCESS) as session:
            if commits_itself(body):
                return _insisting(statement, body, lambda: _sent(session, text, parameters).consume().counters)
            return session.execute_write(lambda transaction: _sent(transaction, text, parameters).consume().counters)

    def snapshot(
        self,
        parts: str | Sequence[str] | None = None,
        again: bool = False,
        progress: Progress = silent,
        optional: Sequence[str] = (),
    ) -> "Snapshot":
        """What models learn from, exported once and kept: see `graph.snapshot.snapshot.take_snapshot`."""
        from kartograph.graph.snapshot.snapshot import take_snapshot

        # pyright sees this file twice, as graph.connection and as kartograph.graph.connection.
        return take_snapshot(self, parts, again, progress, optional)  # pyright: ignore[reportArgumentType]

    @cached_property
    def has_gds(self) -> bool:
        """Whether the server carries the Graph Data Science library."""
        found = self.query("SHOW PROCEDURES YIELD name WHERE name = 'gds.graph.list' RETURN count(*) AS found")
        return bool(found["found"][0])

    def need_gds(self) -> None:
        """Raise `FeatureMissing` where the server does not carry the library."""
        if not self.has_gds:
            raise FeatureMissing(_without_gds(self.uri))

    @cached_property
    def gds(self) -> "GraphDataScience":
        """The client of the Graph Data Science library on this connection.

        Raises `FeatureMissing` where the server does not carry the library.
        """
        self.need_gds()
        from graphdatascience import GraphDataScience

        return GraphDataScience(self.uri, auth=self._auth, database=self.database, arrow=False, show_progress=False)

    @contextmanager
    def _session(self, access: str) -> Iterator[neo4j.Session]:
        """Open a session, and say in our words when the server went away or lacks a library."""
        try:
            with self.driver.session(
                database=self.database,
                default_access_mode=access,
                # A shop need not have every kind of event; the driver would print that a type does not exist.
                notifications_disabled_classifications=[neo4j.NotificationDisabledClassification.UNRECOGNIZED],
            ) as session:
                yield session
        except (neo4j.exceptions.ServiceUnavailable, neo4j.exceptions.SessionExpired) as error:
            raise GaveUp(
                f"the server at {self.uri} no longer answers: {error}; see `kartograph status` and `kartograph logs`"
            ) from error
        except neo4j.exceptions.TransientError as error:
            raise GaveUp(
                f"the server at {self.uri} was asked again for {TRIES_FOR:.0f} s and refused: {error.message}; another "
                "writer holds what is to be changed, or the server is short of memory. What was written before is in "
                "the graph; run the same again when the other is done"
            ) from error
        except neo4j.exceptions.ClientError as error:
            if isinstance(error, neo4j.exceptions.Forbidden) or _READ_ONLY.search(error.code or ""):
                raise ServerError(
                    f"the server at {self.uri} does not let this user change or read that: {error.message}. Use a user "
                    "who may, or a server that is not read-only (`kartograph stop`, then `kartograph start`)"
                ) from error
            if _UNKNOWN_GDS.search(error.message or "") and not self.has_gds:
                raise FeatureMissing(_without_gds(self.uri)) from error
            raise

    def py2neo(self) -> "py2neo.Graph":
        """Return a py2neo graph on this connection, for code written for py2neo; it is closed with the connection.

        What Neo4j 5 does not understand (py2neo's schema helpers) raises `FeatureMissing` with the statement to use.
        """
        return self._py2neo

    @cached_property
    def _py2neo(self) -> "py2neo.Graph":
        from kartograph.graph.py2neo_graph import open_py2neo

        return open_py2neo(self.uri, self._auth, self.database)

    def close(self) -> None:
        """Close the connection."""
        if "_py2neo" in self.__dict__:
            from kartograph.graph.py2neo_graph import close_py2neo

            close_py2neo(self._py2neo)
        if "gds" in self.__dict__:
            self.gds.close()
        self.driver.close()

    def __enter__(self) -> Self:
        """Return this connection."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self.close()


def commits_itself(body: str) -> bool:
    """Tell whether Cypher text without comments holds `CALL … IN TRANSACTIONS`, which needs auto-commit."""
    return bool(_IN_TRANSACTIONS.search(_QUOTED.sub("''", body)))


def _insisting(statement: str | Statement, body: str, run: Callable[[], T]) -> T:
    """Run a statement that commits by itself; ours that may run twice are tried again for `TRIES_FOR` seconds."""
    until, pause = time.monotonic() + TRIES_FOR, 1.0
    while True:
        try:
            return run()
        except neo4j.exceptions.TransientError:
            again = isinstance(statement, Statement) and not _CREATES.search(body)
            if not again or time.monotonic() + pause > until:
                raise
        time.sleep(pause)
        pause *= 2


def _text_and_body(statement: str | Statement, parameters: dict[str, Any]) -> tuple[str, str]:
    if isinstance(statement, str):
        return statement, without_comments(statement)
    if missing := sorted(statement.parameters - parameters.keys()):
        raise BadInput(
            f"queries/{statement.name}.cypher needs the parameters {', '.join(sorted(statement.parameters))}; "
            f"missing: {', '.join(missing)}"
        )
    return statement.text, statement.body


def _sent(to: neo4j.Session | neo4j.ManagedTransaction, text: str, parameters: dict[str, Any]) -> neo4j.Result:
    # The driver wants literals, to keep formatted text out; here the text is a person's or a file's.
    return to.run(text, parameters)  # pyright: ignore[reportArgumentType]


def _frame(result: neo4j.Result, kind: type | None = None) -> pd.DataFrame:
    names = result.keys()
    return pd.DataFrame(result.values(), columns=list(names), dtype=kind)


def _without_gds(uri: str) -> str:
    return (
        f"the server at {uri} has no Graph Data Science library, and PageRank, node similarity, embeddings and the "
        "models that use them (`kartograph enrich`) need it. Install the library there, or use the managed server "
        "(`kartograph start`), which carries it; loading and the other queries work without"
    )


def _unreachable(uri: str, user: str, database: str, error: Exception) -> str:
    if isinstance(error, neo4j.exceptions.AuthError):
        return f'the server at {uri} refuses the user "{user}" with this password; check both (NEO4J_PASSWORD)'
    if isinstance(error, neo4j.exceptions.ClientError):
        return f'the server at {uri} answers, but not for the database "{database}": {error.message}'
    if "CERTIFICATE_VERIFY_FAILED" in _with_causes(error):
        return (
            f"the server at {uri} has a certificate that no authority of this machine has signed; to take it as it is, "
            f"write {uri.replace('+s:', '+ssc:', 1)}"
        )
    cause = str(error).partition("\n")[0]
    return f"no Neo4j answers at {uri}: {cause} Check the address (NEO4J_URI) and that the server runs"


def _without_routing(uri: str, auth: tuple[str, str]) -> Exception | None:
    """What goes wrong between this machine and the one server that an address with routing names."""
    address = uri.replace("neo4j+s:", "bolt+s:", 1)
    try:
        with neo4j.GraphDatabase.driver(address, auth=auth, connection_timeout=15) as driver:
            driver.verify_connectivity()
    except (neo4j.exceptions.Neo4jError, neo4j.exceptions.DriverError, OSError) as error:
        return error
    return None


def _with_causes(error: BaseException | None) -> str:
    texts = []
    while error is not None:
        texts.append(str(error))
        error = error.__cause__ or error.__context__
    return "\n".join(texts)

"""How one live load at a time works on a database, whatever becomes of the others.

The load holds a lock in a transaction that stays open for its whole time: another one waits, and the server gives the
lock back when the process that held it is gone. A lock can be lost too (the server was restarted), so every batch also
asks, in its own transaction, whether its load is still the one at work.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import neo4j
import neo4j.exceptions

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.runs import run_name
from kartograph.tables.progress import Progress, silent


@contextmanager
def exclusive_load(graph: Graph, progress: Progress = silent) -> Iterator[str]:
    """Hold the right to load into the database of `graph` for a `with` block; yields the holder's name.

    Waits while another load is at work.
    """
    holder = run_name("load")
    progress("Claiming the graph (waits while another load is at work)")
    with graph.driver.session(database=graph.database, default_access_mode=neo4j.WRITE_ACCESS) as session:
        transaction = _locked(session, holder)
        try:
            graph.query(queries.load("load/begin"), write=True, holder=holder, started=time.time_ns() // 1_000_000)
            yield holder
        finally:
            # What the server lost, or will lose with this connection, need not be given back, nor be waited for.
            with suppress(neo4j.exceptions.Neo4jError, neo4j.exceptions.DriverError, OSError):
                with graph.driver.session(database=graph.database) as last:
                    last.run(queries.load("load/end").text, holder=holder).consume()
                transaction.rollback()


def _locked(session: neo4j.Session, holder: str) -> neo4j.Transaction:
    """A transaction that holds the lock, however long another load holds it: the server lets wait for a while only."""
    while True:
        transaction = session.begin_transaction()
        try:
            transaction.run(queries.load("load/claim").text, holder=holder).consume()
            return transaction
        except neo4j.exceptions.TransientError:
            transaction.close()
        except BaseException:
            transaction.close()
            raise

"""How are blocks written: each in one transaction with its record, several at a time, again where the server asks.

The record, a `:Load` node, is committed with what it records. So a block whose connection broke in the commit is
known to be in the graph, or not, and is never written twice.
"""

import time
from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from threading import Lock
from typing import Self

import neo4j

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.live.statements import Block
from kartograph.tables.errors import ServerError
from kartograph.tables.progress import Progress, silent

AHEAD = 8
"""Blocks that wait for their turn, at most."""


@dataclass
class Writer:
    """Writes blocks of one load and counts what came of them.

    It writes while its user goes on: a context that ends when everything is written, or raises what a block raised.
    """

    graph: Graph
    holder: str
    """Who holds the claim, see `exclusive_load`."""
    source: str
    sha256: str
    batch: int
    """Number of the next record."""
    sessions: int
    """Transactions that are written at once."""
    progress: Progress = silent
    batches: int = 0
    """Blocks written."""
    rows: int = 0
    """Events written that the graph did not have."""
    retries: int = 0
    """Transactions that were begun again: deadlocks, changes of leader, lost connections."""
    _lock: Lock = field(default_factory=Lock)
    _under_way: set[Future[None]] = field(default_factory=set)
    _needed: frozenset[Future[None]] = frozenset()

    def __enter__(self) -> Self:
        """Open the threads that write."""
        self._pool = ThreadPoolExecutor(self.sessions)
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """Wait for what is under way; what waits for its turn is dropped after an error."""
        try:
            if kind is None:
                self.wait()
        finally:
            self._pool.shutdown(cancel_futures=True)

    def write(self, blocks: Iterable[Block], step: str) -> None:
        """Have blocks written, in any order; returns when the last of them waits for its turn."""
        for block in blocks:
            self.wait(left=self.sessions + AHEAD)
            self._under_way.add(self._pool.submit(self._after, self._needed, block, self.batch))
            self.batch += 1
            self.progress(step, self.rows)

    def then(self) -> None:
        """Have what comes next written after everything before."""
        self._needed = frozenset(self._under_way)

    def wait(self, left: int = 0) -> None:
        """Wait until no more than `left` blocks are under way; raises what one of the others raised."""
        while True:
            for one in [one for one in self._under_way if one.done()]:
                self._under_way.remove(one)
                one.result()
            if len(self._under_way) <= left:
                return
            wait(self._under_way, return_when=FIRST_COMPLETED)

    def _after(self, needed: frozenset[Future[None]], block: Block, batch: int) -> None:
        # The threads take blocks in turn, so those before are written or under way: nobody waits for one that waits.
        for one in needed:
            one.result()
        self._write(block, batch)

    def _write(self, block: Block, batch: int) -> None:
        tries, started = 0, time.time_ns() // 1_000_000
        record = {"id": f"{self.source}-{self.sha256[:12]}-{batch}", "batch": batch, "rows": block.rows}

        def work(transaction: neo4j.ManagedTransaction) -> bool:
            nonlocal tries
            tries += 1
            if tries > 1 and _value(transaction, "has_batch", id=record["id"]):
                return True
            results = [
                transaction.run(queries.load(f"load/{name}").text, parameters).consume()
                for name, parameters in block.statements
            ]
            if not any(result.counters.contains_updates for result in results):
                return False
            known = {"source": self.source, "sha256": self.sha256, "holder": self.holder, "marked": block.marked}
            finished = time.time_ns() // 1_000_000
            if _value(transaction, "record_batch", **known, **record, started=started, finished=finished) is None:
                raise ServerError(
                    "another load has taken over this graph, because the server lost sight of this one; what was "
                    "written is whole, so run the same command again when the other is done: it goes on from there"
                )
            return True

        with self.graph.driver.session(
            database=self.graph.database,
            default_access_mode=neo4j.WRITE_ACCESS,
            notifications_min_severity=neo4j.NotificationMinimumSeverity.OFF,
        ) as session:
            wrote = session.execute_write(work)
        with self._lock:
            self.batches += wrote
            self.rows += block.rows
            self.retries += tries - 1


def _value(transaction: neo4j.ManagedTransaction, name: str, **parameters: object) -> object:
    row = transaction.run(queries.load(f"load/{name}").text, parameters).single()
    return row[0] if row else None

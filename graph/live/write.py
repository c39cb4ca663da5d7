"""How are blocks written: each in one transaction with its record, several at a time, again where the server asks.

The record, a `:Load` node, is committed with what it records. So a block whose connection broke in the commit is
known to be in the graph, or not, and is never written twice.
"""

import time
from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from threading import Lock

import neo4j

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.live.blocks import Block
from kartograph.tables.errors import ServerError
from kartograph.tables.progress import Progress, silent


@dataclass
class Writer:
    """Writes blocks of one load and counts what came of them."""

    graph: Graph
    holder: str
    """Who holds the claim, see `claimed`."""
    source: str
    sha256: str
    batch: int
    """Number of the next record."""
    batches: int = 0
    """Blocks written."""
    rows: int = 0
    """Events written that the graph did not have."""
    retries: int = 0
    """Transactions that were begun again: deadlocks, changes of leader, lost connections."""
    _lock: Lock = field(default_factory=Lock)

    def write(self, blocks: Iterable[Block], sessions: int, step: str, progress: Progress = silent) -> None:
        """Write all blocks over `sessions` sessions at once; raises what a block raised, after the others ended."""
        with ThreadPoolExecutor(sessions) as pool:
            running: set[Future[None]] = set()
            for block in blocks:
                # The next blocks are made while these are written, and no more of them are held.
                if len(running) > sessions:
                    done, running = wait(running, return_when=FIRST_COMPLETED)
                    for one in done:
                        one.result()
                running.add(pool.submit(self._write, block, self.batch))
                self.batch += 1
                progress(step, self.rows)
            for one in running:
                one.result()

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
            known = {"source": self.source, "sha256": self.sha256, "holder": self.holder}
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

"""The process that speaks with Neo4j for all workers: it makes bundles, flushes the logs, and says how Neo4j is.

    python -m kartograph.serving.keeper PARENT SHOP [CONFIG]

Workers never wait for the graph. Killed at any moment it leaves the bundle in use and the logs as they are; the server
starts it anew. It ends when the process PARENT is no longer its parent.
"""

import json
import logging
import os
import signal
import sys
import time
from pathlib import Path
from threading import Event, Thread
from typing import Any, NoReturn

import neo4j.exceptions

from kartograph.graph.connection import Graph
from kartograph.serving.bundle.making import change_versions, make_bundle, read_description, served_versions, state_of
from kartograph.serving.catalogue import flush as catalogue
from kartograph.serving.catalogue.changes import ChangeLog
from kartograph.serving.config import ServeConfig
from kartograph.serving.events import flush as events
from kartograph.serving.events.log import EventLog
from kartograph.serving.experiments import record_experiment
from kartograph.serving.exposures import flush as exposures
from kartograph.serving.exposures.counting import Counting
from kartograph.serving.logs import set_up_logs
from kartograph.serving.promotions import of_graph, write_promotions
from kartograph.serving.reach import Shop
from kartograph.tables.errors import BadInput, KartographError, StillChanging
from kartograph.tables.whole import write_whole

log = logging.getLogger("kartograph.serving.keeper")
NICE = 10
"""How far the keeper stands back behind workers that need the same cores."""
FORGET_SECONDS = 600.0
"""How often old events are removed from the log."""
UNREACHABLE = (KartographError, neo4j.exceptions.Neo4jError, neo4j.exceptions.DriverError, OSError)


class Keeper:
    """What is done again and again."""

    def __init__(self, shop: Shop, config: ServeConfig) -> None:
        """Open the logs; nothing is asked yet."""
        self.shop, self.config, self.paths = shop, config, shop.paths
        self.changes, self.events = ChangeLog(self.paths.items), EventLog(self.paths.events)
        self.counting = Counting(self.paths.events)
        self._graph: Graph | None = None
        self._read_data = self._flushed = self._forgot = 0.0

    def tick(self) -> None:
        """Do what is due; whatever Neo4j answers ends in `health.json`, never in an exception."""
        error = None
        try:
            if self._graph is None:
                self._graph = self.shop.connect()
                self._note_experiment(self._graph)
            if time.monotonic() - self._flushed >= self.config.refresh.flush_seconds:
                self._flush(self._graph)
                self._flushed = time.monotonic()
            self._renew(self._graph)
            self._forget()
        except UNREACHABLE as caught:
            error = str(caught) or type(caught).__name__
            log.warning("Neo4j: %s", error)
            self._disconnect()
        self._tell(error)

    @property
    def _arms(self) -> tuple[str, ...]:
        return tuple(self.config.experiment.split) if self.config.experiment else ()

    def _note_experiment(self, graph: Graph) -> None:
        try:
            record_experiment(graph, self.config.experiment)
        except BadInput as error:
            log.error("cannot count the results of the experiment", extra={"error": str(error)})

    def _flush(self, graph: Graph) -> None:
        """Bring what waits into the graph: items first, for events are about them.

        A step is repeated only after a full batch: what comes in meanwhile must not keep the others waiting.
        """
        for what, full, flush in (
            ("changes", catalogue.AT_ONCE, lambda: catalogue.flush_changes(graph, self.changes)),
            ("events", events.AT_ONCE, lambda: events.flush_events(graph, self.events, self.shop.suppression)),
            ("exposures", exposures.AT_ONCE, lambda: exposures.flush_exposures(graph, self.counting)),
        ):
            done = full
            while done >= full:
                done = flush()
                if done:
                    log.info("wrote %s", what, extra={what: done})

    def _renew(self, graph: Graph) -> None:
        """Change versions, a moment's work, then make a new bundle where the data changed and was not read just now."""
        description = read_description(self.paths)
        database, state = state_of(graph)
        if description is not None and database == description.database:
            if served_versions(graph, self._arms)[0] != description.tried:
                description = change_versions(graph, self.shop.models, self.paths, self._arms)
                log.info("changed versions", extra={"bundle": description.bundle, "versions": description.versions})
            read_just_now = time.monotonic() - self._read_data < self.config.refresh.data_seconds
            if state == description.state or read_just_now:
                return
        item_seq = self.changes.last_flushed()
        try:
            fresh = make_bundle(graph, self.shop.models, self.paths, item_seq, arms=self._arms)
        except StillChanging as error:  # the one in use stays until a load is done
            log.warning("no bundle yet", extra={"error": str(error)})
            return
        self._read_data = time.monotonic()
        log.info("made a bundle", extra={"bundle": fresh.bundle, "versions": fresh.versions})
        if description is not None:  # workers may still be at the one before
            self.changes.forget(description.item_seq)

    def _forget(self) -> None:
        """Now and then remove events that went into the graph and are in the bundle, and what was counted long ago."""
        description = read_description(self.paths)
        if description is not None and time.monotonic() - self._forgot >= FORGET_SECONDS:
            self.events.forget(description.made)
            self.counting.forget()
            self._forgot = time.monotonic()

    def _disconnect(self) -> None:
        if self._graph is not None:
            self._graph.close()
            self._graph = None

    def _tell(self, error: str | None) -> None:
        health: dict[str, Any] = {"neo4j": "down" if error else "up", "error": error, "at": time.time()}
        health["queued_changes"] = self.changes.waiting()
        write_whole(self.paths.health, json.dumps(health))


class PromotionWatch:
    """Hands promotions that changed in the graph on to the workers, beside the keeper's other work: they act soon,
    however long a flush or the bundle of a large shop takes.
    """

    def __init__(self, shop: Shop, poll_seconds: float) -> None:
        """Nothing is asked yet."""
        self.shop, self.poll_seconds = shop, poll_seconds
        self._wrong: set[str] = set()

    def run(self, ended: Event) -> None:
        """Look with every poll until the end; a graph that does not answer is asked again with the next one."""
        while not ended.wait(self.poll_seconds):
            try:
                with self.shop.connect() as graph:
                    self.look(graph)
                    while not ended.wait(self.poll_seconds):
                        self.look(graph)
            except UNREACHABLE as caught:  # the keeper's own connection tells the reason
                log.debug("no promotions: %s", caught)

    def look(self, graph: Graph) -> None:
        """Write what is valid for the workers; name in the log, once, what is not."""
        promotions, wrong = of_graph(graph)
        write_promotions(self.shop.paths.promotions, promotions)
        for id in wrong.keys() - self._wrong:
            log.warning("a promotion is not valid", extra={"promotion": id, "why": wrong[id]})
        self._wrong = set(wrong)


def main(arguments: list[str]) -> NoReturn:
    """Keep a shop until the process that started this one ends."""
    set_up_logs()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's; the server ends this process itself
    os.nice(NICE)
    parent, shop = int(arguments[0]), Shop(arguments[1])  # the parent may have ended while this process began
    config = ServeConfig.read(Path(arguments[2])) if len(arguments) > 2 else ServeConfig()
    keeper = Keeper(shop, config)
    ended = Event()
    Thread(target=PromotionWatch(shop, config.refresh.poll_seconds).run, args=(ended,), daemon=True).start()
    while os.getppid() == parent:
        keeper.tick()
        time.sleep(config.refresh.poll_seconds)
    ended.set()
    sys.exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])

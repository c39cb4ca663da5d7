"""One worker: the view that answers are made from, brought up to date before each answer, and changed for a newer one.

A newer bundle is opened beside the one in use, in a thread, and takes its place between two answers: no request waits
for it or fails.
"""

import asyncio
import json
import logging
import os
import signal
import sqlite3
from typing import Any

from kartograph.graph.erasure.suppression import Suppression, read_suppression
from kartograph.serving.api.access import Access
from kartograph.serving.bundle.opened import Bundle, ServedModel, current_name
from kartograph.serving.catalogue.changes import ChangeLog
from kartograph.serving.config import ServeConfig
from kartograph.serving.events.log import EventLog
from kartograph.serving.events.writing import EventWriter
from kartograph.serving.experiments import assigned
from kartograph.serving.exposures.answers import Assignment
from kartograph.serving.keys import read_keys
from kartograph.serving.metrics import Metrics
from kartograph.serving.promotions import Promotion, read_promotions
from kartograph.serving.reach import Shop
from kartograph.serving.view import View
from kartograph.tables.errors import BadInput, KartographError

LOOK_SECONDS = 0.5
"""How often a worker looks whether there is a newer bundle."""
END_SECONDS = 10.0
"""How long a worker without a server may take to end by itself."""
log = logging.getLogger("kartograph.serving")


class ServingState:
    """Everything that the calls of one worker share."""

    def __init__(self, shop: Shop, config: ServeConfig, access: Access, metrics: Metrics) -> None:
        """Open the logs and the bundle in use; raises `ServerError` where there is none."""
        self.shop, self.config, self.access, self.metrics = shop, config, access, metrics
        self.paths = paths = shop.paths
        self._suppression: tuple[int, Suppression] = (0, Suppression("", frozenset()))
        self.changes, self.events = ChangeLog(paths.items), EventLog(paths.events)
        self.writer = EventWriter(paths.events)
        self._promotions: tuple[int, list[Promotion]] = (0, [])
        self._view = View.of(Bundle.open(paths), self.changes, self.events)
        self._read_promotions()

    @property
    def view(self) -> View:
        """The view, with every change that was acknowledged before."""
        if self.changes.moved():
            self._view.catch_up(self.changes)
        return self._view

    def served(self, view: View, name: str | None) -> ServedModel | None:
        """The model of a request: the one named, else the configured one, else the first; None where none is trained.

        Raises `BadInput` for a name of which no version is served.
        """
        name = name or self.config.models.default
        models = view.bundle.models
        if name is None:
            names = [name for name, served in models.items() if name == served.name]
            return models[min(names)] if names else None
        if name not in models and name == self.config.models.default:
            return None
        if name not in models:
            failed = view.bundle.made.failed.get(name)
            why = f": {failed}" if failed else ""
            raise BadInput(f'no version of the model "{name}" is served{why}. There are {", ".join(models) or "none"}.')
        return models[name]

    def assigned(
        self, view: View, name: str | None, user: str | None, session: str | None = None
    ) -> tuple[ServedModel | None, Assignment | None]:
        """The model of a request and the arm that it was chosen by: that of the experiment, if one runs, for a user or
        a session that names no model. An arm whose version is not served takes no part. Raises `BadInput` as `served`.
        """
        if name is None and self.config.experiment is not None:
            assignment = assigned(self.config.experiment, user, session)
            if assignment is not None and (served := view.bundle.models.get(assignment.arm)) is not None:
                return served, assignment
        return self.served(view, name), None

    def is_suppressed(self, user: str) -> bool:
        """Whether a user was erased and may not come back; the list is read again where it has changed."""
        path = self.shop.suppression
        try:
            changed = path.stat().st_mtime_ns
        except FileNotFoundError:
            return False
        if changed != self._suppression[0]:
            self._suppression = changed, read_suppression(path)
        return self._suppression[1].holds(user)

    async def follow(self) -> None:
        """Take up newer bundles for as long as the worker runs, and end it where its server was killed: a worker that
        nobody keeps would answer from what it has for ever, on the port of the next server.
        """
        parent = os.getppid()
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if os.getppid() != parent:
                log.error("the server process has ended; this worker ends too")
                os.kill(os.getpid(), signal.SIGTERM)
                await asyncio.sleep(END_SECONDS)
                os._exit(1)
            try:
                await self._look()
            except (KartographError, OSError, ValueError, sqlite3.Error) as error:
                log.warning("cannot switch to the new bundle", extra={"error": str(error)})

    def health(self) -> dict[str, Any]:
        """What the keeper has last seen of Neo4j."""
        try:
            return json.loads(self.paths.health.read_text("utf-8"))
        except (OSError, ValueError):
            return {"neo4j": "unknown"}

    def close(self) -> None:
        """Write what was acknowledged or waits, and close the logs."""
        self.writer.close()
        self.changes.close()
        self.events.close()

    async def _look(self) -> None:
        """Take up keys, promotions and a bundle that are newer than those in use."""
        self._read_keys()
        self._read_promotions()
        if current_name(self.paths) in (None, self._view.bundle.made.bundle):
            return
        self._view = await asyncio.to_thread(self._opened)
        self._view.catch_up(self.changes)
        self._read_promotions()
        log.info("switched to a new bundle", extra={"versions": self._view.bundle.made.versions})

    def _read_keys(self) -> None:
        try:
            self.access.keys = read_keys(self.paths.keys)
        except BadInput as error:
            self.access.keys = []
            log.error("cannot read the keys; requests that need one are refused", extra={"error": str(error)})

    def _read_promotions(self) -> None:
        path = self.paths.promotions
        changed = path.stat().st_mtime_ns if path.exists() else 0
        if changed != self._promotions[0]:
            self._promotions = changed, read_promotions(path)
        self._view.promotions = self._promotions[1]

    def _opened(self) -> View:
        changes = ChangeLog(self.paths.items)  # of this thread
        try:
            return View.of(Bundle.open(self.paths, self._view.bundle), changes, self.events)
        finally:
            changes.close()

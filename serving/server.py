"""The processes of `kartograph serve`: a keeper that speaks with Neo4j, and workers that answer.

The HTTP server is Granian: measured beside uvicorn on the same two cores (FastAPI, one worker, 16 connections, a JSON
body echoed) it answered 2.4 to 2.8 times as many requests a second with half the p99. Workers are forked, so that what
is imported before is shared by all of them; one that dies is started anew.
"""

import gc
import ipaddress
import os
import signal
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

from granian.constants import Interfaces
from granian.server import Server
from threadpoolctl import threadpool_limits

from kartograph.models.where.conditions import where
from kartograph.serving.api.guard import App
from kartograph.serving.app import worker
from kartograph.serving.bundle.making import make_bundle, served_versions
from kartograph.serving.bundle.opened import Bundle
from kartograph.serving.catalogue.changes import ChangeLog
from kartograph.serving.config import ServeConfig
from kartograph.serving.events.log import EventLog
from kartograph.serving.experiments import record_experiment
from kartograph.serving.keys import read_keys
from kartograph.serving.logs import set_up_logs
from kartograph.serving.metrics import begin_counting
from kartograph.serving.paths import ServingPaths
from kartograph.serving.ranking.lists import recommended
from kartograph.serving.ranking.question import Past, Question
from kartograph.serving.ranking.reasons import reasons
from kartograph.serving.reach import Shop
from kartograph.serving.view import View
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent

LOOK_SECONDS = 1.0
"""How often it is looked whether the keeper lives."""
KILL_SECONDS = 30
"""After which a worker that was asked to end is killed."""


def prepare(shop: Shop, config: ServeConfig, progress: Progress = silent) -> None:
    """Make a first bundle, from a graph that answers. Raises as `Shop.connect` and `make_bundle` do.

    Raises `BadInput` for an experiment whose arms are not served, or that has run with another split.
    """
    shop.paths.create()
    arms = tuple(config.experiment.split) if config.experiment else ()
    changes = ChangeLog(shop.paths.items)
    with shop.connect() as graph:
        versions, _ = served_versions(graph, arms)
        if missing := [arm for arm in arms if arm not in versions]:
            raise BadInput(
                f'the experiment assigns users to "{missing[0]}", which is neither a version nor a model that has one: '
                f"{', '.join(sorted(versions)) or 'none'} could be served (`kartograph versions`)"
            )
        record_experiment(graph, config.experiment)
        make_bundle(graph, shop.models, shop.paths, changes.last_flushed(), progress, arms)
    changes.close()


def serve(shop: Shop, host: str, port: int, workers: int, config: ServeConfig, config_file: Path | None) -> None:
    """Serve until the process is asked to end (SIGINT, SIGTERM); requests under way are answered before.

    Raises `BadInput` for a host beyond loopback while there is no key.
    """
    requires_key = not is_loopback(host)
    if (requires_key or config.security.require_key) and not read_keys(shop.paths.keys):
        raise BadInput(
            f"--host {host} accepts connections from other machines, which requires a key: create one "
            "(`kartograph keys add NAME --role read`), or listen on 127.0.0.1"
        )
    set_up_logs()
    begin_counting(shop.paths.metrics)
    _warm_up(shop.paths, config)
    stopping = threading.Event()
    watching = threading.Thread(target=_keep, args=(shop, config_file, stopping), daemon=True)
    watching.start()
    os.register_at_fork(after_in_child=_end_as_usual)
    server = Server(
        "kartograph",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=workers,
        websockets=False,
        log_level="warning",  # pyright: ignore[reportArgumentType]
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=KILL_SECONDS,
    )
    try:
        server.serve(target_loader=partial(_worker, shop, config, requires_key))
    finally:
        stopping.set()
        watching.join(timeout=60)
        gc.unfreeze()  # or libraries tell of objects that nobody freed


def is_loopback(host: str) -> bool:
    """Whether an address is reached from this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _end_as_usual() -> None:
    """Have a worker end when it is asked to before it serves: the handler that it was forked with would note that for
    a process that it is not. Ctrl-C asks the parent as well, which asks its workers.
    """
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _worker(shop: Shop, config: ServeConfig, requires_key: bool, *_: object) -> App:
    set_up_logs()
    threadpool_limits(1)  # workers share the cores: a question in several threads makes others wait, and costs more
    return worker(shop, config, requires_key)


def _warm_up(paths: ServingPaths, config: ServeConfig) -> None:
    """Import and compile what answers need before workers are forked: they begin at once and share it.

    Raises `ServerError` where there is nothing to serve.
    """
    bundle = Bundle.open(paths)
    changes, events = ChangeLog(paths.items), EventLog(paths.events)
    view = View.of(bundle, changes, events)
    question = Question(1, where(available=True), [Past(row, 0, 0) for row in range(min(1, bundle.items))])
    with threadpool_limits(1):  # a forked process has none of the threads that were begun before
        for served in [*bundle.models.values()] or [None]:
            listed = recommended(view, question, served, config.fallback.chain)
            reasons(view, listed, question.history, of_user=False)
    changes.close()
    events.close()
    gc.collect()
    gc.freeze()


def _keep(shop: Shop, config_file: Path | None, stopping: threading.Event) -> None:
    """Run the keeper, and run it again where it ends before it is asked to."""
    command = [sys.executable, "-m", "kartograph.serving.keeper", str(os.getpid()), shop.name]
    command += [str(config_file)] if config_file else []
    while not stopping.is_set():
        # So it is spawned without a pipe to this process: a worker that is forked at the same moment would keep the
        # pipe open, this thread would wait for its end as long as the worker lives, and no keeper would begin again.
        process = subprocess.Popen(command, close_fds=False)
        while process.poll() is None and not stopping.wait(LOOK_SECONDS):
            pass
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

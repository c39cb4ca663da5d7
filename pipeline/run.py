"""A run of the nightly pipeline: the steps in their order, one run a shop at a time, taken up again after a kill.

outcome = run_pipeline(read_declaration(Path("shop.toml")), connect, models)
outcome.status, outcome.verdict
"""

import hashlib
import logging
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import filelock

from kartograph.graph.connection import Graph
from kartograph.graph.managed.home import ShopDirectory, unwritable
from kartograph.graph.runs import run_name
from kartograph.models.saved.version_files import folder_of
from kartograph.pipeline.declaration import Declaration
from kartograph.pipeline.failures import tell
from kartograph.pipeline.journal import Journal, Journals, StepRecord
from kartograph.pipeline.metrics import write_metrics
from kartograph.pipeline.night import Connect, Night, Result, Stopped
from kartograph.pipeline.recipes import Recipe
from kartograph.pipeline.record import forget, record
from kartograph.pipeline.sources import fingerprint
from kartograph.pipeline.steps import data_steps, model_steps
from kartograph.tables.errors import BadInput, KartographError
from kartograph.tables.progress import Progress, silent
from kartograph.tables.whole import make_private

STEPS: dict[str, Callable[[Night], Result]] = {
    step.__name__: step
    for step in (
        data_steps.sources,
        data_steps.checks,
        data_steps.load,
        data_steps.expire,
        data_steps.enrich,
        model_steps.measure,
        model_steps.gate,
        model_steps.train,
        model_steps.publish,
        model_steps.report,
    )
}
"""The steps in their order."""


def pipeline_folder(shop: str) -> Path:
    """Where the journals, the log and the metrics of a shop's pipeline are kept."""
    return ShopDirectory.of(shop).folder / "pipeline"


def journals_of(shop: str) -> Journals:
    """The journals of a shop."""
    return Journals(pipeline_folder(shop) / "runs")


def run_pipeline(
    declaration: Declaration, connect: Connect | None = None, models: Path | None = None, progress: Progress = silent
) -> Journal:
    """Run all steps, or go on where a killed run of the same declaration on the same files stopped.

    `connect` opens the shop's graph, by default that of its managed server; `models` is the folder of its trained
    models, by default the one in the shop's folder. Whatever goes wrong ends in the
    journal that is returned, with status `stopped` or `failed`; `on_failure` is told then, and how many runs failed in
    a row. Raises `BadInput` where another run of the shop is at work.
    """
    name = declaration.shop.name
    folder = pipeline_folder(name)
    models = models or folder_of(name)
    connect = connect or partial(Graph.local, name)
    with _only_run(name, folder), _log(folder / "pipeline.log") as log:
        journals = journals_of(name)
        journal = _begun(declaration, journals)
        night = Night(declaration, journal, journals, models, connect, progress)
        try:
            _run(night, log)
        finally:
            night.close()
            _give_report(night, log)
        return journal


def _begun(declaration: Declaration, journals: Journals) -> Journal:
    """A new journal, or that of a killed run that can be taken up again; others of killed runs are closed."""
    try:
        files = "/".join(fingerprint(source) for source in declaration.sources)
    except BadInput as error:  # the first step says what is wrong
        files = str(error)
    key = hashlib.sha256(f"{declaration.model_dump_json()}/{files}".encode()).hexdigest()[:16]
    for journal in journals.all():
        if journal.status != "running":
            continue
        if journal.key == key:
            journal.attempts += 1
            return journal
        journal.status, journal.finished = "abandoned", _now()
        journal.verdict = "killed, and the declaration or the files were others when the next run began"
        journals.write(journal)
        shutil.rmtree(journals.work_folder(journal), ignore_errors=True)
    return Journal(run_name("night"), declaration.shop.name, key, _now())


def _run(night: Night, log: logging.Logger) -> None:
    journal = night.journal
    log.info("%s began, attempt %d", journal.id, journal.attempts)
    try:
        for name, step in STEPS.items():
            if not journal.is_done(name):
                _step(night, name, step, log)
        journal.status, journal.verdict = "done", _verdict(journal)
    except Stopped as error:
        journal.status, journal.verdict = "stopped", f"stopped by the checks: {error}"
    except KartographError as error:
        journal.status, journal.verdict = "failed", f"failed in {_at_work(journal)}: {error}"
    except Exception as error:  # a fault of ours is told like any other: nobody watches at night
        log.exception("failed")
        journal.status, journal.verdict = "failed", f"failed in {_at_work(journal)}: {type(error).__name__}: {error}"
    journal.finished = _now()
    log.info("%s %s: %s", journal.id, journal.status, journal.verdict)


def _step(night: Night, name: str, step: Callable[[Night], Result], log: logging.Logger) -> None:
    """Run one step; before and after it the journal is on the disk."""
    former = night.journal.steps.get(name)
    kept = night.journal.steps[name] = StepRecord(started=_now(), figures=former.figures if former else {})
    night.journals.write(night.journal)
    night.progress(f"Step {name}")
    began = time.perf_counter()
    try:
        kept.note, kept.figures = step(night)
        kept.state = "done"
    except BaseException:
        kept.state = "failed"
        raise
    finally:
        kept.seconds = round(time.perf_counter() - began, 3)
    night.journals.write(night.journal)
    log.info("%s: %s (%.1f s)", name, kept.note, kept.seconds)


def _give_report(night: Night, log: logging.Logger) -> None:
    """Write journal, graph records and metrics, and tell of a failure: each whatever becomes of the others."""
    journal, publish = night.journal, night.declaration.publish
    if journal.status == "running":  # interrupted by hand: the same command goes on
        return
    night.journals.write(journal)
    shutil.rmtree(night.folder, ignore_errors=True)
    old = night.journals.all()[: -publish.keep_runs]
    for one in old:
        night.journals.remove(one)
    with _logged(log, "the runs are not recorded in the graph"):
        record(night.graph, night.journals.all())
        forget(night.graph, old)
    night.close()
    metrics = Path(publish.metrics) if publish.metrics else night.journals.folder.parent / "metrics.prom"
    with _logged(log, "the metrics are not written"):
        write_metrics(metrics, journal.shop, night.journals)
    if journal.status != "done" and publish.on_failure:
        complaint = tell(publish.on_failure, journal.shop, journal.id, failure_message(night.journals, journal))
        if complaint:
            log.error("%s", complaint)
            journal.verdict += f" The notification failed: {complaint}."
            night.journals.write(journal)


def failure_message(journals: Journals, journal: Journal) -> str:
    """What a person is told of a run that failed: why, how many failed in a row, and when the last one got through."""
    count, success = journals.failures_in_a_row(), journals.last_success()
    since = (
        f"the last one that got through began {in_words(success.started)}" if success else "none has got through yet"
    )
    often = f"{count} runs in a row have failed" if count > 1 else "this run failed"
    return f'The nightly pipeline of the shop "{journal.shop}" {journal.verdict} ({often}; {since}.)'


def in_words(moment: int) -> str:
    """A moment in milliseconds as a date in UTC."""
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(moment / 1000))


@contextmanager
def _logged(log: logging.Logger, what: str) -> Iterator[None]:
    """Log an error of the block instead of raising it."""
    try:
        yield
    except Exception as error:
        log.error("%s: %s", what, error)


@contextmanager
def _only_run(shop: str, folder: Path) -> Iterator[None]:
    """Hold the right to run a shop's pipeline; the operating system takes it back when the process ends."""
    lock = filelock.FileLock(folder / "run.lock")
    try:
        make_private(folder)
        lock.acquire(timeout=0)
    except filelock.Timeout:
        raise BadInput(
            f'Another run of the shop "{shop}" is at work: see {folder / "pipeline.log"}, and wait until it is done.'
        ) from None
    except OSError as error:
        raise unwritable(folder, error) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _log(path: Path) -> Iterator[logging.Logger]:
    """A logger that appends to a file, and to nothing else."""
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(process)d %(levelname)s %(message)s"))
    log = logging.Logger("kartograph.pipeline", logging.INFO)
    log.addHandler(handler)
    try:
        yield log
    finally:
        with suppress(OSError):
            handler.close()


def _verdict(journal: Journal) -> str:
    """What a run that got through has come to."""
    decided, published = journal.figures("gate"), journal.figures("measure")["published"]
    if decided["winner"] is None:
        return f"{Recipe.of(published) if published else 'nothing'} stays: {decided['why']}"
    return f"published {Recipe.of(decided['winner'])}: {decided['why']}"


def _at_work(journal: Journal) -> str:
    return next((name for name, step in journal.steps.items() if step.state != "done"), "the beginning")


def _now() -> int:
    return time.time_ns() // 1_000_000

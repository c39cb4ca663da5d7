"""What one model reaches on cases, and what it costs."""

import threading
import time
from dataclasses import dataclass
from typing import Self

import numpy as np
import psutil

from kartograph.evaluation.cases import Cases
from kartograph.evaluation.graph_models import with_needed
from kartograph.evaluation.leaks import refuse_foreign_items
from kartograph.evaluation.metrics.accuracy import CaseFigures, case_figures, summary
from kartograph.evaluation.metrics.beyond import ItemFacts, beyond_accuracy
from kartograph.models.array_model import ArrayModel
from kartograph.models.data import Histories, TrainingData
from kartograph.models.scoring.ranking import TopK
from kartograph.tables.progress import Progress, silent

TIMED_CASES = 300
"""Cases that are asked one by one for the response times."""


@dataclass(frozen=True)
class Timings:
    """The cost of one model."""

    fit_s: float
    ms_p50: float
    """Median time of an answer to one case asked alone."""
    ms_p99: float
    ms_batch: float
    """Time per case when all are asked together."""
    peak_mib: float
    """Largest resident memory of the process while the model learned and answered; tables and cases are in it."""


@dataclass(frozen=True)
class Outcome:
    """What one model reached."""

    figures: dict[str, float | int | None]
    """Means over the cases; None where a figure is not defined on them."""
    timings: Timings
    top: TopK
    cases: CaseFigures
    """The measures of every case."""


class PeakMemory:
    """Watches the process's resident memory from a thread, twenty times a second."""

    def __enter__(self) -> Self:
        """Start watching."""
        self._done = threading.Event()
        self._process = psutil.Process()
        self.mib = self._process.memory_info().rss / 2**20
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop watching; `mib` holds the peak."""
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(0.05):
            self.mib = max(self.mib, self._process.memory_info().rss / 2**20)


def measure(
    model: ArrayModel,
    data: TrainingData,
    cases: Cases,
    k: int,
    progress: Progress = silent,
    facts: ItemFacts | None = None,
    timed: int = TIMED_CASES,
) -> Outcome:
    """Fit the model, rank all cases at k, and time single answers on up to `timed` cases spread over all.

    With `facts` of the training data the figures beyond accuracy are among the others.
    """
    queries = cases.asked_of(model)
    with PeakMemory() as memory:
        started = time.perf_counter()
        model.fit(with_needed(model, data, progress), progress)
        fit_s = time.perf_counter() - started
        refuse_foreign_items(model, data.items)
        _answer(model, queries, cases, 0, k)  # compiles what is compiled on first use
        started = time.perf_counter()
        top = model.rank(queries, k, cases.owners, cases.masked, progress)
        batch_s = time.perf_counter() - started
        times = []
        for case in np.linspace(0, len(cases) - 1, min(timed, len(cases)), dtype=int):
            started = time.perf_counter()
            _answer(model, queries, cases, int(case), k)
            times.append(1000 * (time.perf_counter() - started))
    p50, p99 = np.percentile(times, [50, 99])
    timings = Timings(fit_s, float(p50), float(p99), 1000 * batch_s / len(cases), memory.mib)
    figures: dict[str, float | int | None] = {**summary(top, cases.truth, len(data.items))}
    if facts is not None:
        figures |= beyond_accuracy(top, cases, facts)
    return Outcome(figures, timings, top, case_figures(top, cases.truth))


def _answer(model: ArrayModel, queries: Histories, cases: Cases, case: int, k: int) -> TopK:
    one_case = slice(case, case + 1)
    masked = None if cases.masked is None else cases.masked[one_case]
    return model.rank(queries.part(case, case + 1), k, cases.owners[one_case], masked)

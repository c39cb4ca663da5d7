"""Which steps of the enrichment would give something else today: the notes that steps leave in the graph.

`(:Run {step, options, reads, inputs, loads, loaded})` says what a step saw when it began: its options, the loads that
there were, and the runs that wrote what it reads. A step is stale when any of it is no longer so. `unmarked` counts
the loads that did not mark what they changed: where only others came since, and not too many events since the step last
worked on the whole shop (`whole`, `whole_events`), it may work on what is marked alone.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.tables.errors import NothingThere

OTHER_OPTIONS = "ran with other options"
LIMIT = 0.05
"""A step works on the whole shop again after more events than this share of those that there were the last time."""


@dataclass
class StepRecord:
    """What a step says about itself when it is done."""

    written: int = 0
    little: bool = False
    """Whether all that changed since the step's last run was marked by live loads (`changes`), and is little."""
    partly: bool = False
    """Whether the step worked on that alone."""
    whole: int | None = None
    """When it last worked on the whole shop, in milliseconds UTC; None where that is not known."""


def stale_because(graph: Graph, step: str, options: str, named: bool = False, usual: str | None = None) -> str | None:
    """Say why a step has to run (again), None where it is fresh.

    A note without options, as a bulk load leaves it, counts as one with the `usual` ones; without these, with those of
    today. A `named` step that found nothing to work on runs again, so that it says why.
    """
    notes = graph.query(queries.load("enrich/steps")).set_index("step")
    if step not in notes.index:
        return "never ran"
    stale, ran_with = notes.at[step, "stale"], notes.at[step, "options"]
    if isinstance(stale, str):
        return stale
    if (ran_with if isinstance(ran_with, str) else usual or options) != options:
        return OTHER_OPTIONS
    return "had nothing to work on" if named and notes.at[step, "status"] == "nothing" else None


@contextmanager
def record_step(graph: Graph, step: str, run: str, options: str, reads: Sequence[str]) -> Iterator[StepRecord]:
    """Note what a step sees before it begins, and that it is done at the end of the block.

    What fails leaves the note of a run that never finished, so the step stays stale, but for one that finds nothing to
    work on.
    """
    begun = graph.query(
        queries.load("enrich/begin_step"),
        write=True,
        exact=True,
        note={"step": step, "run": run, "options": options, "reads": list(reads), "started": _now()},
        limit=LIMIT,
    ).iloc[0]
    note = StepRecord(little=begun["little"], whole=begun["whole"])
    try:
        yield note
    except NothingThere:
        _finish(graph, run, "nothing", StepRecord())
        raise
    _finish(graph, run, "done", note)


def _finish(graph: Graph, run: str, status: Literal["done", "nothing"], note: StepRecord) -> None:
    outcome = {"status": status, "written": note.written, "partly": note.partly, "finished": _now()}
    graph.query(queries.load("enrich/finish_step"), write=True, run=run, **outcome)


def _now() -> int:
    return time.time_ns() // 1_000_000

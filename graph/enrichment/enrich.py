"""How a loaded shop becomes an enriched graph: the steps in their order, each with its seconds."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from kartograph.graph.connection import Graph
from kartograph.graph.enrichment.freshness import OTHER_OPTIONS, record_step, stale_because
from kartograph.graph.enrichment.steps import STEP_OF, Enrichment, Written
from kartograph.graph.enrichment.user_pagerank import write_pagerank_of_users
from kartograph.graph.runs import run_name
from kartograph.tables.errors import BadInput, GaveUp, NothingThere
from kartograph.tables.progress import Progress, silent

USERS = "pagerank-of-users"
"""The name under which the graph notes `rank_users`."""
STEPS = tuple(STEP_OF)
"""The names of all steps in their order: a later one may use what an earlier one wrote."""


@dataclass(frozen=True)
class StepResult:
    """What one step did."""

    step: str
    seconds: float
    written: int
    """Edges or node properties written."""
    because: str | None
    """Why it ran; None where it was fresh and nothing was done."""
    note: str | None = None
    """What else it has to say."""


def enrich(
    graph: Graph,
    steps: tuple[str, ...] | None = None,
    options: Enrichment | None = None,
    progress: Progress = silent,
    again: bool = False,
) -> list[StepResult]:
    """Run the steps that are stale, in the order of `STEPS` whatever the order given; returns what each did.

    Without `steps` all of them, and one that finds nothing to work on is passed over: a shop of sessions without users
    has no preferences. A step that is named fails then.

    A step is stale when data was loaded since it ran, when a step that it reads ran since, when it ran with other
    options, or never to its end; with `again` all steps given run. Running again replaces what the former run wrote.
    A bulk load brings popularity and co-occurrence along. After small live loads most steps work on what
    these changed alone, and say so, unless `again` is asked for; docs/operation.md tells how the results differ from
    those of a whole run. Raises `BadInput` for a step that does not exist, and as `projected` does; the steps before
    the one that failed have been written then.
    """
    unknown = [step for step in steps or () if step not in STEP_OF]
    if unknown or steps == ():
        raise BadInput(f'there is no step "{", ".join(unknown)}": the steps are {", ".join(STEPS)}')
    options = options or Enrichment()
    chosen = [step for step in STEPS if steps is None or step in steps]
    results = []
    for done, name in enumerate(chosen):
        progress(STEP_OF[name].what, done, len(chosen))
        try:
            results.append(_result(graph, name, options, again, steps is not None))
        except NothingThere:
            if steps is not None:
                raise
            results.append(StepResult(name, 0.0, 0, "there is nothing to work on"))
        except GaveUp as error:
            raise GaveUp(
                f"{error}. The step {name} is not done, and stays stale; before it {_named(results)} done: "
                "`kartograph enrich` goes on from there"
            ) from error
    progress(STEP_OF[chosen[-1]].what, len(chosen), len(chosen))
    return results


def _named(results: Sequence[StepResult]) -> str:
    ran = [result.step for result in results if result.because]
    return f"{', '.join(ran)} {'was' if len(ran) == 1 else 'were'}" if ran else "none was"


def _result(graph: Graph, name: str, options: Enrichment, again: bool, named: bool) -> StepResult:
    step = STEP_OF[name]
    heeded, usual = repr(step.options(options)), repr(step.options(Enrichment()))
    because = "asked for" if again else stale_because(graph, name, heeded, named, usual)
    if because is None:
        return StepResult(name, 0.0, 0, None)
    run = run_name(name)
    began = time.perf_counter()
    whole = again or because == OTHER_OPTIONS
    with record_step(graph, name, run, heeded, step.reads) as note:
        done = step.partly(graph, run, options) if step.partly and note.little and not whole else None
        note.partly = done is not None and not done.whole
        done = done or step.run(graph, run, options)
        note.written, remark = done[:2] if isinstance(done, Written) else (done, None)
    if note.partly and note.whole:
        remark = f"{remark}; whole last at {datetime.fromtimestamp(note.whole / 1000, UTC):%Y-%m-%d %H:%M} UTC"
    return StepResult(name, time.perf_counter() - began, note.written, because, remark)


def rank_users(graph: Graph, users: Sequence[str], options: Enrichment | None = None) -> StepResult:
    """Write P(u, c) of these users by GDS, in place of the walks.

    It stays until a user's preferences change, or the step "user-pagerank" runs on the whole shop. Raises
    `BadInput` for users without preferences.
    """
    options = options or Enrichment()
    run = run_name(USERS)
    began = time.perf_counter()
    with record_step(graph, USERS, run, repr(options.pagerank), ("preferences",)) as note:
        written = write_pagerank_of_users(graph, run, users, options.pagerank, options.user_pagerank)
        note.written, agreement = written
    return StepResult(USERS, time.perf_counter() - began, note.written, "asked for", str(agreement))

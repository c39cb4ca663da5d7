"""How a loaded shop becomes an enriched graph: the steps in their order, each with its seconds."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.counts import counts_of
from kartograph.graph.enrichment.changes import take_stale_pairs, take_stale_preferences
from kartograph.graph.enrichment.co_occurrence import write_changed_co_occurrence, write_co_occurrence
from kartograph.graph.enrichment.communities import (
    Communities,
    has_derived,
    join_communities,
    write_communities,
    write_derived_categories,
)
from kartograph.graph.enrichment.embedding import FastRP, write_embeddings
from kartograph.graph.enrichment.embedding_of_new import write_new_embeddings
from kartograph.graph.enrichment.freshness import noted, stale_because
from kartograph.graph.enrichment.pagerank import PageRank, write_pagerank
from kartograph.graph.enrichment.pagerank_again import KEPT_WITHIN, rank_categories_again, rank_items_again
from kartograph.graph.enrichment.preferences import Preferences, someone_else_counts, write_preferences
from kartograph.graph.enrichment.similar.neighbours import Neighbours, write_neighbours
from kartograph.graph.enrichment.similar.similarity import Similarity, write_similarity
from kartograph.graph.enrichment.user_pagerank import (
    UserPageRank,
    write_new_user_pagerank,
    write_pagerank_of_users,
    write_user_pagerank,
)
from kartograph.graph.runs import run_name
from kartograph.tables.derived.co_occurrence import CoOccurrence
from kartograph.tables.errors import BadInput, GaveUp, NothingThere
from kartograph.tables.progress import Progress, silent


@dataclass(frozen=True)
class Enrichment:
    """What each step may be told; the steps themselves are named in the call."""

    co_occurrence: CoOccurrence = field(default_factory=CoOccurrence)
    """How pairs are counted, where they are counted anew."""
    communities: Communities = field(default_factory=Communities)
    preferences: Preferences = field(default_factory=Preferences)
    pagerank: PageRank = field(default_factory=PageRank)
    user_pagerank: UserPageRank = field(default_factory=UserPageRank)
    similarity: Similarity = field(default_factory=Similarity)
    embedding: FastRP = field(default_factory=FastRP)
    neighbours: Neighbours = field(default_factory=Neighbours)


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


class Written(NamedTuple):
    """What a step wrote, with a note."""

    number: int
    note: str | None


Work = Callable[[Graph, str, Enrichment], int | Written]
"""What a step does, under the name of a run."""


@dataclass(frozen=True)
class _Step:
    what: str
    run: Work
    """On the whole shop."""
    options: Callable[[Enrichment], object]
    """The options that it heeds: with others it is stale."""
    reads: tuple[str, ...] = ()
    """The steps whose results it uses: once they ran, it is stale."""
    partly: Callable[[Graph, str, Enrichment], Written | None] | None = None
    """On what small live loads changed alone (`Note.partly`); None of it where that has to be the whole shop."""


def _popularity(graph: Graph, run: str, options: Enrichment) -> int:
    return int(graph.query(queries.load("enrich/item_popularity"), write=True)["items"][0])


def _popularity_partly(graph: Graph, run: str, options: Enrichment) -> Written:
    return Written(counts_of(graph).get("Item", 0), "the live loads counted")


def _co_occurrence(graph: Graph, run: str, options: Enrichment) -> int:
    take_stale_pairs(graph)
    return sum(write_co_occurrence(graph, kind, run, options.co_occurrence) for kind in ("item", "category"))


def _co_occurrence_partly(graph: Graph, run: str, options: Enrichment) -> Written | None:
    changed = take_stale_pairs(graph)
    if changed is None:
        return None
    written = write_changed_co_occurrence(graph, changed, run, options.co_occurrence)
    written += write_co_occurrence(graph, "category", run, options.co_occurrence)
    return Written(written, f"of items only what {len(changed.sessions):,} sessions changed")


def _preferences(graph: Graph, run: str, options: Enrichment) -> int:
    take_stale_preferences(graph)
    return write_preferences(graph, run, options.preferences)


def _preferences_partly(graph: Graph, run: str, options: Enrichment) -> Written | None:
    given = options.preferences
    if has_derived(graph) or (given.otherwise_all and not someone_else_counts(graph, given)):
        return None
    users = take_stale_preferences(graph)
    if users is None:
        return None
    return Written(write_preferences(graph, run, given, users), f"only of the {len(users):,} users who did something")


def _pagerank(graph: Graph, run: str, options: Enrichment) -> int:
    written = write_pagerank(graph, "item", options.pagerank)
    with suppress(NothingThere):  # a shop may have no categories or no users at all
        written += write_pagerank(graph, "category", options.pagerank)
    return written


def _pagerank_partly(graph: Graph, run: str, options: Enrichment) -> Written:
    written = rank_items_again(graph, options.pagerank)
    with suppress(NothingThere):
        written += rank_categories_again(graph, options.pagerank)
    return Written(written, f"only ranks that moved by more than {KEPT_WITHIN:.1%}")


def _user_pagerank(graph: Graph, run: str, options: Enrichment) -> Written:
    written, agreement = write_user_pagerank(graph, run, options.user_pagerank, options.pagerank)
    return Written(written, agreement and str(agreement))


def _user_pagerank_partly(graph: Graph, run: str, options: Enrichment) -> Written:
    written, users = write_new_user_pagerank(graph, run, options.user_pagerank)
    return Written(written, f"only of {users:,} users with other preferences")


def _communities_partly(graph: Graph, run: str, options: Enrichment) -> Written:
    return Written(join_communities(graph), "only of items that had none")


def _similarity(graph: Graph, run: str, options: Enrichment) -> Written:
    edges, changed = write_similarity(graph, run, options.similarity)
    return Written(edges, f"{changed:,} edges changed")


def _embedding_partly(graph: Graph, run: str, options: Enrichment) -> Written:
    items, new = write_new_embeddings(graph, options.embedding)
    return Written(items, f"only of {new:,} items that had none")


_STEPS = {
    "popularity": _Step("Counting events per item", _popularity, lambda options: None, partly=_popularity_partly),
    "co-occurrence": _Step(
        "Counting which items and categories occur together",
        _co_occurrence,
        lambda options: options.co_occurrence,
        reads=("popularity",),
        partly=_co_occurrence_partly,
    ),
    "communities": _Step(
        "Finding communities of items",
        lambda graph, run, options: write_communities(graph, options.communities),
        lambda options: options.communities,
        reads=("co-occurrence",),
        partly=_communities_partly,
    ),
    "categories": _Step(
        "Deriving categories where the data names none",
        lambda graph, run, options: write_derived_categories(graph, run, options.co_occurrence),
        lambda options: options.co_occurrence,
        reads=("communities",),
    ),
    "preferences": _Step(
        "Writing which categories users prefer",
        _preferences,
        lambda options: options.preferences,
        reads=("categories",),
        partly=_preferences_partly,
    ),
    "pagerank": _Step(
        "PageRank of items and categories",
        _pagerank,
        lambda options: options.pagerank,
        reads=("co-occurrence", "preferences"),
        partly=_pagerank_partly,
    ),
    "user-pagerank": _Step(
        "PageRank of categories from each user",
        _user_pagerank,
        lambda options: (options.user_pagerank, options.pagerank),
        reads=("preferences",),
        partly=_user_pagerank_partly,
    ),
    "similarity": _Step(
        "Comparing items by their users",
        _similarity,
        lambda options: options.similarity,
    ),
    "embedding": _Step(
        "Embedding items",
        lambda graph, run, options: write_embeddings(graph, options.embedding),
        lambda options: options.embedding,
        partly=_embedding_partly,
    ),
    "neighbours": _Step(
        "Looking up the nearest items by their embeddings",
        lambda graph, run, options: Written(*write_neighbours(graph, run, options.neighbours)),
        lambda options: options.neighbours,
        reads=("embedding",),
        partly=lambda graph, run, options: Written(*write_neighbours(graph, run, options.neighbours, partly=True)),
    ),
}
USERS = "pagerank-of-users"
"""The name under which the graph notes `rank_users`."""
STEPS = tuple(_STEPS)
"""The names of all steps in their order: a later one may use what an earlier one wrote."""


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
    unknown = [step for step in steps or () if step not in _STEPS]
    if unknown or steps == ():
        raise BadInput(f'there is no step "{", ".join(unknown)}": the steps are {", ".join(STEPS)}')
    options = options or Enrichment()
    chosen = [step for step in STEPS if steps is None or step in steps]
    results = []
    for done, name in enumerate(chosen):
        progress(_STEPS[name].what, done, len(chosen))
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
    progress(_STEPS[chosen[-1]].what, len(chosen), len(chosen))
    return results


def _named(results: Sequence[StepResult]) -> str:
    ran = [result.step for result in results if result.because]
    return f"{', '.join(ran)} {'was' if len(ran) == 1 else 'were'}" if ran else "none was"


def _result(graph: Graph, name: str, options: Enrichment, again: bool, named: bool) -> StepResult:
    step = _STEPS[name]
    heeded = repr(step.options(options))
    because = "asked for" if again else stale_because(graph, name, heeded, named)
    if because is None:
        return StepResult(name, 0.0, 0, None)
    run = run_name(name)
    began = time.perf_counter()
    with noted(graph, name, run, heeded, step.reads) as note:
        done = step.partly(graph, run, options) if step.partly and note.partly and not again else None
        note.partly = done is not None
        done = done or step.run(graph, run, options)
        note.written, remark = done if isinstance(done, Written) else (done, None)
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
    with noted(graph, USERS, run, repr(options.pagerank), ("preferences",)) as note:
        written = write_pagerank_of_users(graph, run, users, options.pagerank, options.user_pagerank)
        note.written, agreement = written
    return StepResult(USERS, time.perf_counter() - began, note.written, "asked for", str(agreement))

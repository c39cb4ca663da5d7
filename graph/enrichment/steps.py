"""What each step of the enrichment does, on the whole shop and on what small live loads changed."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.graph.counts import counts_of
from kartograph.graph.enrichment.changes import StalePairs, take_stale_pairs, take_stale_preferences
from kartograph.graph.enrichment.communities import (
    Communities,
    has_derived,
    join_communities,
    write_communities,
    write_derived_categories,
)
from kartograph.graph.enrichment.embedding import FastRP, write_embeddings
from kartograph.graph.enrichment.embedding_of_new import write_new_embeddings
from kartograph.graph.enrichment.pagerank import PageRankOptions, write_pagerank
from kartograph.graph.enrichment.pagerank_again import KEPT_WITHIN, rank_categories_again, rank_items_again
from kartograph.graph.enrichment.pairs.co_occurrence import (
    write_category_co_occurrence,
    write_changed_co_occurrence,
    write_given_category_co_occurrence,
    write_item_co_occurrence,
)
from kartograph.graph.enrichment.preferences import Preferences, someone_else_counts, write_preferences
from kartograph.graph.enrichment.similar.neighbours import Neighbours, write_neighbours
from kartograph.graph.enrichment.similar.similarity import SimilarityOptions, write_similarity
from kartograph.graph.enrichment.user_pagerank import UserPageRank, write_new_user_pagerank, write_user_pagerank
from kartograph.tables.derived.co_occurrence import CoOccurrenceOptions
from kartograph.tables.errors import NothingThere
from kartograph.tables.report import counted


@dataclass(frozen=True)
class Enrichment:
    """The options of each step; the steps themselves are named in the call."""

    co_occurrence: CoOccurrenceOptions = field(default_factory=CoOccurrenceOptions)
    """How pairs are counted, where they are counted anew."""
    communities: Communities = field(default_factory=Communities)
    preferences: Preferences = field(default_factory=Preferences)
    pagerank: PageRankOptions = field(default_factory=PageRankOptions)
    user_pagerank: UserPageRank = field(default_factory=UserPageRank)
    similarity: SimilarityOptions = field(default_factory=SimilarityOptions)
    embedding: FastRP = field(default_factory=FastRP)
    neighbours: Neighbours = field(default_factory=Neighbours)


class Written(NamedTuple):
    """What a step wrote, with a note."""

    number: int
    note: str | None
    whole: bool = False
    """Whether a step that was to work on changes alone worked on the whole shop all the same."""


Work = Callable[[Graph, str, Enrichment], int | Written]
"""What a step does, under the name of a run."""


@dataclass(frozen=True)
class Step:
    """One step of the enrichment."""

    what: str
    run: Work
    """On the whole shop."""
    options: Callable[[Enrichment], object]
    """The options that it heeds: with others it is stale."""
    reads: tuple[str, ...] = ()
    """The steps whose results it uses: once they ran, it is stale."""
    partly: Callable[[Graph, str, Enrichment], Written | None] | None = None
    """On what small live loads changed alone (`StepRecord.little`); None of it where that has to be the whole shop."""


def _popularity(graph: Graph, run: str, options: Enrichment) -> int:
    return int(graph.query(queries.load("enrich/item_popularity"), write=True)["items"][0])


def _popularity_partly(graph: Graph, run: str, options: Enrichment) -> Written:
    return Written(counts_of(graph).get("Item", 0), "the live loads counted")


def _co_occurrence(graph: Graph, run: str, options: Enrichment) -> int:
    take_stale_pairs(graph)
    written = write_item_co_occurrence(graph, run, options.co_occurrence)
    return written + _of_categories(graph, run, options)


def _of_categories(graph: Graph, run: str, options: Enrichment, changed: StalePairs | None = None) -> int:
    if has_derived(graph):
        return write_category_co_occurrence(graph, run, options.co_occurrence)
    return write_given_category_co_occurrence(graph, run, options.co_occurrence, changed)


def _co_occurrence_partly(graph: Graph, run: str, options: Enrichment) -> Written | None:
    changed = take_stale_pairs(graph)
    if changed is None:
        return None
    written = write_changed_co_occurrence(graph, changed, run, options.co_occurrence)
    written += _of_categories(graph, run, options, changed)
    return Written(written, f"only what {len(changed.sessions):,} sessions changed")


def _preferences(graph: Graph, run: str, options: Enrichment) -> int:
    take_stale_preferences(graph)
    return write_preferences(graph, run, options.preferences)


def _preferences_partly(graph: Graph, run: str, options: Enrichment) -> Written | None:
    preference_options = options.preferences
    if has_derived(graph) or (preference_options.otherwise_all and not someone_else_counts(graph, preference_options)):
        return None
    users = take_stale_preferences(graph)
    if users is None:
        return None
    return Written(
        write_preferences(graph, run, preference_options, users), f"only of the {len(users):,} users who did something"
    )


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


def _similarity(graph: Graph, run: str, options: Enrichment, partly: bool = False) -> Written:
    edges, changed, users = write_similarity(graph, run, options.similarity, partly)
    read = "" if users is None else f"read of {counted(users, 'user')} who did something; "
    return Written(edges, f"{read}{counted(changed, 'edge')} changed", whole=users is None)


def _embedding_partly(graph: Graph, run: str, options: Enrichment) -> Written:
    items, new = write_new_embeddings(graph, options.embedding)
    return Written(items, f"only of {new:,} items that had none")


STEP_OF = {
    "popularity": Step("Counting events per item", _popularity, lambda options: None, partly=_popularity_partly),
    "co-occurrence": Step(
        "Counting which items and categories occur together",
        _co_occurrence,
        lambda options: options.co_occurrence,
        reads=("popularity",),
        partly=_co_occurrence_partly,
    ),
    "communities": Step(
        "Finding communities of items",
        lambda graph, run, options: write_communities(graph, options.communities),
        lambda options: options.communities,
        reads=("co-occurrence",),
        partly=_communities_partly,
    ),
    "categories": Step(
        "Deriving categories where the data names none",
        lambda graph, run, options: write_derived_categories(graph, run, options.co_occurrence),
        lambda options: options.co_occurrence,
        reads=("communities",),
    ),
    "preferences": Step(
        "Writing which categories users prefer",
        _preferences,
        lambda options: options.preferences,
        reads=("categories",),
        partly=_preferences_partly,
    ),
    "pagerank": Step(
        "PageRank of items and categories",
        _pagerank,
        lambda options: options.pagerank,
        reads=("co-occurrence", "preferences"),
        partly=_pagerank_partly,
    ),
    "user-pagerank": Step(
        "PageRank of categories from each user",
        _user_pagerank,
        lambda options: (options.user_pagerank, options.pagerank),
        reads=("preferences",),
        partly=_user_pagerank_partly,
    ),
    "similarity": Step(
        "Comparing items by their users",
        _similarity,
        lambda options: options.similarity,
        partly=partial(_similarity, partly=True),
    ),
    "embedding": Step(
        "Embedding items",
        lambda graph, run, options: write_embeddings(graph, options.embedding),
        lambda options: options.embedding,
        partly=_embedding_partly,
    ),
    "neighbours": Step(
        "Looking up the nearest items by their embeddings",
        lambda graph, run, options: Written(*write_neighbours(graph, run, options.neighbours)),
        lambda options: options.neighbours,
        reads=("embedding",),
        partly=lambda graph, run, options: Written(*write_neighbours(graph, run, options.neighbours, partly=True)),
    ),
}
"""The steps by name, in their order: a later one may use what an earlier one wrote."""

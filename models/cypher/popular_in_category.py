"""What to recommend to users of whom little or nothing is known: what is popular where they looked, then overall."""

import pandas as pd

from kartograph import queries
from kartograph.graph.connection import Graph
from kartograph.models.columns import ITEM, QUESTION, SCORE
from kartograph.models.cypher.model import AMOUNTS, RANKED, SERVED_BY, VIA, Allowed, CypherModel, Question
from kartograph.models.registry import model

NAME = "popular-in-category"


@model("popular-in-category", "asks Neo4j: popular in the category of the last item, then overall", serves="anyone")
class PopularInCategory(CypherModel):
    """What is popular in the category of the last item, then in the whole shop; serves everybody.

    `score(q, j) = popularity(j) / Σ_i popularity(i)` over the items i of that category. An empty history gets what has
    most events in the shop, and where the category has fewer than k items, the shop's popular ones follow, scaled
    below the last of them; `served_by` names who gave a row.

    Source: the popularity baseline of Cremonesi, Koren and Turrin, "Performance of Recommender Algorithms on Top-N
    Recommendation Tasks" (2010), section 4.1, within a category.
    """

    def ranked(self, questions: list[Question], k: int, allowed: Allowed) -> pd.DataFrame:
        """Fill the popular items of the category up with those of the shop."""
        return popular(self._graph(), questions, k, allowed, self.called)


def popular(graph: Graph, questions: list[Question], k: int, allowed: Allowed, name: str) -> pd.DataFrame:
    """Popular items for each question: of the last item's category, then of the shop."""
    statement = queries.load("recommend/batch_popular_in_category")
    rows = [question.row(1) for question in questions if question.items]
    frame = graph.query(statement, rows=rows, **allowed.parameters, k=k)
    best = frame.assign(kind="same-category", **{SERVED_BY: name})[list(RANKED)]
    short = _lacking(best, questions, k)
    if not short:
        return best
    # At most k of an answer of 2k can be among the question's own k already.
    rows = [question.row(0) for question in short]
    overall = graph.query(queries.load("recommend/batch_popular"), rows=rows, **allowed.parameters, k=2 * k)
    # Popularity itself is behind these items: there is no item to name.
    behind = {VIA: [[""] for _ in overall[SCORE]], AMOUNTS: [[score] for score in overall[SCORE]]}
    return filled_up(best, overall.assign(kind="popular", **behind, **{SERVED_BY: name})[list(RANKED)], k)


def filled_with_popular(
    graph: Graph, best: pd.DataFrame, questions: list[Question], k: int, allowed: Allowed
) -> pd.DataFrame:
    """Fill questions that have fewer than k items up with popular ones; `served_by` names these."""
    short = _lacking(best, questions, k)
    return filled_up(best, popular(graph, short, 2 * k, allowed, NAME), k) if short else best


def filled_up(best: pd.DataFrame, more: pd.DataFrame, k: int) -> pd.DataFrame:
    """The rows of `best`, then those of `more` whose item the question does not have yet, k a question at most.

    Scores of different sources do not compare: those of `more` are scaled below the question's last one.
    """
    joined = pd.concat([frame for frame in (best, more) if len(frame)] or [best], ignore_index=True)
    joined = joined.drop_duplicates([QUESTION, ITEM])
    lowest = joined[QUESTION].map(best.groupby(QUESTION)[SCORE].min())
    highest = joined[QUESTION].map(more.groupby(QUESTION)[SCORE].max())
    below = (joined.index >= len(best)) & lowest.notna()
    joined.loc[below, SCORE] = 0.5 * lowest[below] * joined.loc[below, SCORE] / highest[below]
    return joined.groupby(QUESTION, sort=False).head(k)


def _lacking(ranked: pd.DataFrame, questions: list[Question], k: int) -> list[Question]:
    counts = ranked[QUESTION].value_counts()
    return [question for question in questions if counts.get(question.number, 0) < k]

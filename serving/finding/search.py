"""Items by the words of their titles: the bundle's full-text index, and the titles that changed since."""

import re
import sqlite3
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from kartograph.serving.view import View

HITS = 500
"""Best matches that are looked at."""
TITLE_SHARE = 0.5
"""What the match of the words weighs beside the history of who asks."""


class Search:
    """The titles of one bundle."""

    def __init__(self, view: "View") -> None:
        """Open the index."""
        path = view.bundle.folder / "search.sqlite"
        self._database = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True, check_same_thread=False)

    def hits(self, view: "View", text: str) -> dict[int, float]:
        """Rows whose titles hold all the words, the last one perhaps only its beginning; larger is better.

        1 for the best match by BM25, and for every title that changed since the bundle was made.
        """
        words = re.findall(r"\w+", text.casefold())
        if not words:
            return {}
        quoted = [f'"{word}"' for word in words]  # words of the index's language have no quotes in them
        statement = "SELECT rowid, -rank FROM titles WHERE titles MATCH ? ORDER BY rank LIMIT ?"
        rows = self._database.execute(statement, (" ".join(quoted) + "*", HITS)).fetchall()
        best = max((score for _, score in rows), default=1.0) or 1.0
        changed = view.catalogue.changed_titles
        scores_of = {row: score / best for row, score in rows if row not in changed}
        for row, title in changed.items():
            if title is not None and all(word in title.casefold() for word in words):
                scores_of[row] = 1.0
        return scores_of


def personal_order(hits: dict[int, float], liked: dict[int, float], popularity: np.ndarray) -> list[tuple[int, float]]:
    """Rows by how well they match and how well they go with a history; equals by popularity, then by row.

        score = ½ match + ½ liked / max liked

    Where nothing is known of who asks, popularity takes the place of what is liked, on a logarithmic scale.
    """
    rows = np.fromiter(hits, np.int64)
    match = np.fromiter(hits.values(), float)
    taste = np.array([liked.get(row, 0.0) for row in rows.tolist()])
    if not taste.any():
        taste = np.log1p(popularity[rows])
    largest = taste.max(initial=0.0)
    scores = TITLE_SHARE * match + (1 - TITLE_SHARE) * (taste / largest if largest > 0 else taste)
    order = np.lexsort((rows, -popularity[rows], -scores))
    return [(int(rows[position]), float(scores[position])) for position in order]

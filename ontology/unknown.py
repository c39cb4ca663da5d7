"""What a missing value counts in a shop: the reading under which more suggestions succeed, on learning sessions."""

import numpy as np

from kartograph.ontology.compare.columns import Measure
from kartograph.ontology.owl.individuals import Catalogue
from kartograph.ontology.sessions import Sessions
from kartograph.ontology.similarity import Unknown, similarities, space_of
from kartograph.ontology.success import SESSIONS_AT_A_TIME, session_success

SUGGESTIONS = 3


def better_unknown(
    catalogue: Catalogue, measure: Measure, learning: Sessions, *, most: int = 2_000
) -> tuple[Unknown, dict[Unknown, float]]:
    """The better reading, and the success of three suggestions from the first item of a session under each.

    Of more than `most` sessions of two or more items that many are taken, evenly spread. Of equals the first of
    `Unknown`. Sessions that no reading is to be measured on later.
    """
    asked = learning.longer_than(1)
    asked = asked.select(np.unique(np.linspace(0, max(len(asked) - 1, 0), min(most, len(asked))).astype(np.int64)))
    by_reading = {}
    for unknown in Unknown:
        space = space_of(catalogue, measure, unknown=unknown)
        successes = []
        for start in range(0, len(asked), SESSIONS_AT_A_TIME):
            part = asked.select(np.arange(start, min(start + SESSIONS_AT_A_TIME, len(asked))))
            first = part.items[part.starts[:-1]]
            scores = np.array(similarities(space, first), dtype=np.float32)
            scores[np.arange(len(part)), first] = -np.inf
            successes.append(session_success(scores, np.arange(len(part)), part.after(1), SUGGESTIONS))
        by_reading[unknown] = float(np.concatenate(successes).mean()) if successes else 0.0
    return max(Unknown, key=lambda one: by_reading[one]), by_reading

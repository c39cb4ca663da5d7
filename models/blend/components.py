"""Which models of the registry a blend is made of, by what a shop has."""

from kartograph.models.array_model import ArrayModel
from kartograph.models.blend.visits import visits
from kartograph.models.data import TrainingData
from kartograph.models.registry import make

OF_SESSIONS = (
    *("walk", "stan", "item-knn", "item-knn-tfidf", "v-sknn"),
    *("sequential-rules", "markov-2", "repeats", "popularity-recent", "category-popularity"),
)
"""Components for sessions, the strongest alone first."""
OF_USERS = (
    *("stan-users", "sequential-rules", "stan", "walk", "item-knn"),
    *("item-knn-tfidf", "v-sknn", "mcprhrec-tuned", "popularity-recent", "category-popularity"),
)
"""The same for users, of whom more is known than one visit."""
OF_VISITS = ("sequential-rules", "stan", "walk", "item-knn", "item-knn-tfidf", "v-sknn")
"""Components that learn from the visits of users where their times are known."""
NEURAL = {"sessions": ("sasrec",), "users": ("sasrec-users",)}
SCORES_AT_ONCE = 20_000_000
"""Numbers in the scores of a block of queries: of models that score the whole catalogue for each."""


def components_for(data: TrainingData, neural: bool) -> list[str]:
    """The names of the components for this data."""
    names = [*(OF_USERS if data.kind == "users" else OF_SESSIONS), *(NEURAL[data.kind] if neural else ())]
    return [name for name in names if name != "category-popularity" or data.categories is not None]


def fitted(name: str, seed: int, data: TrainingData) -> ArrayModel:
    """A component that has learned from the data. Raises `BadInput` where it cannot."""
    part = make(name, seed)
    assert isinstance(part, ArrayModel)
    part.fit(visits(data) if data.kind == "users" and data.times is not None and name in OF_VISITS else data)
    part.batch = max(1, min(part.batch, SCORES_AT_ONCE // max(len(data.items), 1)))
    return part

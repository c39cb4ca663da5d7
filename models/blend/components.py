"""Which models of the registry a blend is made of, by what a shop has."""

from collections.abc import Sequence

from kartograph.models.array_model import ArrayModel
from kartograph.models.blend.visits import visits
from kartograph.models.data import Histories, TrainingData
from kartograph.models.registry import declaration, make
from kartograph.tables.events import EVENTS
from kartograph.tables.extras import is_installed
from kartograph.tables.progress import Progress, silent

CART = EVENTS.index("cart")
"""The first of the events that say that an item is wanted, not only looked at."""

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
OF_WANTED = ("stan", "stan-users")
"""Components of users that are asked a second time, with what was carted and bought alone: it says more of the next
purchase than what was looked at."""
WANTED = " of wanted items"
"""Ends the name of a component that is asked so."""
NEURAL = {"sessions": ("sasrec",), "users": ("sasrec-users",)}
SCORES_AT_ONCE = 20_000_000
"""Numbers in the scores of a block of queries: of models that score the whole catalogue for each."""


def components_for(data: TrainingData, neural: bool) -> list[str]:
    """The names of the components for this data, without those whose extra is not installed."""
    names = [*(OF_USERS if data.kind == "users" else OF_SESSIONS), *(NEURAL[data.kind] if neural else ())]
    names = [name for name in names if can_be_made(name)]
    if data.kind == "users" and (data.histories.events >= CART).any():
        names += [name + WANTED for name in OF_WANTED]
    return [name for name in names if name != "category-popularity" or data.categories is not None]


def can_be_made(name: str) -> bool:
    """Whether what the model imports is installed."""
    extra = declaration(name).extra
    return extra is None or is_installed(extra)


def model_of(component: str) -> str:
    """The model of the registry that a component is; several may be one model, asked differently."""
    return component.removesuffix(WANTED)


def asked(component: str, queries: Histories) -> Histories:
    """The queries as the component is asked them; those that have nothing of what it wants are empty."""
    if not component.endswith(WANTED):
        return queries
    kept = queries.events >= CART
    return Histories.of(queries.owners[kept], queries.items[kept], len(queries), queries.events[kept])


def fitted(component: str, seed: int, data: TrainingData) -> ArrayModel:
    """The model of a component, having learned from the data. Raises `BadInput` where it cannot."""
    name = model_of(component)
    part = make(name, seed)
    assert isinstance(part, ArrayModel)
    part.fit(visits(data) if data.kind == "users" and data.times is not None and name in OF_VISITS else data)
    part.batch = max(1, min(part.batch, SCORES_AT_ONCE // max(len(data.items), 1)))
    return part


def fitted_once(
    components: Sequence[str], seed: int, data: TrainingData, progress: Progress = silent
) -> dict[str, ArrayModel]:
    """The models of components by the names of these, each model fitted once."""
    models: dict[str, ArrayModel] = {}
    names = list(dict.fromkeys(map(model_of, components)))
    for number, name in enumerate(names):
        progress("Fitting components", number, len(names))
        models[name] = fitted(name, seed, data)
    return {component: models[model_of(component)] for component in components}

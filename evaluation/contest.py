"""The models of an evaluation: found by name, file or instance, made one at a time, left out where they fail.

entrants = entrants_of(["stan", "models.py:Mine", STAN(STANOptions(neighbours=50))])
contest = Contest(entrants, seed=0)
for name in contest.running:
    outcome = contest.attempt(name, lambda model: measure(model, …))
contest.failed                                  # {"als": "needs the package implicit …"}
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, TypeVar

from kartograph.evaluation.graph_models import measurable
from kartograph.evaluation.record import options_of
from kartograph.models.array_model import ArrayModel
from kartograph.models.base import Recommender
from kartograph.models.own_class import own_class
from kartograph.models.registry import declaration
from kartograph.tables.errors import BadInput, KartographError, Leak
from kartograph.tables.extras import extra_of, message
from kartograph.tables.progress import Progress, silent

T = TypeVar("T")
Models = str | Recommender | type[Recommender] | Iterable[str | Recommender | type[Recommender]] | Mapping[str, Any]
"""Names of `kartograph models` (one text may have several, separated by commas), `file.py:Class`, classes, instances,
or a mapping from names of one's own to these."""


@dataclass(frozen=True)
class Entrant:
    """A model that takes part."""

    name: str
    learns_from: str
    """`sessions`, `users` or `any`: what the owners are that it was made for."""
    make: Callable[[int], ArrayModel]
    """The model for a seed."""


@dataclass
class Contest:
    """The models of one run, and what became of them."""

    entrants: Mapping[str, Entrant]
    seed: int
    progress: Progress = silent
    failed: dict[str, str] = field(default_factory=dict)
    """Model → why it could not be measured."""
    not_applicable: dict[str, str] = field(default_factory=dict)
    """Model → why the protocol is not made for it."""
    options: dict[str, Any] = field(default_factory=dict)
    """Model → the options that it was made with."""

    @property
    def running(self) -> list[str]:
        """The models that neither failed nor were left out."""
        return [name for name in self.entrants if name not in self.failed and name not in self.not_applicable]

    def attempt(self, name: str, work: Callable[[ArrayModel], T], part: str = "") -> T | None:
        """Make the model, do the work and close it; where that fails, keep the reason and give None.

        `part` names the window or fold in the reason. A `Leak` ends the evaluation: its figures would be worth nothing.
        """

        def fit_and_work() -> T:
            model = self.entrants[name].make(self.seed)
            self.options[name] = options_of(model)
            with closing(model):
                return work(model)

        return self.guarded(name, fit_and_work, part)

    def guarded(self, name: str, work: Callable[[], T], part: str = "") -> T | None:
        """Do the work; where it fails, keep the reason and give None."""
        try:
            return work()
        except Leak:
            raise
        except Exception as error:
            self.failed[name] = f"{part}: {_reason(error)}" if part else _reason(error)
            return None

    def leave_out(self, name: str, reason: str) -> None:
        """The protocol is not made for this model."""
        self.not_applicable[name] = reason

    def require_any(self) -> None:
        """Raise `BadInput` with every reason where no model is left."""
        if not self.running:
            reasons = "; ".join(f"{name}: {reason}" for name, reason in (self.failed | self.not_applicable).items())
            raise BadInput(f"No model could be measured. {reasons}")


def entrants_of(models: Models) -> dict[str, Entrant]:
    """The models by name, in the order given; raises `BadInput` for names that do not exist, before anything is made.

    Instances and classes are named after their class, further ones of the same name get a number.
    """
    if isinstance(models, Mapping):
        return {str(name): _entrant(model, str(name)) for name, model in models.items()}
    entrants: dict[str, Entrant] = {}
    for model in dict.fromkeys(names_in(models)):
        entrant = _entrant(model)
        name, number = entrant.name, 2
        while name in entrants:
            name, number = f"{entrant.name} {number}", number + 1
        entrants[name] = Entrant(name, entrant.learns_from, entrant.make)
    if not entrants:
        raise BadInput("No model is named. Give one or more names from `kartograph models`, separated by commas.")
    return entrants


def names_in(models: Any) -> list[Any]:
    """The models one by one: texts divided at their commas, everything else as it is."""
    listed: list[Any] = [models] if isinstance(models, str | Recommender | type) else list(models)
    return [part for model in listed for part in (_split(model) if isinstance(model, str) else (model,))]


def _split(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _entrant(model: Any, name: str | None = None) -> Entrant:
    if isinstance(model, str) and ":" in model:
        own = own_class(model, Recommender, "model")
        return Entrant(name or own.__name__, own.learns_from, lambda seed: measurable(_made(own, seed)))
    if isinstance(model, str):
        declared = declaration(model)
        return Entrant(name or model, declared.learns_from, lambda seed: measurable(declared.make(seed)))
    if isinstance(model, type) and issubclass(model, Recommender):
        return Entrant(name or model.__name__, model.learns_from, lambda seed: measurable(_made(model, seed)))
    if isinstance(model, Recommender):
        return Entrant(name or type(model).__name__, model.learns_from, lambda seed: measurable(model))
    raise BadInput(
        f"{model!r} is no model. Give a name of `kartograph models`, file.py:Class, or a Recommender or its class."
    )


def _made(model: type[Recommender], seed: int) -> Recommender:
    """A class with the seed in its options where it has one there, or as an argument of its own."""
    if "seed" in inspect.signature(model).parameters:
        return model(seed=seed)
    return model.seeded(None, seed)


def _reason(error: Exception) -> str:
    if isinstance(error, KartographError):
        return str(error)
    if isinstance(error, ModuleNotFoundError):
        if extra := extra_of(error):
            return message(extra, "the model")
        return f"needs the package {error.name}, which is not installed"
    return f"{type(error).__name__}: {error}"

"""What a protocol is: how data is divided, what models are asked, and what the answers come to.

    @dataclass(frozen=True)
    class FirstDays(RankingProtocol):
        name: ClassVar[str] = "first-days"
        days: float = 7

        def tasks(self, source: ShopTables) -> Iterator[Task]:
            …

A class like this is a whole protocol: `kartograph.evaluate(data, models, FirstDays(days=3))`, or without Python
`kartograph evaluate by mine.py:FirstDays DATA --models stan`. Fields are its options and stand in the record.
"""

import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, is_dataclass, replace
from importlib import import_module
from typing import Any, ClassVar, Self

import pandas as pd

from kartograph.evaluation.contest import Contest, Entrant, Models, entrants_of
from kartograph.evaluation.measuring import Outcome, measure
from kartograph.evaluation.shop_tables import shop_tables
from kartograph.evaluation.statistics.comparison import case_table, compare_models, mean_timings
from kartograph.evaluation.tasks import Task
from kartograph.models.own_class import own_class
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent

NAMED: dict[str, type["Protocol"]] = {}
"""The protocols by name, as their modules are imported."""


class Protocol(ABC):
    """One way to divide data, to ask models and to score their answers.

    The options of a protocol are the fields of its dataclass. A field `seed` gets the seed of the evaluation.
    """

    name: ClassVar[str]
    """The name to call it by."""

    def __init_subclass__(cls, **arguments: Any) -> None:
        """Become known by name."""
        super().__init_subclass__(**arguments)
        if "name" in vars(cls):
            NAMED[cls.name] = cls

    @property
    def record_name(self) -> str:
        """The name that its records have."""
        return self.name

    def entrants(self, models: Models) -> Mapping[str, Entrant]:
        """The models that take part; a protocol whose models are no recommenders has its own."""
        return entrants_of(models)

    def read(self, data: Any, progress: Progress = silent) -> Any:
        """What the data holds, in the form that `measure` takes: by default the events and categories of one source."""
        return shop_tables(data, progress)

    def label(self, data: Any, source: Any) -> str:
        """The data's name for people."""
        return source.name

    def sums(self, source: Any) -> dict[str, str]:
        """Names and SHA-256 sums of the data, for the record."""
        return source.sums

    @abstractmethod
    def measure(self, source: Any, contest: Contest, k: int, progress: Progress = silent) -> "Results":
        """Measure the models of the contest on what `read` gave."""

    def options(self, k: int) -> dict[str, Any]:
        """What the record says of the options that concern all models."""
        division = {"division": asdict(self)} if is_dataclass(self) else {}
        return {"k": k} | division

    def seeded(self, seed: int) -> Self:
        """The protocol for this seed."""
        if is_dataclass(self) and "seed" in self.__dataclass_fields__:
            return replace(self, seed=seed)  # pyright: ignore[reportReturnType]
        return self


class RankingProtocol(Protocol):
    """A protocol that asks for ranked lists: it says what the tasks are."""

    @abstractmethod
    def tasks(self, source: Any) -> Iterable[Task]:
        """The training parts with their cases; figures are means over them."""

    def measure(self, source: Any, contest: Contest, k: int, progress: Progress = silent) -> "Results":
        """Fit every model on every task and compare the lists."""
        tasks: list[Task] = []
        outcomes: dict[str, list[Outcome]] = {name: [] for name in contest.entrants}
        for task in self.tasks(source):
            tasks.append(task)
            for name in contest.running:
                outcome = measure_on(task, name, contest, k, progress, f"part {len(tasks)}" if len(tasks) > 1 else "")
                if outcome is not None:
                    outcomes[name].append(outcome)
        contest.require_any()
        progress("Comparing the models")
        return compared(tasks, {name: outcomes[name] for name in contest.running}, contest.seed)


def measure_on(
    task: Task, name: str, contest: Contest, k: int, progress: Progress = silent, part: str = ""
) -> Outcome | None:
    """Measure one model on one task, in the grouping that it learns from; None where it fails or has none."""
    learns_from = contest.entrants[name].learns_from
    view = task.view(learns_from)
    if view is None:
        contest.leave_out(name, not_made_for(learns_from, task.grouping))
        return None
    progress(f"Measuring {name}, {part}" if part else f"Measuring {name}")
    return contest.attempt(name, lambda model: measure(model, view.data, view.cases, k, progress, task.facts), part)


def compared(tasks: list[Task], outcomes: Mapping[str, list[Outcome]], seed: int) -> "Results":
    """What follows from lists: the parts of a record, the notes of the tasks, and the lists themselves."""
    parts = compare_models(tasks, outcomes, seed)
    parts["timings"] = {name: mean_timings(outcomes_of) for name, outcomes_of in outcomes.items()}
    notes = [note for task in tasks for note in task.notes] + too_few(parts["significance"])
    return Results(parts, notes, tasks, outcomes)


def too_few(significance: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """A sentence where there are fewer sessions or users than any comparison needs."""
    tests = next(iter(significance.values()))
    models = len(tests["groups"])
    if models < 2 or tests["units"] >= tests["fewest_units"]:
        return []
    return [
        f"{tests['units']} sessions or users are too few to compare {models} models: at least {tests['fewest_units']} "
        "have to differ before any difference can be significant."
    ]


def refuse_sessions_only(contest: Contest) -> None:
    """Leave out the models that learn from sessions, where only users are known."""
    for name in contest.running:
        if contest.entrants[name].learns_from == "sessions":
            contest.leave_out(name, not_made_for("sessions", "users"))


def not_made_for(learns_from: str, known: str) -> str:
    """Why a model does not take part."""
    return f"learns from {learns_from}; here only {known} are known"


@dataclass
class Results:
    """What the models of one run came to."""

    parts: dict[str, Any]
    """The parts of a record, `figures` among them."""
    notes: list[str] = field(default_factory=list)
    """What a person has to know of them."""
    tasks: list[Task] = field(default_factory=list)
    outcomes: Mapping[str, list[Outcome]] = field(default_factory=dict)
    """The lists of each model on each task, where the protocol ranks."""
    details: Any = None
    """What a protocol prints its own tables from."""
    options: dict[str, Any] = field(default_factory=dict)
    """Options that are known after the run only."""

    @property
    def cases(self) -> pd.DataFrame | None:
        """The measures of every case (see `statistics.comparison.case_table`); None where no task is kept."""
        return case_table(self.tasks, self.outcomes) if self.tasks else None


def protocol_of(protocol: "str | Protocol | type[Protocol]") -> Protocol:
    """A protocol by its name, its class, `file.py:Class` or `package.module:Class`, with the options of its defaults.

    Raises `BadInput` for a name that does not exist.
    """
    if isinstance(protocol, Protocol):
        return protocol
    if isinstance(protocol, type):
        return protocol()
    if ":" in protocol:
        return own_class(protocol, Protocol, "protocol")()  # pyright: ignore[reportAbstractUsage]
    known = protocols()
    if protocol not in known:
        raise BadInput(
            f"There is no protocol {protocol!r}. Names are {', '.join(known)}; one of your own is file.py:Class."
        )
    return known[protocol]()


def protocols() -> dict[str, type[Protocol]]:
    """All protocols of this project and those whose modules were imported, by name."""
    package = import_module("kartograph.evaluation.protocols")
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        import_module(module.name)
    return dict(NAMED)

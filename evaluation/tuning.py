"""Options of a model that do best on a validation cut of what there is to learn from; no test part is looked at.

tuned = tune("stan", "session_clicks.csv.gz", trials=30)
tuned.options                          # {"neighbours": 412, "query_decay": 3.1, …}
tuned.save("stan.preset.json")         # kartograph train stan --preset stan.preset.json

The search is Optuna's tree-structured Parzen estimator with a seed, over `search_space.space_of` the preset's options.
The first trial is the preset as it stands, so that the best is never worse.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kartograph.evaluation.cases import Cases, interaction_cases, sequence_cases
from kartograph.evaluation.graph_models import measurable, with_needed
from kartograph.evaluation.metrics.accuracy import summary
from kartograph.evaluation.protocols.cuts import VALIDATION_SESSIONS, last_purchases, latest_sessions
from kartograph.evaluation.protocols.session_cuts import DAY_MS, ClickOptions, LastDays
from kartograph.evaluation.search_space import Choice, Range, space_of, values_of
from kartograph.evaluation.shop_tables import ShopTables, holds_sessions, shop_tables
from kartograph.graph.connection import Graph
from kartograph.models.changed_options import with_changes
from kartograph.models.data import TrainingData
from kartograph.models.registry import Declaration, declaration
from kartograph.tables.contents.sequences import read_sequences
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent

if TYPE_CHECKING:
    import optuna

K = 20
HELD_OUT = 0.1
"""Share of the sessions, or of the days, that is held out; at most `VALIDATION_SESSIONS` or a week."""


@dataclass(frozen=True)
class Cut:
    """A part to learn from and questions with their answers."""

    data: TrainingData
    cases: Cases
    measures: tuple[str, str]
    """Their sum is what the search makes large."""
    about: str


@dataclass(frozen=True)
class Tuned:
    """What a search came to."""

    model: str
    options: dict[str, Any]
    """The best values found, by the names of the options; those of the preset where nothing was better."""
    figures: dict[str, float]
    """What they reach."""
    preset_figures: dict[str, float]
    """What the preset reaches on the same cut."""
    about: str
    """The cut, in words."""
    trials: list[dict[str, Any]] = field(default_factory=list)
    """Every trial with its options and figures, or with the reason why they were refused."""

    @property
    def is_better(self) -> bool:
        """Whether the search found better options than the preset's."""
        return sum(self.figures.values()) > sum(self.preset_figures.values())

    def save(self, path: Path | str) -> None:
        """Write the preset file that `kartograph train NAME --preset FILE` reads."""
        parts = ("model", "options", "figures", "preset_figures", "about", "trials")
        text = json.dumps({name: getattr(self, name) for name in parts}, indent=1)
        Path(path).write_text(text + "\n", encoding="utf-8")


def tune(name: str, source: Graph | Path | str, trials: int = 30, seed: int = 0, progress: Progress = silent) -> Tuned:
    """Search the options of a model on a validation cut of a graph's events or of a file as `evaluate` reads them.

    Raises `BadInput` for a model that does not exist or has nothing to tune, fewer than 1 trial, and data of which
    nothing can be held out.
    """
    import optuna

    declared = declaration(name)
    preset = declared.make(seed).options
    space = space_of(preset)
    if not space:
        raise BadInput(f'"{name}" has no option that a search could change.')
    if trials < 1:
        raise BadInput(f"trials is {trials}: ask for at least 1.")
    cut = validation_cut(declared, source, progress)
    if cut.cases.past is None or declared.trained_on == "users":
        space.pop("past", None)  # nothing is known that it could add
    learned_from = with_needed(measurable(declared.make(seed)), cut.data, progress)
    tried: list[dict[str, Any]] = []

    def figures_of(options: dict[str, Any]) -> dict[str, float]:
        model = declared.make(seed)
        model.options = with_changes(preset, options, name)
        ranking = measurable(model)
        try:
            ranking.fit(learned_from)
            top = ranking.rank(cut.cases.asked_of(ranking), K, cut.cases.owners, cut.cases.masked)
        finally:
            ranking.close()
        reached = summary(top, cut.cases.truth, len(cut.data.items))
        return {measure: float(reached[measure] or 0) for measure in cut.measures}

    def objective(trial: "optuna.Trial") -> float:
        progress(f"Trying options of {name} (trials)", trial.number, trials + 1)
        options = {one: _suggested(trial, one, inside) for one, inside in space.items()}
        try:
            figures = figures_of(options)
        except BadInput as error:
            tried.append({"options": options, "refused": str(error)})
            raise optuna.TrialPruned from error
        tried.append({"options": options, "figures": figures})
        return sum(figures.values())

    standing = values_of(preset, space)
    before = figures_of(standing)
    level = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    try:
        study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=seed))
        study.optimize(objective, n_trials=trials)
    finally:
        optuna.logging.set_verbosity(level)
    best = max(
        (trial for trial in tried if "figures" in trial),
        key=lambda trial: sum(trial["figures"].values()),
        default={"options": standing, "figures": before},
    )
    if sum(best["figures"].values()) <= sum(before.values()):
        best = {"options": standing, "figures": before}
    return Tuned(name, best["options"], best["figures"], before, cut.about, tried)


def validation_cut(declared: Declaration, source: Graph | Path | str, progress: Progress = silent) -> Cut:
    """What a model is tuned on: next clicks of the latest sessions, or the last purchase of each user.

    Models tuned for interactions, and those made for users alone, are asked for last purchases where anybody bought
    twice; all others for next clicks.
    """
    if isinstance(source, str | Path) and holds_sessions(Path(source)):
        return _of_sequences(Path(source))
    tables = shop_tables(source, progress)
    if declared.tuned_for == "interactions" or declared.learns_from == "users":
        cut = _of_purchases(tables)
        if cut is not None:
            return cut
    return _of_days(declared, tables)


def _of_sequences(file: Path) -> Cut:
    clicks = read_sequences(file)
    held_out = min(VALIDATION_SESSIONS, max(1, int(HELD_OUT * clicks["session_id"].nunique())))
    train, test = latest_sessions(clicks, held_out)
    data = TrainingData.from_table(train, "session_id")
    cases = sequence_cases(test, data.items, all_prefixes=True, shortest=2)
    return Cut(data, cases, (f"HR@{K}", f"MRR@{K}"), f"next clicks of the latest {held_out:,} sessions")


def _of_purchases(tables: ShopTables) -> Cut | None:
    users = tables.known_users
    try:
        train, test = last_purchases(users)
        data = tables.training(train, "user_id")
        cases = interaction_cases(test, data, "bought")
    except BadInput:  # nobody bought twice, or nobody else saw what was bought last
        return None
    return Cut(data, cases, (f"Recall@{K}", f"NDCG@{K}"), f"the last purchase of {len(cases):,} users")


def _of_days(declared: Declaration, tables: ShopTables) -> Cut:
    times = tables.events["timestamp"]
    days = min(7.0, HELD_OUT * (int(times.max()) - int(times.min()) + 1) / DAY_MS)
    [task] = LastDays(test_days=days, clicks=ClickOptions(event=None, item_events=1)).tasks(tables)
    view = task.view(declared.learns_from)
    if view is None:
        raise BadInput(f'"{declared.name}" learns from users, and this data knows none.')
    about = f"{len(view.cases):,} next clicks of the last {days:.1f} days"
    return Cut(view.data, view.cases, (f"HR@{K}", f"MRR@{K}"), about)


def _suggested(trial: "optuna.Trial", name: str, inside: Choice | Range) -> Any:
    if isinstance(inside, Choice):
        return trial.suggest_categorical(name, list(inside.values))
    if inside.whole:
        return trial.suggest_int(name, int(inside.low), int(inside.high), log=inside.log)
    return trial.suggest_float(name, inside.low, inside.high, log=inside.log)

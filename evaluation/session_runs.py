"""What do models reach under the session protocols: sliding windows, last week?"""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from kartograph.evaluation.cases import sequence_cases
from kartograph.evaluation.metrics.beyond import ItemFacts
from kartograph.evaluation.protocols.session_cuts import SESSION, SessionSplit
from kartograph.evaluation.runner import Outcome, measure
from kartograph.evaluation.shop_tables import ShopTables
from kartograph.evaluation.statistics.comparison import Task, judge, mean_timings
from kartograph.models.base import Recommender
from kartograph.tables.progress import Progress, silent


def session_task(tables: ShopTables, split: SessionSplit) -> Task:
    """The split as a task: every prefix of a test session is a case, its next click the answer."""
    data = tables.training(split.train, SESSION, split.cut)
    return Task(data, sequence_cases(by_session(split.test), data.items, all_prefixes=True), ItemFacts.of(data))


def by_session(clicks: pd.DataFrame) -> pd.DataFrame:
    """Clicks grouped by session, sessions in order of their first click; clicks come in order of time."""
    return clicks.iloc[pd.factorize(clicks[SESSION])[0].argsort(kind="stable")].reset_index(drop=True)


def run_sessions(
    tables: ShopTables,
    splits: Iterable[SessionSplit],
    models: Mapping[str, Recommender],
    k: int,
    seed: int,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Fit and measure every model on every split; the parts of a record that follow."""
    tasks: list[Task] = []
    outcomes: dict[str, list[Outcome]] = {name: [] for name in models}
    for split in splits:
        task = session_task(tables, split)
        tasks.append(task)
        for name, model in models.items():
            progress(f"Measuring {name}, part {split.number + 1}")
            outcomes[name].append(measure(model, task.data, task.cases, k, progress, task.facts))
            model.close()
    return judge(tasks, outcomes, seed) | {"timings": {name: mean_timings(found) for name, found in outcomes.items()}}

"""The one evaluation: data, models and a protocol become figures and a record of how they came about.

evaluation = kartograph.evaluate("events.csv.gz", ["stan", "walk"], "last-week", k=20)
evaluation.figures                               # a row for each model
evaluation.failed                                # {"als": "needs the package implicit, …"}
evaluation.save("last-week.json")

kartograph.evaluate(("train.csv", "test.csv"), "stan,mine.py:Mine", NextClicks(all_prefixes=True), seeds=(1, 2, 3))
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kartograph.evaluation.contest import Contest, Models
from kartograph.evaluation.protocols.base import Protocol, Results, protocol_of
from kartograph.evaluation.record import record, write_record
from kartograph.evaluation.report.reported import refuse_unknown_benchmark
from kartograph.evaluation.trec import write_run
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent


@dataclass(frozen=True)
class Evaluation:
    """What models reached under a protocol."""

    record: dict[str, Any]
    """Everything of it as JSON takes it: see `docs/evaluation.md`."""
    results: Results = field(repr=False)
    """The lists and whatever else is no part of the record; of several seeds those of the first."""

    @property
    def figures(self) -> pd.DataFrame:
        """Models × measures; of several seeds the means."""
        return pd.DataFrame.from_dict(self.record["figures"], orient="index")

    @property
    def deviations(self) -> pd.DataFrame:
        """Models × measures, the standard deviations over the seeds; empty for one seed."""
        return pd.DataFrame.from_dict(self.record.get("deviations", {}), orient="index")

    @property
    def failed(self) -> dict[str, str]:
        """Model → why it could not be measured."""
        return self.record.get("failed", {})

    @property
    def not_applicable(self) -> dict[str, str]:
        """Model → why the protocol is not made for it."""
        return self.record.get("not_applicable", {})

    @property
    def notes(self) -> list[str]:
        """What a person has to know of the figures."""
        return self.record.get("notes", [])

    @property
    def cases(self) -> pd.DataFrame | None:
        """The measures of every case; None for a protocol without lists."""
        return self.results.cases

    def save(self, path: str | Path) -> None:
        """Write the record as JSON; `kartograph report` makes a page of records."""
        write_record(Path(path), self.record)

    def export_runs(self, path: str | Path) -> list[Path]:
        """Write the lists in TREC run format; with several models one file each, run.MODEL.txt for run.txt.

        Raises `BadInput` for a protocol without lists or with several tasks, whose cases have the same names.
        """
        path, tasks = Path(path), self.results.tasks
        if len(tasks) != 1:
            raise BadInput(f"{self.record['protocol']} has {len(tasks)} parts with lists. Run files are made of one.")
        files = []
        for name, (outcome,) in self.results.outcomes.items():
            word = re.sub(r"[^\w.-]+", "-", name)
            alone = len(self.results.outcomes) == 1
            files.append(path if alone else path.with_suffix(f".{word}{path.suffix}"))
            write_run(files[-1], name, outcome.top, tasks[0].cases, tasks[0].data.items)
        return files


def evaluate(
    data: Any,
    models: Models,
    protocol: str | Protocol | type[Protocol],
    k: int = 20,
    seeds: Sequence[int] = (0,),
    *,
    name: str | None = None,
    benchmark: str | None = None,
    progress: Progress = silent,
) -> Evaluation:
    """Measure models on data under a protocol.

    Parameters
    ----------
    data
        What the protocol reads: a file, a folder, a connected graph or a frame of events; `(train, test)` for the
        protocols `sequences` and `interactions`.
    models
        Names of `kartograph models`, `file.py:Class`, `Recommender` classes and instances, or a mapping from names to
        these. A model that fails, or that the protocol is not made for, is named with the reason; the others go on.
    protocol
        A name (`protocols.base.protocols`), a `Protocol` with its options, or `file.py:Class`.
    k
        Length of the lists.
    seeds
        Random seeds. With several, figures are means, `deviations` their standard deviations, and all
        other parts of the record are those of the first seed.
    name
        What people call the data; the file's name by default.
    benchmark
        The public benchmark that the data is a copy of: published figures stand beside ours then. Copies whose
        training part is known by its sum need no name.

    Raises `BadInput` for what does not exist, for data that the protocol cannot divide, and where no model could be
    measured; `Leak` where a model holds something of the test part.
    """
    chosen = protocol_of(protocol)
    if k < 1:
        raise BadInput(f"k is {k}: lists have at least 1 item.")
    if not seeds or len(set(seeds)) != len(seeds):
        raise BadInput(f"The seeds are {list(seeds)}. Give one or more different whole numbers.")
    refuse_unknown_benchmark(benchmark)
    entrants = chosen.entrants(models)
    source = chosen.read(data, progress)
    results: list[Results] = []
    contests: list[Contest] = []
    for seed in seeds:
        seeded = chosen.seeded(seed)
        contests.append(Contest(entrants, seed, progress))
        results.append(seeded.measure(source, contests[-1], k, progress))
    first, contest = results[0], contests[0]
    failed = {model: reason for one in contests for model, reason in one.failed.items()}
    parts = {"name": name or chosen.label(data, source)} | first.parts
    if len(seeds) > 1:
        parts["figures"], parts["deviations"] = over_seeds([one.parts["figures"] for one in results])
        parts["seeds"] = list(seeds)
    said = {
        "failed": failed,
        "not_applicable": contest.not_applicable,
        "notes": list(dict.fromkeys(first.notes)),
        "benchmark": benchmark,
    }
    parts |= {key: value for key, value in said.items() if value}
    options = chosen.seeded(seeds[0]).options(k) | first.options | contest.options
    content = record(chosen.record_name, parts, chosen.sums(source), seeds[0], options)
    return Evaluation(content, first)


def over_seeds(
    figures: Sequence[Mapping[str, Mapping[str, float]]],
) -> tuple[dict[str, dict[str, float]], dict[str, dict[str, float]]]:
    """Means and standard deviations (n - 1) of each model's measures over the seeds in which it was measured in all."""
    means: dict[str, dict[str, float]] = {}
    deviations: dict[str, dict[str, float]] = {}
    for model in (name for name in figures[0] if all(name in one for one in figures)):
        measures = [name for name in figures[0][model] if all(one[model].get(name) is not None for one in figures)]
        values = np.array([[one[model][name] for name in measures] for one in figures], dtype=np.float64)
        same = (values == values[0]).all(axis=0)
        means[model] = {
            name: figures[0][model][name] if alike else float(mean)
            for name, alike, mean in zip(measures, same, values.mean(axis=0), strict=True)
        }
        deviations[model] = dict(zip(measures, values.std(axis=0, ddof=1).tolist(), strict=True))
    return means, deviations

"""What benchmarks against other libraries share: environments, processes, scores, rows of a table.

A library runs its own code (`peer_code/LIBRARY_models.py`) in an environment of its own, every fit in a process of its
own, ours too, so that its peak memory is its own. What was measured is kept in a folder and not measured again unless
the data, the options or the script of the library are others; what ran out of time is kept as such, and tried again
where there is more time, what failed otherwise is tried again. Another version of a library, ours too, has a folder of
its own.
"""

import hashlib
import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import optuna
import pandas as pd
from numpy import ndarray

from kartograph.evaluation.cases import Cases, Truth, sequence_cases
from kartograph.evaluation.metrics.accuracy import case_figures
from kartograph.evaluation.search_space import Choice, Range
from kartograph.evaluation.statistics.intervals import UnitSums, bootstrap
from kartograph.models.data import TrainingData
from kartograph.models.scoring.ranking import TopK

CODE = Path(__file__).parent / "peer_code"
LONGEST = 600
"""Seconds that a fit with its answers may take, where a benchmark says no other."""


@dataclass(frozen=True)
class Entry:
    """A model of a library; without a space it is not tuned."""

    library: str
    model: str
    space: Mapping[str, Choice | Range] = field(default_factory=dict)


@dataclass(frozen=True)
class Cut:
    """What to learn from and what to answer."""

    data: TrainingData
    cases: Cases
    measures: tuple[str, str]
    groups: Mapping[str, ndarray] = field(default_factory=dict)
    """Cases that are counted by themselves as well, by name: whether each is one of them."""


class Bench:
    """One data set: what was measured on it is kept in a folder."""

    def __init__(
        self, folder: Path, pythons: dict[str, str], cuts: dict[str, Cut], trials: int, longest: int = LONGEST
    ) -> None:
        """Write what the processes read: `cuts` has "test" and, where there are trials, "inner"."""
        self.folder, self.pythons, self.cuts, self.trials, self.longest = folder, pythons, cuts, trials, longest
        self.digests = {name: _write(folder / name, one) for name, one in cuts.items()}

    def table(self, entries: Sequence[Entry]) -> pd.DataFrame:
        """Every model as documented and tuned, printed row by row; a row each of what did not fail."""
        self.heading()
        rows = []
        for entry in entries:
            rows.append(self.row(entry, "as documented", {}))
            if entry.space and self.trials:
                rows.append(self.row(entry, f"best of {self.trials}", self._tuned(entry)))
        return pd.DataFrame([row for row in rows if row is not None])

    def heading(self) -> None:
        """Print the head of the table."""
        cut = self.cuts["test"]
        first, second = cut.measures
        print(f"\n{len(cut.data.owners)} {cut.data.kind} to learn from, {len(cut.cases)} cases\n")
        print(f"| library | model | options | {first} / {second} | interval of {first} | fit s | ms each | peak MiB |")
        print("| --- | --- | --- | --- | --- | --- | --- | --- |", flush=True)

    def row(self, entry: Entry, what: str, options: dict[str, Any]) -> dict[str, Any] | None:
        """Measure a model with these options and print it; None where it failed."""
        first, second = self.cuts["test"].measures
        measured = self._measured("test", entry, options)
        head = f"| {entry.library} | {entry.model} | {what} |"
        if "failed" in measured:
            print(f"{head} {measured['failed']} | | | | |", flush=True)
            return None
        low, high = (100 * end for end in measured["interval"])
        figures = f"{100 * measured[first]:.2f} / {100 * measured[second]:.2f} | {low:.1f} to {high:.1f}"
        print(
            f"{head} {figures} | {measured['fit_s']:.1f} | {measured['ms']:.2f} | {measured['peak_mib']:.0f} |",
            flush=True,
        )
        return {"library": entry.library, "model": entry.model, "what": what, "measure": first} | measured

    def _tuned(self, entry: Entry) -> dict[str, Any]:
        """The best of the trials on the inner cut; the options as documented are the first of them."""
        best, reached = {}, self._score(entry, {})
        study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=0))
        for _ in range(self.trials - 1):
            trial = study.ask()
            options = {name: _suggested(trial, name, values) for name, values in entry.space.items()}
            score = self._score(entry, options)
            study.tell(trial, score)
            if score > reached:
                best, reached = options, score
        return best

    def _score(self, entry: Entry, options: dict[str, Any]) -> float:
        figures = self._measured("inner", entry, options)
        return 0.0 if "failed" in figures else sum(figures[name] for name in self.cuts["inner"].measures)

    def _measured(self, part: str, entry: Entry, options: dict[str, Any]) -> dict[str, Any]:
        """What a process of the library's own Python came to, kept as a file by what was asked."""
        script = CODE / f"{entry.library}_models.py"
        asked = [entry.library, entry.model, options, self.digests[part], script.read_text("utf-8")]
        key = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
        kept, folder = self.folder / part / f"{key[:16]}.json", self.folder / part
        if kept.exists():
            measured = json.loads(kept.read_text("utf-8"))
            if measured.get("longest", self.longest) >= self.longest:
                return measured
        command = [self.pythons[entry.library], str(script), str(folder), entry.model, json.dumps(options)]
        try:
            subprocess.run(command, check=True, capture_output=True, text=True, timeout=self.longest)
            measured = _figures(self.cuts[part], dict(np.load(folder / "answer.npz")))
        except subprocess.TimeoutExpired:
            measured = {"failed": f"more than {self.longest} s", "longest": self.longest}
        except subprocess.CalledProcessError as error:
            return {"failed": (error.stderr.strip().splitlines() or ["no reason given"])[-1]}
        measured |= {"options": options}
        kept.write_text(json.dumps(measured), "utf-8")
        return measured


def environment(folder: Path, name: str, packages: Sequence[str], uv: str) -> str:
    """The Python of an environment in which the packages are installed; made where it is not there."""
    home = (folder / "environments" / name).absolute()
    python = home / "bin" / "python"
    if not (home / "made").exists():
        subprocess.run([uv, "venv", "-q", "--clear", "--python", "3.11", str(home)], check=True)
        only_wheels = ["--only-binary", ":all:", "--python", str(python)]
        subprocess.run([uv, "pip", "install", "-q", *only_wheels, *packages], check=True)
        (home / "made").touch()
    return str(python)


def cut_of_sessions(train: pd.DataFrame, held_out: pd.DataFrame, most: int) -> Cut:
    """A sample of at most so many prefixes of the held-out sessions, each with its next click."""
    data = TrainingData.from_table(train, "session_id")
    cases = sequence_cases(held_out, data.items, all_prefixes=True, shortest=2)
    rows = np.sort(np.random.default_rng(0).permutation(len(cases))[:most])
    assert cases.units is not None
    offsets, items = cases.truth.offsets, cases.truth.items
    truth = Truth(np.arange(len(rows) + 1), items[offsets[rows]])  # the one next click of each
    owners, units = cases.owners[rows], cases.units[rows]
    return Cut(
        data,
        Cases([cases.ids[row] for row in rows], cases.queries.take(rows), owners, truth, units=units),
        ("HR@20", "MRR@20"),
    )


def _write(folder: Path, cut: Cut) -> str:
    """Write what the processes read; returns a digest of it."""
    folder.mkdir(parents=True, exist_ok=True)
    data, cases = cut.data, cut.cases
    parts = {"train": data.histories, "query": cases.queries}
    arrays = {
        f"{part}_{name}": getattr(histories, name)
        for part, histories in parts.items()
        for name in ("offsets", "items", "events")
    }
    masked = cases.masked
    arrays["masked_offsets"] = np.zeros(len(cases) + 1, dtype=np.int64) if masked is None else masked.indptr
    arrays["masked_items"] = np.zeros(0, dtype=np.int64) if masked is None else masked.indices
    arrays |= {"owners": cases.owners, "items": np.array(len(data.items))}
    if data.times is not None:
        arrays["train_times"] = data.times
    np.savez(folder / "exchange.npz", allow_pickle=False, **arrays)
    sums = [hashlib.sha256(array.tobytes()).hexdigest() for array in arrays.values()]
    return hashlib.sha256("".join(sums).encode()).hexdigest()


def _figures(cut: Cut, answer: dict[str, np.ndarray]) -> dict[str, Any]:
    lists = answer["lists"]
    columns = case_figures(TopK(lists, np.zeros(lists.shape)), cut.cases.truth).columns(lists.shape[1])
    units = np.arange(len(lists)) if cut.cases.units is None else cut.cases.units
    low, high = bootstrap(UnitSums.of(columns[cut.measures[0]][:, None], units), seed=0)
    figures = {name: float(columns[name].mean()) for name in cut.measures}
    cost = {"ms": 1000 * float(answer["rank_s"]) / len(lists)}
    cost |= {name: float(answer[name]) for name in ("fit_s", "peak_mib")}
    groups = {name: [float(columns[one][rows].mean()) for one in cut.measures] for name, rows in cut.groups.items()}
    return figures | cost | {"interval": [float(low[0]), float(high[0])], "groups": groups}


def _suggested(trial: optuna.Trial, name: str, values: Choice | Range) -> Any:
    if isinstance(values, Choice):
        return trial.suggest_categorical(name, values.values)
    if values.whole:
        return trial.suggest_int(name, int(values.low), int(values.high), log=values.log)
    return trial.suggest_float(name, values.low, values.high, log=values.log)

"""A package of somebody else adds a model by one file and a protocol by one class, and the commands use both."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

PACKAGE = '''
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from kartograph.evaluation.cases import sequence_cases
from kartograph.evaluation.metrics.beyond import ItemFacts
from kartograph.evaluation.protocols.base import RankingProtocol
from kartograph.evaluation.tasks import Task
from kartograph.models.array_model import ArrayModel
from kartograph.models.registry import model


@model("rarest", "fewest events first", serves="anyone", explains="none")
class Rarest(ArrayModel):
    """A model of another package."""

    explains = "none"
    personal = False

    def learn(self, data, progress=None):
        self.items = data.items
        self.counts = np.bincount(data.histories.items, minlength=len(data.items))
        return self

    def scores(self, queries, owners):
        return np.tile(-self.counts.astype(np.float32), (len(queries), 1))


@dataclass(frozen=True)
class FirstDays(RankingProtocol):
    """Learn from the first days, ask for what comes then."""

    name: ClassVar[str] = "first-days"
    days: float = 5

    def tasks(self, source) -> Iterator[Task]:
        cut = int(source.events["timestamp"].min() + self.days * 86_400_000)
        early = source.events["timestamp"] < cut
        data = source.training(source.events[early], "session_id", cut)
        late = source.events[~early].sort_values("session_id", kind="stable")
        yield Task(data, sequence_cases(late, data.items), ItemFacts.of(data))
'''


@pytest.fixture
def environment(tmp_path) -> dict[str, str]:
    """Where a package is installed that names its model in the entry-point group."""
    (tmp_path / "rare.py").write_text(PACKAGE)
    about = tmp_path / "rare-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: rare\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[kartograph.models]\nrarest = rare\n")
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {**os.environ, "PYTHONPATH": path}


@pytest.fixture
def clicks(tmp_path) -> Path:
    """Ten days on each of which somebody views a, a, then b; on the last day a, then c, which is rarer."""
    rows = [
        (f"u{day}", item, "view", 1_600_000_000_000 + day * 86_400_000 + minute * 60_000)
        for day in range(10)
        for minute, item in enumerate(["c", "a", "b"] if day == 0 else ["a", "c"] if day == 9 else ["a", "a", "b"])
    ]
    file = tmp_path / "clicks.csv"
    pd.DataFrame(rows, columns=["user_id", "item_id", "event", "timestamp"]).to_csv(file, index=False)
    return file


def kartograph(environment, folder: Path, *arguments: object) -> str:
    command = [sys.executable, "-c", "from kartograph.cli.app import main; main()", *map(str, arguments)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment, cwd=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_a_model_and_a_protocol_of_another_package_are_used_by_the_commands(environment, clicks, tmp_path):
    listed = json.loads(kartograph(environment, tmp_path, "models", "--json"))
    [own] = [one for one in listed if one["model"] == "rarest"]
    assert own["about"] == "fewest events first"

    record = tmp_path / "record.json"
    arguments = [
        "evaluate",
        "by",
        "rare:FirstDays",
        clicks,
        "--models",
        "rarest,popularity",
        "--k",
        1,
        "--json",
        record,
    ]
    kartograph(environment, tmp_path, *arguments)

    written = json.loads(record.read_text())
    assert written["protocol"] == "first-days"
    # Of the five days asked for, the last one ends with c, the rarest; the others with b.
    assert written["figures"]["rarest"]["HR@1"] == pytest.approx(1 / 5)

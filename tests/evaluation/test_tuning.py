"""Tests of the search for options: what is searched, on which cut, and that its preset file is what `train` reads."""

import json
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd
import pytest
from typer.testing import CliRunner

from kartograph.cli.app import app
from kartograph.cli.models import train, tune  # noqa: F401  (adds the commands)
from kartograph.evaluation import tuning
from kartograph.evaluation.search_space import Choice, Range, space_of, values_of
from kartograph.models.changed_options import with_changes
from kartograph.models.neighbours.stan import STAN
from kartograph.tables.errors import BadInput

DAY = 86_400_000


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    """Reading interactions leaves a file of rejected rows where one stands."""
    monkeypatch.chdir(tmp_path)


@dataclass(frozen=True)
class Inner:
    share: float = 0.5
    threads: int = 3


@dataclass(frozen=True)
class Outer:
    kind: Literal["near", "far"] = "near"
    deep: bool = False
    number: int = 8
    none: float | None = None
    decay: float = 2.0
    extra: int = 0
    seed: int = 5
    inner: Inner = field(default_factory=Inner)


def test_numbers_are_searched_around_the_preset_and_parts_by_their_fields():
    assert space_of(Outer()) == {
        "kind": Choice(("near", "far")),
        "deep": Choice((False, True)),
        "number": Range(2, 32, whole=True, log=True),
        "decay": Range(0.5, 8.0, whole=False, log=True),
        "extra": Range(0, 5, whole=True, log=False),
        "inner.share": Range(0.125, 1.0, whole=False, log=True),
    }


def test_values_go_into_options_and_their_parts_and_come_out_again():
    options = with_changes(Outer(), {"number": 3, "inner.share": 0.25}, "outer")

    assert options == Outer(number=3, inner=Inner(share=0.25))
    assert values_of(options, {"number": 1, "inner.share": 1}) == {"number": 3, "inner.share": 0.25}


@pytest.fixture
def clicks(tmp_path):
    """Forty sessions of five items in a circle, a b c d e, each begun at another one."""
    rows = [
        (f"s{number:02}", position, "abcde"[(number + position) % 5]) for number in range(40) for position in range(4)
    ]
    file = tmp_path / "clicks.csv"
    pd.DataFrame(rows, columns=["session_id", "position", "item_id"]).to_csv(file, index=False)
    return file


@pytest.fixture
def events(tmp_path):
    """Twenty users who view two items on one day and buy two on the next, one of them each day."""
    rows = [
        (f"u{number:02}", item, event, (1_600_000_000_000 + number * DAY) + minute * 60_000)
        for number in range(20)
        for minute, (item, event) in enumerate(
            [("a", "view"), ("b", "view"), ("c", "buy"), ("d" if number % 2 else "e", "buy")]
        )
    ]
    rows += [("visitor", item, "view", 1_600_000_000_000) for item in "de"]
    file = tmp_path / "events.csv"
    pd.DataFrame(rows, columns=["user_id", "item_id", "event", "timestamp"]).to_csv(file, index=False)
    return file


def test_sessions_are_tuned_on_the_next_clicks_of_the_latest_tenth(clicks):
    tuned = tuning.tune("markov-2", clicks, trials=3)

    assert tuned.about == "next clicks of the latest 4 sessions"
    assert tuned.preset_figures == {"HR@20": 1.0, "MRR@20": 1.0}  # the circle is certain
    assert not tuned.is_better
    assert tuned.options == {"order": 2, "backoff": 0.1}
    assert len(tuned.trials) == 3
    assert tuned == tuning.tune("markov-2", clicks, trials=3)


def test_options_that_are_refused_together_are_a_trial_that_says_so(clicks):
    tuned = tuning.tune("markov-2", clicks, trials=6)
    refused = [trial for trial in tuned.trials if "refused" in trial]

    assert refused and all("order" in trial["refused"] for trial in refused)


def test_models_of_users_are_tuned_on_the_last_purchases(events):
    assert tuning.tune("stan-users", events, trials=1).about == "the last purchase of 20 users"


def test_models_of_sessions_are_tuned_on_the_last_days_and_may_know_the_past(events):
    tuned = tuning.tune("stan", events, trials=1)

    assert "next clicks of the last 1.9 days" in tuned.about
    assert "past" in tuned.options


@pytest.mark.slow
def test_a_preset_file_is_what_train_reads(clicks, events, tmp_path):
    file, model = tmp_path / "stan.json", tmp_path / "model"
    done = CliRunner().invoke(
        app, ["tune", "stan", "--train", str(clicks), "--trials", "1", "--out", str(file)], catch_exceptions=False
    )
    assert done.exit_code == 0
    assert "train it: kartograph train stan --preset" in " ".join(done.stderr.split())
    kept = json.loads(file.read_text())
    kept["options"]["neighbours"] = 77
    file.write_text(json.dumps(kept))

    arguments = ["train", "stan", "--preset", str(file), "--data", str(events), "--out", str(model)]
    assert CliRunner().invoke(app, arguments, catch_exceptions=False).exit_code == 0
    assert STAN.load(model).options.neighbours == 77


def test_what_cannot_be_tuned_is_refused(clicks, tmp_path):
    with pytest.raises(BadInput, match='"category-popularity" has no option that a search could change'):
        tuning.tune("category-popularity", clicks)
    with pytest.raises(BadInput, match="trials is 0: ask for at least 1"):
        tuning.tune("stan", clicks, trials=0)
    with pytest.raises(BadInput, match=r'Unknown model "magic"'):
        CliRunner().invoke(app, ["tune", "magic"], catch_exceptions=False)
    with pytest.raises(BadInput, match=r"There is no .*none\.csv"):
        CliRunner().invoke(app, ["tune", "stan", "--train", str(tmp_path / "none.csv")], catch_exceptions=False)

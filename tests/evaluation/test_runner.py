import sys

import numpy as np
import pandas as pd
import pytest

import kartograph
from kartograph.evaluation.protocols.sequences import NextClicks
from kartograph.models.baselines.popularity import Popularity
from kartograph.models.patterns.markov import Markov, MarkovOptions
from kartograph.tables.errors import BadInput, Leak

CLICKS = pd.DataFrame(
    {"session_id": list("11223344"), "position": [0, 1] * 4, "item_id": list("ab" + "ab" + "ac" + "ba")}
)
ASKED = pd.DataFrame({"session_id": ["8", "8", "9", "9"], "position": [0, 1] * 2, "item_id": ["a", "c", "b", "a"]})
PARTS = (CLICKS, ASKED)
OWN = '''
from dataclasses import dataclass
from typing import ClassVar

from kartograph.evaluation.cases import sequence_cases
from kartograph.evaluation.metrics.beyond import ItemFacts
from kartograph.evaluation.protocols.base import RankingProtocol
from kartograph.evaluation.tasks import Task
from kartograph.models.baselines.popularity import Popularity


@dataclass(frozen=True)
class FirstSessions(RankingProtocol):
    """Learn from all sessions but the first ones, which are asked for."""

    name: ClassVar[str] = "first-sessions"
    asked: int = 1

    def tasks(self, source):
        sessions = source.events["session_id"].drop_duplicates()
        first = source.events["session_id"].isin(sessions.iloc[: self.asked])
        data = source.training(source.events[~first], "session_id")
        yield Task(data, sequence_cases(source.events[first], data.items), ItemFacts.of(data))


class Mine(Popularity):
    """A model of one's own."""


class Broken(Popularity):
    """A model that needs what is not there."""

    def fit(self, data, progress=None):
        import no_such_package
'''


@pytest.fixture
def own(tmp_path):
    (tmp_path / "mine.py").write_text(OWN)
    return str(tmp_path / "mine.py")


def _dated() -> pd.DataFrame:
    return CLICKS.assign(event="view", timestamp=np.arange(len(CLICKS)) * 1000, session_id="s" + CLICKS["session_id"])


def test_names_instances_classes_and_files_are_models(own):
    result = kartograph.evaluate(
        PARTS, ["popularity, markov", Markov(MarkovOptions(order=2)), Popularity, f"{own}:Mine"], "sequences", k=2
    )

    assert result.figures.index.tolist() == ["popularity", "markov", "Markov", "Popularity", "Mine"]
    # Popular are a (4 clicks), b (3), c (1): c is not among two, a is first.
    assert result.figures.loc["popularity", "MRR@2"] == (0 + 1) / 2
    # After a came b twice and c once; after b came a.
    assert result.figures.loc["markov", "MRR@2"] == (1 / 2 + 1) / 2
    assert result.record["options"]["Markov"]["order"] == 2
    assert result.record["name"] == "frames"


def test_names_of_ones_own_keep_two_instances_of_a_class_apart():
    result = kartograph.evaluate(
        PARTS, {"first": Markov(), "second": Markov(MarkovOptions(order=2))}, NextClicks(all_prefixes=True), k=2
    )

    assert result.figures.index.tolist() == ["first", "second"]
    two = kartograph.evaluate(PARTS, [Markov(), Markov(MarkovOptions(order=2))], "sequences", k=2)
    assert two.figures.index.tolist() == ["Markov", "Markov 2"]


def test_a_model_that_fails_is_named_with_its_reason_and_the_others_figures_are_kept(own):
    result = kartograph.evaluate(PARTS, ["markov", f"{own}:Broken", "category-popularity"], "sequences")

    assert result.figures.index.tolist() == ["markov"]
    assert result.failed["Broken"] == "needs the package no_such_package, which is not installed"
    assert "categories" in result.failed["category-popularity"]
    assert set(result.record["failed"]) == {"Broken", "category-popularity"}
    with pytest.raises(BadInput, match=r"No model could be measured\. Broken: needs the package no_such_package"):
        kartograph.evaluate(PARTS, f"{own}:Broken", "sequences")


def test_a_leak_ends_the_evaluation():
    class Clairvoyant(Popularity):
        def fit(self, data, progress=None):
            raise Leak("It knows the test part.")

    with pytest.raises(Leak):
        kartograph.evaluate(PARTS, [Markov(), Clairvoyant()], "sequences")


def test_a_protocol_is_not_made_for_models_of_what_the_data_does_not_know():
    result = kartograph.evaluate(PARTS, "markov,mcprhrec,stan-users", "sequences")

    assert result.figures.index.tolist() == ["markov"]
    assert result.not_applicable == dict.fromkeys(
        ("mcprhrec", "stan-users"), "learns from users; here only sessions are known"
    )


def test_several_seeds_give_means_and_deviations():
    class Chance(Popularity):
        learns_from = "sessions"

        def __init__(self, seed: int = 0) -> None:
            super().__init__()
            self.seed = seed

        def scores(self, queries, owners):
            return np.tile(np.roll(np.array([3.0, 2, 1]), self.seed), (len(queries), 1))

    result = kartograph.evaluate((CLICKS, ASKED.iloc[:2]), [Chance, Popularity], "sequences", k=3, seeds=(0, 1, 2))

    # c is third, first and second.
    assert result.figures.loc["Chance", "MRR@3"] == pytest.approx((1 / 3 + 1 + 1 / 2) / 3)
    assert result.deviations.loc["Chance", "MRR@3"] == pytest.approx(np.std([1 / 3, 1, 1 / 2], ddof=1))
    assert result.deviations.loc["Popularity", "MRR@3"] == 0
    assert result.record["seeds"] == [0, 1, 2]
    assert result.figures.loc["Chance", "cases"] == 1
    with pytest.raises(BadInput, match=r"The seeds are \[1, 1\]"):
        kartograph.evaluate(PARTS, "markov", "sequences", seeds=(1, 1))


def test_a_protocol_of_ones_own_is_one_class(own, tmp_path, monkeypatch):
    result = kartograph.evaluate(_dated(), "popularity", f"{own}:FirstSessions", k=2)

    # Learned from ab, ac, ba: a 3, b 2, c 1. The first session asks after a for b, the second in rank.
    assert result.figures.loc["popularity", "MRR@2"] == 1 / 2
    assert result.record["protocol"] == "first-sessions"
    assert result.record["options"]["division"] == {"asked": 1}

    package = tmp_path / "myprotocols"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "first.py").write_text(OWN.replace("first-sessions", "in-a-package"))
    monkeypatch.syspath_prepend(tmp_path)
    by_module = kartograph.evaluate(_dated(), "popularity", "myprotocols.first:FirstSessions", k=2)
    by_name = kartograph.evaluate(_dated(), "popularity", "in-a-package", k=2)
    with_options = kartograph.evaluate(_dated(), "popularity", sys.modules["myprotocols.first"].FirstSessions(asked=2))
    assert by_module.record["figures"] == by_name.record["figures"] == result.record["figures"]
    assert with_options.figures.loc["popularity", "cases"] == 2


def test_what_does_not_exist_is_refused_with_what_does(own):
    with pytest.raises(
        BadInput, match=r"no protocol 'weeks'\. Names are .*last-week.*; one of your own is file\.py:Class"
    ):
        kartograph.evaluate(PARTS, "markov", "weeks")
    with pytest.raises(BadInput, match=r"mine\.py has no model 'Yours'.*there are Mine, Broken"):
        kartograph.evaluate(PARTS, f"{own}:Yours", "sequences")
    with pytest.raises(BadInput, match=r"nowhere\.py is not a file"):
        kartograph.evaluate(PARTS, "nowhere.py:Model", "sequences")
    with pytest.raises(BadInput, match="takes two parts"):
        kartograph.evaluate(CLICKS, "markov", "sequences")
    with pytest.raises(BadInput, match=r"It needs a row and the columns user_id, item_id"):
        kartograph.evaluate(PARTS, "markov", "interactions")
    with pytest.raises(BadInput, match="no benchmark 'x'"):
        kartograph.evaluate(PARTS, "markov", "sequences", benchmark="x")
    with pytest.raises(BadInput, match="42 is no model"):
        kartograph.evaluate(PARTS, [42], "sequences")  # pyright: ignore[reportArgumentType]


def test_numbers_in_one_part_and_text_in_the_other_are_refused():
    users = pd.DataFrame({"user_id": [1, 2], "item_id": [7, 8], "event": "view", "timestamp": [1, 2]})

    with pytest.raises(BadInput, match=r"0 of 1 users, 0 of 1 items .*str and int never meet"):
        kartograph.evaluate((users, pd.DataFrame({"user_id": ["1"], "item_id": ["8"]})), "popularity", "interactions")
    kartograph.evaluate((users, pd.DataFrame({"user_id": [1], "item_id": [8]})), "popularity", "interactions")


def test_few_sessions_and_unknown_ids_are_said():
    strange = ASKED.assign(item_id=["a", "x", "y", "z"])

    result = kartograph.evaluate((CLICKS, strange), "markov,popularity", "sequences")

    assert result.notes[0].startswith("Only 1 of 4 items of the test part are known")
    assert result.notes[1].startswith("2 sessions or users are too few to compare 2 models: at least 6 have to differ")


def test_the_order_of_the_rows_does_not_decide_who_is_shown():
    clicks = pd.DataFrame({"session_id": [f"s{n:02}" for n in range(60)], "item_id": [f"i{n:02}" for n in range(60)]})
    asked = pd.DataFrame({"session_id": ["t", "t"], "item_id": ["i00", "i01"]})

    lists = [
        kartograph.evaluate((rows, asked), "popularity", "sequences", k=5).results
        for rows in (clicks, clicks.iloc[::-1])
    ]

    names = [
        found.tasks[0].data.items.external[found.outcomes["popularity"][0].top.items[0]].tolist() for found in lists
    ]
    assert names[0] == names[1]


def test_a_record_and_the_runs_can_be_written(tmp_path):
    result = kartograph.evaluate(PARTS, "markov,popularity", "sequences", name="made up", benchmark="tmall-clicks")

    result.save(tmp_path / "out.json")
    assert '"name": "made up"' in (tmp_path / "out.json").read_text()
    assert result.record["benchmark"] == "tmall-clicks"
    assert [file.name for file in result.export_runs(tmp_path / "run.txt")] == ["run.markov.txt", "run.popularity.txt"]
    assert result.cases is not None and len(result.cases) == 2 * 2

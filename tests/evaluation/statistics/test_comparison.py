import pandas as pd
import pytest
from tests.models.sessions import training

from kartograph.evaluation.cases import sequence_cases
from kartograph.evaluation.measuring import measure
from kartograph.evaluation.metrics.beyond import ItemFacts
from kartograph.evaluation.statistics.comparison import compare_models, mean_timings
from kartograph.evaluation.tasks import Task
from kartograph.models.baselines.popularity import Popularity
from kartograph.models.patterns.markov import Markov


def _task(**sessions: str) -> Task:
    data = training("abc", "abd", "abc", "cab")
    rows = [(name, at, item) for name, items in sessions.items() for at, item in enumerate(items)]
    clicks = pd.DataFrame(rows, columns=["session_id", "position", "item_id"])
    return Task(data, sequence_cases(clicks, data.items, all_prefixes=True), ItemFacts.of(data))


def _judged(*tasks: Task):
    models = {"markov": Markov, "popularity": Popularity}
    outcomes = {
        name: [measure(make(), task.data, task.cases, 2, facts=task.facts) for task in tasks]
        for name, make in models.items()
    }
    return compare_models(tasks, outcomes, seed=0), outcomes


def test_every_model_has_figures_intervals_groups_and_parts():
    judged, _ = _judged(_task(s="abca", t="bca", u="ab"))

    for name in ("markov", "popularity"):
        for measure_name in ("HR@2", "MRR@2", "NDCG@2", "Recall@2", "Precision@2", "MAP@2"):
            low, high = judged["intervals"][name][measure_name]
            assert low <= judged["figures"][name][measure_name] <= high
            assert judged["significance"][measure_name]["groups"][name]
        assert [(part["from"], part["to"], part["cases"]) for part in judged["by_length"][name]] == [
            (1, 1, 3),
            (2, 2, 2),
            (3, 3, 1),
        ]
        assert sum(part["cases"] for part in judged["by_popularity"][name]) == 6
    assert "splits" not in judged


def test_the_parts_add_up_to_the_whole():
    judged, _ = _judged(_task(s="abca", t="bca", u="ab"))

    for by in ("by_length", "by_popularity"):
        weighted = sum(part["cases"] * part["HR@2"] for part in judged[by]["markov"])
        assert weighted / 6 == pytest.approx(judged["figures"]["markov"]["HR@2"])


def test_windows_weigh_alike_whatever_their_size():
    large, small = _task(s="abca", t="bca", u="ab"), _task(v="ab")

    judged, outcomes = _judged(large, small)

    alone = [outcome.cases.hit_rate.mean() for outcome in outcomes["markov"]]
    assert judged["figures"]["markov"]["HR@2"] == pytest.approx(sum(alone) / 2)
    assert judged["figures"]["markov"]["cases"] == 6 + 1
    assert [split["cases"] for split in judged["splits"]["markov"]] == [6, 1]
    assert mean_timings(outcomes["markov"])["peak_mib"] >= outcomes["markov"][0].timings.peak_mib

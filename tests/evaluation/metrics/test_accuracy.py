from math import log2
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kartograph.evaluation.cases import Truth
from kartograph.evaluation.metrics.accuracy import case_figures, summary
from kartograph.models.data import NONE
from kartograph.models.scoring.ranking import TopK


def _top(*rows: list[int]) -> TopK:
    items = np.array(rows)
    return TopK(items, np.where(items == NONE, -np.inf, -np.arange(items.shape[1]) * 1.0).astype(np.float32))


def _truth(*answers: list[int]) -> Truth:
    return Truth(np.cumsum([0, *map(len, answers)]), np.array([item for answer in answers for item in answer]))


# Four users, lists of four: two of three right answers found; one of one, third; none; nothing served.
TOP = _top([3, 1, 4, 5], [9, 2, 6, 5], [1, 2, 3, 4], [NONE] * 4)
TRUTH = _truth([1, 5, 8], [6], [7], [2, NONE])


def test_the_measures_of_a_worked_example_are_right_to_four_decimals():
    found = summary(TOP, TRUTH, catalogue=10)

    ideal = 1 / log2(2) + 1 / log2(3) + 1 / log2(4)
    first = (1 / log2(3) + 1 / log2(5)) / ideal
    assert found["HR@4"] == pytest.approx((1 + 1 + 0 + 0) / 4, abs=1e-4)
    assert found["MRR@4"] == pytest.approx((1 / 2 + 1 / 3 + 0 + 0) / 4, abs=1e-4)
    assert found["NDCG@4"] == pytest.approx((first + 1 / log2(4)) / 4, abs=1e-4)
    assert found["NDCG@4"] == pytest.approx(0.2495, abs=1e-4)
    assert found["Recall@4"] == pytest.approx((2 / 3 + 1 + 0 + 0) / 4, abs=1e-4)
    assert found["Precision@4"] == pytest.approx((2 / 4 + 1 / 4 + 0 + 0) / 4, abs=1e-4)
    assert found["MAP@4"] == pytest.approx(((1 / 2 + 2 / 4) / 3 + 1 / 3 + 0 + 0) / 4, abs=1e-4)
    assert found["Coverage@4"] == pytest.approx(7 / 10)
    assert (found["cases"], found["unserved"]) == (4, 1)


def test_an_unseen_target_is_a_miss_even_beside_empty_places():
    figures = case_figures(_top([NONE, NONE]), _truth([NONE]))

    assert figures.hit_rate.tolist() == [0]
    assert figures.recall.tolist() == [0]


# Where nothing is compiled yet, Python complains of ranx's own source.
@pytest.mark.filterwarnings("ignore:invalid escape sequence")
@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(
            st.lists(st.integers(0, 7), min_size=4, max_size=4, unique=True),
            st.lists(st.integers(0, 9), min_size=1, max_size=6, unique=True),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_ranx_gives_the_same_measures(cases):
    import ranx  # compiles with numba at its import

    top, truth = _top(*(list(items) for items, _ in cases)), _truth(*(answers for _, answers in cases))

    found = summary(top, truth, catalogue=10)

    qrels = ranx.Qrels({f"q{n}": {f"i{item}": 1 for item in answers} for n, (_, answers) in enumerate(cases)})
    run = ranx.Run({f"q{n}": {f"i{item}": 4.0 - at for at, item in enumerate(its)} for n, (its, _) in enumerate(cases)})
    names = {"HR": "hit_rate", "MRR": "mrr", "NDCG": "ndcg", "Recall": "recall", "Precision": "precision", "MAP": "map"}
    reference: Any = ranx.evaluate(qrels, run, [f"{theirs}@4" for theirs in names.values()])
    for ours, theirs in names.items():
        assert found[f"{ours}@4"] == pytest.approx(reference[f"{theirs}@4"], abs=1e-4)

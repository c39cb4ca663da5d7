from math import log2

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytrec_eval import RelevanceEvaluator

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
    result = summary(TOP, TRUTH, catalogue=10)

    ideal = 1 / log2(2) + 1 / log2(3) + 1 / log2(4)
    first = (1 / log2(3) + 1 / log2(5)) / ideal
    assert result["HR@4"] == pytest.approx((1 + 1 + 0 + 0) / 4, abs=1e-4)
    assert result["MRR@4"] == pytest.approx((1 / 2 + 1 / 3 + 0 + 0) / 4, abs=1e-4)
    assert result["NDCG@4"] == pytest.approx((first + 1 / log2(4)) / 4, abs=1e-4)
    assert result["NDCG@4"] == pytest.approx(0.2495, abs=1e-4)
    assert result["Recall@4"] == pytest.approx((2 / 3 + 1 + 0 + 0) / 4, abs=1e-4)
    assert result["Precision@4"] == pytest.approx((2 / 4 + 1 / 4 + 0 + 0) / 4, abs=1e-4)
    assert result["MAP@4"] == pytest.approx(((1 / 2 + 2 / 4) / 3 + 1 / 3 + 0 + 0) / 4, abs=1e-4)
    assert result["Coverage@4"] == pytest.approx(7 / 10)
    assert (result["cases"], result["unserved"]) == (4, 1)


def test_an_unseen_target_is_a_miss_even_beside_empty_places():
    figures = case_figures(_top([NONE, NONE]), _truth([NONE]))

    assert figures.hit_rate.tolist() == [0]
    assert figures.recall.tolist() == [0]


@settings(deadline=None)
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
def test_trec_eval_gives_the_same_measures(cases):
    top, truth = _top(*(list(items) for items, _ in cases)), _truth(*(answers for _, answers in cases))

    result = summary(top, truth, catalogue=10)

    right = {f"q{n}": {f"i{item}": 1 for item in answers} for n, (_, answers) in enumerate(cases)}
    run = {f"q{n}": {f"i{item}": 4.0 - at for at, item in enumerate(items)} for n, (items, _) in enumerate(cases)}
    names = {
        "HR": "success",
        "MRR": "recip_rank",
        "NDCG": "ndcg_cut",
        "Recall": "recall",
        "Precision": "P",
        "MAP": "map_cut",
    }
    asked = {name if name == "recip_rank" else f"{name}.4" for name in names.values()}
    by_case = RelevanceEvaluator(right, asked).evaluate(run).values()
    for ours, theirs in names.items():
        measure = theirs if theirs == "recip_rank" else f"{theirs}_4"  # the lists have four items anyway
        assert result[f"{ours}@4"] == pytest.approx(np.mean([case[measure] for case in by_case]), abs=1e-4)

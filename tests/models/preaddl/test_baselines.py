import sys

import numpy as np
import pytest
from tests.models.preaddl.test_pairs import busy_shop

from kartograph.models.preaddl.baselines import BaselineOptions, baselines
from kartograph.models.preaddl.bert import Bert, BertOptions
from kartograph.models.preaddl.pairs import PairOptions
from kartograph.models.preaddl.preparation import prepare
from kartograph.tables.errors import BadInput

SAMPLES = BaselineOptions(rbf_pairs=200, knn_pairs=300)


@pytest.fixture(scope="module")
def prepared():
    return prepare(busy_shop(), PairOptions(recent=4))


@pytest.mark.parametrize("name", ["svm", "svm-rbf", "knn", "naive-bayes", "decision-tree"])
def test_a_baseline_learns_pairs_and_answers_in_probabilities(prepared, name):
    classifier = baselines(SAMPLES)[name].fit(prepared)
    probabilities = classifier.probabilities(prepared.test)
    assert ((probabilities >= 0) & (probabilities <= 1)).all()
    assert np.ptp(probabilities) > 0
    assert classifier.training_pairs == {"svm-rbf": 200, "knn": 300}.get(name, len(prepared.train))


def test_popularity_alone_brings_all_items_into_the_order_of_their_events(prepared):
    probabilities = baselines()["popularity"].fit(prepared).probabilities(prepared.test)
    counts = np.bincount(prepared.items.rows(prepared.training_shop.events["item_id"]))
    asked = counts[prepared.test.items]
    assert np.array_equal(np.argsort(asked, kind="stable"), np.argsort(np.round(probabilities, 12), kind="stable"))


def test_always_yes_says_yes(prepared):
    assert baselines()["always-yes"].fit(prepared).probabilities(prepared.test).tolist() == [1.0] * len(prepared.test)


def test_bert_reads_the_visitors_events():
    prepared = prepare(busy_shop(), PairOptions(recent=4))
    options = BertOptions(size=8, layers=1, heads=1, vocabulary=20, pairs=300, batch=100)
    first, second = (Bert(options).fit(prepared).probabilities(prepared.test) for _ in range(2))
    assert first.shape == prepared.test.labels.shape and np.ptp(first) > 0
    assert first.tolist() == second.tolist()
    with pytest.raises(BadInput, match="carry no recent items"):
        Bert(options).fit(prepare(busy_shop()))


def test_without_transformers_the_error_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(BadInput, match=r"pip install \"kartograph\[bert\]\""):
        Bert()

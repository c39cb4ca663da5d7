import pytest
from tests.models.preaddl.test_pairs import busy_shop

from kartograph.evaluation.papers.preaddl import compare, tables
from kartograph.evaluation.papers.preaddl.charts import save_charts
from kartograph.models.preaddl.attention.model import GraphOptions
from kartograph.models.preaddl.baselines import BaselineOptions
from kartograph.models.preaddl.bert import BertOptions
from kartograph.models.preaddl.pairs import PairOptions, prepare
from kartograph.models.preaddl.paper.model import PaperOptions
from kartograph.models.preaddl.training import Training

NAMES = ("preaddl", "naive-bayes", "always-yes")


@pytest.fixture(scope="module")
def prepared():
    return prepare(busy_shop(), PairOptions(recent=3))


@pytest.fixture(scope="module")
def compared(prepared):
    paper = PaperOptions(training=Training(epochs=2))
    return compare.compare(prepared, NAMES, paper, GraphOptions(), BaselineOptions(), BertOptions())


def test_reported_figures_stand_beside_ours_and_never_in_their_columns(compared):
    table = tables.quality_table(compared).set_index("model")
    assert table.loc["preaddl", "reported accuracy"] == 0.9665
    assert table.loc["preaddl", "reported precision"] == 0.100
    assert table.loc["preaddl", "accuracy"] == compared["preaddl"].figures.accuracy
    times = tables.time_table(compared).set_index("model")
    assert times.loc["preaddl", "reported training"] == "1 h 40 min"
    assert times.loc["preaddl", "training s/epoch"] == pytest.approx(compared["preaddl"].fit_s / 2)
    assert times.loc["always-yes", "reported training"] == ""


def test_always_yes_has_the_share_of_positives_as_accuracy(compared, prepared):
    share = float(prepared.test.labels.mean())
    found = compared["always-yes"].figures
    assert found.accuracy == pytest.approx(share)
    assert found.f1 == pytest.approx(2 * share / (1 + share))


def test_the_reported_row_of_preaddl_implies_a_test_set_without_negatives():
    table = tables.implied_table(0.5).set_index("model")
    assert table.loc["PRE-ADDL (reported)", "positives implied"] == pytest.approx(1.0, abs=1e-3)
    assert table.loc["Naïve Bayes (reported)", "positives implied"] == pytest.approx(0.62, abs=0.02)
    assert table.loc["BERT (reported)", "positives implied"] == pytest.approx(0.80, abs=0.02)
    assert table.loc["our test pairs", "F1 of always-yes there"] == pytest.approx(2 / 3)


def test_every_chart_is_written(compared, prepared, tmp_path):
    names = {path.stem for path in save_charts(tmp_path, compared, prepared)}
    assert {"roc", "precision_recall", "calibration", "training", "figure_13_training", "confusion_always_yes"} <= names
    assert all(path.stat().st_size > 1000 for path in tmp_path.iterdir())


def test_the_record_has_the_courses_and_the_facts(compared, prepared):
    record = tables.as_record(compared, prepared)
    assert len(record["learning"]["preaddl"]) == 2
    assert "validation_auc" in record["learning"]["preaddl"][0]
    assert record["facts"]["test_pairs"] == len(prepared.test)
    assert set(record["figures"]) == set(NAMES)

import numpy as np
import pytest
from tests.models.preaddl.test_pairs import busy_shop

from kartograph.evaluation.papers.preaddl import compare, tables
from kartograph.evaluation.papers.preaddl.charts import save_charts
from kartograph.evaluation.papers.preaddl.claims import claims_table
from kartograph.evaluation.papers.preaddl.personalisation import rank_correlation, scored
from kartograph.models.preaddl.attention.model import GraphOptions
from kartograph.models.preaddl.baselines import BaselineOptions
from kartograph.models.preaddl.bert import BertOptions
from kartograph.models.preaddl.pairs import PairOptions
from kartograph.models.preaddl.paper.model import PaperOptions
from kartograph.models.preaddl.preparation import prepare
from kartograph.models.preaddl.training import Training

NAMES = ("preaddl", "preaddl-cnn", "naive-bayes", "popularity", "always-yes")
FAILED = {"bert": "needs the package transformers"}


def measured(options, names):
    prepared = prepare(busy_shop(), options)
    paper = PaperOptions(training=Training(epochs=2))
    return prepared, compare.compare(prepared, names, paper, GraphOptions(), BaselineOptions(), BertOptions())


@pytest.fixture(scope="module")
def sampled():
    return measured(PairOptions(recent=3), NAMES)


@pytest.fixture(scope="module")
def by_event():
    return measured(PairOptions("event", recent=3), ("preaddl", "naive-bayes", "always-view"))


def test_reported_figures_stand_beside_the_question_that_they_answer_and_never_in_our_columns(by_event):
    compared = by_event[1]
    table = tables.quality_table(compared, {}, "event").set_index("model")
    assert table.loc["preaddl", "reported accuracy"] == 0.9665
    assert table.loc["preaddl", "reported recall (printed as precision)"] == 1.0
    assert table.loc["naive-bayes", "reported precision (printed as recall)"] == 0.9696
    assert table.loc["preaddl", "accuracy"] == compared["preaddl"].figures.accuracy


def test_drawn_items_were_not_the_papers_question_but_times_are_times(sampled):
    compared = sampled[1]
    columns = tables.quality_table(compared, {}, "sampled").columns
    assert not [name for name in columns if str(name).startswith("reported")]
    times = tables.time_table(compared).set_index("model")
    assert times.loc["preaddl", "reported training"] == "1 h 40 min"
    assert times.loc["preaddl", "training s/epoch"] == pytest.approx(compared["preaddl"].fit_s / 2)
    assert times.loc["always-yes", "reported training"] == ""


def test_a_model_that_failed_is_a_row_and_the_figures_of_the_others_are_kept(sampled):
    rows = {row["model"]: row for row in tables.quality_table(sampled[1], FAILED, "sampled").to_dict("records")}
    assert list(rows) == [*NAMES, "bert"]
    assert all(value != value for name, value in rows["bert"].items() if name != "model")
    assert rows["preaddl"]["AUC"] == sampled[1]["preaddl"].figures.auc


def test_always_yes_has_the_share_of_positives_as_accuracy_and_recognises_no_negative(sampled, by_event):
    for (prepared, compared), name in ((sampled, "always-yes"), (by_event, "always-view")):
        share = float(prepared.test.labels.mean())
        result = compared[name].figures
        assert result.accuracy == pytest.approx(share)
        assert result.f1 == pytest.approx(2 * share / (1 + share))
        assert (result.true_negatives, compared[name].rank_correlation) == (0, None)


def test_the_last_row_of_what_is_implied_is_ours():
    table = tables.implied_table(0.5).set_index("model")
    assert table["p"].round(4).tolist() == [0.9665, 0.9667, 0.9665, 0.9683, 0.9664, 0.9665, 0.5]
    assert table.loc["our test pairs", "F1 of always-view"] == pytest.approx(2 / 3)


def test_one_order_for_everybody_has_rank_correlation_one(sampled):
    prepared, compared = sampled
    assert compared["popularity"].rank_correlation == pytest.approx(1)

    class Own:
        def probabilities(self, pairs):
            return np.where((pairs.visitors + pairs.items) % 2 == 0, 1.0, 0.0)

    result = rank_correlation(scored(Own(), prepared))
    assert result is not None and result < 0.1


def test_claims_stand_beside_the_same_comparison_and_are_empty_without_their_models(sampled):
    compared = sampled[1]
    claims = {row["claim"]: (row["reported"], row["measured"]) for row in claims_table(compared).to_dict("records")}
    saved = 1 - compared["preaddl"].test_s / compared["naive-bayes"].test_s
    assert claims["test, less than naive Bayes"] == ("16 %", f"{saved:.0%}")
    assert claims["training of an epoch, less than BERT"] == ("97 %", None)
    assert claims["response in seconds"][1] == compared["preaddl"].response_s
    assert 0 < claims["largest score of a recommended item"][1] < 1


def test_every_chart_is_written(sampled, tmp_path):
    prepared, compared = sampled
    names = {path.stem for path in save_charts(tmp_path, compared, prepared)}
    assert {"roc", "precision_recall", "calibration", "training", "figure_13_training", "confusion_always_yes"} <= names
    assert all(path.stat().st_size > 1000 for path in tmp_path.iterdir())


def test_the_record_has_the_courses_the_facts_and_the_orders(sampled):
    prepared, compared = sampled
    record = tables.as_record(compared, prepared)
    assert len(record["learning"]["preaddl-cnn"]) == 2
    assert "validation_auc" in record["learning"]["preaddl"][0]
    assert record["facts"]["test_pairs"] == len(prepared.test)
    assert set(record["figures"]) == set(NAMES)
    orders = record["tables"]["Rank correlation between visitors"]
    assert [row["model"] for row in orders] == list(NAMES)
    assert {"model": "popularity", "rank correlation": "1.00000"} in orders

import sys

import pytest

from kartograph.evaluation.papers import reproduce as module
from kartograph.evaluation.papers.pages import beside, hidden, markdown
from kartograph.evaluation.papers.reproduce import Options, reproduce
from kartograph.evaluation.report.reported import MCPRHREC
from kartograph.evaluation.runner import evaluate
from kartograph.models.registry import names
from kartograph.tables.errors import BadInput


@pytest.mark.slow
def test_the_page_of_mcprhrec_has_reported_and_measured_figures_and_what_they_hide(monkeypatch):
    monkeypatch.setattr(module, "FAMILY", "popularity,mcprhrec")
    monkeypatch.setattr(module, "ABLATION", "mcprhrec,hsprec")
    text = reproduce("mcprhrec", options=Options(scale=0.004, folds=2))
    assert text.startswith("# MCPRHRec, MCE-HSPRec and HSPRec: reported and measured")
    assert "reported F1" in text and "measured F1" in text and "MCPRHRec (`mcprhrec`) | 0.9445 | 0.9709" in text
    assert "| always-yes |" in text and "| week | clicks |" in text
    # p = (1 - A) / (1 - R + R (1 - P) / P) of 0.9445, 0.9519 and 0.9908.
    assert f"{(1 - 0.9445) / (1 - 0.9908 + 0.9908 * (1 - 0.9519) / 0.9519):.4f}" in text
    assert "0.9363 of views and carts" in text


def test_where_too_few_bought_for_lists_the_page_of_mcprhrec_says_so_and_keeps_the_rest(monkeypatch):
    def without_lists(data, models, *rest, **options):
        if models == module.ABLATION:
            raise BadInput("The 1 users of fold 1 have no later positive event.")
        return evaluate(data, models, *rest, **options)

    monkeypatch.setattr(module, "FAMILY", "popularity")
    monkeypatch.setattr(module, "ABLATION", "mcprhrec")
    monkeypatch.setattr(module, "evaluate", without_lists)
    text = reproduce("mcprhrec", options=Options(scale=0.002, folds=2))
    assert (
        "Not measured. The 1 users of fold 1" in text and "\n| popularity |" in text and "\n| week | clicks |" in text
    )


@pytest.mark.slow
def test_the_page_of_preaddl_has_the_honest_task_and_how_alike_visitors_are_beside_the_paper_s(monkeypatch):
    monkeypatch.setattr(module, "PAIRS", "preaddl,bert,popularity")
    monkeypatch.setitem(sys.modules, "transformers", None)
    text = reproduce("preaddl", options=Options(scale=0.002))
    tables = {part.partition("\n")[0]: part for part in text.split("\n## ")[1:]}
    drawn = tables["Event or sampled item, divided by time"]
    assert "| rank correlation |" in drawn and "\n| popularity |" in drawn and "\n| always-yes |" in drawn
    assert "50.0% of them positive" in drawn and "`bert`: The BERT baseline needs the package transformers" in drawn
    by_time = tables["Table 4, is this event a view? Divided by time"]
    assert "| reported F1 |" in by_time and "\n| always-view |" in by_time and "\n| bert |" in by_time
    assert "| largest score of a recommended item | 0.0257 |" in tables["Claims of the text"]
    assert "| preaddl |" in tables["Table 3: times"] and "1 h 40 min" in tables["Table 3: times"]
    assert all(row.count("|") == rows[0].count("|") for rows in _tables(text) for row in rows)


def _tables(text: str) -> list[list[str]]:
    """The rows of each table."""
    blocks = [block.splitlines() for block in text.split("\n\n")]
    return [block for block in blocks if block[0].startswith("|")]


def test_every_model_of_the_pages_is_in_the_registry():
    assert set(module.FAMILY.split(",")) | set(module.ABLATION.split(",")) <= set(names())


def test_models_of_one_side_have_the_other_empty():
    result = beside(MCPRHREC, {"mcprhrec": {"F1": 0.5}, "popularity": {"F1": 0.25}}).set_index("model")
    both = [result.at["MCPRHRec (`mcprhrec`)", f"{side} F1"] for side in ("reported", "measured")]
    assert both == [0.9709, 0.5] and result.at["popularity", "measured F1"] == 0.25
    text = markdown(result.reset_index())
    assert text.splitlines()[1].startswith("| --- |") and "| 0.25 |" in text
    assert "| MCE-HSPRec |" in hidden(MCPRHREC)


def test_a_paper_that_is_not_there_and_an_ontology_without_data_are_refused():
    with pytest.raises(BadInput, match=r"There is no paper 'bert' here\. Papers are preaddl, mcprhrec, ontology"):
        reproduce("bert")
    with pytest.raises(BadInput, match="needs items and visits"):
        reproduce("ontology")

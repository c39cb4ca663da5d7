"""Tables 2, 3 and 4 of PRE-ADDL's paper: ours, with the *reported* figures beside them."""

from typing import Any

import pandas as pd

from kartograph.evaluation.papers.preaddl.compare import Compared
from kartograph.evaluation.report.arithmetic import always_yes_f1, implied
from kartograph.evaluation.report.reported import PREADDL, PREADDL_TIMES
from kartograph.models.preaddl.pairs import Prepared
from kartograph.models.preaddl.shop_events import ShopEvents, missing_values

PRECISION_THAT_FITS = 1.0
"""Of PRE-ADDL's row: the printed 0.100 and the text's 0.93 both contradict its F1."""
TIMED = {
    "preaddl": "PRE-ADDL",
    "bert": "BERT",
    "svm": "SVM",
    "knn": "K-Nearest Neighbor",
    "naive-bayes": "Naïve Bayes",
    "decision-tree": "Decision Tree",
}
"""The rows of the paper's Table 3 by our models' names."""


def data_table(shop: ShopEvents) -> pd.DataFrame:
    """Table 2 and figure 4: the columns of each table with their rows and missing values."""
    return missing_values(shop)


def preparation_table(prepared: Prepared) -> pd.DataFrame:
    """What the preparation did, in numbers."""
    rows = [{"fact": name, "value": value} for name, value in prepared.facts.items()]
    return pd.DataFrame(rows, dtype=object)  # counts stay whole beside the one share


def time_table(compared: dict[str, Compared]) -> pd.DataFrame:
    """Table 3: training of an epoch, test and response in seconds; the reported times as they were printed."""
    reported = {row[0]: row[1:] for row in PREADDL_TIMES}
    rows = []
    for name, one in compared.items():
        printed = reported.get(TIMED.get(name, ""), ("", "", ""))
        rows.append(
            {
                "model": name,
                "training s/epoch": one.fit_s / max(one.epochs, 1),
                "test s": one.test_s,
                "response s": one.response_s,
                "pairs learnt": one.learnt,
                "reported training": printed[0],
                "reported test": printed[1],
                "reported response": printed[2],
            }
        )
    return pd.DataFrame(rows)


def quality_table(compared: dict[str, Compared]) -> pd.DataFrame:
    """Table 4: ours first, with AUC, average precision and Brier score; accuracy alone is no headline."""
    reported = {row.ours: row.figures for row in PREADDL.rows}
    rows = []
    for name, one in compared.items():
        printed = reported.get(name, {})
        rows.append(
            {
                "model": name,
                "AUC": one.figures.auc,
                "AP": one.average_precision,
                "Brier": one.brier,
                "accuracy": one.figures.accuracy,
                "F1": one.figures.f1,
                "precision": one.figures.precision,
                "recall": one.figures.recall,
                **{
                    f"reported {measure}": printed.get(measure) for measure in ("accuracy", "F1", "precision", "recall")
                },
            }
        )
    return pd.DataFrame(rows)


def implied_table(positives: float) -> pd.DataFrame:
    """What the reported rows imply: the share of positives in their test set, and what always-yes has there.

    The last row is ours: the share of positives in the test pairs at hand.
    """
    rows = []
    for row in PREADDL.rows:
        precision = PRECISION_THAT_FITS - 1e-9 if row.ours == "preaddl" else None
        found = implied(row.model, row.figures, precision)
        rows.append(
            {
                "model": f"{row.model} (reported)",
                "positives implied": found.positives,
                "from": found.low if precision is None else 1.0,
                "to": found.high if precision is None else 1.0,
                "F1 printed": found.f1_reported,
                "F1 of its precision and recall": found.f1_computed,
                "F1 of always-yes there": found.f1_always_yes,
            }
        )
    rows.append(
        {
            "model": "our test pairs",
            "positives implied": positives,
            "from": positives,
            "to": positives,
            "F1 of always-yes there": always_yes_f1(positives),
        }
    )
    return pd.DataFrame(rows)


def as_record(compared: dict[str, Compared], prepared: Prepared) -> dict[str, Any]:
    """Figures, timings and courses as a record takes them, and the facts of the preparation."""
    figures, timings, learning = {}, {}, {}
    for name, one in compared.items():
        found = one.figures
        figures[name] = {
            "AUC": found.auc,
            "AP": one.average_precision,
            "Brier": one.brier,
            "accuracy": found.accuracy,
            "F1": found.f1,
            "precision": found.precision,
            "recall": found.recall,
            "cases": len(prepared.test),
            "true_positives": found.true_positives,
            "false_positives": found.false_positives,
            "true_negatives": found.true_negatives,
            "false_negatives": found.false_negatives,
        }
        timings[name] = {"fit_s": one.fit_s, "epochs": one.epochs, "test_s": one.test_s, "response_s": one.response_s}
        if one.course:
            learning[name] = one.course
    return {"figures": figures, "timings": timings, "learning": learning, "facts": prepared.facts}

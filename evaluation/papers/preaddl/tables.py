"""Tables 2, 3 and 4 of PRE-ADDL's paper: ours, with the *reported* figures beside them."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from kartograph.evaluation.papers.preaddl.claims import claims_table
from kartograph.evaluation.papers.preaddl.compare import Compared
from kartograph.evaluation.papers.preaddl.personalisation import REASON
from kartograph.evaluation.report.arithmetic import always_yes_f1, implied
from kartograph.evaluation.report.leaderboard import printed_as
from kartograph.evaluation.report.reported import PREADDL, PREADDL_TIMES
from kartograph.models.preaddl.pairs import Prepared
from kartograph.models.preaddl.shop_events import ShopEvents, missing_values

MEASURES = ("accuracy", "F1", "precision", "recall")
"""Of Table 4, in its order."""
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
                "training pairs": one.training_pairs,
                "reported training": printed[0],
                "reported test": printed[1],
                "reported response": printed[2],
            }
        )
    return pd.DataFrame(rows)


def quality_table(compared: dict[str, Compared], failed: Mapping[str, str], labels: str) -> pd.DataFrame:
    """Table 4: ours, with AUC, average precision, Brier score and the negatives recognised: accuracy is no headline.

    A model that failed is a row without figures. The paper's figures stand beside those for the labels `event` alone,
    the only question whose answers they can be; a reported column that is printed under another name says so.
    """
    reported = {row.ours: row.figures for row in PREADDL.rows} if labels == "event" else {}
    rows = []
    for name in (*compared, *failed):
        one = compared.get(name)
        row: dict[str, Any] = {"model": name} | (_measured(one) if one else {})
        if labels == "event":
            printed = reported.get(name, {})
            row |= {f"reported {one}{printed_as(PREADDL, one)}": printed.get(one) for one in MEASURES}
        rows.append(row)
    return pd.DataFrame(rows)


def _measured(one: Compared) -> dict[str, float | str | None]:
    figures = one.figures
    negatives = figures.true_negatives + figures.false_positives
    return {
        "accuracy": figures.accuracy,
        "F1": figures.f1,
        "precision": figures.precision,
        "recall": figures.recall,
        "negatives recognised": figures.true_negatives / negatives if negatives else None,
        "AUC": figures.auc,
        "AP": one.average_precision,
        "Brier": one.brier,
        "rank correlation": _order(one),
    }


def _order(one: Compared) -> str | None:
    """The rank correlation with five decimals: 0.99997 is not 1."""
    return None if one.rank_correlation is None else f"{one.rank_correlation:.5f}"


def implied_table(positives: float) -> pd.DataFrame:
    """What the reported rows imply: the share of positives in their test set, and what always-view has there.

    p = (1 - a) / (1 - r + r(1/q - 1)) with accuracy a, precision q and recall r, the two columns exchanged. The
    last row is ours: the share of positives in the test pairs at hand.
    """
    rows = []
    for row in PREADDL.rows:
        counts = implied(row)
        rows.append(
            {
                "model": f"{row.model} (reported)",
                "a": counts.accuracy,
                "q": counts.precision,
                "r": counts.recall,
                "p": counts.positives,
                "p from": counts.low,
                "p to": counts.high,
                "F1 printed": counts.f1_reported,
                "F1 of q and r": counts.f1_computed,
                "F1 of always-view": counts.f1_always_yes,
                "negatives recognised": counts.specificity,
            }
        )
    ours = {"p": positives, "p from": positives, "p to": positives, "F1 of always-view": always_yes_f1(positives)}
    return pd.DataFrame([*rows, {"model": "our test pairs"} | ours])


def as_record(compared: dict[str, Compared], prepared: Prepared) -> dict[str, Any]:
    """Figures, timings and courses as a record takes them, the orders by visitor, and the facts of the preparation."""
    figures, timings, learning = {}, {}, {}
    for name, one in compared.items():
        measured = one.figures
        figures[name] = {
            "AUC": measured.auc,
            "AP": one.average_precision,
            "Brier": one.brier,
            "accuracy": measured.accuracy,
            "F1": measured.f1,
            "precision": measured.precision,
            "recall": measured.recall,
            "cases": len(prepared.test),
            "true_positives": measured.true_positives,
            "false_positives": measured.false_positives,
            "true_negatives": measured.true_negatives,
            "false_negatives": measured.false_negatives,
        }
        timings[name] = {"fit_s": one.fit_s, "epochs": one.epochs, "test_s": one.test_s, "response_s": one.response_s}
        if one.course:
            learning[name] = one.course
    orders = [{"model": name, "rank correlation": _order(one)} for name, one in compared.items()]
    record = {"figures": figures, "timings": timings, "learning": learning, "facts": prepared.facts}
    claims = claims_table(compared).to_dict("records")
    shown = {"Rank correlation between visitors": orders, "Claims of the text beside what was measured": claims}
    return record | {"tables": shown, "notes": [REASON]}

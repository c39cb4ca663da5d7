"""What PRE-ADDL's text claims of times and scores, beside what the same comparison gives here.

Reported shares follow from Table 3: 1 - 100 / 4680 minutes of training, 1 - 50 / 60 of test, 1 - 3 / 7 of response.
"""

import pandas as pd

from kartograph.evaluation.papers.preaddl.compare import ALWAYS, Compared

PAPER = "preaddl"


def claims_table(compared: dict[str, Compared]) -> pd.DataFrame:
    """`claim, reported, measured`; a claim whose models were not measured has None."""
    ours = compared.get(PAPER)
    always = next((compared[name] for name in ALWAYS.values() if name in compared), None)
    rows = [
        ("accuracy", "about 0.97", ours and ours.figures.accuracy),
        ("accuracy of saying yes to everything", "-", always and always.figures.accuracy),
        ("training of an epoch, less than BERT", "97 %", _less(compared, "bert", _epoch)),
        ("training of an epoch, less than SVM (“SVD” in the text)", "78 %", _less(compared, "svm", _epoch)),
        ("test, less than naive Bayes", "16 %", _less(compared, "naive-bayes", lambda one: one.test_s)),
        ("response, less than BERT", "57 %", _less(compared, "bert", lambda one: one.response_s)),
        ("response in seconds", "0.63; 180 in Table 3", ours and ours.response_s),
        ("largest score of a recommended item", "0.0257", ours and ours.highest),
    ]
    return pd.DataFrame(rows, columns=["claim", "reported", "measured"])


def _epoch(one: Compared) -> float:
    return one.fit_s / max(one.epochs, 1)


def _less(compared: dict[str, Compared], other: str, seconds) -> str | None:
    """The share of the other's time that PRE-ADDL saves; negative where it takes longer."""
    if PAPER not in compared or other not in compared:
        return None
    return f"{1 - seconds(compared[PAPER]) / seconds(compared[other]):.0%}"

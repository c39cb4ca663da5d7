from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartograph.evaluation.cases import Cases, Truth
from kartograph.evaluation.trec import read_run, write_run
from kartograph.models.data import NONE, Histories, Ids
from kartograph.models.scoring.ranking import TopK
from kartograph.tables.errors import BadInput

IDS = st.lists(st.text(st.characters(codec="utf-8"), min_size=1), min_size=2, max_size=5, unique=True)


def _cases(ids: list[str]) -> Cases:
    nothing = np.zeros(0, dtype=np.int64)
    owners = np.full(len(ids), NONE)
    return Cases(ids, Histories.of(nothing, nothing, len(ids)), owners, Truth(np.zeros(len(ids) + 1, int), nothing))


def _written(path: Path, cases: list[str], items: list[str], tag: str = "m") -> pd.DataFrame:
    rows = np.tile(np.arange(len(items)), (len(cases), 1))
    write_run(path, tag, TopK(rows, np.ones(rows.shape)), _cases(cases), Ids(pd.Index(items, dtype=object)))
    return read_run(path)


def test_ids_that_differ_in_spaces_only_stay_different(tmp_path):
    result = _written(tmp_path / "run.txt", ["u 1", "u_1", "u  1"], ["a b", "a_b", "a%20b"])

    assert (tmp_path / "run.txt").read_text().splitlines()[:3] == [
        "u%201 Q0 a%20b 1 3 m",
        "u%201 Q0 a_b 2 2 m",
        "u%201 Q0 a%2520b 3 1 m",
    ]
    assert result["case"].unique().tolist() == ["u 1", "u_1", "u  1"]
    assert result["item_id"].unique().tolist() == ["a b", "a_b", "a%20b"]


@pytest.mark.slow
@given(IDS, IDS)
def test_a_run_is_read_back_exactly_and_has_six_words_a_line(cases, items):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "run.txt"
        result = _written(path, cases, items, tag=items[0])
        lines = path.read_text("utf-8").split("\n")[:-1]

    assert [len(line.split()) for line in lines] == [6] * len(cases) * len(items)
    assert list(result[["case", "item_id", "tag"]].itertuples(index=False, name=None)) == [
        (case, item, items[0]) for case in cases for item in items
    ]
    assert result["rank"].tolist() == list(range(1, len(items) + 1)) * len(cases)


def test_a_line_of_other_than_six_parts_is_refused(tmp_path):
    (tmp_path / "run.txt").write_text("1 Q0 a 1 1 m\n1 Q0 a b 1 1 m\n")

    with pytest.raises(BadInput, match=r"run\.txt, line 2: 7 parts\. A run has six: case Q0 item_id rank score tag"):
        read_run(tmp_path / "run.txt")

"""Clocks of 12 hours without AM and PM."""

import pytest

from kartograph.loaders.interactions import read


@pytest.mark.parametrize(
    ("first", "after", "told"),
    [(1, "", True), (1, " AM", False), (1, "Z", False), (0, "", False), (3, "", False)],
)
def test_clocks_of_many_rows_without_an_afternoon_are_told(tmp_path, options, first, after, told):
    texts = [f"2024-01-{day:02} {hour:02}:30{after}" for day in range(1, 6) for hour in range(first, first + 12)]
    path = tmp_path / "clicks.csv"
    path.write_text("\n".join(["user,item,time", *(f"u,{place},{text}" for place, text in enumerate(texts))]))
    report = read(path, options(timezone="MEZ")).report
    assert [words for words in report.remarks if "between 1:00 and 12:59" in words] == report.remarks
    assert len(report.remarks) == told

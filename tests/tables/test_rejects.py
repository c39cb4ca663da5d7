"""Tests of the rejects file and its limit."""

import csv
from pathlib import Path

import pytest

from kartograph.tables.errors import BadInput
from kartograph.tables.rejects import COLUMNS, Reject, RejectLimit, Rejects

HOSTILE = 'a "quote", a\nnewline, a \x00 and a 🛒'


def test_rows_come_back_from_the_file_as_they_went_in(tmp_path):
    rejects = Rejects(tmp_path / "deep" / "rejects.csv", RejectLimit())
    rejects.add([Reject(Path("f.csv"), 2, "c", HOSTILE, "odd")])
    rejects.add([Reject(Path("f.csv"), 9, "", "", "short")])
    with rejects.path.open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [
            list(COLUMNS),
            ["f.csv", "2", "c", HOSTILE, "odd"],
            ["f.csv", "9", "", "", "short"],
        ]


def test_the_file_of_an_earlier_load_goes(tmp_path):
    path = tmp_path / "rejects.csv"
    path.write_text("old")
    Rejects(path, RejectLimit())
    assert not path.exists()


def test_no_bad_rows_leave_no_file(tmp_path):
    rejects = Rejects(tmp_path / "rejects.csv", RejectLimit())
    rejects.add([])
    assert not rejects.path.exists()


def test_a_place_that_cannot_be_written_is_an_error_that_names_it(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(BadInput, match=r"Rejected rows cannot be written to .*file/rejects.csv"):
        Rejects(tmp_path / "file" / "rejects.csv", RejectLimit())


def test_limits_are_shares_or_numbers_of_rows():
    assert RejectLimit.parse("10%") == RejectLimit(share=0.1)
    assert RejectLimit.parse("500") == RejectLimit(share=None, rows=500)


@pytest.mark.parametrize("text", ["101%", "-1", "ten", "", "%"])
def test_other_limits_are_refused_with_their_value(text):
    with pytest.raises(BadInput, match=r"reject"):
        RejectLimit.parse(text)


def test_as_many_as_allowed_pass_and_one_more_does_not(tmp_path):
    rejects = Rejects(tmp_path / "rejects.csv", RejectLimit(share=None, rows=2))
    rejects.add([Reject(Path("f.csv"), line, "c", "v" * 100, "odd") for line in (2, 3)])
    rejects.check("rows", 2, 10)
    rejects.add([Reject(Path("f.csv"), 4, "c", "v", "odd")])
    with pytest.raises(BadInput) as caught:
        rejects.check("rows", 3, 10)
    assert "3 of 10 rows of rows are bad; the limit is 2 rows." in str(caught.value)
    assert f"f.csv line 2: odd ('{'v' * 80}…'); f.csv line 3" in str(caught.value)

"""Tests of what is counted as the work of others while something is measured."""

from collections import namedtuple

import pytest

from kartograph.evaluation import other_work
from kartograph.evaluation.other_work import Work

Times = namedtuple("Times", "user nice system idle iowait guest guest_nice")
"""The seconds of all cores, as Linux names them."""


@pytest.fixture
def machine(monkeypatch):
    """Sets what the machine's clocks show: the moment, the cores' seconds, and this program's."""

    def at(moment: float, times: Times, own: float) -> None:
        monkeypatch.setattr(other_work.time, "monotonic", lambda: moment)
        monkeypatch.setattr(other_work.psutil, "cpu_times", lambda: times)
        monkeypatch.setattr(other_work, "_own", lambda: own)

    return at


def test_cores_that_others_kept_busy_are_all_that_was_done_less_ones_own(machine):
    machine(0, Times(100, 0, 10, 500, 5, 20, 0), own=3)
    began = Work.so_far()
    machine(10, Times(112, 1, 13, 504, 5, 25, 0), own=10)  # 16 s, a guest's among the user's
    assert began.of_others() == pytest.approx((16 - 7) / 10)


def test_nothing_is_left_where_only_the_program_itself_worked(machine):
    machine(0, Times(0, 0, 0, 0, 0, 0, 0), own=0)
    began = Work.so_far()
    machine(10, Times(6, 0, 1, 13, 0, 0, 0), own=7.02)  # clocks of the machine and of a process tick apart
    assert began.of_others() == 0


def test_the_work_of_processes_that_were_started_is_ones_own():
    before = other_work._own()
    other_work.os.system("python -c 'sum(range(5_000_000))'")
    assert other_work._own() > before

"""Test of commands that are killed or fail at a change of a file, by a sample of `benchmarks/crashes.py`."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARK = Path(__file__).parents[3] / "benchmarks" / "crashes.py"


@pytest.mark.slow
@pytest.mark.server
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("operation", ["version", "live", "backup"])
def test_what_is_broken_at_a_change_of_a_file_is_whole_and_goes_on(home, operation):
    command = [sys.executable, BENCHMARK, "--operations", operation, "--sample", "1", "--json"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    [row] = json.loads(done.stdout)
    assert row["broken"] == 0
    assert row["kill"] >= 1 and row["fail"] >= 1

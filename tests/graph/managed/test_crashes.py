"""Test of commands that are killed or fail at a change of a file, by a sample of `benchmarks/crashes.py`."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

OPERATIONS = ["version", "live", "backup"]
BENCHMARK = Path(__file__).parents[3] / "benchmarks" / "crashes.py"


@pytest.mark.slow
@pytest.mark.server
@pytest.mark.timeout(3600)
def test_what_is_broken_at_a_change_of_a_file_is_whole_and_goes_on(home):
    command = [sys.executable, BENCHMARK, "--operations", *OPERATIONS, "--sample", "1", "--json"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert [(row["operation"], row["kind"]) for row in rows] == [
        (operation, kind) for operation in OPERATIONS for kind in ("killed", "no space")
    ]
    assert all(row["trials"] >= 1 and row["broken"] == 0 for row in rows)

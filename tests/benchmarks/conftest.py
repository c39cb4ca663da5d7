"""What tests of benchmarks share: the scripts can be imported, and records go into a folder of the test."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kartograph.reference import records

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def record(tmp_path, monkeypatch) -> Callable[[str], dict[str, Any]]:
    """Reads a record that a benchmark has kept."""
    monkeypatch.syspath_prepend(BENCHMARKS)
    monkeypatch.syspath_prepend(BENCHMARKS / "peer_code")
    monkeypatch.setattr(records, "FOLDER", tmp_path / "records")
    return lambda name: records.json.loads((tmp_path / "records" / f"{name}.json").read_text("utf-8"))


@pytest.fixture
def clicks(tmp_path) -> Callable[..., Path]:
    """Writes sessions, each a text of one letter a click, as a file of click sequences."""

    def write(*sessions: str) -> Path:
        rows = [
            f"{number},{position},{item}"
            for number, session in enumerate(sessions)
            for position, item in enumerate(session)
        ]
        file = tmp_path / "clicks.csv"
        file.write_text("\n".join(["session_id,position,item_id", *rows]) + "\n", "utf-8")
        return file

    return write

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.sparse import csr_array

from kartograph.models.preaddl.paper.model import PaperModel
from kartograph.models.preaddl.saved import packed, read_saved, unpacked, write_saved
from kartograph.tables.errors import BadInput


@dataclass(frozen=True)
class Options:
    size: int = 8


class Touch:
    """Makes a file when it is read by something that runs what a pickle asks for."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self):
        return os.mkdir, (str(self.file),)


def test_what_is_written_is_read_again(tmp_path):
    matrix = csr_array(np.array([[0.0, 2.0], [0.0, 0.0]], dtype=np.float32))
    write_saved(tmp_path / "model.pt", "kind", Options(4), {"items": ["a", "b"], "edges": packed(matrix)})
    state = read_saved(tmp_path / "model.pt", "kind", [Options])
    assert state["options"] == Options(4)
    assert state["items"] == ["a", "b"]
    assert unpacked(state["edges"]).toarray().tolist() == [[0.0, 2.0], [0.0, 0.0]]
    assert [file.name for file in tmp_path.iterdir()] == ["model.pt"]


def test_a_file_that_brings_code_is_refused_and_none_of_it_runs(tmp_path):
    torch.save({"kind": "kind", "options": Touch(tmp_path / "ran")}, tmp_path / "evil.pt")
    with pytest.raises(BadInput, match=r"evil\.pt cannot be read as a trained kind"):
        read_saved(tmp_path / "evil.pt", "kind", [Options])
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("content", [b"", b"no model", b"PK\x03\x04 cut off"])
def test_a_file_that_is_no_model_is_named(tmp_path, content):
    (tmp_path / "wrong.pt").write_bytes(content)
    with pytest.raises(BadInput, match=r"wrong\.pt cannot be read as a trained preaddl"):
        PaperModel.load(tmp_path / "wrong.pt")


def test_a_missing_file_and_one_of_another_model_are_named(tmp_path):
    with pytest.raises(BadInput, match="No such file"):
        PaperModel.load(tmp_path / "none.pt")
    write_saved(tmp_path / "other.pt", "preaddl-graph", None, {})
    with pytest.raises(BadInput, match="holds preaddl-graph, not a trained preaddl"):
        PaperModel.load(tmp_path / "other.pt")

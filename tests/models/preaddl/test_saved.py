import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.sparse import csr_array

from kartograph.models.preaddl.attention.model import KIND as GRAPH
from kartograph.models.preaddl.attention.model import GraphModel, GraphOptions
from kartograph.models.preaddl.paper.model import KIND as PAPER
from kartograph.models.preaddl.paper.model import PaperModel, PaperOptions
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


@pytest.mark.parametrize(
    ("options", "state"),
    [
        (None, {}),
        (PaperOptions(), {}),
        (PaperOptions(), {"items": 3, "visitors": []}),
        (PaperOptions(), {"items": ["a"], "visitors": ["u"], "item_features": None, "visitor_column": None}),
        (PaperOptions(), {"items": ["a"], "visitors": ["u"], "item_features": torch.zeros(1, 0), "network": {}}),
    ],
)
def test_a_file_of_the_right_kind_with_other_content_is_named(tmp_path, options, state):
    write_saved(tmp_path / "model.pt", PAPER, options, state)
    with pytest.raises(BadInput, match=r"model\.pt says that it is a trained preaddl, but its content is none \(\w+: "):
        PaperModel.load(tmp_path / "model.pt")


@pytest.mark.parametrize("state", [{}, {"items": ["a"], "edges": [{}]}, {"items": ["a"], "edges": 5}])
def test_the_graph_models_file_with_other_content_is_named_too(tmp_path, state):
    write_saved(tmp_path / "model.pt", GRAPH, GraphOptions(), state)
    with pytest.raises(BadInput, match=r"model\.pt says that it is a trained preaddl-graph, but its content is none"):
        GraphModel.load(tmp_path / "model.pt")

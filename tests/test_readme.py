"""The Python of the README runs as it stands, on the small shop in place of the demo's."""

import re
from pathlib import Path

import pytest
from tests.queries import small_shop

from kartograph.graph.connection import Graph

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


@pytest.mark.server
def test_the_python_of_the_readme_runs(graph, server, tmp_path, monkeypatch):
    small_shop.fill(graph)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Graph, "local", lambda shop: Graph.connect(server.uri, server.auth))

    assert len(BLOCKS) == 1
    names: dict[str, object] = {}
    exec(compile(BLOCKS[0], "README.md", "exec"), names)

    assert (tmp_path / "walk" / "model.json").is_file()
    assert "walk" in names

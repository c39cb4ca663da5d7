"""The Python of the README runs as it stands, on the small shop in place of the demo's."""

import re
from pathlib import Path
from typing import Any

import pytest
from tests.queries import small_shop

from kartograph.graph.connection import Graph
from kartograph.models.saved.version_files import folder_of
from kartograph.models.saved.versions import keep
from kartograph.models.walks.random_walk import RandomWalk

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


@pytest.mark.slow
@pytest.mark.server
def test_the_python_of_the_readme_runs(graph, server, tmp_path, monkeypatch):
    small_shop.fill(graph)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KARTOGRAPH_HOME", str(tmp_path / "home"))
    keep(graph, folder_of(managed=False), "walk", RandomWalk().fit(graph))  # what `kartograph train walk` does
    monkeypatch.setattr(Graph, "local", lambda shop: Graph.connect(server.uri, server.auth))

    assert len(BLOCKS) == 1
    names: dict[str, Any] = {}
    exec(compile(BLOCKS[0], "README.md", "exec"), names)

    assert (tmp_path / "walk" / "model.json").is_file()
    assert type(names["kept"]) is type(names["walk"])

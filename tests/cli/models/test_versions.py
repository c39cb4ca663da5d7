"""Tests of the commands about versions: what they print, and that unknown names are refused before a server starts."""

import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from kartograph.cli.app import app
from kartograph.cli.models import versions as commands
from kartograph.cli.shared.connect import versions_folder
from kartograph.models.baselines.popularity import Popularity
from kartograph.models.data import TrainingData
from kartograph.models.saved.versions import current, keep
from kartograph.tables.errors import BadInput

COMMANDS = (commands,)
"""Importing a file adds its commands."""


def run(*arguments: str):
    result = CliRunner().invoke(app, arguments)
    if isinstance(result.exception, Exception):
        raise result.exception
    return result


@pytest.fixture
def two(home, addressed) -> list[str]:
    """Ids of two versions of popularity where the commands look, the first one first."""
    model = Popularity().fit(TrainingData.from_table(pd.DataFrame({"user_id": ["u"], "item_id": ["a"]}), "user_id"))
    folder = versions_folder("shop")
    return [keep(addressed, folder, "popularity", model, "d1", {"HR@20": 0.25, "who": "me"}).version for _ in (1, 2)]


@pytest.mark.server
def test_versions_are_printed_as_a_table_and_as_json(two):
    assert "0.25" in run("versions").stdout
    result = json.loads(run("versions", "popularity", "--check", "--json").stdout)
    assert [(row["version"], row["current"]) for row in result] == [(two[1], True), (two[0], False)]
    assert result[0]["figures"] == {"HR@20": 0.25, "who": "me"}
    assert result[0]["trained"].endswith("+00:00")
    assert result[0]["items_gone"] == 1


@pytest.mark.server
def test_rollback_goes_back_and_says_to_what(two, addressed):
    assert f"popularity answers with {two[0]} now" in " ".join(run("rollback", "popularity").stderr.split())
    result = current(addressed, "popularity")
    assert result is not None
    assert result.version == two[0]
    assert json.loads(run("rollback", "popularity", two[1], "--json").stdout)["version"] == two[1]


@pytest.mark.server
def test_prune_removes_what_is_old(two):
    assert json.loads(run("prune", "--keep", "1", "--json").stdout) == {"popularity": [two[0]]}
    assert "removed nothing" in run("prune", "popularity").stderr


@pytest.mark.server
def test_a_shop_without_versions_says_how_to_get_one(home, addressed):
    assert "train one" in run("versions").stderr
    assert json.loads(run("versions", "--json").stdout) == []
    assert "No model" in run("prune").stderr


@pytest.mark.parametrize("command", ["versions", "rollback", "prune"])
def test_an_unknown_model_is_refused_with_the_known_ones_before_a_server_starts(home, command, monkeypatch):
    monkeypatch.delenv("NEO4J_URI", raising=False)
    with pytest.raises(BadInput, match=r'Unknown model "stanley"\. Choose from .*popularity, .*stan, '):
        run(command, "stanley")
    assert not (home / "shops").exists()

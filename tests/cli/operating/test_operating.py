"""`remove` says what goes before it asks; `doctor` ends with 1 where something is wrong."""

import json

import pytest
from typer.testing import CliRunner

from kartograph.cli.app import app
from kartograph.cli.operating import doctor, remove
from kartograph.graph.managed.home import ShopDirectory
from kartograph.tables.errors import BadInput

COMMANDS = (doctor.doctor, remove.remove)


@pytest.fixture
def shop(home, monkeypatch) -> ShopDirectory:
    monkeypatch.delenv("NEO4J_URI", raising=False)
    of = ShopDirectory.of("books")
    of.make()
    return of


def test_nothing_is_removed_without_a_yes(shop):
    done = CliRunner().invoke(app, ["remove", "--shop", "books"])
    assert isinstance(done.exception, BadInput)
    assert str(shop.folder) in done.output
    assert shop.folder.is_dir()


@pytest.mark.parametrize("words", [["remove", "--shop", "books"], ["--shop", "books", "remove"]])
def test_with_a_yes_the_shop_goes(shop, words):
    done = CliRunner().invoke(app, [*words, "--yes"])
    assert done.exit_code == 0, done.output
    assert not shop.folder.exists()


def test_all_and_a_shop_exclude_each_other(shop):
    assert CliRunner().invoke(app, ["remove", "--all", "--shop", "books"]).exit_code == 2
    assert shop.folder.is_dir()


def test_the_doctor_ends_with_1_where_something_is_wrong(shop):
    shop.folder.chmod(0o755)
    done = CliRunner().invoke(app, ["doctor", "--json"])
    assert done.exit_code == 1
    [result] = [one for one in json.loads(done.output) if one["check"] == "Home" and not one["ok"]]
    assert result["remedy"] == f"chmod go= {shop.folder}"
    lines = CliRunner().invoke(app, ["doctor"]).output.splitlines()
    assert f"wrong  Home: others may read {shop.folder} → chmod go= {shop.folder}" in lines

"""Tests of `kartograph undo-load` on a shop whose server is stopped."""

import json

import pytest
from typer.testing import CliRunner

from kartograph.cli.app import app
from kartograph.cli.loading import undo_load  # noqa: F401 - adds the command
from kartograph.graph.ledger import Entry, write_ledger
from kartograph.graph.managed.generations import activate, new_generation
from kartograph.graph.managed.home import ShopDirectory
from kartograph.tables.errors import NothingThere

runner = CliRunner()


@pytest.fixture
def shop(tmp_path, monkeypatch):
    monkeypatch.setenv("KARTOGRAPH_HOME", str(tmp_path / "home"))
    return ShopDirectory.of("shop")


def loaded(shop, source, events):
    place = new_generation(shop)
    write_ledger(place.folder, [Entry(source, source, "bulk", 0, held={"events": events})])
    activate(shop, place)
    return place.folder.name


def test_it_says_what_is_undone_and_what_is_back_and_given_twice_brings_all_back(shop):
    former, present = loaded(shop, "clicks", 1200), loaded(shop, "orders", 3)
    result = runner.invoke(app, ["undo-load"])
    assert result.exit_code == 0, result.output
    assert shop.generation == former
    words = " ".join(result.stdout.split())
    assert "undone: the bulk load of orders (3 events, 1970-01-01 00:00 UTC)" in words
    assert "the shop holds again: the bulk load of clicks (1,200 events" in words
    again = json.loads(runner.invoke(app, ["undo-load", "--json"]).stdout)
    assert ([one["source"] for one in again["undone"]], [one["source"] for one in again["back"]]) == (
        ["clicks"],
        ["orders"],
    )
    assert shop.generation == present


def test_a_shop_that_keeps_nothing_is_told_so(shop):
    loaded(shop, "clicks", 1)
    result = runner.invoke(app, ["undo-load"])
    assert isinstance(result.exception, NothingThere)
    assert 'The shop "shop" keeps no former database' in str(result.exception)

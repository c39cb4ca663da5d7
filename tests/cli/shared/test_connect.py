"""Which shop a command opens, and that none is made by asking."""

import pytest

from kartograph.cli.shared.connect import open_graph, refuse_no_shop
from kartograph.graph.managed.home import ShopDirectory
from kartograph.tables.errors import NothingThere


def test_a_shop_that_does_not_exist_is_refused_with_those_there_are_and_how_to_make_it(home):
    with pytest.raises(NothingThere, match=r'no shop "boks" in .*; there is none yet: make it: .*--shop boks load'):
        open_graph("boks")
    assert not (home / "shops").exists()
    for name in ("garden", "books"):
        ShopDirectory.of(name).current.mkdir(parents=True)
    with pytest.raises(
        NothingThere, match=r'no shop "boks" in .*; choose one of "books", "garden" \(--shop\), or make'
    ):
        open_graph("boks")
    assert sorted(one.name for one in (home / "shops").iterdir()) == ["books", "garden"]
    refuse_no_shop("books")


def test_the_server_that_the_environment_names_needs_no_shop(home, monkeypatch):
    monkeypatch.setenv("NEO4J_URI", "bolt://127.0.0.1:7687")
    refuse_no_shop("boks")

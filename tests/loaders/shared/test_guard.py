"""Tests of what a load may not destroy, and of the verdict of a dry run, without a server."""

import json

import pandas as pd
import pytest

from kartograph.graph.ledger import Entry, add_live, read_ledger, write_ledger
from kartograph.graph.managed.home import ShopDirectory
from kartograph.loaders import interactions, retailrocket
from kartograph.loaders.interactions import InteractionOptions
from kartograph.loaders.retailrocket import RetailRocketOptions
from kartograph.loaders.sample import generate
from kartograph.loaders.shared.dry_run import dry_run
from kartograph.loaders.shared.frames import as_path
from kartograph.loaders.shared.guard import NO_LOSS, Allowed, held_by, refuse_loss, tell_replaced
from kartograph.loaders.shared.options import EVERY_ROW
from kartograph.tables.errors import BadInput, ServerError
from kartograph.tables.rejects import RejectLimit


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """A home whose active database holds ten events of the source "interactions"."""
    monkeypatch.setenv("KARTOGRAPH_HOME", str(tmp_path / "home"))
    home = ShopDirectory.of("shop")
    folder = home.generations / home.generation
    folder.mkdir(parents=True)
    write_ledger(folder, [Entry("one", "interactions", "bulk", 0, held={"events": 10})])
    return home


@pytest.fixture
def events(tmp_path):
    def written(count, more=""):
        file = tmp_path / "clicks.csv"
        rows = "".join(f"u{n},i,{1_600_000_000 + n}\n" for n in range(count))
        file.write_text("user,item,time\n" + rows + more)
        return file

    return written


def read(file, limit=EVERY_ROW, name="interactions"):
    options = InteractionOptions(rejects=file.with_name("rejects.csv"), limit=limit, name=name)
    return interactions.read(file, options)


def refused(source, home, allowed=NO_LOSS):
    with pytest.raises(BadInput) as caught:
        refuse_loss(source, held_by(source), home, allowed)
    return str(caught.value)


def test_half_of_what_the_shop_holds_passes_and_less_does_not(shop, events):
    half = read(events(5))
    refuse_loss(half, held_by(half), shop, NO_LOSS)
    words = refused(read(events(4)), shop)
    assert 'the shop "shop" with 4 instead of 10 events' in words
    assert "the bulk load of interactions (10 events, 1970-01-01 00:00 UTC)" in words
    assert "clicks.csv" in words and "--allow-shrink" in words
    less = read(events(4))
    refuse_loss(less, held_by(less), shop, Allowed(shrink=True))


def test_a_frame_without_events_is_named(shop):
    with as_path(pd.DataFrame({"user": [], "item": []})) as path:
        assert "There is no event in the frame: loading interactions" in refused(read(path), shop)


def test_rows_that_tell_one_event_count_once(shop, events):
    source = read(events(4, "u0,i,1600000000\n" * 6))
    assert held_by(source)["events"] == 4
    refused(source, shop)


def test_another_source_is_not_compared(shop, events):
    other = read(events(1), name="other")
    refuse_loss(other, held_by(other), shop, NO_LOSS)


def test_a_source_in_the_place_of_another_says_what_goes(shop, events):
    same, other = read(events(9)), read(events(9), name="other")
    tell_replaced(same, shop)
    tell_replaced(other, shop)
    assert same.report.remarks == []
    (words,) = other.report.remarks
    assert words.startswith("this load replaces the bulk load of interactions (10 events, 1970-01-01 00:00 UTC): ")
    tell_replaced(other, ShopDirectory.of("new"))
    assert len(other.report.remarks) == 1


def test_nothing_at_all_is_refused_for_an_empty_shop_too_and_allowed_to_shrink_is_not_allowed_to_be_empty(shop, events):
    assert "There is no event in" in refused(read(events(0)), shop, Allowed(shrink=True))
    refused(read(events(0)), ShopDirectory.of("new"))
    empty = read(events(0))
    refuse_loss(empty, held_by(empty), shop, Allowed(empty=True, shrink=True))


@pytest.mark.slow
def test_a_catalogue_that_is_gone_is_refused_though_all_events_are_there(shop, tmp_path):
    folder = tmp_path / "sample"
    generate(folder, 0.02, 1)
    options = RetailRocketOptions(rejects=tmp_path / "rejects.csv")
    whole = retailrocket.read(folder, options)
    held = held_by(whole)
    write_ledger(shop.generations / shop.generation, [Entry("one", "retailrocket", "bulk", 0, held=held)])
    refuse_loss(whole, held, shop, NO_LOSS)
    tree = folder / "category_tree.csv"
    tree.write_text(tree.read_text().splitlines()[0] + "\n")
    words = refused(retailrocket.read(folder, options), shop)
    assert f"0 instead of {held['categories in the tree']} categories in the tree" in words


def test_live_loads_add_to_what_is_compared(shop, events):
    add_live(shop, "interactions", "two", 60_000, 20)
    add_live(shop, "interactions", "three", 120_000, 2)
    [_, live] = read_ledger(shop.generations / shop.generation)
    assert str(live) == "2 live loads of interactions (32 events, 1970-01-01 00:02 UTC)"
    assert "15 instead of 32 events" in refused(read(events(15)), shop)


def test_a_ledger_that_nobody_can_read_is_an_error_that_names_it(shop, events):
    (shop.generations / shop.generation / "ledger.json").write_text("{")
    source = read(events(9))
    with pytest.raises(ServerError, match=r"ledger.json, which says what the shop holds, cannot be read"):
        refuse_loss(source, held_by(source), shop, NO_LOSS)


def test_a_dry_run_judges_by_the_limit_and_by_the_shop_and_changes_nothing(shop, events):
    fine = dry_run(read(events(5)), RejectLimit(), shop, NO_LOSS)
    assert (fine.refusals, fine.verdict) == ([], "this would be loaded")
    bad = dry_run(read(events(4, "u,i,never\n")), RejectLimit(), shop, NO_LOSS)
    assert bad.refusals is not None
    assert [words.split(":")[0] for words in bad.refusals] == [
        "1 of 5 rows of interactions are bad; the limit is 10.0% of its rows.",
        'Loading interactions would leave the shop "shop" with 4 instead of 10 events',
    ]
    assert bad.as_dict()["verdict"] == {"exit_code": 1, "refused_because": bad.refusals}
    assert bad.in_words().splitlines()[-1].startswith("  verdict: this load would be refused: 1 of 5")
    live = dry_run(read(events(4)), RejectLimit(), None, NO_LOSS)
    assert live.refusals == []


def test_a_dry_run_ends_with_the_exit_code_of_the_load(shop, events, capsys):
    batch = interactions.LOADER
    assert batch.main([str(events(5)), "--dry-run"]) == 0
    assert batch.main([str(events(4)), "--dry-run", "--json"]) == 1
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["verdict"]["exit_code"] == 1
    assert batch.main([str(events(4)), "--dry-run", "--allow-shrink"]) == 0
    assert batch.main([str(events(4))]) == 1
    assert "4 instead of 10 events" in capsys.readouterr().err

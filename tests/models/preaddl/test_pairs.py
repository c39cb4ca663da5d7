import numpy as np
import pandas as pd
import pytest

from kartograph.models.data import NONE, Ids
from kartograph.models.preaddl.features import tree_positions
from kartograph.models.preaddl.negatives import draw, seen_keys
from kartograph.models.preaddl.pairs import PairOptions, without_features
from kartograph.models.preaddl.preparation import candidates, prepare, split_events
from kartograph.models.preaddl.shop_events import ShopEvents, from_retailrocket, missing_values
from kartograph.tables.errors import BadInput

HOUR, DAY = 3_600_000, 86_400_000


def events(*rows: tuple[str, str, str, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["user_id", "item_id", "event", "timestamp"])


def busy_shop(users: int = 60, items: int = 30, rows: int = 900, seed: int = 0) -> ShopEvents:
    random = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "user_id": random.integers(users, size=rows).astype(str),
            "item_id": random.integers(items, size=rows).astype(str),
            "event": random.choice(["view", "cart", "buy"], p=[0.9, 0.07, 0.03], size=rows),
            "timestamp": np.sort(random.integers(20 * DAY, size=rows)),
        }
    )
    categories = pd.DataFrame(
        {"item_id": np.arange(items).astype(str), "since": 0, "value": (np.arange(items) % 3).astype(str)}
    )
    return ShopEvents(
        frame, {"category": categories}, pd.DataFrame({"category_id": ["0", "1"], "parent_id": ["2", None]})
    )


def test_half_of_the_pairs_are_yes_and_no_negative_is_an_item_that_the_visitor_met():
    prepared = prepare(busy_shop(), PairOptions(seed=3))
    train, test = prepared.train, prepared.test
    assert train.labels.mean() == pytest.approx(0.5, abs=0.01)
    assert prepared.facts["train_positives"] + prepared.facts["test_positives"] == 900
    met = {(v, i) for v, i, yes in zip(train.visitors, train.items, train.labels, strict=True) if yes}
    no = {(v, i) for v, i, yes in zip(train.visitors, train.items, train.labels, strict=True) if not yes}
    assert no and not met & no
    tested = {(v, i) for v, i, yes in zip(test.visitors, test.items, test.labels, strict=True) if not yes and v != NONE}
    assert tested and not met & tested


def test_every_event_is_a_pair_whose_yes_is_a_view():
    shop = busy_shop()
    prepared = prepare(shop, PairOptions("event"))
    parts = prepared.train, prepared.test
    assert sum(map(len, parts)) == 900
    assert sum(part.labels.sum() for part in parts) == (shop.events["event"] == "view").sum()
    assert len(prepare(shop, PairOptions("event", split="random")).test) == pytest.approx(180, abs=5)


def test_balanced_training_has_as_many_views_as_others_and_the_test_part_stays():
    whole, balanced = (prepare(busy_shop(), PairOptions("event", balanced=flag)) for flag in (False, True))
    assert balanced.train.labels.mean() == 0.5
    assert balanced.train.labels.sum() == (whole.train.labels == 0).sum()
    assert balanced.test.labels.tolist() == whole.test.labels.tolist()


def test_no_feature_of_an_event_changes_with_its_own_kind():
    shop = busy_shop()
    other = shop.events.copy()
    other.loc[other.index[450], "event"] = {"view": "buy"}.get(other["event"].iloc[450], "view")
    options = PairOptions("event", test_share=0, recent=3)
    before, after = (prepare(ShopEvents(frame, shop.properties, shop.tree), options) for frame in (shop.events, other))
    assert np.flatnonzero(before.train.labels != after.train.labels).tolist() == [450]
    assert np.array_equal(before.train.features, after.train.features)
    assert np.array_equal(before.train.recent_events[450], after.train.recent_events[450])


def test_events_of_one_kind_cannot_be_told_apart():
    with pytest.raises(BadInput, match="Of 2 events on known items 2 are views"):
        prepare(ShopEvents(events(("u", "a", "view", 0), ("u", "b", "view", 1))), PairOptions("event"))


@pytest.mark.parametrize(("pairing", "visitor", "moment"), [("moment", 1, 1), ("visitor", 1, 0), ("none", 0, 0)])
def test_a_negative_shares_with_its_positive_what_the_pairing_says(pairing, visitor, moment):
    pairs = prepare(busy_shop(), PairOptions(pairing=pairing, test_share=0)).train
    first = np.flatnonzero((pairs.labels[:-1] == 1) & (pairs.labels[1:] == 0))
    assert len(first) > 800
    for values, all_alike in ((pairs.visitors, visitor), (pairs.times, moment)):
        same = (values[first] == values[first + 1]).mean()
        assert same == 1 if all_alike else same < 0.2
    # A moment is always one of the visitor's own.
    own = set(zip(pairs.visitors[pairs.labels == 1], pairs.times[pairs.labels == 1], strict=True))
    assert set(zip(pairs.visitors, pairs.times, strict=True)) == own


def test_candidates_are_every_visitor_with_every_item_after_training():
    prepared = prepare(busy_shop(), PairOptions(recent=2))
    asked = candidates(prepared, np.array([3, 5]), np.array([0, 1, 2]))
    assert (asked.visitors.tolist(), asked.items.tolist()) == ([3, 3, 3, 5, 5, 5], [0, 1, 2, 0, 1, 2])
    own = prepared.training_shop.events.query("user_id == @prepared.visitors.external[3]")["item_id"].tolist()
    assert prepared.items.external[asked.recent[0]].tolist() == own[:-3:-1]
    assert asked.features.shape == (6, prepared.train.features.shape[1])


def test_the_time_split_tests_the_latest_events_and_the_random_one_does_not():
    late = prepare(busy_shop(), PairOptions(split="time"))
    mixed = prepare(busy_shop(), PairOptions(split="random"))
    assert late.train.times.max() <= late.test.times.min()
    assert mixed.train.times.max() > mixed.test.times.min()


def test_events_of_one_instant_are_all_tested():
    times = pd.DataFrame({"timestamp": [1, 2, 3, 3, 3]})
    train, test = split_events(times, PairOptions(test_share=0.2), np.random.default_rng(0))
    assert (train["timestamp"].tolist(), test["timestamp"].tolist()) == ([1, 2], [3, 3, 3])
    with pytest.raises(BadInput, match="of one instant"):
        split_events(times.assign(timestamp=1), PairOptions(test_share=0.2), np.random.default_rng(0))


def test_a_property_has_the_value_of_the_moment_and_counts_end_before_it():
    shop = ShopEvents(
        events(
            ("u", "a", "view", 10 * HOUR),
            ("v", "b", "view", 20 * HOUR),
            ("u", "a", "view", 30 * HOUR),
            ("v", "c", "view", 40 * HOUR),
        ),
        {
            "price": pd.DataFrame(
                {"item_id": ["a", "a", "b"], "since": [5 * HOUR, 25 * HOUR, 99 * HOUR], "value": [3.0, 7.0, 9.0]}
            )
        },
    )
    prepared = prepare(shop, PairOptions(test_share=0))
    visitors, items = prepared.visitors.rows(["u", "u", "v", "v"]), prepared.items.rows(["a", "a", "b", "c"])
    raw = prepared.space.raw(visitors, items, np.array([10, 30, 20, 40]) * HOUR)
    # The price of b is first known after the end of training, so it is missing before.
    assert raw["price"].tolist()[:2] == [np.log1p(3.0), np.log1p(7.0)]
    assert raw["price"].isna().tolist() == [False, False, True, True]
    assert np.expm1(raw["item_events"]).round().tolist() == [0, 1, 0, 0]
    assert np.expm1(raw["visitor_events"]).round().tolist() == [0, 1, 0, 1]
    assert raw["hour"].tolist() == [10, 6, 20, 16]
    scaled = prepared.space.scaled(raw)
    assert scaled.min() == 0 and scaled.max() == 1 and not np.isnan(scaled).any()


def test_no_feature_of_a_training_pair_changes_when_the_test_part_does():
    shop = busy_shop()
    late = shop.events.copy()
    late.loc[late.index[-180:], "item_id"] = "0"
    before, after = (
        prepare(ShopEvents(frame, shop.properties, shop.tree), PairOptions(seed=1)) for frame in (shop.events, late)
    )
    assert np.array_equal(before.train.features, after.train.features)
    assert np.array_equal(before.train.items, after.train.items)
    assert (
        before.space.scaled(before.space.raw(*_asked())).tolist()
        == after.space.scaled(after.space.raw(*_asked())).tolist()
    )


def _asked():
    return np.array([0, 1]), np.array([1, 0]), np.array([19 * DAY, 19 * DAY])


@pytest.mark.parametrize(("positive", "kinds"), [("any", 4), ("cart", 3), ("buy", 2)])
def test_what_a_positive_is_can_be_chosen(positive, kinds):
    rows = [
        ("u", item, event, time)
        for time, (item, event) in enumerate(zip("abcd", ["view", "cart", "buy", "borrow"], strict=True))
    ]
    more = [(name, item, "view", 5) for name in "vw" for item in "xyz"]
    prepared = prepare(ShopEvents(events(*rows, *more)), PairOptions(positive=positive, test_share=0))
    assert prepared.facts["train_positives"] == {4: 10, 3: 3, 2: 2}[kinds]


def test_items_that_training_does_not_know_are_counted_and_visitors_keep_no_row():
    rows = [
        ("u", "a", "view", 0),
        ("v", "b", "view", 1),
        ("v", "a", "view", 2),
        ("new", "a", "view", 3),
        ("u", "z", "view", 4),
    ]
    prepared = prepare(ShopEvents(events(*rows)), PairOptions(test_share=0.4))
    assert prepared.facts["test_events_on_unknown_items"] == 1
    assert prepared.test.visitors.tolist() == [NONE, NONE]
    assert prepared.test.labels.tolist() == [1, 0]


def test_recent_items_come_latest_first_and_before_the_pair():
    rows = [("u", "a", "view", 0), ("u", "b", "cart", 1), ("u", "c", "view", 2), ("v", "d", "view", 3)]
    prepared = prepare(ShopEvents(events(*rows)), PairOptions(test_share=0, recent=2))
    positive = prepared.train.labels == 1
    result = [
        ["" if row == NONE else prepared.items.external[row] for row in pair]
        for pair in prepared.train.recent[positive]
    ]
    assert result == [["", ""], ["a", ""], ["b", "a"], ["", ""]]
    assert prepared.train.recent_events[positive][2].tolist() == [1, 0]


def test_recent_items_of_the_test_part_are_those_met_before_the_moment_whoever_the_visitor_is():
    rows = [("u", "a", "view", 0), ("v", "b", "view", 1), ("u", "c", "view", 2), ("v", "d", "view", 3)]
    later = [("new", "b", "cart", 4), ("new", "z", "view", 5), ("new", "c", "view", 6), ("u", "d", "view", 7)]
    prepared = prepare(ShopEvents(events(*rows, *later)), PairOptions(test_share=0.5, recent=3))
    positive = prepared.test.labels == 1
    names = np.append(prepared.items.external, "")
    # z is in no training event, so no model has a row for it.
    assert names[prepared.test.recent[positive]].tolist() == [["", "", ""], ["b", "", ""], ["c", "a", ""]]
    assert prepared.test.recent_events[positive].tolist() == [[0, 0, 0], [1, 0, 0], [0, 0, 0]]


def test_hard_negatives_come_from_the_category_and_popular_ones_by_their_events():
    categories = np.array([0, 0, 0, 1, 1])
    random = np.random.default_rng(0)
    at, events_of = np.zeros(4000, dtype=int), np.array([5, 9, 3, 1000, 1])
    met = seen_keys(np.array([0]), np.array([0]), 5)
    hard = draw(at, np.zeros(4000, dtype=int), met, events_of, categories, "hard", random)
    assert set(hard.items.tolist()) == {1, 2}
    assert (hard.items == 1).mean() == pytest.approx(9 / 12, abs=0.03)
    popular = draw(at, np.zeros(4000, dtype=int), met, events_of, categories, "popularity", random)
    assert (popular.items == 3).mean() > 0.9
    twice = np.zeros(8000, dtype=int)
    uniform = draw(twice, twice, met, events_of, categories, "uniform", random)
    assert len(uniform.items) == 8000
    assert np.bincount(uniform.items)[1:] / 8000 == pytest.approx([0.25] * 4, abs=0.03)


def test_a_visitor_who_met_everything_gets_no_negative():
    met = seen_keys(np.zeros(3, dtype=int), np.arange(3), 3)
    drawn = draw(
        np.array([0]),
        np.array([NONE]),
        met,
        np.ones(3, dtype=int),
        np.full(3, NONE),
        "uniform",
        np.random.default_rng(0),
    )
    assert len(drawn.items) == 0


def test_levels_and_roots_follow_the_tree_and_a_cycle_ends():
    ids = Ids(pd.Index(["a", "b", "c", "x", "y"]))
    tree = pd.DataFrame({"category_id": ["c", "b", "x", "y"], "parent_id": ["b", "a", "y", "x"]})
    result = tree_positions(ids, tree)
    assert result.level[:3].tolist() == [0, 1, 2]
    assert result.root[:3].tolist() == [0, 0, 0]


def test_one_seed_gives_one_set_of_pairs():
    first, second, other = (prepare(busy_shop(), PairOptions(seed=seed, negatives="hard")) for seed in (1, 1, 2))
    assert np.array_equal(first.train.items, second.train.items)
    assert not np.array_equal(first.train.items, other.train.items)


def test_what_is_missing_is_counted_and_a_zero_is_a_value():
    shop = ShopEvents(
        events(("u", "0", "view", 0)), {}, pd.DataFrame({"category_id": ["0", "1"], "parent_id": [None, "0"]})
    )
    rows = missing_values(shop).set_index(["table", "column"])["missing"]
    assert rows["category tree", "parent_id"] == 1
    assert rows.sum() == 1


def test_shares_and_events_that_leave_nothing_are_refused():
    with pytest.raises(BadInput, match=r"test_share is 0\.95"):
        prepare(busy_shop(), PairOptions(test_share=0.95))
    with pytest.raises(BadInput, match='is a positive \\("buy"\\)'):
        prepare(ShopEvents(events(("u", "a", "view", 0))), PairOptions(positive="buy", test_share=0))
    with pytest.raises(BadInput, match="There are no events"):
        ShopEvents(events())


def test_the_numeric_branch_can_be_taken_away():
    assert without_features(prepare(busy_shop())).test.features.shape[1] == 0


def test_retailrockets_folder_gives_dated_properties(tmp_path):
    (tmp_path / "events.csv").write_text(
        "timestamp,visitorid,event,itemid,transactionid\n1430000000000,1,view,7,\n1430000001000,1,transaction,7,3\n"
    )
    (tmp_path / "item_properties.csv").write_text(
        "timestamp,itemid,property,value\n1430000000000,7,categoryid,209\n1430000000000,7,790,n12.500\n"
        "1430000000000,7,available,0\n1430000000500,7,available,1\n1430000000000,7,888,hidden\n"
    )
    (tmp_path / "category_tree.csv").write_text("categoryid,parentid\n209,1\n1,\n")
    shop = from_retailrocket(tmp_path)
    assert shop.properties["price"]["value"].tolist() == [12.5]
    assert sorted(shop.properties["available"]["value"].tolist()) == [0.0, 1.0]
    assert shop.properties["category"]["value"].tolist() == ["209"]
    assert shop.events["event"].tolist() == ["view", "buy"]


@pytest.mark.parametrize("lines", [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0]])
def test_the_order_of_retailrockets_rows_does_not_count_and_of_several_values_of_an_instant_the_smallest_does(
    tmp_path, lines
):
    head, rows = "timestamp,itemid,property,value\n", []
    rows += [f"1430000000000,7,categoryid,{number}\n" for number in (31, 209)]
    rows += [f"1430000000000,7,790,n{price}.000\n" for price in (30, 9)]
    rows += ["1430000000000,5,categoryid,31\n"]
    (tmp_path / "item_properties.csv").write_text(head + "".join(rows[line] for line in lines))
    acts = [f"1430000000000,{user},view,{item},\n" for user, item in ((2, 7), (1, 7), (1, 5), (1, 6), (3, 5))]
    (tmp_path / "events.csv").write_text(
        "timestamp,visitorid,event,itemid,transactionid\n" + "".join(acts[line] for line in lines)
    )
    tree = ["209,1\n", "31,1\n", "1,\n", "2,\n", "3,2\n"]
    (tmp_path / "category_tree.csv").write_text("categoryid,parentid\n" + "".join(tree[line] for line in lines))
    shop = from_retailrocket(tmp_path)
    assert shop.properties["category"][["item_id", "value"]].to_numpy().tolist() == [["5", "31"], ["7", "209"]]
    assert shop.properties["price"]["value"].tolist() == [9.0]
    pairs = [["1", "5"], ["1", "6"], ["1", "7"], ["2", "7"], ["3", "5"]]
    assert shop.events[["user_id", "item_id"]].to_numpy().tolist() == pairs
    assert shop.tree["category_id"].tolist() == ["1", "2", "209", "3", "31"]

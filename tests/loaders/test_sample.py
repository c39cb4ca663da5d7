"""The generated shop: same seed same bytes, RetailRocket's shape, tastes that can be recovered."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import coo_array

from kartograph.loaders.generated.sample_catalogue import Catalogue, tree
from kartograph.loaders.generated.sample_names import THINGS, category_names_table
from kartograph.loaders.generated.sample_things import plural
from kartograph.loaders.retailrocket import RetailRocketOptions, read
from kartograph.loaders.sample import SampleSize, generate
from kartograph.tables.errors import BadInput

SCALE = 0.01


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    generate(folder, SCALE, seed=3)
    return folder


@pytest.fixture(scope="module")
def events(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "events.csv")


@pytest.fixture(scope="module")
def properties(folder: Path) -> pd.DataFrame:
    return pd.concat(
        [pd.read_csv(folder / f"item_properties_part{part}.csv", dtype={"property": str}) for part in (1, 2)]
    )


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_shop(tmp_path: Path) -> None:
    for name, seed in (("first", 5), ("again", 5), ("other", 6)):
        generate(tmp_path / name, 0.001, seed)
    files = sorted(file.name for file in (tmp_path / "first").iterdir())
    assert files == ["category_tree.csv", "events.csv", "item_properties_part1.csv", "item_properties_part2.csv"]
    for file in files:
        first, again, other = ((tmp_path / name / file).read_bytes() for name in ("first", "again", "other"))
        assert first == again
        assert first != other


def test_the_size_follows_the_scale_exactly(events: pd.DataFrame, properties: pd.DataFrame) -> None:
    size = SampleSize.of(SCALE)
    assert len(events) == size.events == round(2_756_101 * SCALE)
    assert events.visitorid.nunique() == size.users
    assert events.itemid.nunique() == size.active_items
    assert len(properties) == size.property_rows
    assert properties.itemid.nunique() == size.items
    assert set(events.itemid) <= set(properties.itemid)


def test_the_funnel_has_the_shares_of_the_real_shop(events: pd.DataFrame) -> None:
    share = events.event.value_counts(normalize=True)
    assert share["view"] == pytest.approx(0.967, abs=0.001)
    assert share["addtocart"] == pytest.approx(0.0252, abs=0.0002)
    assert share["transaction"] == pytest.approx(0.0081, abs=0.0002)
    assert (events.transactionid.notna() == (events.event == "transaction")).all()


def test_whoever_buys_has_put_the_item_into_the_cart_and_seen_it_before(events: pd.DataFrame) -> None:
    step = {"view": 0, "addtocart": 1, "transaction": 2}
    first = (
        events.assign(step=events.event.map(step)).groupby(["visitorid", "itemid", "step"]).timestamp.min().unstack()
    )
    bought = first[first[2].notna()]
    assert (bought[0] <= bought[1]).all()
    assert (bought[1] <= bought[2]).all()


def test_a_tenth_of_the_items_draws_most_of_the_events(events: pd.DataFrame) -> None:
    per_item = events.itemid.value_counts().to_numpy()
    assert 0.5 < per_item[: len(per_item) // 10].sum() / per_item.sum() < 0.75
    per_user = events.visitorid.value_counts().to_numpy()
    assert 0.6 < (per_user == 1).mean() < 0.8


def test_times_lie_in_the_summer_of_the_real_shop_and_evenings_are_busier_than_mornings(events: pd.DataFrame) -> None:
    assert events.timestamp.is_monotonic_increasing
    assert events.timestamp.min() >= 1_430_622_000_000
    assert events.timestamp.max() < 1_442_545_200_000
    hour = events.timestamp // 3_600_000 % 24
    assert (hour == 20).sum() > 3 * (hour == 9).sum()


def test_the_tree_is_a_forest_of_25_roots_and_depth_5() -> None:
    ids, parents = tree(1_669, np.random.default_rng(1))
    assert len(set(ids.tolist())) == 1_669
    depth = np.zeros(1_669, dtype=int)
    for row, parent in enumerate(parents):
        assert parent < row  # depth-first order: no cycle can be
        if parent >= 0:
            depth[row] = depth[parent] + 1
    assert np.bincount(depth).tolist() == [25, 174, 702, 665, 90, 13]


def test_categories_of_items_stand_in_the_tree_and_some_change(folder: Path, properties: pd.DataFrame) -> None:
    known = set(pd.read_csv(folder / "category_tree.csv").categoryid.astype(str))
    rows = properties[properties.property == "categoryid"]
    assert set(rows.value) <= known
    assert rows.itemid.nunique() == SampleSize.of(SCALE).items
    changed = (rows.groupby("itemid").value.nunique() > 1).mean()
    assert changed == pytest.approx(0.056, abs=0.015)
    assert not rows.duplicated(["itemid", "timestamp"]).any()


def test_prices_are_written_as_marked_numbers_and_availability_goes_on_and_off(properties: pd.DataFrame) -> None:
    assert properties[properties.property == "790"].value.str.fullmatch(r"n\d+\.000").all()
    available = properties[properties.property == "available"]
    assert set(available.value) == {"0", "1"}
    assert (available.groupby("itemid").value.nunique() == 2).mean() > 0.5


def test_neighbours_of_clicked_items_beat_popularity_on_the_last_click(events: pd.DataFrame) -> None:
    pairs = events.drop_duplicates(["visitorid", "itemid"])
    visits = pairs.groupby("visitorid").itemid.transform("size")
    pairs, visits = pairs[visits >= 2], visits[visits >= 2]
    user, item = pd.factorize(pairs.visitorid)[0], pd.factorize(pairs.itemid)[0]
    last = ~pairs.duplicated("visitorid", keep="last").to_numpy() & (visits >= 3).to_numpy()
    known = coo_array(
        (np.ones((~last).sum()), (user[~last], item[~last])), shape=(user.max() + 1, item.max() + 1)
    ).tocsr()
    together = (known.T @ known).toarray()
    np.fill_diagonal(together, 0)
    history = known.toarray()[user[last]]

    def hit_rate(scores: np.ndarray) -> float:
        top = np.argsort(-np.where(history > 0, -np.inf, scores), axis=1, kind="stable")[:, :20]
        return float((top == item[last][:, None]).any(axis=1).mean())

    by_neighbours = hit_rate(history @ together)
    by_popularity = hit_rate(np.broadcast_to(known.toarray().sum(axis=0), history.shape))
    assert by_neighbours > 0.25
    assert by_neighbours > 2.5 * by_popularity


def test_a_scale_too_small_is_refused_with_the_smallest(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"scale is 1e-05; a shop needs a scale of 0\.0002 or more"):
        generate(tmp_path, 0.00001)
    with pytest.raises(BadInput, match="scale is nan"):
        generate(tmp_path, float("nan"))


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BadInput, match=r"cannot be written into .*file"):
        generate(tmp_path / "file", 0.001)


def test_named_items_have_a_title_a_brand_a_price_and_a_picture_and_nothing_else_changes(
    folder: Path, tmp_path: Path
) -> None:
    generate(tmp_path, SCALE, seed=3, named=True)
    for file in folder.iterdir():
        assert (tmp_path / file.name).read_bytes() == file.read_bytes()
    options = RetailRocketOptions(
        price_property="price", title_property="title", brand_property="brand", image_property="image"
    )
    items = read(tmp_path, options).items.to_pyarrow().to_pandas()
    assert len(items) == SampleSize.of(SCALE).items
    assert items[["title", "brand", "price", "image"]].notna().all(axis=None)
    assert items["price"].between(1, 2_000).all()
    assert items["title"].nunique() > 0.25 * len(items)
    assert items["image"].str.startswith("data:image/svg+xml,").all()
    generate(tmp_path, SCALE, seed=3)
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(file.name for file in folder.iterdir())


def test_categories_are_called_by_what_lies_in_them_and_by_what_they_join(tmp_path: Path) -> None:
    generate(tmp_path, SCALE, seed=3, named=True)
    names = read(tmp_path, RetailRocketOptions()).categories.to_pyarrow().to_pandas().set_index("category_id")["code"]
    tree = pd.read_csv(tmp_path / "category_tree.csv", dtype=str)
    assert set(names.index) == set(tree["categoryid"])
    lowest = tree[~tree["categoryid"].isin(tree["parentid"])]["categoryid"]
    assert names[lowest].is_unique
    assert {"Kettles", "Teapots", "Tents"} <= set(names[lowest])
    tree_of_kettles = next(iter(names[names == "Kettles"].index))
    while (parent := tree.set_index("categoryid")["parentid"][tree_of_kettles]) == parent:
        tree_of_kettles = parent
    assert names[tree_of_kettles].startswith("Kitchen")


def test_the_parts_of_a_category_tell_its_name() -> None:
    # 0 ─ 1 ─ 2, 3: a root, below it a category of two leaves; 4: a root alone
    shop = Catalogue(
        category_ids=np.arange(5),
        parents=np.array([-1, 0, 1, 1, -1]),
        item_ids=np.arange(0),
        item_category=np.arange(0),
        popularity=np.zeros(0),
    )
    table = category_names_table(shop).to_pydict()
    first, second, third = (THINGS[rank * len(THINGS) // 3] for rank in range(3))
    assert table["name"][2:] == [plural(one).capitalize() for one in (first, second, third)]
    assert table["name"][0] == table["name"][1] == "Kitchen to furniture"

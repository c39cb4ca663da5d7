import pandas as pd
import pytest

from kartograph.evaluation.shop_tables import read_tables
from kartograph.loaders.sample_electronics import counts, events, generate
from kartograph.tables.errors import BadInput


@pytest.fixture(scope="module")
def shop() -> pd.DataFrame:
    return events(0.01, seed=3)


def test_the_counts_are_those_of_the_papers_file(shop):
    assert counts(1) == {"view": 793_748, "cart": 54_035, "purchase": 37_346}
    assert shop["event_type"].value_counts().to_dict() == counts(0.01)
    times = pd.to_datetime(shop["event_time"], format="%Y-%m-%d %H:%M:%S UTC")
    assert times.is_monotonic_increasing and times.dt.to_period("M").nunique() == 6
    assert not shop.duplicated(["event_time", "event_type", "product_id", "user_id"]).any()
    assert times.iloc[0] >= pd.Timestamp("2020-09-24") and times.iloc[-1] < pd.Timestamp("2021-03-01")


def test_the_same_seed_gives_the_same_shop_and_another_one_another(shop):
    assert events(0.01, seed=3).equals(shop)
    assert not events(0.01, seed=4).equals(shop)


def test_what_is_bought_was_viewed_and_some_who_bought_come_back_weeks_later(shop):
    viewed = set(zip(*(shop.loc[shop["event_type"] == "view", key] for key in ("user_id", "product_id")), strict=True))
    bought = shop[shop["event_type"] == "purchase"]
    assert set(zip(bought["user_id"], bought["product_id"], strict=True)) <= viewed
    days = pd.to_datetime(bought["event_time"], format="%Y-%m-%d %H:%M:%S UTC").groupby(bought["user_id"])
    assert ((days.max() - days.min()).dt.days >= 7).sum() > 10


def test_it_is_read_as_a_file_of_rees46_with_prices_and_sessions(tmp_path):
    tables = read_tables(generate(tmp_path / "shop", 0.002))
    assert tables.prices is not None and tables.events["session_id"].nunique() > 100
    assert set(tables.events["event"]) == {"view", "cart", "buy"}


def test_a_scale_that_leaves_nothing_is_refused():
    with pytest.raises(BadInput, match=r"scale is 0\.0001"):
        events(0.0001)

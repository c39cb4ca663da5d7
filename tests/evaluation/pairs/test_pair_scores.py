import numpy as np
import pandas as pd
import pytest
from tests.models.sessions import training

from kartograph.evaluation.contest import Contest, entrants_of
from kartograph.evaluation.pairs.pair_scores import pair_scores
from kartograph.evaluation.pairs.pairs import Pairs
from kartograph.evaluation.protocols.pair_split import PairSplitting
from kartograph.evaluation.protocols.user_folds import UserFolds
from kartograph.evaluation.shop_tables import ShopTables
from kartograph.models.baselines.popularity import Popularity
from kartograph.models.neighbours.item_knn import ItemKNN
from kartograph.models.patterns.markov import Markov

NO_CATEGORIES = pd.DataFrame(columns=["item_id", "category_id", "since", "until"])


def _pairs(*pairs: str) -> Pairs:
    users, items = zip(*(pair.split() for pair in pairs), strict=True)
    return Pairs(np.array(users), np.array(items), np.ones(len(pairs), dtype=bool))


def test_a_score_is_the_share_of_items_below_and_ties_count_half():
    data = training("aaabbcd", "a")  # a 4 events, b 2, c and d 1

    scores = pair_scores(Popularity().fit(data), data, _pairs("s0 a", "stranger b", "s1 c", "s0 d", "s0 new"))

    assert scores.tolist() == pytest.approx([3 / 3, 2 / 3, 0.5 / 3, 0.5 / 3, -np.inf])


def test_an_item_without_a_score_comes_last_of_all():
    data = training("ab", "ab", "cd")

    # After b, the last click of s0, nothing ever followed but what the back-off of the chain gives.
    scores = pair_scores(Markov().fit(data), data, _pairs("s2 a", "stranger a"))

    assert scores.tolist() == [-np.inf, -np.inf]


def _tables() -> ShopTables:
    """Sixty users of two tastes: even ones buy even items, odd ones odd items, one a day from a start of their own."""
    rng = np.random.default_rng(0)
    rows = [
        (f"u{user:02}", f"i{item:02}", "buy", day + user / 100, f"u{user:02}-{day}")
        for user in range(60)
        for day, item in enumerate(rng.permutation(np.arange(user % 2, 30, 2))[:10])
    ]
    events = pd.DataFrame(rows, columns=["user_id", "item_id", "event", "timestamp", "session_id"])
    events["timestamp"] = (events["timestamp"] * 86_400_000).astype("int64")
    return ShopTables("made", events.sort_values("timestamp"), NO_CATEGORIES, pd.DataFrame(columns=["category_id"]))


def test_folds_tell_tastes_apart_and_new_users_from_warm_ones():
    contest = Contest(entrants_of({"knn": ItemKNN(), "popularity": Popularity()}), seed=0)

    judged = UserFolds(folds=3, new_users=0.3).measure(_tables(), contest, 5).parts

    figures = judged["figures"]
    assert figures["always-yes"]["accuracy"] == pytest.approx(0.5, abs=0.02)
    assert figures["always-yes"]["recall"] == 1
    assert figures["knn"]["AUC"] > figures["popularity"]["AUC"] + 0.1
    assert sum(judged["confusion"]["knn"].values()) == figures["knn"]["pairs"]
    assert judged["cold"]["knn"]["new users"]["served"] == 0
    assert judged["cold"]["knn"]["warm users"]["served"] == 1
    assert judged["cold"]["popularity"]["new users"]["served"] == 1
    assert len(judged["splits"]["knn"]) == 3


def test_pairs_are_told_apart_under_both_divisions():
    for by in ("time", "random"):
        contest = Contest(entrants_of({"knn": ItemKNN()}), seed=0)
        judged = PairSplitting(by=by).measure(_tables(), contest, 5).parts

        assert judged["figures"]["knn"]["accuracy"] > 0.6 > judged["figures"]["always-yes"]["accuracy"]
        assert set(judged["cold"]["knn"]) == {"warm users"}

import numpy as np
import pandas as pd
import pytest

from kartograph.evaluation.protocols.session_folds import SessionFolds, mann_whitney
from kartograph.evaluation.protocols.user_folds import UserFolds
from kartograph.ontology.sessions import Sessions
from kartograph.tables.errors import BadInput


def _events() -> pd.DataFrame:
    """Twenty users who buy ten items each, one a day; user n starts with item n."""
    rows = [(f"u{user}", f"i{(user + day) % 25}", "buy", day) for user in range(20) for day in range(10)]
    return pd.DataFrame(rows, columns=["user_id", "item_id", "event", "timestamp"])


FOLDS = list(UserFolds(folds=5, held_out=0.2, new_users=0.25, seed=1).splits(_events()))


def test_every_user_is_tested_in_one_fold_and_a_quarter_of_a_fold_is_new():
    tested = [user for fold in FOLDS for user in fold.targets["user_id"].unique()]

    assert sorted(tested) == sorted(f"u{n}" for n in range(20))
    assert [len(fold.new_users) for fold in FOLDS] == [1] * 5


def test_nothing_of_a_new_user_and_no_future_of_a_tested_user_is_learned():
    for fold in FOLDS:
        learned = set(fold.train[["user_id", "item_id"]].itertuples(index=False, name=None))
        assert not set(fold.train["user_id"]) & fold.new_users
        for pairs in (fold.test, fold.validation):
            assert not learned & set(zip(pairs.users, pairs.items, strict=True))
        warm = set(fold.targets["user_id"]) - fold.new_users
        assert fold.train[fold.train["user_id"].isin(warm)]["timestamp"].max() == 7  # 10 days less 20 %


def test_the_pairs_are_balanced_and_tell_cold_users_from_warm_ones():
    for fold in FOLDS:
        assert fold.test.labels.sum() == len(fold.targets) == 2 * 4
        assert (~fold.test.labels).sum() == 2 * 4
        assert set(fold.test.users[fold.cold]) == fold.new_users


def test_what_a_user_did_at_one_moment_is_never_torn_apart():
    rows = [
        (f"u{user}", f"i{(user + place) % 12}", "buy", 10 * user + place // 3)
        for user in range(20)
        for place in range(9)
    ]
    events = pd.DataFrame(rows, columns=["user_id", "item_id", "event", "timestamp"])

    for fold in UserFolds(folds=4, held_out=0.2).splits(events):
        assert (fold.targets.groupby("user_id").size() % 3 == 0).all()
        assert (fold.train.groupby("user_id").size() % 3 == 0).all()
        targets = events.merge(fold.targets).groupby("user_id")["timestamp"].min()
        kept = fold.train.groupby("user_id")["timestamp"].max()
        both = targets.index.intersection(kept.index)
        assert (kept[both] < targets[both]).all()


def test_users_of_one_moment_alone_are_not_divided():
    one_basket = _events().assign(timestamp=1)

    with pytest.raises(BadInput, match=r"Only 0 users .* events at two moments or more"):
        next(UserFolds().splits(one_basket))


def test_of_two_moments_the_first_is_known_whatever_the_share():
    rows = [(f"u{n}", f"i{(n + m) % 12}", "buy", int(m == 9)) for n in range(12) for m in range(10)]
    events = pd.DataFrame(rows, columns=["user_id", "item_id", "event", "timestamp"])

    for fold in UserFolds(folds=2, held_out=0.9).splits(events):
        warm = fold.targets[~fold.targets["user_id"].isin(list(fold.new_users))]
        assert (warm.groupby("user_id").size() == 1).all()


def test_folds_without_enough_buyers_are_refused():
    with pytest.raises(BadInput, match="Only 2 users have a positive event"):
        next(UserFolds().splits(_events().query("user_id in ('u1', 'u2')")))


def test_folds_whose_users_have_nothing_to_find_are_refused_with_what_to_ask_instead():
    rows = [
        (f"u{user}", item, event, 10 * user + place)
        for user in range(10)
        for place, (item, event) in enumerate([("a", "view"), ("b", "view"), ("a", "buy"), ("b", "buy")])
    ]
    viewed_before = pd.DataFrame(rows, columns=["user_id", "item_id", "event", "timestamp"])
    with pytest.raises(
        BadInput, match=r"The 2 users of fold 1 have no later positive event.*items seen before \(--include-s"
    ):
        next(UserFolds().splits(viewed_before))
    assert len(next(UserFolds(include_seen=True).splits(viewed_before)).targets)
    own = viewed_before["item_id"].where(viewed_before["item_id"] == "a", "b of " + viewed_before["user_id"])
    unknown = viewed_before.assign(item_id=own)
    unknown = unknown.loc[(unknown["item_id"] == "a") | (unknown["event"] == "buy")]
    with pytest.raises(BadInput, match=r"an earlier one that training knows\. Take fewer folds, another positive, or"):
        next(UserFolds(include_seen=True).splits(unknown))


def _sessions(count: int) -> Sessions:
    """Session n visits the items n, n + 1 and n + 2; the last one is short."""
    items = (np.arange(count)[:, None] + np.arange(3)).ravel()
    return Sessions(np.r_[np.arange(count) * 3, 3 * count - 2], items[: 3 * count - 2])


def test_every_long_session_is_tested_once_and_learned_from_in_all_other_folds():
    folds = list(SessionFolds(folds=10).splits(_sessions(41)))

    starts = [session for _, test in folds for session in test.items[test.starts[:-1]]]
    assert sorted(starts) == list(range(40))  # the forty-first has one item only
    assert [len(test) for _, test in folds] == [4] * 10
    assert all(len(learning) == 36 for learning, _ in folds)
    with pytest.raises(BadInput, match="3 sessions of more than 1 items cannot be divided into 10"):
        next(SessionFolds().splits(_sessions(4)))


def test_the_mann_whitney_test_of_separate_samples_is_that_of_hand():
    # Of the C(6, 3) = 20 orders of six values two separate the samples wholly.
    assert mann_whitney([1, 2, 3], [4, 5, 6]) == pytest.approx(2 / 20)

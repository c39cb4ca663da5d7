import numpy as np
import pandas as pd
import pytest

from kartograph.evaluation.pairs.negatives import Negatives, with_negatives
from kartograph.evaluation.pairs.pairs import always_yes, best_threshold, pair_figures
from kartograph.evaluation.protocols.pair_split import PairSplitting
from kartograph.tables.errors import BadInput


def test_the_figures_of_five_pairs_are_those_of_hand():
    # Called positive: 0.9 (right), 0.8 (wrong), 0.5 (right); called negative: 0.4 (right), 0.1 (wrong).
    result = pair_figures(np.array([0.9, 0.8, 0.5, 0.4, 0.1]), np.array([1, 0, 1, 0, 1], dtype=bool), threshold=0.5)

    assert (result.true_positives, result.false_positives, result.true_negatives, result.false_negatives) == (
        2,
        1,
        1,
        1,
    )
    assert result.accuracy == pytest.approx((2 + 1) / 5)
    assert result.precision == pytest.approx(2 / 3)
    assert result.recall == pytest.approx(2 / 3)
    assert result.f1 == pytest.approx(2 * 2 / (2 * 2 + 1 + 1))
    # 0.9 beats both negatives, 0.5 beats one, 0.1 none.
    assert result.auc == pytest.approx((2 + 1 + 0) / (3 * 2))


def test_tied_scores_count_half_and_what_cannot_be_scored_comes_last():
    result = pair_figures(np.array([-np.inf, 1.0, 1.0]), np.array([0, 1, 0], dtype=bool))

    assert result.auc == pytest.approx((1 + 0.5) / 2)


def test_always_yes_has_recall_one_and_the_precision_of_the_share_of_positives():
    # The share that the table of MCPRHRec implies: F1 is 96.7 for always-yes.
    labels = np.arange(1000) < 937

    result = always_yes(labels)

    assert (result.recall, result.precision, result.auc) == (1, 0.937, 0.5)
    assert result.f1 == pytest.approx(2 * 0.937 / 1.937)
    assert round(100 * result.f1, 1) == 96.7


def test_only_positives_leave_the_auc_undefined():
    assert pair_figures(np.array([0.9, 0.2]), np.array([True, True])).auc is None


@pytest.mark.parametrize(
    ("scores", "labels", "threshold", "right"),
    [
        ([3, 2, 1], [1, 1, 0], 2, 3),
        ([3, 2, 2, 1], [1, 1, 0, 1], 1, 3),  # all but one are right when everything is called positive
        ([3, 2, 1], [0, 0, 0], np.inf, 3),
        ([1, -np.inf], [1, 1], 1, 1),  # what cannot be scored is never called positive
    ],
)
def test_the_best_threshold_is_right_most_often(scores, labels, threshold, right):
    scores, labels = np.array(scores, dtype=float), np.array(labels, dtype=bool)

    assert best_threshold(scores, labels) == threshold
    assert pair_figures(scores, labels, threshold).accuracy == pytest.approx(right / len(labels))


def test_scores_that_are_no_numbers_or_too_few_are_refused():
    with pytest.raises(BadInput, match="1 of 2 scores are no numbers"):
        pair_figures(np.array([np.nan, 1]), np.array([True, False]))
    with pytest.raises(BadInput, match="1 scores for 2 pairs"):
        pair_figures(np.array([1.0]), np.array([True, False]))
    with pytest.raises(BadInput, match="no pairs"):
        pair_figures(np.array([]), np.array([], dtype=bool))


def _events(users: int = 20, items: int = 15, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    rows = 12 * users
    return pd.DataFrame(
        {
            "user_id": [f"u{n}" for n in rng.integers(users, size=rows)],
            "item_id": [f"i{n}" for n in rng.integers(items, size=rows)],
            "event": rng.choice(["view", "cart", "buy"], size=rows),
            "timestamp": rng.permutation(rows),
        }
    )


def test_negatives_are_balanced_never_met_and_each_once():
    events = _events(users=30, items=60)
    positives = events[["user_id", "item_id"]].drop_duplicates().iloc[:100]

    pairs = with_negatives(positives, events, events, Negatives(per_positive=2), seed=3)

    negatives = list(zip(pairs.users[~pairs.labels], pairs.items[~pairs.labels], strict=True))
    assert len(negatives) == 2 * len(positives)
    assert len(set(negatives)) == len(negatives)
    assert not set(negatives) & set(events[["user_id", "item_id"]].itertuples(index=False, name=None))
    again = with_negatives(positives, events, events, Negatives(per_positive=2), seed=3)
    assert (again.users == pairs.users).all()
    assert (again.items == pairs.items).all()


def test_a_user_who_met_every_item_gets_no_negative():
    events = pd.DataFrame({"user_id": ["u", "u", "v"], "item_id": ["a", "b", "a"]})

    pairs = with_negatives(events, events, events, Negatives(), seed=0)

    assert list(zip(pairs.users[3:], pairs.items[3:], strict=True)) == [("v", "b")]


def test_a_division_by_time_asks_for_new_pairs_after_everything_that_is_learned():
    events = _events(items=40)

    split = PairSplitting(positive="any").split(events)

    met = events.set_index(["user_id", "item_id"])["timestamp"].groupby(level=[0, 1]).min()
    asked = [met[pair] for pair in zip(split.test.users, split.test.items, strict=True) if pair in met.index]
    assert split.name == "preaddl-time"
    assert set(split.test.items) <= set(split.train["item_id"])
    assert len(asked) == split.test.labels.sum()
    assert min(asked) > split.train["timestamp"].max()
    assert split.cold.tolist() == [user not in set(split.train["user_id"]) for user in split.test.users]


def test_the_random_division_is_named_as_leaking_and_does_leak():
    split = PairSplitting(by="random").split(_events())

    known = set(split.train[["user_id", "item_id"]].itertuples(index=False, name=None))
    assert split.name == "preaddl-random-leaking"
    assert any(pair in known for pair in zip(split.test.users, split.test.items, strict=True))


def test_neither_division_tears_a_moment_of_a_user_apart():
    events = _events(users=5).assign(timestamp=lambda rows: rows["timestamp"] // 4)
    moments = list(events[["user_id", "timestamp"]].itertuples(index=False, name=None))

    for by in ("time", "random"):
        learned = PairSplitting(by=by).split(events).train
        known = list(learned[["user_id", "timestamp"]].itertuples(index=False, name=None))
        assert 0 < len(learned) < len(events)
        assert all(moments.count(moment) == known.count(moment) for moment in known)


def test_a_division_without_test_pairs_is_refused():
    with pytest.raises(BadInput, match=r"no positive pair \(buy\)"):
        PairSplitting(positive="buy").split(_events().assign(event="view"))


@pytest.mark.parametrize(("share", "negatives"), [(1.0, 0), (0.5, 40), (0.937, 3), (0.2, 160)])
def test_a_share_of_positives_decides_how_many_negatives_there_are(share, negatives):
    users = [f"u{user}" for user in range(40)]
    positives = pd.DataFrame({"user_id": users, "item_id": "wanted"})
    train = pd.DataFrame({"user_id": "u0", "item_id": [f"i{item}" for item in range(30)]})
    pairs = with_negatives(positives, positives, train, Negatives(share=share), seed=1)
    # 40 (1 - s) / s of them, 40 · 0.063 / 0.937 = 2.7 for the share that the paper's figures imply.
    assert (~pairs.labels).sum() == negatives
    per_user = pd.Series(pairs.users[~pairs.labels]).value_counts().reindex(users, fill_value=0)
    assert per_user.max() - per_user.min() <= 1


def test_a_share_of_no_positives_is_refused():
    with pytest.raises(BadInput, match=r"The share of positives is 0"):
        Negatives(share=0)

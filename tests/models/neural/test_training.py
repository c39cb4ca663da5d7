from itertools import accumulate

import numpy as np
import pytest
import torch

from kartograph.models.baselines.popularity import Popularity
from kartograph.models.data import Histories
from kartograph.models.neural.training import TrainingOptions, cut, mean_reciprocal_rank, reproducible, train
from kartograph.tables.errors import BadInput
from kartograph.tables.progress import silent


def test_late_owners_are_held_out_whole_and_the_others_weigh_less_the_older_they_are():
    owners = np.repeat(np.arange(2001), 2)

    parts = cut(owners, count=25, recency=0.5, random=np.random.default_rng(0))

    held_out = np.unique(owners[parts.held_out])
    assert held_out.min() > 1600  # the latest fifth are those that less than a fifth came after
    assert (len(held_out), len(parts.held_out)) == (25, 50)
    assert sorted([*parts.learned, *parts.held_out]) == list(range(4002))
    assert parts.weights.mean() == pytest.approx(1)
    assert parts.weights[0] / parts.weights[2000] == pytest.approx(np.exp(-1 / 0.5) / np.exp(-0.5 / 0.5))


def test_a_tenth_of_the_latest_fifth_is_the_most_that_is_held_out_and_too_few_to_decide_are_not():
    held_out = [len(cut(np.arange(n), 1000, None, np.random.default_rng(0)).held_out) for n in (2001, 1001, 951, 1)]

    assert held_out == [2001 // 5 // 10, 1001 // 5 // 10, 0, 0]


class _Fixed(Popularity):
    """Scores that stand in a table, a query's row by its first item; two queries at once."""

    batch = 2
    table = np.array([[3.0, 2.0, 1.0], [1.0, 1.0, 0.0], [3.0, 2.0, 1.0]])

    def scores(self, queries, owners):
        return self.table[queries.items]


def test_the_reciprocal_rank_counts_equal_scores_as_better_and_nothing_from_rank_k_on():
    shown = Histories.of(np.arange(3), np.arange(3), 3)

    assert mean_reciprocal_rank(_Fixed(), shown, np.array([1, 0, 2]), k=2) == pytest.approx((1 / 2 + 1 / 2 + 0) / 3)


def test_training_stops_without_a_better_epoch_and_ends_with_the_weights_of_the_best():
    network = torch.nn.Linear(1, 1)
    reached, seen = iter([1.0, 3.0, 2.0, 2.5, 9.0]), []

    def quality():
        seen.append(network.weight.item())
        return next(reached)

    train(
        network,
        TrainingOptions(epochs=5, patience=2),
        lambda: [np.zeros(1)],
        lambda _: (network.weight - 7.0).square().sum(),
        quality,
        silent,
    )

    assert len(seen) == 4
    assert network.weight.item() == seen[1]
    assert not network.training


def test_an_average_of_the_weights_is_kept_and_training_goes_on_with_its_own():
    network = torch.nn.Linear(1, 1, bias=False)
    own, ranked = [], []

    def loss(_):
        own.append(network.weight.item())  # before the step: what the one before made
        return (network.weight - 7.0).square().sum()

    def quality():
        ranked.append(network.weight.item())
        return len(ranked)

    train(network, TrainingOptions(epochs=3), lambda: [np.zeros(1)] * 4, loss, quality, silent)

    # The weight after the last step is not seen, so the last average is not compared.
    averages = [*accumulate(enumerate(own[2:], 1), _averaged, initial=(0, own[1]))]
    assert ranked[:2] == pytest.approx([averages[3][1], averages[7][1]])
    assert network.weight.item() == ranked[2]
    steps = np.abs(np.diff(own))
    assert steps.max() < 2 * 2e-3  # Adam's steps are at most about as long as the rate: none leaps to the average


def _averaged(former: tuple[int, float], step: tuple[int, float]) -> tuple[int, float]:
    before, weight = step
    kept = min(0.99, before / (before + 9))
    return before, kept * former[1] + (1 - kept) * weight


def test_a_seed_holds_inside_only_and_a_device_that_is_not_there_is_refused():
    state, threads = torch.random.get_rng_state(), torch.get_num_threads()
    numbers = []
    for _ in range(2):
        with reproducible(3, 1, "cpu"):
            numbers.append(torch.rand(1).item())
            assert torch.get_num_threads() == 1

    assert numbers[0] == numbers[1]
    assert torch.equal(state, torch.random.get_rng_state())
    assert torch.get_num_threads() == threads
    with pytest.raises(BadInput, match=r'device "abacus" cannot be used.*Choose cpu'), reproducible(0, 0, "abacus"):
        pass


def test_training_whose_loss_is_no_number_says_so():
    network = torch.nn.Linear(1, 1)
    options = TrainingOptions(epochs=3, learning_rate=0.5)
    losses = iter([1.0, 1.0, float("nan")])

    with pytest.raises(BadInput, match=r"in epoch 3: its loss is nan\. Give a smaller learning_rate than 0\.5"):
        train(network, options, lambda: [np.zeros(1)], lambda _: network.weight.sum() * next(losses), None, silent)

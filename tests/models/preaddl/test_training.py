from math import cos, pi

import pytest
import torch

from kartograph.models.preaddl.training import Training, schedule_of


def rates(schedule, steps: int) -> list[float]:
    optimiser = torch.optim.Adam([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
    moving, seen = schedule_of(optimiser, steps, Training(schedule=schedule)), []
    for _ in range(steps + 1):
        seen.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        moving.step()
    return seen


def test_the_rate_falls_to_a_hundredth_along_a_cosine():
    assert rates("cosine", 4) == pytest.approx([0.001 + 0.099 * (1 + cos(pi * step / 4)) / 2 for step in range(5)])


def test_the_rate_stays_or_goes_up_and_down_where_that_is_asked_for():
    assert rates("constant", 4) == [0.1] * 5
    one_cycle = rates("one-cycle", 10)
    highest = one_cycle.index(max(one_cycle))
    assert one_cycle[0] < 0.05 and one_cycle[-1] < 0.05 < one_cycle[highest] <= 0.1
    assert one_cycle[: highest + 1] == sorted(one_cycle[: highest + 1])
    assert one_cycle[highest:] == sorted(one_cycle[highest:], reverse=True)

import numpy as np
import pandas as pd
import pytest

from kartograph.models.blend.visits import PAUSE, visits
from kartograph.models.data import TrainingData


@pytest.mark.parametrize(("start", "second"), [(1_600_000_000, 1), (1_600_000_000_000, 1000)])
def test_a_pause_ends_a_visit_and_visits_come_in_the_order_of_their_beginning(start, second):
    pause = PAUSE * second
    rows = [("u", "a", 0), ("u", "b", pause), ("u", "c", 2 * pause + 1), ("v", "d", 5), ("v", "e", 6)]
    table = pd.DataFrame(rows, columns=["user_id", "item_id", "timestamp"])
    data = TrainingData.from_table(table.assign(timestamp=table["timestamp"] + start), "user_id")

    parted = visits(data)

    # b comes just within the pause after a, c a moment too late for the same visit.
    parts = np.split(parted.histories.items, parted.histories.offsets[1:-1])
    assert ["".join(data.items.external[items]) for items in parts] == ["ab", "de", "c"]
    assert parted.times is not None and (parted.times - start).tolist() == [0, pause, 5, 6, 2 * pause + 1]
    assert parted.kind == "sessions"

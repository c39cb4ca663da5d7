import numpy as np
import pytest
import torch
from tests.models.sessions import asking, training

from kartograph.models.neural.sasrec import SASRec, SASRecOptions
from kartograph.tables.events import EVENTS

HISTORIES = ["a", "ab", "aab", "cabfd", "abcdefgh", "aaaaaaaaaaaa"]


@pytest.mark.parametrize("repeats", [True, False])
@pytest.mark.parametrize("layers", [1, 2])
def test_one_history_is_answered_as_in_a_batch(layers, repeats):
    options = SASRecOptions(embedding_size=12, layers=layers, heads=3, repeats=repeats, epochs=1, history_length=9)
    data = training("abcdefgh", "hgfedcba")
    model = SASRec(options).fit(data)
    with torch.no_grad():
        for weights in model.network.parameters():  # biases of ages and the vectors of events are 0 at first
            weights.normal_(std=0.5)
        model.network.eval()
        model.vectors = model.network.unit_vectors()
    queries = asking(data, *HISTORIES)
    queries.events[:] = np.arange(len(queries.events)) % len(EVENTS)

    together = model.scores(queries, np.full(len(queries), -1))
    alone = np.concatenate([model.scores(queries.part(n, n + 1), np.array([-1])) for n in range(len(queries))])

    assert alone == pytest.approx(together, rel=1e-4, abs=1e-5)
    assert np.isfinite(alone).all() == repeats


def test_a_network_that_is_trained_further_answers_by_its_new_weights():
    data = training("abcd", "dcba")
    model = SASRec(SASRecOptions(embedding_size=8, epochs=1)).fit(data)
    query = asking(data, "ab")
    before = model.scores(query, np.array([-1]))
    with torch.no_grad():
        model.network.event.weight.data = torch.ones_like(model.network.event.weight)  # other memory
    model.network.train()
    model.network.eval()

    after = model.scores(query, np.array([-1]))

    both = model.scores(asking(data, "ab", "c"), np.full(2, -1))
    assert after[0] == pytest.approx(both[0], rel=1e-4)
    assert after[0] != pytest.approx(before[0], rel=1e-4)

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch
from tests.models.preaddl.test_pairs import busy_shop
from tests.models.sessions import answers, asking, training

from kartograph.models.computed import Computed
from kartograph.models.data import NONE, Histories, TrainingData
from kartograph.models.item_categories import with_categories
from kartograph.models.preaddl.attention.first_vectors import first_vectors
from kartograph.models.preaddl.attention.item_graph import ItemGraph, edges_between, fast_rp
from kartograph.models.preaddl.attention.item_groups import item_groups
from kartograph.models.preaddl.attention.model import GraphModel, GraphOptions
from kartograph.models.preaddl.attention.pairs import GraphPairs
from kartograph.models.preaddl.held_out import hold_out
from kartograph.models.preaddl.pairs import PairOptions
from kartograph.models.preaddl.preparation import prepare
from kartograph.models.preaddl.training import Training
from kartograph.models.two_stage.retrieval import RetrievalNetwork, first_meetings, pieces
from kartograph.tables.errors import BadInput

CYCLES = ["abcd", "bcda", "cdab", "dabc", "wxyz", "xyzw", "yzwx", "zwxy"] * 6
SMALL = GraphOptions(
    embedding_size=16,
    batch_size=40,
    sampled_fraction=1.0,
    candidates=6,
    held_share=0.2,
    held_out="owners",
    training=Training(epochs=4, learning_rate=0.02, patience=1),
)


@pytest.fixture(scope="module")
def data() -> TrainingData:
    return training(*CYCLES)


@pytest.fixture(scope="module")
def model(data) -> GraphModel:
    return GraphModel(SMALL).fit(data)


def test_edges_weigh_pairs_by_their_distance():
    data = training("abc", "ba")
    graph = ItemGraph.of(data.histories, 3)
    a, b, c = data.items.rows(["a", "b", "c"])
    weights = graph.weights.toarray()
    assert weights[a, b] == weights[b, a] == 1 + 1
    assert weights[a, c] == pytest.approx(1 / 2)
    assert graph.cosine.toarray()[a, b] == pytest.approx(2 / np.sqrt((2 + 1 / 2) * (2 + 1)))
    assert weights.diagonal().tolist() == [0, 0, 0]


def test_edges_are_found_between_candidates_and_history():
    graph = ItemGraph.of(training("abc", "ba").histories, 3)
    result = edges_between(graph.weights, np.array([[2, 0]]), np.array([[1, 0, -1]]))
    assert result[0] == pytest.approx(np.array([[1.0, 0.5, 0.0], [2.0, 0.0, 0.0]]))


def test_fastrp_puts_items_of_the_same_sessions_side_by_side(data):
    vectors = fast_rp(ItemGraph.of(data.histories, len(data.items)), 32, seed=0)
    a, b, w = data.items.rows(["a", "b", "w"])
    assert vectors[a] @ vectors[b] > 0.5 > vectors[a] @ vectors[w]


def test_long_histories_are_cut_into_pieces_that_lose_no_step():
    starts, lengths = pieces(np.array([0, 7, 8, 10]), history_length=3)
    steps = {
        (int(start) + n, int(start) + n + 1)
        for start, length in zip(starts, lengths, strict=True)
        for n in range(length - 1)
    }
    assert steps == {(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 6), (8, 9)}
    assert lengths.max() == 4


def test_the_first_meeting_of_an_item_is_told_from_the_later_ones():
    assert first_meetings(training("abab", "b").histories).tolist() == [True, True, False, False, True]


def test_the_latest_owners_are_held_out_with_every_prefix(data):
    held = hold_out(data, purchases=False, share=0.25, seed=0)
    assert len(held.rest.histories.items) == 36 * 4
    assert len(held.targets) == 12 * 3
    assert set(held.queries.lengths.tolist()) == {1, 2, 3}
    whole = {"".join(data.items.external[data.histories.part(n, n + 1).items]) for n in range(36, 48)}
    result = {"".join(data.items.external[[*held.queries.part(n, n + 1).items, held.targets[n]]]) for n in range(36)}
    assert all(any(one.startswith(prefix) for one in whole) for prefix in result)


def test_the_last_purchase_leaves_with_all_that_the_user_did_on_the_item():
    table = pd.DataFrame(
        [
            ("u", "a", "buy", 0),
            ("u", "b", "view", 1),
            ("u", "b", "buy", 2),
            ("u", "c", "view", 3),
            ("v", "a", "buy", 4),
        ],
        columns=["user_id", "item_id", "event", "timestamp"],
    )
    data = TrainingData.from_table(table, "user_id")
    held = hold_out(data, purchases=True, share=0, seed=0)
    assert data.items.external[held.targets].tolist() == ["b"]
    assert data.items.external[held.queries.items].tolist() == ["a", "c"]
    assert data.items.external[held.rest.histories.items].tolist() == ["a", "c", "a"]


def test_the_model_tells_two_tastes_apart_and_says_what_it_looked_at(data, model):
    queries = asking(data, "ab", "yz", "")
    top = model.rank(queries, 4)
    assert [set(answer) for answer in answers(data, top)[:2]] == [set("abcd"), set("wxyz")]
    # Nobody has done anything yet in the last one: what has most events, all items have as many here.
    assert answers(data, top)[2] == "abcd"
    reasons = model.reasons(queries, np.full(3, NONE), top)
    assert sum(weight for _, weight in reasons[0][0]) == pytest.approx(1, rel=1e-4)
    assert {data.items.external[item] for item, _ in reasons[0][0]} == {"a", "b"}
    assert reasons[2][0] == []
    assert np.isfinite(model.scores(queries, np.full(3, NONE))).all()
    assert model.probability(top.scores)[0].sum() <= 1 + 1e-5


def test_an_answer_does_not_depend_on_the_other_queries(data, model):
    alone, together = model.rank(asking(data, "ab"), 3), model.rank(asking(data, "dcba", "ab", ""), 3)
    assert alone.items[0].tolist() == together.items[1].tolist()
    assert alone.scores[0] == pytest.approx(together.scores[1], rel=1e-3)


def test_one_seed_gives_one_result(data):
    first, second = (GraphModel(replace(SMALL, users=True)).fit(data) for _ in range(2))
    queries, owners = asking(data, "ab", ""), np.array([0, 3])
    assert np.array_equal(first.scores(queries, owners), second.scores(queries, owners))


@pytest.mark.parametrize("stage", ["choosing", "reranking", ""])
def test_training_that_a_kill_cuts_off_ends_as_training_that_never_stopped(data, model, tmp_path, stage):
    state = tmp_path / "state.pt"
    reached = state.with_name(f"state.pt.{stage}") if stage else state
    options = replace(SMALL, training=replace(SMALL.training, checkpoint=str(state)))

    def killed(step: str, done: float | None = None, total: float | None = None) -> None:
        if reached.exists() and done is not None and done >= 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        GraphModel(options).fit(data, killed)
    resumed = GraphModel(options).fit(data)
    queries = asking(data, "ab", "yz")
    assert np.array_equal(resumed.scores(queries, np.full(2, NONE)), model.scores(queries, np.full(2, NONE)))
    assert [one.epochs for one in resumed.course.values()] == [one.epochs for one in model.course.values()]


@pytest.mark.parametrize(("init", "loss", "attend"), [("random", "bpr", "features"), ("random", "bce", "none")])
def test_other_beginnings_and_losses_learn_as_well(data, init, loss, attend):
    model = GraphModel(replace(SMALL, init=init, loss=loss, attend=attend)).fit(data)
    assert set(answers(data, model.rank(asking(data, "cd"), 4))[0]) == set("abcd")


def with_embeddings(data: TrainingData, size: int = 16) -> TrainingData:
    """The first four items in one direction, the others in another."""
    given = np.zeros((len(data.items), size), dtype=np.float32)
    given[:4, 0], given[4:, 1] = 1, 1
    return replace(data, computed=Computed(embeddings=given))


def test_every_stage_begins_with_the_embeddings_that_the_graph_computed(data, monkeypatch):
    begun = []

    def seen(init, size, part, *others):
        begun.append((init, len(part.histories.items)))
        return first_vectors(init, size, part, *others)

    monkeypatch.setattr("kartograph.models.preaddl.attention.model.first_vectors", seen)
    GraphModel(SMALL).fit(with_embeddings(data))
    GraphModel(SMALL).fit(data)
    events = len(data.histories.items)
    assert [init for init, _ in begun] == ["graph", "graph", "fastrp", "fastrp"]
    assert begun[0][1] < events and begun[1][1] == events


def test_steps_that_hold_out_begin_with_embeddings_that_do_not_know_what_is_held_out(data):
    given = with_embeddings(data)
    assert given.computed is not None and given.computed.embeddings is not None
    of_rest = np.roll(given.computed.embeddings, 2, axis=1)
    both = replace(given, computed=replace(given.computed, embeddings_of_rest=of_rest))
    edges = ItemGraph.of(data.histories, len(data.items))

    def first(known: TrainingData, held_out: bool) -> np.ndarray:
        return first_vectors("graph", SMALL.embedding_size, known, SMALL.training, edges, None, held_out).numpy()

    late, whole = first(both, True), first(both, False)
    assert (np.abs(late[:4]).argmax(axis=1) == 2).all() and (np.abs(whole[:4]).argmax(axis=1) == 0).all()
    assert (first(given, True) == whole).all()


def test_embeddings_of_another_size_and_none_at_all_are_refused(data):
    with pytest.raises(BadInput, match="have 16 numbers, size is 8"):
        GraphModel(replace(SMALL, embedding_size=8)).fit(with_embeddings(data))
    with pytest.raises(BadInput, match="no embeddings are given"):
        GraphModel(replace(SMALL, init="graph")).fit(data)
    assert GraphModel().needs == ("embedding",)
    assert GraphModel(GraphOptions(init="hetero")).needs == ()


def test_what_items_share_is_numbered_by_kind():
    placed = pd.DataFrame({"item_id": ["a", "b", "c"], "category_id": ["pans", "pots", "pans"]})
    tree = pd.DataFrame({"category_id": ["pans", "pots", "kitchen"], "parent_id": ["kitchen", "kitchen", None]})
    facts = pd.DataFrame({"item_id": list("abcd"), "price": [1.0, None, 30.0, 2.0], "brand": ["x", None, "x", "y"]})
    data = with_categories(replace(training("abcd"), facts=facts), placed, tree)
    groups = item_groups(data)
    assert groups is not None
    category, parent, root, level, brand, price = groups.T
    assert (category[0] == category[2]) and (category[0] != category[1]) and category[3] == 0
    assert parent[0] == parent[1] and root[0] == root[1] and level[0] == level[1]
    assert (brand[0] == brand[2]) and brand[1] == 0 and brand[3] not in (0, brand[0])
    assert price[1] == 0 and len(set(price[[0, 2, 3]])) == 3
    shared = [set(column[column > 0]) for column in groups.T]
    assert sum(map(len, shared)) == len(set.union(*shared))
    assert item_groups(training("ab")) is None


def test_groups_enter_the_vectors_unless_they_are_left_out(data):
    placed = pd.DataFrame({"item_id": list("abcdwxyz"), "category_id": ["1"] * 4 + ["2"] * 4})
    known = with_categories(data, placed)
    assert hasattr(GraphModel(SMALL).fit(known).network, "group")
    assert not hasattr(GraphModel(replace(SMALL, categories=False)).fit(known).network, "group")


@pytest.mark.parametrize("init", ["lightgcn", "hetero", "shuffled"])
def test_a_model_with_other_first_embeddings_tells_tastes_apart_and_is_saved_without_them(data, init, tmp_path):
    model = GraphModel(replace(SMALL, init=init)).fit(data)
    queries = asking(data, "ab")
    assert set(answers(data, model.rank(queries, 4))[0]) == set("abcd")
    model.save(tmp_path / "model")
    assert GraphModel.load(tmp_path / "model").rank(queries, 3).items.tolist() == model.rank(queries, 3).items.tolist()


def test_a_saved_model_answers_the_same(data, model, tmp_path):
    model.save(tmp_path / "model")
    queries = asking(data, "ab", "wx")
    assert GraphModel.load(tmp_path / "model").rank(queries, 3).items.tolist() == model.rank(queries, 3).items.tolist()


def test_histories_of_one_event_teach_nothing():
    with pytest.raises(BadInput, match="No history has two events"):
        GraphModel(replace(SMALL, held_share=0.0)).fit(training("a", "b"))


def test_the_graph_model_gives_probabilities_for_pairs():
    prepared = prepare(busy_shop(), PairOptions(recent=4))
    classifier = GraphPairs(replace(SMALL, training=Training(epochs=1))).fit(prepared)
    probabilities = classifier.probabilities(prepared.test)
    assert probabilities.shape == prepared.test.labels.shape
    assert ((probabilities > 0) & (probabilities < 1)).all()


def test_a_pair_counts_by_what_the_model_gives_its_item_after_what_the_visitor_met():
    prepared = prepare(busy_shop(), PairOptions(recent=4))
    classifier = GraphPairs(replace(SMALL, training=Training(epochs=1))).fit(prepared)
    inputs = classifier._inputs(prepared.test, prepared.items)
    model = classifier.model
    rows = model.items.rows(prepared.items.external)
    for pair in range(0, len(prepared.test), 7):
        recent = prepared.test.recent[pair]
        met = recent != NONE
        history = Histories.of(
            np.zeros(met.sum(), dtype=int), rows[recent[met]][::-1], 1, prepared.test.recent_events[pair][met][::-1]
        )
        item = rows[prepared.test.items[pair]]
        score = model.scores(history, np.array([NONE]))[0, item]
        assert inputs[pair] == pytest.approx([score, np.log(model.events[item] + 0.5), float(met.any())], abs=1e-3)


def test_the_items_vectors_are_made_on_the_device_of_the_network():
    groups = torch.tensor([[1], [0], [2]])
    network = RetrievalNetwork(torch.ones(3, 4), groups, 0, GraphOptions()).to("meta")
    assert network.unit_vectors().device.type == "meta"

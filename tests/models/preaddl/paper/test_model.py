from dataclasses import replace

import numpy as np
import pytest
import torch
from tests.models.preaddl.test_pairs import busy_shop

from kartograph.models.data import NONE, TrainingData
from kartograph.models.preaddl.exported import export
from kartograph.models.preaddl.pairs import PairOptions, without_features
from kartograph.models.preaddl.paper.diagram import PAGE, page
from kartograph.models.preaddl.paper.model import PaperModel, PaperOptions
from kartograph.models.preaddl.paper.network import PaperNetwork, PaperNetworkOptions
from kartograph.models.preaddl.paper.task import PairTask, batch_for
from kartograph.models.preaddl.paper.variants import NETWORKS, options_of
from kartograph.models.preaddl.preparation import prepare
from kartograph.models.preaddl.training import Training
from kartograph.tables.errors import BadInput

QUICK = Training(epochs=1, learning_rate=1e-2)


@pytest.fixture(scope="module")
def data() -> TrainingData:
    return TrainingData.from_table(busy_shop().events, "user_id")


def asked(data: TrainingData, *owners: int):
    rows = np.array(owners)
    return data.histories.take(rows), rows


def test_the_network_is_the_formula_of_its_docstring():
    torch.manual_seed(0)
    network = PaperNetwork(3, 4, 2, PaperNetworkOptions()).eval()
    features = torch.rand(1, 2)
    embedded = torch.cat([network.visitor_embedding.weight[1], network.item_embedding.weight[2]])
    h = torch.cat([embedded, torch.relu(network.numeric.weight @ features[0] + network.numeric.bias)])
    h1 = torch.sigmoid(network.attention_layer1.weight @ h + network.attention_layer1.bias)
    a = torch.softmax(network.attention_layer.weight @ h1 + network.attention_layer.bias, 0)
    third = network.attention_layer2[0]
    s = network.attention_output(torch.relu(third.weight @ (a * h1) + third.bias))  # pyright: ignore[reportOperatorIssue]
    d = network.deep(embedded)
    expected = network.final(s + d)

    result = network(torch.tensor([1]), torch.tensor([2]), features, torch.zeros(1, 0, dtype=torch.long))

    assert a.sum().item() == pytest.approx(1)
    assert result.item() == pytest.approx(expected.item(), rel=1e-5)
    assert h.shape == (16 + 8,) and h1.shape == (64,) and third.out_features == 32


@pytest.mark.parametrize("sequence", ["cnn", "rnn", "transformer"])
def test_a_sequence_encoder_reads_the_items_seen_before_and_no_padding(sequence):
    torch.manual_seed(0)
    network = PaperNetwork(3, 4, 0, PaperNetworkOptions(sequence=sequence, depth=2, deep="attention")).eval()
    rows, none = torch.tensor([0]), torch.zeros(1, 0)
    short = network(rows, rows, none, torch.tensor([[1, 4, 4]]))
    assert short.item() == pytest.approx(network(rows, rows, none, torch.tensor([[1, 4, 4]])).item())
    assert short.item() != network(rows, rows, none, torch.tensor([[2, 4, 4]])).item()
    assert torch.isfinite(network(rows, rows, none, torch.tensor([[4, 4, 4]])))


def test_popular_items_come_first_for_everybody_and_unknown_visitors_are_served(data):
    model = PaperModel(PaperOptions(training=Training(epochs=6, learning_rate=2e-2))).fit(data)
    queries, owners = asked(data, 0, 5, NONE)
    top = model.rank(queries, 5, owners)
    assert not top.unserved.any()
    assert ((model.probability(top.scores) > 0) & (model.probability(top.scores) < 1)).all()
    assert model.course.epochs[-1]["loss"] < model.course.epochs[0]["loss"]


def test_items_of_low_confidence_are_not_recommended(data):
    options = PaperOptions(training=QUICK, candidates=0)
    whole, queries = PaperModel(options).fit(data), asked(data, 0, 5)
    probabilities = whole.probability(whole.scores(*queries))
    middle = float(np.sort(probabilities.ravel())[probabilities.size // 2 - 1 : probabilities.size // 2 + 1].mean())
    sure = PaperModel(replace(options, confidence=middle)).fit(data)

    top = sure.rank(queries[0], 30, queries[1])
    assert (np.isfinite(top.scores).sum(axis=1) == (probabilities >= middle).sum(axis=1)).all()
    assert np.isfinite(top.scores).sum() == probabilities.size // 2
    assert sure.parts(*queries, top.items[:, :2], None) == whole.parts(*queries, top.items[:, :2], None)
    with pytest.raises(BadInput, match=r"confidence is 1\.5: give a probability, 0 or more and below 1"):
        PaperOptions(confidence=1.5)


def test_candidates_of_one_product_hold_the_exact_best_items(data):
    model = PaperModel(PaperOptions(training=QUICK, candidates=12)).fit(data)
    assert model.candidate_overlap(*asked(data, *range(20)), 5) > 0.9


def test_one_seed_gives_one_result_to_the_last_digit(data):
    first, second = (PaperModel(PaperOptions(training=QUICK)).fit(data) for _ in range(2))
    queries, owners = asked(data, 0, 1)
    assert first.scores(queries, owners).tolist() == second.scores(queries, owners).tolist()


def test_a_saved_model_answers_the_same_without_the_data(data, tmp_path):
    model = PaperModel(PaperOptions(training=QUICK, unknown="items")).fit(data)
    model.save(tmp_path / "model")
    queries, owners = asked(data, 0, NONE)
    loaded = PaperModel.load(tmp_path / "model")
    assert loaded.rank(queries, 4, owners).items.tolist() == model.rank(queries, 4, owners).items.tolist()


def test_the_exported_program_runs_on_any_number_of_pairs(data, tmp_path):
    model = PaperModel(PaperOptions(training=QUICK)).fit(data)
    export(model, tmp_path / "model.pt2")
    program = torch.export.load(tmp_path / "model.pt2").module()
    rows = torch.arange(5)
    features = torch.rand(5, model._item_features.shape[1])
    recent = torch.zeros(5, 0, dtype=torch.long)
    torch.testing.assert_close(program(rows, rows, features, recent), model.network(rows, rows, features, recent))


def test_training_that_resumes_ends_as_training_that_never_stopped(data, tmp_path):
    prepared = prepare(busy_shop(), PairOptions(test_share=0.2))
    file = str(tmp_path / "state.pt")

    def trained(checkpoint: str | None, stop_after: int | None = None) -> PaperModel:
        model = PaperModel(
            PaperOptions(training=Training(epochs=3, learning_rate=1e-2, checkpoint=checkpoint), batch_size=300)
        )
        if stop_after is None:
            return model.fit_pairs(prepared)
        seen: list[float] = []

        def killed(step: str, done: float | None = None, total: float | None = None) -> None:
            seen.append(done or 0.0)
            if done is not None and done >= stop_after + 0.5:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            model.fit_pairs(prepared, None, killed)
        return model

    whole = trained(None)
    trained(file, stop_after=1)
    resumed = trained(file)
    assert resumed.probabilities(prepared.test).tolist() == whole.probabilities(prepared.test).tolist()
    assert [row["loss"] for row in resumed.course.epochs] == [row["loss"] for row in whole.course.epochs]
    with pytest.raises(BadInput, match="is of training with seed 0, not 1"):
        PaperModel(PaperOptions(training=Training(epochs=3, seed=1, checkpoint=file))).fit_pairs(prepared)


def test_training_that_leaves_the_range_of_numbers_says_so_and_keeps_the_former_checkpoint(data, tmp_path):
    file = tmp_path / "state.pt"
    training = Training(epochs=3, learning_rate=1e30, embedding_rate=1e30, checkpoint=str(file))
    with pytest.raises(BadInput, match=r"its loss is (nan|inf)\. Give a smaller learning_rate than 1e\+30"):
        PaperModel(PaperOptions(training=training)).fit_pairs(prepare(busy_shop(), PairOptions()))
    assert not file.exists()


def test_early_stopping_keeps_the_best_epoch():
    prepared = prepare(busy_shop(), PairOptions())
    model = PaperModel(PaperOptions(training=Training(epochs=8, learning_rate=0.05, patience=1)))
    model.fit_pairs(prepared, prepared.test)
    figures = [row["validation_auc"] for row in model.course.epochs]
    assert model.course.best == int(np.argmax(figures))
    assert len(figures) <= model.course.best + 3


def test_weights_and_focal_loss_change_what_imbalance_costs():
    prepared = prepare(busy_shop(), PairOptions(per_positive=3))
    network = PaperNetwork(
        len(prepared.visitors), len(prepared.items), prepared.train.features.shape[1], PaperNetworkOptions()
    )
    network.eval()
    losses = {}
    for kind in ("bce", "weighted", "focal"):
        task = PairTask(prepared.train, None, network.unknown, network.padding, kind, 0.0, 10**6, 0, "cpu")
        losses[kind] = task.loss(network, next(task.batches(0, 0, 1))).item()
        assert task.weight.item() == pytest.approx(3, rel=0.02)
    assert losses["focal"] < losses["bce"] < losses["weighted"]


def test_the_numeric_branch_is_off_without_features(data):
    prepared = without_features(prepare(busy_shop()))
    model = PaperModel(PaperOptions(training=QUICK)).fit_pairs(prepared)
    assert not hasattr(model.network, "numeric")
    assert model.network.attention_layer1.in_features == 16
    assert not model.rank(data.histories.take(np.array([0])), 3, np.array([0])).unserved.any()


@pytest.mark.parametrize("name", [name for name in NETWORKS if name != "preaddl"])
def test_the_other_readings_train_and_rank_and_encoders_need_recent_items(data, name):
    options = replace(options_of(name, 0), training=QUICK)
    model = PaperModel(options).fit(data)
    assert not model.rank(data.histories.take(np.array([0])), 3, np.array([0])).unserved.any()
    if options.network.sequence != "none":
        with pytest.raises(BadInput, match="carry no recent items"):
            PaperModel(replace(options, pairs=PairOptions(test_share=0))).fit(data)


def test_the_batch_grows_with_the_pairs_between_64_and_4096():
    assert [batch_for(pairs) for pairs in (1, 900, 14_400, 200_000, 10**7)] == [64, 64, 256, 4096, 4096]


def test_several_processes_share_a_batch():
    prepared = prepare(busy_shop())
    task = PairTask(prepared.train, None, 0, 0, "bce", 0.0, 100, 0, "cpu")
    whole, first, second = (next(task.batches(3, share, shares)) for share, shares in ((0, 1), (0, 2), (1, 2)))
    assert sorted([*first.items.tolist(), *second.items.tolist()]) == sorted(whole.items.tolist())


def test_the_page_with_the_diagram_is_not_stale():
    assert PAGE.read_text("utf-8") == page(), "run python -m kartograph.models.preaddl.paper.diagram"

import json

import numpy as np
import pandas as pd
import pytest
from tests.models.preaddl.test_pairs import busy_shop
from typer.testing import CliRunner

from kartograph.cli.app import app
from kartograph.cli.evaluation.evaluate_attention import attention  # noqa: F401  (adds the command)
from kartograph.evaluation.graph_models import with_needed
from kartograph.evaluation.papers.preaddl.variants import VARIANTS, entrant
from kartograph.evaluation.protocols.attention import AttentionParts
from kartograph.models.data import TrainingData
from kartograph.models.preaddl.attention.first_vectors import first_vectors
from kartograph.models.preaddl.attention.model import GraphModel
from kartograph.tables.errors import BadInput

CYCLES = ["abcd", "bcda", "cdab", "dabc", "wxyz", "xyzw", "yzwx", "zwxy"] * 10


@pytest.fixture
def clicks(tmp_path, monkeypatch):
    monkeypatch.setenv("KARTOGRAPH_HOME", str(tmp_path / "home"))
    file = tmp_path / "clicks.csv"
    rows = [f"{number},{place},{item}" for number, items in enumerate(CYCLES) for place, item in enumerate(items)]
    file.write_text("\n".join(["session_id,position,item_id", *rows]) + "\n")
    return file


def test_the_latest_tenth_of_the_latest_sessions_is_asked_for(clicks):
    protocol = AttentionParts(sessions=50)
    [task] = protocol.tasks(protocol.read(clicks))
    assert len(task.data.owners) == 45
    assert len(task.cases) == 5 * 2  # the third and the fourth click of each


def test_a_shop_is_asked_for_its_last_days():
    events = busy_shop().events
    day = events["timestamp"] // 86_400_000
    shop = events.assign(session_id=events["user_id"] + "-" + day.astype(str))
    protocol = AttentionParts(test_days=3, item_events=1)
    [task] = protocol.tasks(protocol.read(shop))
    assert len(task.cases) > 0


def test_all_variants_take_part_unless_some_are_named():
    assert list(AttentionParts().entrants("")) == list(VARIANTS)
    assert list(AttentionParts().entrants("random, hetero")) == ["random", "hetero"]
    with pytest.raises(BadInput, match="There is no variant 'oracle'"):
        AttentionParts().entrants("oracle")
    made = entrant("feature-attention").make(3)
    assert isinstance(made, GraphModel) and made.options.training.seed == 3 and made.options.attend == "features"


def test_variants_are_compared_from_the_command_line(clicks, tmp_path):
    command = ["evaluate", "attention", str(clicks), "--models", "fastrp,no-attention", "--json", str(tmp_path / "o")]
    done = CliRunner().invoke(app, command, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    record = json.loads((tmp_path / "o").read_text())
    assert set(record["figures"]) == {"fastrp", "no-attention"}
    assert set(record["significance"]["MRR@20"]["groups"]) == {"fastrp", "no-attention"}


@pytest.mark.slow
@pytest.mark.server
def test_a_variant_begins_with_what_a_scratch_graph_computes(home, monkeypatch):
    events = pd.DataFrame(
        [(str(number), item, "view") for number, items in enumerate(CYCLES) for item in items],
        columns=["user_id", "item_id", "event"],
    )
    data = TrainingData.from_table(events, "user_id")
    begun = []

    def seen(init, size, part, *others):
        assert part.computed is not None
        begun.append((init, part.computed.embeddings, part.computed.embeddings_of_rest))
        return first_vectors(init, size, part, *others)

    monkeypatch.setattr("kartograph.models.preaddl.attention.model.first_vectors", seen)
    model = entrant("fastrp-gds").make(0)
    model.fit(with_needed(model, data))
    assert [init for init, *_ in begun] == ["graph", "graph"]
    assert begun[0][1].shape == (8, 64) and np.isfinite(begun[0][1]).all()
    of_rest = begun[0][2]  # the steps that hold out begin with these, of the same server
    assert of_rest.shape == (8, 64) and np.isfinite(of_rest).all() and not np.allclose(of_rest, begun[0][1])
    assert not list((home / "shops").iterdir())

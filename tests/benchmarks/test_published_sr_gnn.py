"""What of the comparison with the published SR-GNN needs neither RecBole nor a GPU: cases, table, arrays."""

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest


@pytest.fixture
def published(record, monkeypatch) -> Any:
    """The benchmark, with two sessions held out."""
    import published_sr_gnn  # pyright: ignore[reportMissingImports]

    monkeypatch.setattr(published_sr_gnn, "VALIDATION_SESSIONS", 2)
    monkeypatch.setattr(published_sr_gnn, "LONG", 3)
    return published_sr_gnn


@pytest.fixture
def recbole_models(record, monkeypatch) -> Any:
    """The process that runs RecBole's network, with its graphs replaced by the items that they are made of."""
    network = SimpleNamespace(_get_slice=lambda _, items: items)
    for name, content in (
        ("recbole", {}),
        ("recbole.config", {"Config": None}),
        ("recbole.model", {}),
        ("recbole.model.sequential_recommender", {"SRGNN": network}),
    ):
        module = ModuleType(name)
        module.__dict__.update(content)
        monkeypatch.setitem(sys.modules, name, module)
    import recbole_models  # pyright: ignore[reportMissingImports]

    monkeypatch.setattr(recbole_models, "SRGNN", network)
    return recbole_models


class Measuring:
    """A bench that gives every model the same figures, but for those that run out of time, and notes what is asked."""

    asked: list[tuple[str, str, dict[str, Any]]]

    def __init__(self, folder, pythons, cuts, trials, longest) -> None:
        Measuring.asked, self.groups = [], cuts["test"].groups

    def heading(self) -> None:
        return

    def row(self, entry, what: str, options: dict[str, Any]) -> dict[str, Any] | None:
        self.asked.append((entry.library, entry.model, options))
        if entry.model == "walk":
            return None
        groups = {kind: (0.5, 0.25) for kind in self.groups}
        return {"HR@20": 0.5, "MRR@20": 0.25, "interval": (0.4, 0.6), "groups": groups}


def test_every_prefix_of_the_latest_sessions_is_a_case_of_each_kind_that_it_is(published, clicks):
    cut = published.cut_of(clicks("ab", "bc", "abab", "aba", "bz"), None)
    # Asked are a -> b, ab -> a, and b -> z, which training does not know.
    assert {kind: chosen.tolist() for kind, chosen in cut.groups.items()} == {
        "targets that training knows": [True, True, False],
        "target already in the session": [False, True, False],
        "target new to the session": [True, False, False],
        "last click of a session": [False, True, True],
        "sessions of 3 clicks or more": [True, True, False],
    }


def test_training_takes_the_latest_sessions_before_those_held_out(published, clicks):
    file = clicks("xy", "bc", "ab", "aba", "bz")
    assert sorted(published.cut_of(file, None).data.items.external) == ["a", "b", "c", "x", "y"]
    assert sorted(published.cut_of(file, 2).data.items.external) == ["a", "b", "c"]


def test_the_record_has_all_models_that_were_measured_and_is_kept_by_the_name_of_the_data(
    published, clicks, record, monkeypatch, tmp_path
):
    monkeypatch.setattr(published, "Bench", Measuring)
    monkeypatch.setattr(published, "environment", lambda *_: "python")
    file = clicks("ab", "bc", "aba", "aba", "bz")
    words = ["benchmarks/published_sr_gnn.py", str(tmp_path), str(file), "--epochs", "6", "--device", "cuda"]
    monkeypatch.setattr(sys, "argv", words)
    published.main()
    assert not (tmp_path / "records").exists()
    monkeypatch.setattr(sys, "argv", [*words, "--name", "tmall"])
    published.main()
    assert Measuring.asked[0] == (
        *("recbole", "SRGNN"),
        {"epochs": 6, "train_batch_size": 100, "decay": 3, "device": "cuda"},
    )
    assert [options.get("device") for _, _, options in Measuring.asked] == ["cuda"] * 3 + [None] * 3
    kept = record("published_sr_gnn_tmall")
    assert kept["head"][:3] == ["cases", "share", "SRGNN, as the paper trains it"]
    assert len(kept["head"]) == 2 + 5, "walk ran out of time"
    assert kept["rows"][0] == ["all prefixes", "100%", *["50.00 / 25.00"] * 5]
    assert kept["rows"][1] == ["95% interval of HR@20", "", *["40.00 to 60.00"] * 5]
    assert kept["rows"][2][:3] == ["targets that training knows", "66.7%", "50.00 / 25.00"]


def test_recbole_learns_from_each_click_but_the_first_of_a_session_and_holds_a_tenth_of_the_sessions_out(
    recbole_models,
):
    offsets = np.arange(0, 31, 3)  # ten sessions of three clicks
    learned, held_out = recbole_models.parts(SimpleNamespace(arrays={"train_offsets": offsets}))
    assert (len(learned), len(held_out)) == (9 * 2, 1 * 2)
    assert sorted([*learned, *held_out]) == [place for place in range(30) if place % 3]
    assert len({place // 3 for place in held_out}) == 1


def test_recbole_reads_items_from_1_on_the_latest_of_a_long_session_filled_up_behind(recbole_models, monkeypatch):
    monkeypatch.setattr(recbole_models, "LONGEST", 3)
    clicks, starts, stops = np.array([5, 6, 7, 8, 0]), np.array([0, 4]), np.array([4, 5])
    rows, shown, lengths = recbole_models.Graphs(clicks, starts, stops, [np.array([1, 0])])[0]
    assert (rows.tolist(), lengths.tolist()) == ([1, 0], [1, 3])
    assert shown.tolist() == [[1, 0, 0], [7, 8, 9]]

"""Tests of saved models: every model answers after loading as before, and a damaged folder is a sentence."""

import json
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from scipy.sparse import csr_array

from kartograph.models.baselines.popularity import Popularity
from kartograph.models.data import NONE, Histories, TrainingData
from kartograph.models.item_categories import with_categories
from kartograph.models.registry import declarations, make
from kartograph.models.saved.saving import FORMAT, fingerprint, load, read_manifest, save
from kartograph.tables.errors import ModelFileError

IN_A_NEW_PROCESS = ("stan", "als", "session-net", "mcprhrec", "category-popularity")


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def shop() -> TrainingData:
    """60 users with 10 events each on 20 items in 4 categories, two of which have a parent; 2 items without events."""
    random = np.random.default_rng(3)
    events = pd.DataFrame(
        {
            "user_id": np.repeat([f"u{user}" for user in range(60)], 10),
            "item_id": [f"i{item}" for item in random.integers(0, 20, 600)],
            "event": random.choice(["view", "cart", "buy"], 600, p=[0.6, 0.2, 0.2]),
            "timestamp": np.arange(600) * 60_000,
        }
    )
    categories = pd.DataFrame(
        {"item_id": [f"i{item}" for item in range(22)], "category_id": [f"c{item % 4}" for item in range(22)]}
    )
    tree = pd.DataFrame({"category_id": ["c0", "c1", "c2", "c3"], "parent_id": ["c2", "c3", None, None]})
    data = with_categories(TrainingData.from_table(events, "user_id"), categories, tree, catalogue=True)
    return replace(data, facts=pd.DataFrame({"item_id": data.items.external, "price": 10.0}))


def fitted(name: str, data: TrainingData) -> Any:
    """The preset, with less training where that takes long."""
    model = make(name, 1)
    for part in getattr(model, "components", {"": model}).values():
        options: Any = getattr(part, "options", None)
        if hasattr(options, "training"):
            part.options = replace(options, training=replace(options.training, epochs=1))
        elif hasattr(options, "epochs"):
            part.options = replace(options, epochs=1)
    return model.fit(data)


def answers(model, data: TrainingData) -> tuple[np.ndarray, np.ndarray]:
    """Scores and ten best items of six known users, a new one with a history, and one of whom nothing is known."""
    owners = np.array([0, 1, 2, 3, 4, 5, NONE, NONE])
    queries = Histories(np.array([0, 2, 4, 6, 8, 10, 12, 14, 14]), np.arange(14) % 20, np.zeros(14, dtype=np.int8))
    scores = model.scores(queries, owners)
    top = model.rank(queries, 10, owners)
    return scores.toarray() if isinstance(scores, csr_array) else scores, top.items


@pytest.mark.parametrize("name", [one.name for one in declarations() if not one.asks_graph])
def test_a_loaded_model_answers_to_the_last_digit_as_the_saved_one(name, shop, tmp_path):
    model = fitted(name, shop)
    before = answers(model, shop)
    save(model, tmp_path / "model", {"name": name})
    loaded, facts = load(tmp_path / "model")
    assert type(loaded) is type(model)
    assert getattr(loaded, "options", None) == getattr(model, "options", None)
    assert facts == {"name": name}
    for one, other in zip(answers(loaded, shop), before, strict=True):
        np.testing.assert_array_equal(one, other)


def test_models_are_loaded_in_a_process_that_never_saw_the_data(shop, tmp_path):
    for name in IN_A_NEW_PROCESS:
        model = fitted(name, shop)
        save(model, tmp_path / name)
        scores, items = answers(model, shop)
        np.savez(tmp_path / f"{name}.npz", scores=scores, items=items)
    script = f"""
import sys
import numpy as np, torch
from pathlib import Path
from tests.models.saved.test_saving import answers
from kartograph.models.saved.saving import load
torch.set_num_threads(1)
for name in {IN_A_NEW_PROCESS!r}:
    wanted = np.load(Path(sys.argv[1], name + ".npz"))
    scores, items = answers(load(Path(sys.argv[1], name))[0], None)
    np.testing.assert_array_equal(scores, wanted["scores"])
    np.testing.assert_array_equal(items, wanted["items"])
print("all alike")
"""
    done = subprocess.run(
        [sys.executable, "-c", script, tmp_path], capture_output=True, text=True, env=dict(os.environ), check=False
    )
    assert done.stdout.strip() == "all alike", done.stderr


def test_a_loaded_model_can_be_saved_and_fitted_again(shop, tmp_path):
    save(fitted("stan", shop), tmp_path / "first")
    loaded, _ = load(tmp_path / "first")
    save(loaded, tmp_path / "second")
    again, _ = load(tmp_path / "second")
    np.testing.assert_array_equal(answers(again, shop)[0], answers(loaded.fit(shop), shop)[0])


@pytest.fixture
def popularity(tmp_path):
    model: Any = Popularity()
    model.items = TrainingData.from_table(pd.DataFrame({"user_id": ["u"], "item_id": ["i"]}), "user_id").items
    model.counts = np.arange(30_000.0)
    save(model, tmp_path / "popularity", {"data": "of a test"})
    return tmp_path / "popularity"


def test_large_arrays_are_mapped_and_a_write_does_not_reach_the_file(popularity):
    before = fingerprint(popularity)
    loaded, _ = load(popularity)
    assert isinstance(loaded.counts.base, np.memmap)
    loaded.counts[0] = 7
    assert fingerprint(popularity) == before
    assert load(popularity)[0].counts[0] == 0


def test_the_manifest_says_what_is_in_the_folder(popularity):
    manifest = read_manifest(popularity)
    assert manifest["class"] == "kartograph.models.baselines.popularity:Popularity"
    assert manifest["options"] == {"share": 1.0}
    assert manifest["facts"] == {"data": "of a test"}
    assert manifest["format"] == FORMAT


def test_saving_again_replaces_the_former_model(popularity):
    model, _ = load(popularity)
    model.counts = model.counts + 1
    save(model, popularity)
    assert load(popularity)[0].counts[0] == 1
    assert [path.name for path in popularity.parent.iterdir()] == ["popularity"]


def test_a_save_that_fails_leaves_the_former_model(popularity):
    model, _ = load(popularity)
    model.counts, model.helper = model.counts + 1, lambda item: item
    with pytest.raises(ModelFileError, match=r"Popularity\.helper cannot be saved: it is of the class builtins\.func"):
        save(model, popularity)
    assert load(popularity)[0].counts[0] == 0


@pytest.mark.parametrize("at", ["after the arrays", "between the renames"])
def test_a_kill_while_saving_leaves_the_former_model(popularity, at):
    """The process ends itself, as a kill would, at the given moment."""
    script = f"""
import os, sys
from kartograph.models.saved import replaced_folder, saving
model, _ = saving.load(sys.argv[1])
model.counts = model.counts + 1
if {at!r} == "after the arrays":
    saving._sum_of = lambda manifest: os._exit(9)
else:
    rename, calls = os.rename, []
    def ending(source, target):
        calls.append(target)
        os._exit(9) if len(calls) == 2 else rename(source, target)
    replaced_folder.os.rename = ending
saving.save(model, sys.argv[1])
"""
    assert subprocess.run([sys.executable, "-c", script, popularity], check=False).returncode == 9
    model, facts = load(popularity)
    assert (model.counts[0], facts) == (0, {"data": "of a test"})
    model.counts = model.counts + 2
    save(model, popularity)
    assert load(popularity)[0].counts[0] == 2


def test_a_folder_of_something_else_is_not_overwritten(tmp_path):
    (tmp_path / "letters.txt").write_text("dear all")
    with pytest.raises(ModelFileError, match="holds no saved model: name a folder that is new or empty"):
        save(Popularity(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]


def test_a_file_where_a_folder_is_needed_is_an_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelFileError, match="cannot be written"):
        save(Popularity(), tmp_path / "file" / "model")


def test_a_folder_without_a_model_is_an_error(tmp_path):
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(ModelFileError, match=r"holds no saved model: there is no model\.json"):
            load(folder)


def changed(folder, **entries):
    """Write entries of `model.json` anew, with the right sum: what a stranger could make."""
    from kartograph.models.saved.saving import _sum_of

    manifest = entries if "format" in entries and "nodes" in entries else read_manifest(folder) | entries
    (folder / "model.json").write_text(json.dumps({"crc32": _sum_of(manifest), **manifest}))


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ({"format": FORMAT + 1}, f"has the format {FORMAT + 1}, and this release of Kartograph knows formats up to"),
        ({"format": "1"}, "the format is '1'"),
        ({"kind": "recipe"}, "holds no model that Kartograph saved"),
        ({"nodes": {}}, "is damaged"),
        ({"nodes": [["list", [["deep"]]]]}, "is damaged"),
        ({"nodes": [["list", [{"ref": 0}]]]}, "is damaged"),
        ({"nodes": [["list", [{"ref": -1}]]]}, "is damaged"),
        ({"nodes": [["eval", "1 + 1"]]}, "is damaged"),
        ({"nodes": [["array", 99]]}, "is damaged"),
        ({"root": {"ref": 99}}, "is damaged"),
        ({"root": [1]}, "is damaged"),
        ({"arrays": [{"bytes": 1}]}, "is damaged"),
        ({"arrays": None}, "is damaged"),
        (
            {"nodes": [["object", "os:system", {}]], "root": {"ref": 0}},
            "the class os:system is of none of the packages",
        ),
        (
            {"nodes": [["object", "kartograph.models.registry:files", {}]], "root": {"ref": 0}},
            "is no class of that module|there is no class",
        ),
        ({"nodes": [["object", "kartograph.cli.app:main", {}]]}, "the class kartograph.cli.app:main is of none of"),
        ({"nodes": [["object", "kartograph.models.base:Recommender", {}]]}, "is damaged"),
        ({"nodes": [["object", "kartograph.models.gone:Model", {}]]}, "there is no class kartograph.models.gone:Model"),
        (
            {"nodes": [["object", "kartograph.models.data:Histories", {}]]},
            "kartograph.models.data:Histories has no .*items.*: the model is of an earlier release, train it again",
        ),
        ({"nodes": [["enum", "kartograph.models.data:Ids", "A"]]}, "is damaged"),
        ({"nodes": [["made", "csr_array", None]]}, "is damaged"),
        ({"nodes": [["object", "kartograph.models.factorization.als:ALS", {}]]}, "is damaged"),
    ],
)
def test_a_foreign_manifest_is_refused_in_a_sentence(popularity, entries, message):
    changed(popularity, **entries)
    with pytest.raises(ModelFileError, match=message):
        load(popularity)


def test_an_index_outside_of_a_matrix_does_not_reach_compiled_code(tmp_path):
    model: Any = Popularity()
    model.counts = csr_array(np.eye(2))
    save(model, tmp_path / "model")
    model.counts.indices[0] = 10**9
    save(model, tmp_path / "model")
    with pytest.raises(ModelFileError, match="is damaged"):
        load(tmp_path / "model")


def test_json_nested_too_deeply_is_refused(popularity):
    (popularity / "model.json").write_text("[" * 100_000 + "]" * 100_000)
    with pytest.raises(ModelFileError, match=r"model\.json cannot be read"):
        load(popularity)


def test_every_flipped_byte_and_every_cut_is_noticed(popularity):
    """Fuzz: 200 damages of every file at places by chance; a blank between entries of JSON may change unnoticed."""
    random = np.random.default_rng(0)
    before = load(popularity)[0].counts
    for path in (popularity / "model.json", popularity / "arrays" / "0.npy"):
        whole = path.read_bytes()
        for place in random.integers(0, len(whole), 200).tolist():
            damages = [
                whole[:place],
                whole[:place] + bytes([whole[place] ^ (1 << random.integers(8))]) + whole[place + 1 :],
            ]
            for damaged in damages:
                path.write_bytes(damaged)
                try:
                    loaded, _ = load(popularity)
                except ModelFileError:
                    continue
                assert json.loads(damaged) == json.loads(whole)
                np.testing.assert_array_equal(loaded.counts, before)
        path.write_bytes(whole)


@pytest.mark.parametrize("what", ["missing", "of objects"])
def test_an_array_that_is_missing_or_holds_objects_is_refused(popularity, what):
    path = popularity / "arrays" / "0.npy"
    path.unlink()
    if what == "of objects":
        from kartograph.models.saved.saving import _sum_of_file

        np.save(path, np.array([print], dtype=object), allow_pickle=True)
        changed(popularity, arrays=[{"bytes": path.stat().st_size, "crc32": _sum_of_file(path)}])
    with pytest.raises(ModelFileError, match="is damaged"):
        load(popularity)


def parts_of(value, path=()):
    """The paths to all parts of a JSON value."""
    yield path
    for key, part in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from parts_of(part, (*path, key))


def test_a_table_with_any_part_exchanged_is_read_or_refused_in_a_sentence(shop, tmp_path):
    """Fuzz: 300 tables of which a part is another one of the table or junk, with the right sum."""
    save(fitted("category-popularity", shop), tmp_path / "model")
    manifest = read_manifest(tmp_path / "model")
    random = np.random.default_rng(1)
    junk = [None, True, -1, 2**70, 0.5, "", "os:system", [], {}, {"ref": 0}, {"ref": -1}, {"ref": "a"}, ["list", [[]]]]
    paths = [path for path in parts_of({name: manifest[name] for name in ("nodes", "arrays", "root")}) if path]
    for _ in range(300):
        changed_one = json.loads(json.dumps(manifest))
        *above, last = paths[random.integers(len(paths))]
        holder = changed_one
        for key in above:
            holder = holder[key]
        other: Any = manifest
        for key in paths[random.integers(len(paths))]:
            other = other[key]
        holder[last] = other if random.random() < 0.5 else junk[random.integers(len(junk))]
        changed(tmp_path / "model", **changed_one)
        with suppress(ModelFileError):
            load(tmp_path / "model")


class OfSomebody(Popularity):
    """A model of another package."""


def test_the_package_of_a_model_of_somebody_else_is_named_when_it_is_loaded(shop, tmp_path):
    save(OfSomebody().fit(shop), tmp_path / "model")
    with pytest.raises(ModelFileError, match=r"the class .*:OfSomebody is of none of the packages"):
        load(tmp_path / "model")
    loaded, _ = load(tmp_path / "model", packages=(OfSomebody.__module__.partition(".")[0],))
    assert type(loaded) is OfSomebody

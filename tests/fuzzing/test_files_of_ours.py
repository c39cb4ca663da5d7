"""Damaged files that Kartograph wrote itself, or that configure it, have a clear error."""

import io
import json
import tarfile

import pandas as pd
import pytest
from hypothesis import strategies as st
from tests.fuzzing.mutation import damaged, fuzz, odd_values, tried

from kartograph.evaluation.report.record_file import parse_record
from kartograph.graph.managed.backups.manifest import DUMP, MANIFEST, read_manifest
from kartograph.models.data import TrainingData
from kartograph.models.neighbours.item_knn import ItemKNN
from kartograph.models.saved.saving import _sum_of, load
from kartograph.pipeline.declaration import read_declaration
from kartograph.serving.config import ServeConfig

MANIFEST_CONTENT = {
    "format": 1, "kartograph": "0.1.0", "neo4j": "5.26.0", "made": "2024-01-15T10:00:00+00:00", "shop": "shop",
    "size": 3, "sha256": "0" * 64,
}  # fmt: skip
RECORD = {
    "figures": {"walk": {"HR@20": 0.5, "MRR@20": 0.2, "cases": 10, "unserved": 0}},
    "timings": {"walk": {"fit_s": 1.0, "ms_p50": 0.1, "ms_p99": 0.2, "peak_mib": 10.0}},
    "data": {"train_sha256": "0" * 64, "test_sha256": "1" * 64}, "versions": {"kartograph": "0.1.0"}, "seed": 0,
    "options": {"k": 20},
}  # fmt: skip
SERVE = b'[models]\ndefault = "walk"\n[fallback]\nchain = ["popularity"]\n[limits]\nbody_kib = 64\n'
SHOP = b'[[sources]]\nloader = "interactions"\npath = "e.csv"\nevent_map = ["fav=view"]\n[train]\nmodels = ["walk"]\n'


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("ours")


def backup(path, manifest: bytes):
    with tarfile.open(path, "w") as archive:
        for name, content in ((MANIFEST, manifest), (DUMP, b"abc")):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))


@fuzz(100, content=damaged([json.dumps(MANIFEST_CONTENT).encode()]), changed=odd_values(MANIFEST_CONTENT))
def test_backup_manifests(folder, content, changed):
    path = folder / "backup.tar"
    for manifest in (content, json.dumps(changed).encode()):
        backup(path, manifest)
        with tried("backup manifests"), tarfile.open(path) as archive:
            read_manifest(archive, path)


@fuzz(100, content=damaged([json.dumps(RECORD).encode()]), changed=odd_values(RECORD))
def test_evaluation_records(folder, content, changed):
    path = folder / "record.json"
    for record in (content, json.dumps(changed).encode()):
        path.write_bytes(record)
        with tried("evaluation records"):
            parse_record(path)


@pytest.fixture(scope="module")
def model(folder):
    """The folder of a saved model, and what its model.json says."""
    events = pd.DataFrame(
        {"user_id": ["u", "u", "v"], "item_id": ["a", "b", "a"], "event": "view", "timestamp": [1, 2, 3]}
    )
    ItemKNN().fit(TrainingData.from_table(events.assign(event="view"), "user_id")).save(folder / "model")
    return folder / "model", json.loads((folder / "model" / "model.json").read_bytes())


@fuzz(100, data=st.data())
def test_model_files(model, data):
    folder, manifest = model
    without_sum = {name: value for name, value in manifest.items() if name != "crc32"}
    changed = data.draw(odd_values(without_sum))
    try:
        content = json.dumps({"crc32": _sum_of(changed), **changed}).encode()
    except (ValueError, KeyError):
        content = json.dumps(changed).encode()
    for one in (content, data.draw(damaged([json.dumps(manifest).encode()]))):
        (folder / "model.json").write_bytes(one)
        with tried("model files"):
            load(folder)


@fuzz(120, content=damaged([SERVE]))
def test_serve_toml(folder, content):
    path = folder / "serve.toml"
    path.write_bytes(content)
    with tried("serve.toml"):
        ServeConfig.read(path)


@fuzz(120, content=damaged([SHOP]))
def test_shop_toml(folder, content):
    path = folder / "shop.toml"
    path.write_bytes(content)
    with tried("shop.toml"):
        read_declaration(path)

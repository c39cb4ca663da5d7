"""Damaged tables, archives and times lead to rows, rejects or a clear error."""

import bz2
import gzip
import io
import json
import lzma
import tarfile

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import strategies as st
from tests.fuzzing.mutation import damaged, fuzz, tried, zipped

from kartograph.loaders.interactions import InteractionOptions, read
from kartograph.loaders.recognition import recognize
from kartograph.tables.formats.prepare import prepare
from kartograph.tables.rejects import RejectLimit
from kartograph.tables.times import TimeRule, understand

CSV = b'user_id,item_id,event,timestamp,price\nu1,A,view,2024-01-15 10:00,9.99\nu2,"B,\n2",buy,1705312800,"1,5"\n'
JSON = b'{"user_id": "u1", "item_id": 7, "items": [{"price": 1.5}], "timestamp": 1705312800}\n' * 3
TABLE = pa.table({"user_id": ["u1", None], "item_id": [1, 2], "timestamp": [1705312800.5, None]})


def parquet() -> bytes:
    target = pa.BufferOutputStream()
    pq.write_table(TABLE, target)
    return target.getvalue().to_pybytes()


def tarred() -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        entry = tarfile.TarInfo("a.csv")
        entry.size = len(CSV)
        archive.addfile(entry, io.BytesIO(CSV))
    return target.getvalue()


TEXTS = (
    CSV, CSV.replace(b",", b";"), CSV.replace(b"\n", b"\r"), CSV.decode().encode("utf-16"), b"sep=|\n" + CSV,
    b"# x\n" + CSV, JSON, json.dumps({"data": [{"a": 1}], "b": {"0": 1}}).encode(), b"1::2::5::978300760\n" * 3,
    b"event_name\tuser_pseudo_id\n" * 2,
)  # fmt: skip
ARCHIVES = (
    gzip.compress(CSV, mtime=0), bz2.compress(CSV), lzma.compress(CSV), pa.compress(CSV, "zstd", asbytes=True),
    zipped({"a.csv": CSV, "b/c.jsonl": JSON}), tarred(), gzip.compress(tarred(), mtime=0), parquet(),
)  # fmt: skip
TIMES = (
    "2024-03-31 02:30:00 PM", "31/03/2024 10:00", "Sun, 31 Mar 2024 14:30:00 +0200", "2024-03-31T14:30:00.123Z",
    "20240331T143000", "1711895400", "45382.604", "31. March 2024", "2024-03-31 14:30 Europe/Berlin", "12:30",
    "Sun Mar 31 14:30:00 CEST 2024", "31/Mar/2024:14:30:00 +0200",
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("damaged")


@fuzz(150, content=damaged(TEXTS), name=st.sampled_from(["t.csv", "t.txt", "t.json", "t.jsonl", "t"]))
def test_headers(folder, content, name):
    path = folder / name
    path.write_bytes(content)
    with tried("headers"):
        prepare(path, folder / "..")


@fuzz(120, content=damaged(ARCHIVES), name=st.sampled_from(["t.csv.gz", "t.zip", "t", "t.tar", "t.parquet", "t.xlsx"]))
def test_archives(tmp_path_factory, folder, content, name):
    path = folder / name
    path.write_bytes(content)
    with tried("archives"):
        prepare(path, tmp_path_factory.mktemp("copies"))


@pytest.mark.slow
@fuzz(15, content=damaged((*TEXTS[:4], *ARCHIVES[:2], *ARCHIVES[4:6])))
def test_tables_of_interactions(folder, content):
    path = folder / "t.csv"
    path.write_bytes(content)
    with tried("tables"):
        read(path, InteractionOptions(rejects=folder / "rejects.csv", limit=RejectLimit(share=1)))


@pytest.mark.slow
@fuzz(40, content=damaged((*TEXTS, *ARCHIVES)), name=st.sampled_from(["t", "t.log", "t.ttl", "t.zip", "t.html"]))
def test_what_load_auto_looks_at(folder, content, name):
    path = folder / name
    path.write_bytes(content)
    with tried("paths of load auto"):
        recognize(str(path))


TEXT = damaged([text.encode() for text in TIMES]).map(lambda data: data.decode("utf-8", "replace"))


@pytest.mark.slow
@fuzz(60, texts=st.lists(st.one_of(TEXT, st.text(max_size=30)), min_size=1, max_size=20))
def test_times(texts):
    for rule in (TimeRule(), TimeRule(zone="Europe/Berlin"), TimeRule(format="excel")):
        with tried("columns of times"):
            result = understand(pd.Series(texts, dtype="object"), rule)
            assert set(result["text"]) <= set(texts)

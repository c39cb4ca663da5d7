"""Tests of the tables on a real Spark of two executors: the same rows, and the same files for the importer."""

import csv
import os
import shutil
import sys
from pathlib import Path

import ibis
import pytest

from kartograph.graph.bulk.csv import write_csv
from kartograph.graph.bulk.files import import_files, number_nodes
from kartograph.tables.cluster.spark import Cluster, _told, on_cluster
from kartograph.tables.derived.derive import derive
from kartograph.tables.engine import Engine
from kartograph.tables.errors import BadInput, FeatureMissing, ServerError
from kartograph.tables.schema import CATEGORIES, CATEGORY_TREE, INTERACTIONS, ITEM_CATEGORIES, ITEMS, Source

PROPERTIES = ibis.schema({name: kind for name, kind in ITEMS.items() if name != "popularity"})
MINUTE = 60_000
TITLES = ['Pot, "iron"', " two\nlines ", "", None, "é"]
EVENTS = [
    (f"u{n % 7}", f"i{n * n % 5}", ("view", "view", "cart", "buy")[n % 4], 1000 + n * 7 * MINUTE, None, None)
    for n in range(60)
]
SESSIONS = [(None, f"i{n % 3}", "view", None, "own session", n) for n in range(4)]


@pytest.fixture(scope="module")
def source():
    """A source with all that is hard to write down: quotation marks, line breaks, empty texts, nulls."""
    with Engine() as engine:

        def stored(name, rows, schema):
            return engine.store(name, ibis.memtable(rows, schema=schema))

        items = [(f"i{n}", title, n / 3 if n else None, "brand", n % 2 == 0) for n, title in enumerate(TITLES)]
        yield Source(
            name="test",
            interactions=stored("interactions", EVENTS + SESSIONS, INTERACTIONS),
            items=stored("items", items, PROPERTIES),
            item_categories=stored(
                "item_categories",
                [("i0", "c1", None, 9000, [0]), ("i0", "c2", 9000, None, [9000]), ("i1", "c1", None, None, None)],
                ITEM_CATEGORIES,
            ),
            category_tree=stored("tree", [("c1", "c0"), ("c2", "c0")], CATEGORY_TREE),
            categories=stored("categories", [("c0", "root", None)], CATEGORIES),
        )


def files_of(source: Source, folder: Path) -> dict[str, list[list[str | None]]]:
    """The rows of every import file, sorted; numbers as numbers, for engines write 1e-9 in their own ways."""
    folder.mkdir()
    shop = derive(source)
    result = {}
    for file in import_files(shop, number_nodes(shop), "run"):
        written = write_csv(file.table, folder / f"{file.name}.csv")
        assert written.rows == file.rows
        with written.path.open(encoding="utf-8", newline="") as opened:
            header, *rows = csv.reader(opened)
        result[file.name] = [header, *sorted([_number(cell) for cell in row] for row in rows)]
        assert written.multiline == (file.name == "items")
    return result


def _number(cell: str) -> str:
    try:
        return repr(round(float(cell), 9))
    except ValueError:
        return cell


@pytest.fixture
def spark(tmp_path, monkeypatch):
    """Real Spark can run; it exchanges files in `tmp_path`, where its own settings lie beside."""
    if not os.environ.get("JAVA_HOME") and not shutil.which("java"):
        pytest.skip(
            "Spark needs a JDK 17 or 21, and there is none here; on Debian: apt-get install default-jre-headless"
        )
    conf = tmp_path / "conf"
    conf.mkdir()
    conf.joinpath("spark-defaults.conf").write_text("spark.sql.shuffle.partitions 2\n")
    monkeypatch.setenv("SPARK_CONF_DIR", str(conf))
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.usefixtures("spark")
def test_two_executors_write_the_same_import_files_as_duckdb(source, tmp_path):
    with on_cluster(source, Cluster("local-cluster[2,1,1024]", tmp_path)) as moved:
        assert moved.interactions.get_backend().name == "pyspark"
        on_spark = files_of(moved, tmp_path / "spark")
    assert on_spark == files_of(source, tmp_path / "duckdb")
    assert {path.name for path in tmp_path.iterdir()} == {"conf", "spark", "duckdb"}


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.usefixtures("spark")
def test_a_job_that_breaks_says_which_file_was_gone_and_leaves_nothing(source, tmp_path):
    with (
        pytest.raises(
            ServerError, match=r"Spark at local\[1\] broke off the work: .*interactions\.parquet.* Nothing was"
        ),
        on_cluster(source, Cluster("local[1]", tmp_path)) as moved,
    ):
        [file] = tmp_path.glob("kartograph-spark-*/interactions.parquet")
        file.unlink()
        derive(moved).session_items.to_pyarrow()
    assert {path.name for path in tmp_path.iterdir()} == {"conf"}


def test_a_missing_pyspark_is_named_with_the_extra(source, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with (
        pytest.raises(FeatureMissing, match=r"pip install 'kartograph\[spark\]', or leave out --engine spark"),
        on_cluster(source, Cluster("local[1]")),
    ):
        pass


def test_a_missing_java_is_named(source, monkeypatch):
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(FeatureMissing, match="needs a JDK 17 or 21"), on_cluster(source, Cluster("local[1]")):
        pass


def test_a_folder_that_cannot_be_used_is_named(source, tmp_path):
    with (
        pytest.raises(BadInput, match=r"No folder for exchange can be made in .*nowhere"),
        on_cluster(source, Cluster("local[1]", tmp_path / "nowhere")),
    ):
        pass


def test_of_a_failure_the_error_and_what_caused_it_at_last_are_told():
    java = Exception(
        "An error occurred while calling o42.collect.\n: org.apache.spark.SparkException: Job aborted.\n"
        "\tat org.apache.spark.Here.there(Here.scala:1)\nCaused by: java.io.IOException: lost an executor\n"
        "\t... 3 more\nCaused by: java.lang.OutOfMemoryError: Java heap space\n\tat java.lang.Here.there(Here.java:2)"
    )
    assert _told(java) == (
        "An error occurred while calling o42.collect; org.apache.spark.SparkException: Job aborted; "
        "java.lang.OutOfMemoryError: Java heap space"
    )
    assert _told(Exception()) == "Exception"

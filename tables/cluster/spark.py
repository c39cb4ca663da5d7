"""Tables on a Spark cluster, for a shop that outgrows one machine.

A source is read and checked where its files lie, by DuckDB; then its tables go over to the cluster as Parquet. What
follows (sessions, categories, co-occurrence, import files) are the same Ibis expressions, computed there. It needs the
extra `kartograph[spark]` and a JDK 17 or 21.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ibis.backends import BaseBackend

from kartograph.tables.errors import BadInput, FeatureMissing, ServerError
from kartograph.tables.progress import Progress, silent
from kartograph.tables.schema import Source

MOVED = ("interactions", "items", "item_categories", "category_tree", "categories")
"""The tables of a source."""


@dataclass(frozen=True)
class Cluster:
    """Which cluster, and where it and this process exchange files."""

    master: str
    """Address as Spark writes it: "spark://host:7077", "yarn", "local[4]", "local-cluster[2,1,1024]" …"""
    folder: Path | None = None
    """A folder that this process and every executor see under the same path; without one a temporary folder, which is
    right where they share a machine."""


@contextmanager
def on_cluster(source: Source, cluster: Cluster, progress: Progress = silent) -> Iterator[Source]:
    """Yield the source with its tables on the cluster, for the time of a `with` block.

    Raises:
        FeatureMissing: pyspark is not installed, or no Java.
        BadInput: the cluster cannot be reached, or the exchange folder cannot be made.
        ServerError: the cluster broke off the work.
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix="kartograph-spark-", dir=cluster.folder))
    except OSError as error:
        raise BadInput(
            f"No folder for exchange can be made in {cluster.folder}: {error}. Name one that all executors see."
        ) from error
    session = None
    try:
        progress(f"Connecting to Spark at {cluster.master}")
        session = _session(cluster.master, folder)
        from kartograph.tables.cluster.spark_arrow import ArrowBackend

        yield _moved(source, ArrowBackend().connect(session), folder, progress)
    except Exception as error:
        if not type(error).__module__.startswith(("pyspark", "py4j")):
            raise
        raise ServerError(
            f"Spark at {cluster.master} broke off the work: {_told(error)}. Nothing was loaded; the logs of its "
            "executors say more. Give them more memory (spark.executor.memory) where they ended for want of it"
        ) from error
    finally:
        if session is not None:
            _end(session)
        shutil.rmtree(folder, ignore_errors=True)


def _moved(source: Source, backend: BaseBackend, folder: Path, progress: Progress) -> Source:
    tables = {}
    for name in MOVED:
        progress(f"Moving tables to the cluster: {name}")
        file = folder / f"{name}.parquet"
        getattr(source, name).to_parquet(file)
        tables[name] = backend.read_parquet(file, table_name=f"source_{name}")
    return replace(source, **tables)


def _session(master: str, folder: Path) -> Any:
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise FeatureMissing(
            "pyspark is not installed, and the tables shall be worked on by Spark: pip install 'kartograph[spark]', or "
            "leave out --engine spark"
        ) from error
    if not os.environ.get("JAVA_HOME") and not shutil.which("java"):
        # The runtime of the managed Neo4j lacks a module that Spark asks for (jdk.incubator.vector).
        raise FeatureMissing("Spark needs a JDK 17 or 21, and none is found: install one, or set JAVA_HOME to it")
    settings: dict[str, Any] = {
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    try:
        return SparkSession.builder.master(master).appName("kartograph").config(map=settings).getOrCreate()
    except Exception as error:
        # Java's errors come in many classes; what they have in common is that there is no cluster to work on.
        raise BadInput(
            f'no Spark answers at "{master}": {_told(error)}. Check --master, and that Java 17 or 21 is found '
            "(JAVA_HOME)."
        ) from error


def _told(error: Exception) -> str:
    """What Spark says: the first line, the error that Java names below it, and what caused that at last."""
    lines = [line.strip() for line in str(error).splitlines()]
    lines = [line.lstrip(": ") for line in lines if line and not line.startswith(("at ", "... "))]
    causes = [line.removeprefix("Caused by: ") for line in lines if line.startswith("Caused by: ")]
    parts = [*lines[:2], *causes[-1:]] if lines else [type(error).__name__]
    return "; ".join(line[:300].rstrip(".") for line in dict.fromkeys(parts))


def _end(session: Any) -> None:
    """Stop the session and the Java process behind it, which would otherwise live as long as this process."""
    context, gateway = type(session.sparkContext), session.sparkContext._gateway
    session.stop()
    gateway.shutdown()
    gateway.proc.stdin.close()  # what the process waits for
    gateway.proc.wait(timeout=60)
    context._gateway = context._jvm = None

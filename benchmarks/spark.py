"""A shop derived on a Spark cluster beside DuckDB: `python benchmarks/spark.py FOLDER`.

Generates the events of a shop of RetailRocket's size times `--scale` into FOLDER, where they are not there yet, as a
data lake has them: a directory of Parquet files and one of JSON lines, each read as `kartograph load interactions`
reads it. Then the import files of a bulk load are derived from the Parquet ones, by DuckDB in this process and by a
standalone cluster: a master and two workers, processes that end with the benchmark. Prints wall-clock seconds and the
largest memory of all processes for each, and ends with 1 where the import files differ; otherwise the table goes into
`docs/records/spark.json`, of which the page about operating is made. It needs a JDK 17 or 21.
"""

import argparse
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import duckdb
import numpy as np
import requests
from bulk_load import peak_memory

from kartograph.graph.bulk.csv import write_csv
from kartograph.graph.bulk.files import import_files, number_nodes
from kartograph.loaders import interactions
from kartograph.loaders.generated.sample_catalogue import catalogue
from kartograph.loaders.generated.sample_events import event_table
from kartograph.loaders.interactions import InteractionOptions
from kartograph.loaders.sample import SampleSize
from kartograph.reference.records import keep_table
from kartograph.tables.cluster.spark import Cluster, on_cluster
from kartograph.tables.derived.derive import derive
from kartograph.tables.engine_options import EngineOptions
from kartograph.tables.schema import Source

MASTER, WORKER = (f"org.apache.spark.deploy.{kind}" for kind in ("master.Master", "worker.Worker"))
HEAD = ("", "seconds", "GiB", "rows")
HOST, WORKERS, FILES = "127.0.0.1", 2, 16


@contextmanager
def standalone(folder: Path, cores: int, memory: str) -> Iterator[str]:
    """Yield the address of a Spark cluster of two workers on this machine, for the time of the block."""
    import pyspark

    port, *pages = _free_ports(2 + WORKERS)
    begin, address = str(Path(pyspark.__file__).parent / "bin" / "spark-class"), f"spark://{HOST}:{port}"
    worker = [begin, WORKER, "--host", HOST, "--cores", str(cores), "--memory", memory]
    commands = [[begin, MASTER, "--host", HOST, "--port", str(port), "--webui-port", str(pages[0])]]
    for page in pages[1:]:
        commands.append([*worker, "--webui-port", str(page), "--work-dir", str(folder / f"worker-{page}"), address])
    local = {**os.environ, "PYSPARK_PYTHON": sys.executable, "SPARK_DAEMON_MEMORY": "256m"}
    with (folder / "cluster.log").open("w") as log:
        processes = [subprocess.Popen(command, env=local, stdout=log, stderr=subprocess.STDOUT) for command in commands]
        try:
            _await_workers(f"http://{HOST}:{pages[0]}/json/", processes)
            yield address
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait()


def _free_ports(count: int) -> list[int]:
    with ExitStack() as held:
        sockets = [held.enter_context(socket.create_server((HOST, 0))) for _ in range(count)]
        return [one.getsockname()[1] for one in sockets]


def _await_workers(state: str, processes: list[subprocess.Popen]) -> None:
    while all(process.poll() is None for process in processes):
        try:
            if requests.get(state).json()["aliveworkers"] == WORKERS:
                return
        except (requests.ConnectionError, ValueError):
            pass
        time.sleep(0.5)
    raise RuntimeError("a process of the cluster ended; cluster.log says why")


def lake(folder: Path, scale: float) -> None:
    """Write the events of a generated shop into the folders `parquet` and `json`, each in several files."""
    size, rng = SampleSize.of(scale), np.random.default_rng(7)
    shop = catalogue(size.categories, size.items, size.active_items, rng)
    names = {"visitorid": "user", "itemid": "item", "event": "event", "timestamp": "time"}
    events = event_table(shop, size.users, size.events, rng).select(list(names)).rename_columns(list(names.values()))
    per_file = len(events) // FILES + 1
    with duckdb.connect() as database:
        for kind, form in (("parquet", "FORMAT parquet"), ("json", "FORMAT json")):
            (folder / kind).mkdir()
            for number in range(FILES):
                database.register("part", events.slice(number * per_file, per_file))
                database.sql(f"COPY part TO '{folder}/{kind}/part-{number:02}.{kind}' ({form})")


def write(source: Source, folder: Path) -> dict[str, int]:
    """Derive the shop and write the import files; returns the rows of each."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shop = derive(source)
    files = import_files(shop, number_nodes(shop), "run")
    return {file.name: write_csv(file.table, folder / f"{file.name}.csv").rows for file in files}


def differing(one: Path, other: Path) -> list[str]:
    """The import files whose rows differ; of fractions nine digits count, for sums depend on the order of addends."""
    return [file.name for file in sorted(one.glob("*.csv")) if not _same(file, other / file.name)]


def _same(one: Path, other: Path) -> bool:
    tables = [f"read_csv('{file}', all_varchar = true)" for file in (one, other)]
    rest = [
        duckdb.execute(f"FROM {tables[side]} EXCEPT ALL FROM {tables[1 - side]} ORDER BY ALL").df() for side in (0, 1)
    ]
    fractions = [rows.filter(regex=":double$") for rows in rest]
    texts = [rows.drop(columns=list(some)) for rows, some in zip(rest, fractions, strict=True)]
    numbers = [some.to_numpy(float) for some in fractions]
    return texts[0].equals(texts[1]) and np.allclose(*numbers, rtol=1e-9, atol=0, equal_nan=True)


def main() -> int:
    """Run the benchmark and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scale", type=float, default=10.0, help="1.0 is RetailRocket's full size (10.0)")
    parser.add_argument("--memory", default="3GB", help="of DuckDB; what does not fit goes to the disk (3GB)")
    parser.add_argument("--worker-memory", default="1g", help="of each worker's executor (1g)")
    parser.add_argument("--worker-cores", type=int, default=1)
    arguments = parser.parse_args()
    folder: Path = arguments.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    (conf := folder / "conf").mkdir(exist_ok=True)
    (conf / "spark-defaults.conf").write_text(
        f"spark.executor.memory {arguments.worker_memory}\nspark.driver.memory 1g\nspark.sql.shuffle.partitions 8\n",
        "utf-8",
    )
    os.environ |= {"SPARK_CONF_DIR": str(conf), "SPARK_LOCAL_IP": HOST}
    if not (folder / "json").exists():
        lake(folder, arguments.scale)

    found: list[tuple[str, ...]] = []

    @contextmanager
    def measured(what: str) -> Iterator[dict[str, int]]:
        rows: dict[str, int] = {}
        began = time.monotonic()
        with peak_memory() as peak:
            yield rows
        seconds, memory = time.monotonic() - began, peak[0] / 2**30
        found.append((what, f"{seconds:,.1f}", f"{memory:.1f}", f"{sum(rows.values()):,}"))
        print(*found[-1], sep=" | ", flush=True)

    print(*HEAD, sep=" | ")
    for kind in ("json", "parquet"):
        options = InteractionOptions(
            rejects=folder / f"rejects-{kind}.csv", engine=EngineOptions(memory=arguments.memory, folder=folder)
        )
        with measured(f"read {kind}") as rows:
            source = interactions.read(folder / kind, options)
            rows["events"] = source.report.rows
    with measured("derive, DuckDB") as on_duckdb:
        on_duckdb |= write(source, folder / "of-duckdb")
    with (
        measured(f"derive, Spark of {WORKERS} workers") as on_spark,
        standalone(folder, arguments.worker_cores, arguments.worker_memory) as address,
        on_cluster(source, Cluster(address, folder)) as moved,
    ):
        on_spark |= write(moved, folder / "of-spark")
    wrong = differing(folder / "of-duckdb", folder / "of-spark")
    if not wrong:
        keep_table("spark", HEAD, found)
    print(f"differing files: {', '.join(wrong)}" if wrong else f"{len(on_duckdb)} import files, the same rows in each")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())

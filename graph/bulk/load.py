"""How a whole shop gets into Neo4j: built beside the active database and put in its place when it is whole."""

import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from kartograph.graph.accounts import write_account
from kartograph.graph.bulk.compare import compare
from kartograph.graph.bulk.contents import Contents, LoadRecord, contents_of
from kartograph.graph.bulk.csv import write_csv, write_node
from kartograph.graph.bulk.importer import Input, import_database, importer_memory
from kartograph.graph.bulk.small import Created, create, read_contents
from kartograph.graph.connection import Graph
from kartograph.graph.ledger import Entry, write_ledger
from kartograph.graph.managed.generations import (
    activate,
    build_lock,
    discard,
    give_up_kept,
    new_generation,
    remove_leftovers,
    staying_server,
    temporary_server,
)
from kartograph.graph.managed.home import ServerPaths, ShopDirectory, bytes_below
from kartograph.graph.managed.lifecycle import RunningServer, running, start_again
from kartograph.graph.managed.memory import Memory
from kartograph.graph.schema import apply_schema
from kartograph.tables.contents.tally import tally_of
from kartograph.tables.engine import Rows, count_rows
from kartograph.tables.errors import ServerError
from kartograph.tables.progress import Progress, silent
from kartograph.tables.schema import Shop

_BYTES_OF_LETTER = 4
_BYTES_OF_TIME = 20
"""Of milliseconds as text, with what separates two."""
BYTES_PER_ROW = 300
"""Disk that a row takes while it is loaded: CSV, store, indexes and transaction logs (measured: 200)."""
BYTES_AT_LEAST = 600_000_000
SMALL = 20_000
"""Nodes and relationships up to which the server creates them faster than the importer starts."""


@dataclass(frozen=True)
class BulkOptions:
    """How much of the machine a bulk load may use."""

    import_memory: Memory = field(default_factory=importer_memory)
    """Heap of the importer, and what it may take outside of it; a share of the machine's by default."""
    index_memory: Memory = field(default_factory=lambda: Memory(heap_mib=1024, page_cache_mib=1024))
    """Memory of the server that builds the indexes while another one serves the shop."""
    server_memory: Memory | None = None
    """Memory of the server that stays where none served the shop; None is a share of the machine's."""
    small: int = SMALL
    """Nodes and relationships up to which the importer is not used."""


@dataclass
class BulkSummary:
    """What a bulk load did."""

    load: str = ""
    """Id of the `:Load` node, which is the generation's name too."""
    seconds: dict[str, float] = field(default_factory=dict)
    """Wall-clock time of each step."""
    rows: dict[str, int] = field(default_factory=dict)
    """Rows of each import file: nodes or relationships."""
    store_bytes: int = 0
    """Size of the new database on disk."""


def bulk_load(
    shop: Shop,
    home: ShopDirectory,
    record: LoadRecord | None = None,
    options: BulkOptions | None = None,
    progress: Progress = silent,
) -> BulkSummary:
    """Put `shop` into the graph of `home`, in place of what it held before.

    Writes import files and makes a database of them beside the active one, or has the new server create a small shop;
    builds constraints and indexes there, and then swaps the two. A server of the shop that ran runs again afterwards,
    at its address; where none ran, the one that built the indexes stays. Until the swap the former shop is untouched
    and served; if anything goes wrong before, it stays, and what was built is removed, at the next load at the latest.
    After the swap the former database is kept until the next one, for `undo_load`.

    Raises:
        BadInput: another load is at work on this shop, or a table names ids that no table of nodes has.
        ServerError: too little disk, or the importer or the server failed.
    """
    record, options = record or LoadRecord(), options or BulkOptions()
    summary = BulkSummary()
    with build_lock(home):
        home.make()
        remove_leftovers(home)
        _refuse_small_disk(shop, home, progress)
        paths = new_generation(home)
        summary.load = paths.folder.name
        try:
            contents = contents_of(shop, record, summary.load)
            created = None
            if contents.rows > options.small:
                _import(shop, contents, paths, options, summary, progress)
            else:
                created = read_contents(contents)
                summary.rows |= created.rows
                contents.check(summary.rows)
            held = {"events": summary.rows["includes"], **record.held}
            entry = Entry(summary.load, record.source, "bulk", round(time.time() * 1000), held=held)
            write_ledger(paths.folder, [entry])
            former = running(home)
            if former:  # the shop is served meanwhile, so another server builds
                building = temporary_server(paths, options.index_memory, progress)
            else:
                building = staying_server(home, paths, options.server_memory, progress)
            _build(shop, paths, building, contents, created, summary, progress)
            if former:
                with _timed(summary, "swap", progress, "Putting the new database in place"):
                    activate(home, paths, progress)
            summary.store_bytes = bytes_below(paths.data)
        except BaseException:
            if home.generation != paths.folder.name:
                discard(paths)
            raise
    if former:
        with _timed(summary, "restart", progress, "Starting the server"):
            start_again(home, former, progress)
    return summary


def _import(
    shop: Shop, contents: Contents, paths: ServerPaths, options: BulkOptions, summary: BulkSummary, progress: Progress
) -> None:
    """Make the database of the new generation, without indexes, by files and the importer."""
    folder = paths.folder / "csv"
    folder.mkdir()
    with _timed(summary, "write", progress, "Writing import files"):
        inputs = _write_files(contents, folder, summary, progress)
        contents.check(summary.rows)
    with _timed(summary, "import", progress, "Starting the importer"):
        import_database(paths, inputs, options.import_memory, _longest_value(shop), progress)
        shutil.rmtree(folder)


def _build(
    shop: Shop,
    paths: ServerPaths,
    building: AbstractContextManager[RunningServer],
    contents: Contents,
    created: Created | None,
    summary: BulkSummary,
    progress: Progress,
) -> None:
    """Create what is `created` by the server, build constraints and indexes, and compare."""
    with ExitStack() as open_until_built:
        with _timed(summary, "start", progress, "Starting the server"):
            server = open_until_built.enter_context(building)
            graph = open_until_built.enter_context(Graph.connect(server.uri, server.auth))
        if created:
            with _timed(summary, "write", progress, "Creating nodes and relationships"):
                create(graph, created)
        events = tally_of(shop.session_items)
        with _timed(summary, "index", progress, "Creating constraints and indexes"), ThreadPoolExecutor(1) as beside:
            # Both read the whole store, on a core each: of a shop of full size 12 s together, 19 s one after the other.
            compared = beside.submit(compare, graph, contents, events)
            apply_schema(graph, progress)
            progress("Comparing the database with the source")
            compared.result()
            write_account(paths.folder, events)


def _write_files(contents: Contents, folder: Path, summary: BulkSummary, progress: Progress) -> list[Input]:
    inputs = []
    for file in contents.files:
        progress(f"Writing import files: {file.name}")
        written = write_csv(file.table, folder / f"{file.name}.csv")
        summary.rows[file.name] = written.rows
        inputs.append(Input(file.holds, file.kind, written.path, written.multiline))
    for number, (label, properties) in enumerate(contents.singles, contents.first):
        written = write_node(folder / f"{label.lower()}-{number}.csv", number, properties)
        inputs.append(Input("nodes", label, written.path, written.multiline))
    return inputs


def _longest_value(shop: Shop) -> int:
    """Bytes of the longest text of an item, at most, or of the times of a category; ids are short."""
    items: Rows = shop.items
    texts = [items[name].length().max().name(name) for name, kind in items.schema().items() if kind.is_string()]
    longest = max(length or 0 for length in items.aggregate(texts).to_pyarrow().to_pylist()[0].values())
    history: Rows = shop.item_categories
    times = history.seen.length().max().to_pyarrow().as_py() or 0  # pyright: ignore[reportAttributeAccessIssue]
    return max(_BYTES_OF_LETTER * longest, _BYTES_OF_TIME * times)


def _refuse_small_disk(shop: Shop, home: ShopDirectory, progress: Progress) -> None:
    rows = sum(count_rows(table) for table in shop.tables().values())
    needed = BYTES_AT_LEAST + BYTES_PER_ROW * rows
    if shutil.disk_usage(home.folder).free < needed and give_up_kept(home):
        progress("Removing the database before the present one: the disk is too small for three")
    free = shutil.disk_usage(home.folder).free
    if free < needed:
        raise ServerError(
            f"{home.folder} has {free / 1e9:.1f} GB of free disk, and loading {rows:,} rows takes about "
            f"{needed / 1e9:.1f} GB beside the present database; make room, or set KARTOGRAPH_HOME to a folder on "
            "another disk."
        )


@contextmanager
def _timed(summary: BulkSummary, name: str, progress: Progress, step: str) -> Iterator[None]:
    progress(step)
    began = time.monotonic()
    yield
    summary.seconds[name] = round(time.monotonic() - began, 2)

"""The engine in which tables live while they are worked on.

On DuckDB, in a database file of its own in a temporary folder: DuckDB compresses what it stores there and spills what
does not fit, so that a shop larger than memory still loads. Everything after the reading of files is an Ibis
expression and asks nothing of DuckDB.
"""

import shutil
import tempfile
import weakref
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import filelock
import ibis
import ibis.expr.types as ir
from ibis.backends import BaseBackend
from ibis.util import gen_name

from kartograph.tables.engine_options import EngineOptions
from kartograph.tables.errors import BadInput

PREFIX = "kartograph-tables-"
HELD = "held.lock"
"""The file in an engine's folder that its process holds a lock on."""
Expression = Any
"""An Ibis column or scalar: Ibis makes most of its methods at run time, where a type checker sees none of them."""
Rows = Any
"""An Ibis table whose columns are used as attributes, for the same reason."""


@dataclass
class Engine:
    """A DuckDB database in a temporary folder, which goes when the engine is closed or its last table is collected.

    `folder` is the temporary folder, where readers may put copies of their files.
    """

    options: EngineOptions = field(default_factory=EngineOptions)

    def __post_init__(self) -> None:
        """Open the database."""
        _remove_leftovers(self.options.folder or Path(tempfile.gettempdir()))
        try:
            self.folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=self.options.folder))
            self._held = filelock.FileLock(self.folder / HELD)
            self._held.acquire(timeout=0)
        except OSError as error:
            raise BadInput(
                f"No temporary folder can be made in {self.options.folder}: {error}. Name another folder."
            ) from error
        settings: dict[str, Any] = {
            "memory_limit": self.options.memory,
            "threads": self.options.threads,
            "temp_directory": str(self.folder / "spill"),
            "autoinstall_known_extensions": False,  # nothing is fetched from elsewhere to read a file
            # A checkpoint after every 16 MB, the default, is a third of a second each, for what nobody reopens.
            "checkpoint_threshold": "1GB",
        }
        self.backend = ibis.duckdb.connect(self.folder / "tables.duckdb", **settings)
        # Ibis turns it on, and it is drawn on the standard output, among what scripts read. In a notebook without
        # ipywidgets it is off, and cannot be set at all.
        if self.backend.raw_sql("SELECT current_setting('enable_progress_bar')").fetchall() != [(False,)]:
            self.backend.raw_sql("SET enable_progress_bar = false")
        # Tables hold on to their back end but know no engine, so the folder lives as long as the back end.
        self._remove = weakref.finalize(self.backend, _remove, self.folder, self._held)

    def store(self, name: str, table: ir.Table) -> ir.Table:
        """Compute `table` once and keep its rows; `name` only helps people who look into the database."""
        return store(name, table, self.backend)

    def drop(self, table: ir.Table) -> None:
        """Forget the rows of a stored table."""
        # Backend.drop_table writes a DROP without the name with the SQL writer that Ibis comes with today.
        self.backend.raw_sql(f'DROP TABLE "{table.get_name().rpartition(".")[2]}"')

    def close(self) -> None:
        """Give back memory and disk; tables of this engine cannot be read any more."""
        self.backend.disconnect()
        self._remove()

    def __enter__(self) -> "Engine":
        """Return the engine itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the engine."""
        self.close()


def _remove(folder: Path, held: filelock.BaseFileLock) -> None:
    held.release()
    shutil.rmtree(folder, ignore_errors=True)


def _remove_leftovers(folder: Path) -> None:
    """Remove what processes left here that were killed: nobody holds the lock in their folders any more."""
    for lock in folder.glob(f"{PREFIX}*/{HELD}"):
        # Another user's folder cannot be locked, and a living process holds its lock.
        with suppress(filelock.Timeout, OSError), filelock.FileLock(lock).acquire(timeout=0):
            shutil.rmtree(lock.parent, ignore_errors=True)


def latest(table: Rows, key: str, value: str, at: str) -> ir.Table:
    """`key`, the `value` of its latest row and the time of that as `<value>_at`.

    Of several values at one instant the greatest holds; keys without any value are left out.
    """
    known = table.filter(table[value].notnull())
    instants: Rows = known.group_by(key, at).agg(value=known[value].max())
    last = {value: instants.value.argmax(instants[at]), f"{value}_at": instants[at].max()}
    return instants.group_by(key).agg(**last)


def count_rows(table: ir.Table) -> int:
    """The number of rows of `table`."""
    return int(table.count().to_pyarrow().as_py())


def store(name: str, table: ir.Table, backend: BaseBackend | None = None) -> ir.Table:
    """Compute `table` once in its own back end (or the one given) and return the stored rows."""
    where = backend or table.get_backend()
    return where.create_table(gen_name(name), table)


def empty(name: str, schema: ibis.Schema, backend: BaseBackend) -> ir.Table:
    """A table without rows in a back end: an Ibis table in memory would open a database of its own to be read."""
    return backend.create_table(gen_name(name), schema=schema)

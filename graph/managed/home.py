"""Where a shop's database and everything about its server lies.

    <root>/servers/<digest>/                 the installed server, shared by all shops: {lib,plugins,procedures}
    <root>/shops/<shop>/
        current                              the id of the active generation
        generations/<id>/data                one whole database
        conf/ logs/ import/                  of the server that serves the active generation
        password  server.json  shop.lock     the generated password, the running process, who works on the shop

`root` is KARTOGRAPH_HOME, else the user's data folder. A load builds a new generation beside the active one and then
names it in `current`, in one step.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from platformdirs import user_data_dir

from kartograph.tables.errors import BadInput, Leak, NothingThere, ServerError
from kartograph.tables.whole import make_private

ROOT_VARIABLE = "KARTOGRAPH_HOME"
FIRST_GENERATION = "first"
_SHOP_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


def default_root() -> Path:
    """Return the folder below which everything is kept: KARTOGRAPH_HOME, else the user's data folder.

    Raises `BadInput` where it names the home of a user who does not exist, or goes in circles.
    """
    named = os.environ.get(ROOT_VARIABLE) or user_data_dir("kartograph")
    try:
        return Path(named).expanduser().resolve()
    except (OSError, RuntimeError) as error:
        raise BadInput(f'{ROOT_VARIABLE} is "{named}", which names no folder: {error}; name another') from error


@dataclass(frozen=True)
class ServerPaths:
    """The folders of one server process: those of the active generation, or of one that is being built."""

    root: Path
    """The folder below which the installed servers lie."""
    folder: Path
    """The process's home folder; its `server.json` names the running process."""
    data: Path
    """The Neo4j data folder: `databases/`, `transactions/`, `dbms/` are below it."""
    import_folder: Path
    """The only folder that `LOAD CSV` reads from."""
    password_file: Path
    kept_logs: Path
    """Where the logs are found afterwards: a generation whose build fails is removed, and errors name its logs."""

    @property
    def conf(self) -> Path:
        """The folder of `neo4j.conf`."""
        return self.folder / "conf"

    @property
    def logs(self) -> Path:
        """The folder of `neo4j.log`, `debug.log`, `query.log` and `console.log`."""
        return self.folder / "logs"

    @property
    def state_file(self) -> Path:
        """The file that names the running process."""
        return self.folder / "server.json"

    @property
    def gds_export(self) -> Path:
        """The folder that `gds.graph.export.csv` writes below."""
        return self.import_folder / "gds-export"


@dataclass(frozen=True)
class ShopDirectory:
    """The folder of one shop."""

    root: Path
    shop: str

    @classmethod
    def of(cls, shop: str = "shop", root: Path | None = None) -> "ShopDirectory":
        """Return the home of a shop; nothing is created.

        Raises `BadInput` for a name that is not 1 to 63 of a-z, 0-9, `_` and `-`, starting with a letter or digit.
        """
        if not _SHOP_NAME.fullmatch(shop):
            raise BadInput(
                f'"{shop}" cannot be the name of a shop: use 1 to 63 of the characters a-z, 0-9, _ and -, '
                "starting with a letter or a digit"
            )
        home = cls(root or default_root(), shop)
        only = _only.get()
        if only not in (None, home):
            raise Leak(
                f'The home of the shop "{shop}" was asked for during an evaluation, where only "{only.shop}" may be '
                "opened: the shop holds what is asked of the models. Give the model the graph that it is fitted on."
            )
        return home

    @property
    def folder(self) -> Path:
        """The folder of this shop."""
        return self.root / "shops" / self.shop

    @property
    def conf(self) -> Path:
        """The folder of `neo4j.conf`."""
        return self.folder / "conf"

    @property
    def logs(self) -> Path:
        """The folder of the server's logs."""
        return self.folder / "logs"

    @property
    def import_folder(self) -> Path:
        """The only folder that `LOAD CSV` reads from."""
        return self.folder / "import"

    @property
    def generations(self) -> Path:
        """The folder of all generations."""
        return self.folder / "generations"

    @property
    def password_file(self) -> Path:
        """The file of the generated password, which only its owner can read."""
        return self.folder / "password"

    @property
    def current_file(self) -> Path:
        """The file that names the active generation."""
        return self.folder / "current"

    @property
    def lock_file(self) -> Path:
        """Held by whoever starts, stops or swaps the shop's database."""
        return self.folder / "shop.lock"

    @property
    def generation(self) -> str:
        """The id of the active generation; the name of the first one where nothing was ever loaded."""
        try:
            return self.current_file.read_text("utf-8").strip() or FIRST_GENERATION
        except FileNotFoundError:
            return FIRST_GENERATION

    @property
    def current(self) -> Path:
        """The data folder of the active generation."""
        return self.generations / self.generation / "data"

    @property
    def exists(self) -> bool:
        """Whether the shop has a database: one that was loaded or restored, or an empty one that was started."""
        return self.current.is_dir()

    @property
    def paths(self) -> ServerPaths:
        """The folders of the server that serves this shop."""
        return ServerPaths(self.root, self.folder, self.current, self.import_folder, self.password_file, self.logs)

    def building(self, generation: str) -> ServerPaths:
        """The folders of a server that works on a generation which is not active yet."""
        folder = self.generations / generation
        return ServerPaths(
            self.root, folder, folder / "data", folder / "import", self.password_file, self.logs / "build"
        )

    def make(self) -> None:
        """Create the folders; raises `ServerError` where they cannot be written."""
        try:
            make_private(self.folder)
            for folder in (self.conf, self.logs, self.import_folder, self.generations):
                folder.mkdir(parents=True, exist_ok=True)
            with TemporaryFile(dir=self.folder):  # a name of its own, or none: others may try at this moment too
                pass
        except OSError as error:
            raise unwritable(self.folder, error) from error


def shops(root: Path) -> list[str]:
    """The names of the shops below a root that have a database, in order; those of folders that can be read."""
    try:
        names = sorted(one.name for one in (root / "shops").iterdir())
    except OSError:
        return []
    return [name for name in names if _SHOP_NAME.fullmatch(name) and ShopDirectory(root, name).exists]


def refuse_no_database(home: ShopDirectory) -> None:
    """Raise `NothingThere`, naming the shops there are, for a shop without a database; nothing is created."""
    if home.exists:
        return
    there = ", ".join(f'"{name}"' for name in shops(home.root))
    known = f"choose one of {there} (--shop), or make it" if there else "there is none yet: make it"
    raise NothingThere(
        f'There is no shop "{home.shop}" in {home.root}; {known}: `kartograph --shop {home.shop} load` loads a source, '
        "`restore` brings back a backup, `start` serves an empty one, and `kartograph demo` makes a shop to try"
    )


def bytes_below(folder: Path) -> int:
    """Bytes of all files below a folder, whose server may be at work on them."""
    total = 0
    for file in folder.rglob("*"):
        try:
            total += file.stat().st_size if file.is_file() else 0
        except FileNotFoundError:  # a running server removes and renames its files
            continue
    return total


def existing(folder: Path) -> Path:
    """The folder, or the nearest above it that is there."""
    return folder if folder.exists() else existing(folder.parent)


def unwritable(path: Path, error: OSError) -> ServerError:
    """Return the error for a folder or a file of the home that cannot be written."""
    return ServerError(
        f"{path} cannot be written: {error.strerror or error}; make it writable, or set {ROOT_VARIABLE} to another "
        "folder"
    )


_only: ContextVar[ShopDirectory | None] = ContextVar("only_home", default=None)


@contextmanager
def only_home(home: ShopDirectory) -> Iterator[None]:
    """Refuse every other home for the time of a `with` block: `ShopDirectory.of` raises `Leak`."""
    token = _only.set(home)
    try:
        yield
    finally:
        _only.reset(token)

"""The suppression list of a shop: keyed hashes of the ids of erased users, honoured by loads, restores and serving.

    <shop>/suppressed.json      {"key": …, "users": [SHA-256 of key and id, …]}

The key is the shop's own and never leaves it; without it nobody can tell from a hash whose it is by trying ids.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kartograph.graph.managed.home import ShopDirectory, default_root
from kartograph.tables.errors import BadInput
from kartograph.tables.whole import PRIVATE, write_whole

if TYPE_CHECKING:
    from kartograph.graph.connection import Graph

FILE = "suppressed.json"


@dataclass(frozen=True)
class Suppression:
    """The list as it was read."""

    key: str
    users: frozenset[str]

    def hash(self, user: str) -> str:
        """What the list holds of a user."""
        return hashlib.sha256((self.key + user).encode("utf-8", "surrogatepass")).hexdigest()

    def holds(self, user: str) -> bool:
        """Whether a user was erased."""
        return bool(self.users) and self.hash(user) in self.users

    def among(self, users: Iterable[str]) -> list[str]:
        """Those of some users who were erased."""
        return [user for user in users if self.holds(user)]


def suppression_file(of: "Graph | ShopDirectory") -> Path:
    """Where the list of a shop is kept: in its folder, or in one for the address of a graph that no shop manages."""
    if isinstance(of, ShopDirectory):
        return of.folder / FILE
    return of.home.folder / FILE if of.home is not None else suppression_file_of(of.uri, of.database)


def suppression_file_of(uri: str, database: str) -> Path:
    """Where the list of a graph is kept that is known by its address."""
    address = hashlib.sha256(f"{uri}/{database}".encode()).hexdigest()[:16]
    return default_root() / "suppressed" / f"{address}.json"


def read_suppression(path: Path) -> Suppression:
    """The list in a file, an empty one where there is none. Raises `BadInput` for a damaged one: nothing may pass."""
    try:
        kept = json.loads(path.read_text("utf-8"))
        return Suppression(str(kept["key"]), frozenset(map(str, kept["users"])))
    except FileNotFoundError:
        return Suppression("", frozenset())
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInput(
            f"{path}, the list of erased users, cannot be read ({error}): bring it back from a backup, for without it "
            "erased users would come back with the next load"
        ) from error


def suppress(path: Path, user: str) -> None:
    """Put a user on the list, for good; on the disk when it returns."""
    known = read_suppression(path)
    key = known.key or secrets.token_hex(32)
    users = {*known.users, Suppression(key, known.users).hash(user)}
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_whole(path, json.dumps({"key": key, "users": sorted(users)}, indent=1), PRIVATE)

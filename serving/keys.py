"""Keys of clients: what is kept of a key is its SHA-256, so that who reads the file cannot use it.

A key is 32 random bytes: nobody finds it by trying, and a slow hash would only slow the answers. Roles: `read` asks for
lists, `events` sends events, `admin` may do everything, changes of items and erasure among it.
"""

import hashlib
import hmac
import json
import secrets
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, get_args

from kartograph.tables.errors import BadInput
from kartograph.tables.whole import PRIVATE, make_private, write_whole

Role = Literal["read", "events", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True)
class Key:
    """What is kept of a key."""

    name: str
    sha256: str
    roles: tuple[Role, ...]
    created: int
    """Milliseconds UTC."""

    def may(self, role: Role) -> bool:
        """Whether the key has a role."""
        return role in self.roles or "admin" in self.roles


def read_keys(path: Path) -> list[Key]:
    """The keys of a file; none where there is no file. Raises `BadInput` for a damaged one: nobody is let in then."""
    try:
        rows = json.loads(path.read_text("utf-8"))
        return [Key(row["name"], row["sha256"], tuple(row["roles"]), row["created"]) for row in rows]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInput(f"{path} holds no keys that can be read ({error}): remove it and add the keys anew") from error


def add_key(path: Path, name: str, roles: list[Role]) -> str:
    """Add a key under a name and return it; it is shown this once. Raises `BadInput` for a name that is taken."""
    keys = read_keys(path)
    if any(key.name == name for key in keys):
        raise BadInput(f'there is a key "{name}" already: remove it first, or choose another name')
    secret = f"kg_{secrets.token_urlsafe(32)}"
    _write(path, [*keys, Key(name, _digest(secret), tuple(roles), time.time_ns() // 1_000_000)])
    return secret


def remove_key(path: Path, name: str) -> None:
    """Remove a key; servers refuse it within a second. Raises `BadInput` where there is none of this name."""
    keys = read_keys(path)
    if not any(key.name == name for key in keys):
        raise BadInput(f'there is no key "{name}"; there are {", ".join(key.name for key in keys) or "none"}')
    _write(path, [key for key in keys if key.name != name])


def key_of(keys: list[Key], secret: str) -> Key | None:
    """The key that a client has shown, None for one that is unknown; takes as long whichever it is."""
    digest, known = _digest(secret), None
    for key in keys:
        if hmac.compare_digest(key.sha256, digest):
            known = key
    return known


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def _write(path: Path, keys: list[Key]) -> None:
    make_private(path.parent)
    write_whole(path, json.dumps([asdict(key) for key in keys], indent=1), PRIVATE)

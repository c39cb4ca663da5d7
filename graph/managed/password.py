"""The password of a shop's server: generated once, kept in a file that only its owner can read."""

import hashlib
import os
import secrets
from pathlib import Path

from kartograph.tables.errors import ServerError

USER = "neo4j"
_ROUNDS = 1024


def password_in(file: Path) -> str:
    """Return the password kept in `file`, generating it at the first call."""
    try:
        _write_private(file, secrets.token_hex(16))
    except FileExistsError:
        pass
    except OSError as error:
        raise ServerError(
            f"the password cannot be kept in {file}: {error.strerror}; make the folder writable"
        ) from error
    password = file.read_text("utf-8").strip()
    if not password:
        raise ServerError(f"{file} is empty, but must hold the password of the database; write it there again")
    return password


def set_initial_password(data: Path, password: str) -> None:
    """Give a database that was never started its password; one that has one keeps it.

    Writes what `neo4j-admin dbms set-initial-password` writes, without showing the password in the list of processes:
    the salt and SHA-256 of salt and password, hashed 1,024 times, in `dbms/auth.ini` of the data folder.
    """
    if (data / "databases" / "system").exists() or (data / "dbms" / "auth.ini").exists():
        return
    salt = secrets.token_bytes(32)
    digest = salt + password.encode()
    for _ in range(_ROUNDS):
        digest = hashlib.sha256(digest).digest()
    (data / "dbms").mkdir(parents=True, exist_ok=True)
    _write_private(data / "dbms" / "auth.ini", f"{USER}:SHA-256,{digest.hex()},{salt.hex()},{_ROUNDS}:\n")


def _write_private(file: Path, text: str) -> None:
    """Write a new file that only its owner can read."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as opened:
        opened.write(text)

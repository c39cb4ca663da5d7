"""The password of a shop's server: generated once, kept in a file that only its owner can read."""

import hashlib
import secrets
from contextlib import suppress
from pathlib import Path

from kartograph.tables.errors import ServerError
from kartograph.tables.whole import PRIVATE, write_whole

USER = "neo4j"
_ROUNDS = 1024


def password_in(file: Path) -> str:
    """Return the password kept in `file`, generating it at the first call."""
    try:
        if not file.exists():
            with suppress(FileExistsError):  # another process has made one at this moment; both use that
                write_whole(file, secrets.token_hex(16), PRIVATE, overwrite=False)
        password = file.read_text("utf-8").strip()
    except (OSError, ValueError) as error:
        raise ServerError(
            f"the password cannot be kept in {file}: {error}; make it readable and its folder writable"
        ) from error
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
    write_whole(data / "dbms" / "auth.ini", f"{USER}:SHA-256,{digest.hex()},{salt.hex()},{_ROUNDS}:\n", PRIVATE)

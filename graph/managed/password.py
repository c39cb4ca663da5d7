"""The password of a shop's server: generated once, kept in a file that only its owner can read."""

import os
import secrets
from pathlib import Path

from kartograph.tables.errors import ServerError

USER = "neo4j"


def password_in(file: Path) -> str:
    """Return the password kept in `file`, generating it at the first call."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    except OSError as error:
        raise ServerError(
            f"the password cannot be kept in {file}: {error.strerror}; make the folder writable"
        ) from error
    else:
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
            opened.write(secrets.token_urlsafe(18))
    password = file.read_text("utf-8").strip()
    if not password:
        raise ServerError(f"{file} is empty, but must hold the password of the database; write it there again")
    return password

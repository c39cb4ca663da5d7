"""Which files are a log: one file, those of a pattern, or those of a folder."""

from pathlib import Path

from kartograph.tables.errors import BadInput
from kartograph.tables.formats.files import find_files


def log_files(path: str | Path) -> list[Path]:
    """The files of a log; of a folder all but hidden ones, for servers name their logs as they like.

    Raises
    ------
    BadInput
        Nothing is there.
    """
    folder = Path(path)
    if not folder.is_dir():
        return find_files(path)
    files = sorted(file for file in folder.iterdir() if file.is_file() and not file.name.startswith("."))
    if not files:
        raise BadInput(f"the folder {folder} holds no file; name the folder of the server's logs, or a file")
    return files

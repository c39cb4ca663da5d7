r"""Lines whose quotes stand behind backslashes, `"5\" pipe"`, where the first lines of the file show none.

Only lines that are no row otherwise are read so: elsewhere a backslash stays a letter.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from kartograph.tables.formats.delimited.csv_records import Refused
from kartograph.tables.formats.delimited.escapes import Escapes, split, without_escapes


def mend(data: Path, refused: Sequence[Refused], delimiter: str, fields: int, target: Path) -> int:
    """Copy a text table with such lines in the common dialect, line by line; return how many, no copy where none."""
    lines = {one.at: (one, _mended(one.text, delimiter, fields)) for one in refused}
    mended = [(one, line) for one, line in lines.values() if line is not None]
    if not mended:
        return 0
    content = np.memmap(data, dtype=np.uint8, mode="r")
    done = 0
    with target.open("wb") as copy:
        for one, line in mended:
            copy.write(content[done : one.at].data)
            copy.write(line)
            done = one.at + len(one.text.encode())
        copy.write(content[done:].data)
    return len(mended)


def reason_of(reason: str, text: str, delimiter: str) -> str:
    """The reason for which a line is refused, with what it may have been meant as."""
    if f"\\{delimiter}" in text:
        return f"{reason}, and a backslash before a delimiter"
    return reason


def _mended(text: str, delimiter: str, fields: int) -> bytes | None:
    if '\\"' not in text or "\ufffd" in text:
        return None
    line = without_escapes(text.encode(), Escapes.QUOTED, delimiter.encode())
    return line if len(split(line.decode(), delimiter, None)) == fields else None

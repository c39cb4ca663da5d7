"""Arrow files (Feather), Arrow streams and ORC become Parquet, a batch at a time."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import orc

from kartograph.tables.errors import BadInput
from kartograph.tables.formats.containers.copies import new_file

ARROW_SUFFIXES = (".feather", ".arrow", ".arrows", ".ipc", ".orc")
_FILE, _STREAM, _ORC = b"ARROW1", b"\xff\xff\xff\xff", b"ORC"


def is_arrow(shown: Path, start: bytes) -> bool:
    """Whether a file is one of these by its first bytes; text may begin with the three letters of ORC."""
    binary = b"\x00" in start or shown.name.lower().endswith(".orc")
    return start.startswith((_FILE, _STREAM)) or (start.startswith(_ORC) and binary)


def as_parquet(shown: Path, data: Path, folder: Path) -> Path:
    """A copy as Parquet in `folder`. Raises `BadInput` where the file is damaged or Parquet lacks one of its types."""
    target = new_file(folder, "arrow.parquet")
    try:
        with data.open("rb") as file:
            schema, batches = _batches(file)
            with pq.ParquetWriter(target, schema) as writer:
                for batch in batches:
                    writer.write_batch(batch)
    except (pa.ArrowException, OSError, ValueError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise BadInput(
            f"{shown} cannot be read as an Arrow file or ORC: {reason}. Write it again, or export it as Parquet."
        ) from error
    return target


def _batches(file: Any) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    start = file.read(6)
    file.seek(0)
    if start.startswith(_ORC):
        stripes = orc.ORCFile(file)
        return stripes.schema, (stripes.read_stripe(number) for number in range(stripes.nstripes))
    if start == _FILE:
        whole = pa.ipc.open_file(file)
        return whole.schema, (whole.get_batch(number) for number in range(whole.num_record_batches))
    stream = pa.ipc.open_stream(file)
    return stream.schema, iter(stream)

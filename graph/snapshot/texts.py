"""Ids and texts as UTF-8 bytes with offsets: arrays that are mapped into memory and become a pandas Index on demand."""

# pyarrow makes the functions of its module compute when that is imported.
# pyright: reportAttributeAccessIssue=false

from collections.abc import Iterable, Mapping
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from jaxtyping import Int
from numpy import ndarray

from kartograph.tables.errors import BadInput

UNKNOWN = -1
"""The row of an id that is not among the `Ids`."""
STRING = pd.StringDtype("pyarrow", na_value=np.nan)


def text_array(values: Iterable[str | None], what: str) -> pa.LargeStringArray:
    """Return texts as an Arrow array; raises `BadInput` for a value that is no text. `what` names them in the error."""
    values = list(values)
    try:
        return pa.array(values, pa.large_string())
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        wrong = next(value for value in values if not isinstance(value, str | None))
        raise BadInput(
            f"{what} is {wrong!r}: ids and texts of the graph have to be strings; write it as one, toString({wrong!r})"
        ) from None


def number_array(values: Iterable[float | bool | None], dtype: type, what: str) -> ndarray:
    """Return numbers as an array, null as NaN; raises `BadInput` for a value that is no number. `what` names them."""
    values = list(values)
    try:
        return np.array(values, dtype)
    except (TypeError, ValueError, OverflowError):
        wrong = next((value for value in values if not isinstance(value, int | float | None)), values[0])
        raise BadInput(
            f"{what} is {wrong!r}, which is no number; times of the graph are whole numbers too, milliseconds UTC "
            "(datetime.epochMillis)"
        ) from None


def concatenated(parts: list[pa.LargeStringArray]) -> pa.LargeStringArray:
    """Return arrays one after the other, as one."""
    return pa.concat_arrays(parts) if parts else pa.array([], pa.large_string())


def packed(name: str, texts: pa.LargeStringArray) -> dict[str, ndarray]:
    """Return texts as NumPy arrays: `<name>.bytes` uint8, `<name>.offsets` int64 (n + 1), `<name>.valid` one bit each.

    `valid` is left out where no text is null.
    """
    whole = pa.concat_arrays([texts]) if texts.offset else texts
    valid, offsets, characters = whole.buffers()
    ends = np.frombuffer(offsets, np.int64, len(whole) + 1) if len(whole) else np.zeros(1, np.int64)
    arrays = {
        f"{name}.offsets": ends,
        f"{name}.bytes": np.frombuffer(characters, np.uint8, int(ends[-1])) if ends[-1] else np.empty(0, np.uint8),
    }
    if whole.null_count:
        arrays[f"{name}.valid"] = np.frombuffer(valid, np.uint8, (len(whole) + 7) // 8)
    return arrays


def unpacked(name: str, arrays: Mapping[str, ndarray]) -> pa.LargeStringArray:
    """Return the texts that `packed` made arrays of; nothing is copied."""
    valid = arrays.get(f"{name}.valid")
    offsets, characters = (pa.py_buffer(arrays[f"{name}.{kind}"]) for kind in ("offsets", "bytes"))
    length = len(arrays[f"{name}.offsets"]) - 1
    return pa.LargeStringArray.from_buffers(length, offsets, characters, None if valid is None else pa.py_buffer(valid))


def as_pandas(texts: pa.LargeStringArray) -> pd.api.extensions.ExtensionArray:
    """Return texts as a pandas array of the type str, null as NaN; nothing is copied."""
    return pd.array(texts, dtype=STRING)


def positions(texts: pa.LargeStringArray, among: pa.LargeStringArray) -> Int[ndarray, " n"]:
    """Return where each text stands in another array, int32, `UNKNOWN` where it does not."""
    return pc.index_in(texts, value_set=among).fill_null(UNKNOWN).to_numpy().astype(np.int32)


class Ids:
    """The ids of all nodes of one kind, sorted by their UTF-8 bytes; the row of an id is its place among them."""

    def __init__(self, texts: pa.LargeStringArray) -> None:
        """Take ids that are sorted and unique."""
        self.texts = texts

    @classmethod
    def sorted(cls, texts: pa.LargeStringArray, what: str) -> "Ids":
        """Sort ids; raises `BadInput` where one occurs twice."""
        ordered = texts.take(pc.sort_indices(texts))
        if len(ordered) > 1:
            same = pc.equal(ordered[1:], ordered[:-1])
            if pc.any(same).as_py():
                raise BadInput(
                    f'two {what} nodes have the id "{ordered[pc.index(same, True).as_py()].as_py()}"; the constraints '
                    "of the graph (`queries/schema/`) keep that out: remove one of them"
                )
        return cls(ordered)

    def __len__(self) -> int:
        """Return how many ids there are."""
        return len(self.texts)

    @cached_property
    def index(self) -> pd.Index:
        """The ids as a pandas Index of the type str."""
        return pd.Index(as_pandas(self.texts))

    def rows(self, texts: pa.LargeStringArray) -> Int[ndarray, " n"]:
        """Return the row of each id, int32, `UNKNOWN` where there is none."""
        return positions(texts, self.texts)

"""Data that comes in two parts, divided by whoever gives it: one to learn from, one to ask for."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from kartograph.evaluation.record import sha256, sha256_of_table
from kartograph.tables.errors import BadInput

Reader = Callable[[Path], pd.DataFrame]


@dataclass(frozen=True)
class Parts:
    """Both parts as tables."""

    name: str
    train: pd.DataFrame
    test: pd.DataFrame
    sums: dict[str, str]
    """`train_sha256` and `test_sha256`."""


def read_parts(data: Any, train: Reader, test: Reader, columns: tuple[str, ...]) -> Parts:
    """The parts of a pair `(train, test)`: each a path, or a frame with at least these columns.

    Raises `BadInput` for anything else.
    """
    if not isinstance(data, tuple | list) or len(data) != 2:
        raise BadInput(f"This protocol takes two parts, (train, test): files or frames. It got {type(data).__name__}.")
    (train_table, train_sum), (test_table, test_sum) = (
        _part(part, reader, columns, word)
        for part, reader, word in zip(data, (train, test), ("train", "test"), strict=True)
    )
    name = Path(data[0]).name if isinstance(data[0], str | Path) else "frames"
    return Parts(name, train_table, test_table, {"train_sha256": train_sum, "test_sha256": test_sum})


def _part(part: Any, read: Reader, columns: tuple[str, ...], word: str) -> tuple[pd.DataFrame, str]:
    if isinstance(part, pd.DataFrame):
        missing = [name for name in columns if name not in part]
        if missing or part.empty:
            raise BadInput(
                f"The {word} part has {len(part)} rows and the columns {', '.join(map(str, part.columns))}. "
                f"It needs a row and the columns {', '.join(columns)}."
            )
        for name in columns:
            if part[name].isna().any():
                row = int(part[name].isna().to_numpy().argmax())
                raise BadInput(f"The {word} part, row {row + 1}: {name} is empty. Every row needs one.")
        return part.reset_index(drop=True), sha256_of_table(part)
    if isinstance(part, str | Path):
        return read(Path(part)), sha256(Path(part))
    raise BadInput(f"The {word} part is {type(part).__name__}. Give a path or a frame.")

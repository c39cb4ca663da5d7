"""The columns of a file that are asked for, as text; a file where they are not whole is refused.

For inputs that have to be right as they are, such as the two parts of an evaluation: nothing is mended or left out.
"""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb
import pandas as pd

from kartograph.tables.errors import BadInput
from kartograph.tables.formats.delimited.dialect import Layout
from kartograph.tables.formats.files import require_columns
from kartograph.tables.formats.prepare import prepare


def read_columns(path: str | Path, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> pd.DataFrame:
    """The named columns of a CSV or Parquet file as text, rows in the order of the file.

    Ids keep their spelling: `01` and `1` are two ids. Optional columns that the file lacks are left out, columns that
    nobody named are ignored.

    Raises `BadInput` where the file is missing, cannot be read, lacks a required column, or where a value is empty.
    """
    path = Path(path)

    def choose(columns: tuple[str, ...]) -> list[str]:
        require_columns(path, columns, required)
        return [name for name in (*required, *optional) if name in columns]

    table = text_of_columns(path, choose, ", ".join(required))
    for name in table:
        empty = table[name].isna() | (table[name] == "")
        if empty.any():
            raise BadInput(
                f"{path}, data row {int(empty.to_numpy().argmax()) + 1}: {name} is empty. Every row needs one."
            )
    return table


def text_of_columns(path: Path, choose: Callable[[tuple[str, ...]], Sequence[str]], needed: str) -> pd.DataFrame:
    """The columns of a table in any format that `choose` takes of all, as text, rows in the order of the file.

    `needed` names them for the `BadInput` that is raised where there is no such file, or where it has several tables.
    """
    if not path.is_file():
        raise BadInput(f"{path} is not a file. Name a CSV or Parquet file with the columns {needed}.")
    with tempfile.TemporaryDirectory(prefix="kartograph-columns-") as folder:
        tables = prepare(path, Path(folder))
        if len(tables) > 1:
            raise BadInput(f"{path} holds {len(tables)} tables. Name a file with one.")
        data, layout = tables[0].data, tables[0].layout
        return _read(path, data, layout, list(choose(layout.columns)))


def _read(path: Path, data: Path, layout: Layout, names: list[str]) -> pd.DataFrame:
    with duckdb.connect() as connection:
        try:
            if layout.format == "parquet":
                rows = connection.read_parquet(str(data))
            else:
                rows = connection.read_csv(
                    str(data), header=True, all_varchar=True, sep=layout.delimiter, quotechar='"', escapechar='"'
                )
            return rows.select(*(duckdb.ColumnExpression(name).cast("VARCHAR").alias(name) for name in names)).df()
        except duckdb.Error as error:
            raise BadInput(f"{path} cannot be read as a table: {str(error).splitlines()[0]}") from error


def whole_numbers(table: pd.DataFrame, column: str, path: str | Path) -> pd.Series:
    """A column of text as int64; `path` names the file in the `BadInput` that the first bad value raises."""
    good = table[column].str.fullmatch(r"[+-]?[0-9]{1,18}")
    if not good.all():
        row = int((~good).to_numpy().argmax())
        raise BadInput(
            f"{path}, data row {row + 1}: {column} is {table[column].iloc[row]!r}. It has to be a whole number."
        )
    return table[column].astype("int64")

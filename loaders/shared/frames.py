"""Data frames as sources: rows of a notebook load like rows of a file."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import ibis
import pandas as pd
import pyarrow as pa

from kartograph.loaders.shared.item_columns import path_edges
from kartograph.tables.engine import store
from kartograph.tables.errors import BadInput
from kartograph.tables.formats.coarse import FIRST_COARSE, FIRST_INEXACT
from kartograph.tables.formats.frame_names import ALONE, FOLDER
from kartograph.tables.report import counted
from kartograph.tables.schema import CATEGORY_TREE, ITEM_CATEGORIES, ITEMS, Source

Data = str | Path | pd.DataFrame | Mapping[str, pd.DataFrame]
"""A path; a frame, for loaders of one table; frames by the name of their file, for loaders of a folder."""


@contextmanager
def as_path(data: Data) -> Iterator[str | Path]:
    """The path of some data: as it is, or of a temporary copy of frames that goes with the `with` block.

    A frame becomes a Parquet file, frames by name a folder of `NAME.csv`. Their index is a column where it has a name,
    else it is left out, and messages name the frame (see `frame_names`). Raises `BadInput` for what is neither.
    """
    if isinstance(data, str | Path):
        yield data
        return
    _refuse_others(data)
    with tempfile.TemporaryDirectory(prefix=FOLDER) as temporary:
        folder = Path(temporary)
        if isinstance(data, pd.DataFrame):
            _plain(_with_index(data)).to_parquet(folder / ALONE, index=False)
            yield folder / ALONE
        else:
            if inside := next((name for name in data if "/" in name or "\\" in name), None):
                raise BadInput(f"{inside!r} is no name for a frame: give that of its file, without folder and ending")
            for name, frame in data.items():
                _plain(_with_index(frame)).to_csv(folder / f"{name}.csv", index=False)
            yield folder


def with_items(source: Source, items: pd.DataFrame) -> Source:
    """The source with what a frame says of its items, in place of what it knew.

    `item_id`, and where they are known `title, price, brand, available, category`; further columns become properties
    of the items.

    Raises
    ------
    BadInput
        There is no column `item_id`, an id is missing or comes twice, or a price is no number.
    """
    if "item_id" not in items.columns:
        raise BadInput(f"the frame of items has the columns {list(items.columns)}; it needs item_id")
    frame = _plain(items)
    frame["item_id"] = frame["item_id"].astype("string")
    for words, bad in (("no id", frame["item_id"].isna()), ("an id that comes twice", frame["item_id"].duplicated())):
        if bad.any():
            rows, first = counted(int(bad.sum()), "row"), int(bad.argmax())
            raise BadInput(f"the frame of items has {words} in {rows}, first in iloc[{first}]")
    prices = pd.to_numeric(frame["price"], "coerce") if "price" in frame else pd.Series(float("nan"), frame.index)
    bad = prices.isna() & frame["price"].notna() if "price" in frame else prices.isna() & False
    if bad.any():
        row = int(bad.argmax())
        raise BadInput(f"iloc[{row}] of the frame of items has the price {frame['price'].iloc[row]!r}; give a number")
    known = {name: kind for name, kind in ITEMS.items() if name != "popularity"}
    frame = frame.assign(price=prices.astype("float64"))
    for name in set(known) - set(frame.columns):
        frame[name] = None
    backend = source.interactions.get_backend()
    further = [name for name in frame.columns if name not in known and name != "category"]
    kinds = ibis.memtable(pa.Table.from_pandas(frame[further], preserve_index=False)).schema() if further else {}
    schema = ibis.schema({**known, **kinds})
    replaced = {"items": store("items", ibis.memtable(frame[list(schema)], schema=schema), backend)}
    if "category" in frame:
        categories = (
            frame[["item_id", "category"]].dropna().rename(columns={"category": "category_id"}).astype("string")
        )
        in_categories = categories.assign(since=None, until=None, seen=None)
        ids = categories["category_id"].drop_duplicates().sort_values()
        roots = pd.DataFrame({"category_id": ids, "parent_id": None}, dtype=object)
        tree = pd.concat([path_edges(ids), roots]).drop_duplicates("category_id")
        for name, table, kind in (
            ("item_categories", in_categories, ITEM_CATEGORIES),
            ("category_tree", tree, CATEGORY_TREE),
        ):
            replaced[name] = store(name, ibis.memtable(table[list(kind)], schema=kind), backend)
    return replace(source, **replaced)


def _refuse_others(data: Any) -> None:
    """Refuse what is no frame and no frames by name."""
    if isinstance(data, Mapping):
        good = all(isinstance(name, str) and isinstance(frame, pd.DataFrame) for name, frame in data.items())
    else:
        good = isinstance(data, pd.DataFrame)
    if not good:
        received = "a dict with other things" if isinstance(data, Mapping) else f"a {type(data).__name__}"
        raise BadInput(
            f"received {received}; give a path, a frame, or frames by the names of their files. A frame is a DataFrame "
            "of pandas; those of other libraries have to_pandas()"
        )


def _with_index(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with the named levels of its index as columns, as `set_index` had them."""
    named = [name for name in frame.index.names if isinstance(name, str) and name not in frame.columns]
    return frame.assign(**{name: frame.index.get_level_values(name) for name in named})


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """A copy that files can hold: whole numbers that pandas made floats are whole again, objects are text.

    Floats that may have lost digits stay floats, which is told of ids. Raises `BadInput` for two columns of one name,
    and for none.
    """
    if not len(frame.columns):
        raise BadInput("the frame has no columns; it needs those of the loader's file")
    copy = frame.copy()
    copy.columns = [str(name) for name in copy.columns]
    if not copy.columns.is_unique:
        twice = copy.columns[copy.columns.duplicated()][0]
        raise BadInput(f"the frame has the column {twice!r} twice; rename or drop one: {', '.join(copy.columns)}")
    for name in copy.columns:
        if isinstance(copy[name].dtype, pd.SparseDtype):
            copy[name] = copy[name].sparse.to_dense()
    for name in copy.select_dtypes("float").columns:
        known = copy[name].dropna()
        largest = known.abs().max()
        coarse = largest >= (FIRST_COARSE if known.dtype == "float32" else FIRST_INEXACT)
        if name != "price" and len(known) and (known % 1 == 0).all() and not coarse:
            copy[name] = copy[name].astype("Int64")
    for name in copy.columns[~copy.dtypes.map(_is_plain).to_numpy(dtype=bool)]:
        if set(copy[name].dropna().map(type)) not in ({str}, {bool}):
            copy[name] = copy[name].astype("object").map(_text, na_action="ignore")
    return copy


def _is_plain(kind: Any) -> bool:
    """Whether values of a type of pandas stay as they are in a file."""
    numbers = pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_complex_dtype(kind)
    times = pd.api.types.is_datetime64_any_dtype(kind)
    return numbers or times or isinstance(kind, pd.StringDtype)


def _text(value: object) -> str:
    """A value as text; bytes that are no UTF-8 in hexadecimal, as of a UUID."""
    if not isinstance(value, bytes):
        return str(value)
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.hex()

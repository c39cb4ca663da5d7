"""Objects of NumPy, SciPy, pandas and PyTorch as plain parts, and back: arrays, tuples, dictionaries, numbers and text.

    kind, parts = parts_of(csr_array(…))        "csr_array", ((2, 3), data, indices, indptr)
    from_parts(kind, parts)                     the matrix again

Kinds are names in a table of this file; nothing that a file names is looked up in a library and called.
"""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy import ndarray
from scipy import sparse

from kartograph.models.saved.texts import decode_texts, encode_texts

if TYPE_CHECKING:
    from torch import Tensor

_ROWS = ("csr_array", "csr_matrix", "csc_array", "csc_matrix", "bsr_array", "bsr_matrix")
_MATRICES = {name: getattr(sparse, name) for name in (*_ROWS, "coo_array", "coo_matrix", "dia_array", "dia_matrix")}
_GENERATORS = {
    bits.__name__: bits
    for bits in (np.random.PCG64, np.random.PCG64DXSM, np.random.MT19937, np.random.Philox, np.random.SFC64)
}
_MISSING = {"NA": pd.NA, "NaT": pd.NaT}
_TENSORS = ("float64", "float32", "float16", "int64", "int32", "int16", "int8", "uint8", "bool", "complex64")


def parts_of(value: object) -> tuple[str, Any] | None:
    """The kind of an object of these libraries and its parts; None for anything else and what cannot be kept whole."""
    if isinstance(value, np.generic):
        return ("scalar", np.asarray(value)) if not value.dtype.hasobject else None
    if isinstance(value, np.dtype):
        return ("dtype", value.str) if value.kind in "biufcMmSU" else None
    if type(value) is ndarray:
        return _array_parts(value)
    if type(value) is np.random.Generator:
        state = value.bit_generator.state
        return ("generator", state) if state["bit_generator"] in _GENERATORS else None
    if sparse.issparse(value):
        return _matrix_parts(value)
    if isinstance(value, pd.Index):
        return _index_parts(value)
    if type(value) is pd.Series:
        return _with_column("series", value, (value.index, value.name))
    if type(value) is pd.DataFrame:
        columns = [value.iloc[:, position] for position in range(value.shape[1])]
        return "frame", (value.columns, value.index, [pd.Series(column.array) for column in columns])
    for name, missing in _MISSING.items():
        if value is missing:
            return "missing", name
    return _tensor_parts(value)


def from_parts(kind: str, parts: Any, known: bool = False) -> object:
    """The object of a kind; matrices are not looked through where they are `known` to be sound.

    Raises `KeyError` for a kind that is none, and whatever wrong parts lead to.
    """
    return _matrix(kind, parts, known) if kind in _MATRICES else _MAKERS[kind](parts)


def _array_parts(array: ndarray) -> tuple[str, Any] | None:
    """Arrays of objects; those of numbers are plain parts themselves."""
    if array.dtype != object:
        return None
    values = array.ravel().tolist()
    if len(values) and all(type(value) is str for value in values):
        return "texts", (array.shape, *encode_texts(values))
    return "objects", (array.shape, values)


def _objects(parts: Any) -> ndarray:
    shape, values = parts
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array.reshape(shape)


def _matrix_parts(matrix: Any) -> tuple[str, Any] | None:
    kind = type(matrix).__name__
    if _MATRICES.get(kind) is not type(matrix):
        return None
    shape = tuple(map(int, matrix.shape))
    if kind in _ROWS:
        return kind, (shape, matrix.data, matrix.indices, matrix.indptr)
    if kind.startswith("coo"):
        return kind, (shape, matrix.data, tuple(matrix.coords))
    return kind, (shape, matrix.data, matrix.offsets)


def _matrix(kind: str, parts: Any, known: bool) -> Any:
    shape, data, *places = parts
    if kind in _ROWS:
        matrix = _MATRICES[kind]((data, *places), shape=shape)
        if not known:  # compiled code does not look whether an index lies in the matrix
            matrix.check_format(full_check=True)
    else:
        matrix = _MATRICES[kind]((data, places[0]), shape=shape)
    return matrix


def _index_parts(index: pd.Index) -> tuple[str, Any] | None:
    if type(index) is pd.RangeIndex:
        return "range", (index.start, index.stop, index.step, index.name)
    if type(index) is pd.MultiIndex:
        codes = [np.asarray(one) for one in index.codes]
        return "multi_index", (list(index.levels), codes, list(index.names))
    return _with_column("index", index, (index.name,))


def _with_column(kind: str, column: "pd.Index | pd.Series", rest: tuple) -> tuple[str, Any] | None:
    """The column as (kind, parts) of its own, before the rest."""
    dtype = column.dtype
    if isinstance(dtype, pd.StringDtype):
        missing = "nan" if dtype.na_value is np.nan else "NA"
        return kind, ("strings", (column.to_numpy(object), missing), *rest)
    if isinstance(dtype, pd.CategoricalDtype):
        values: Any = column.array
        return kind, ("categories", (np.asarray(values.codes), dtype.categories, bool(dtype.ordered)), *rest)
    return (kind, ("plain", column.to_numpy(), *rest)) if isinstance(dtype, np.dtype) else None


def _column(kind: str, parts: Any) -> Any:
    if kind == "strings":
        texts, missing = parts
        return pd.array(texts, dtype=pd.StringDtype(na_value={"nan": np.nan, "NA": pd.NA}[missing]))
    if kind == "categories":
        codes, categories, ordered = parts
        return pd.Categorical.from_codes(codes, categories, ordered=ordered)
    if kind != "plain" or type(parts) is not ndarray:
        raise ValueError(f"no column is of the kind {kind!r}")
    return parts


def _index(parts: Any) -> pd.Index:
    kind, column, name = parts
    values = _column(kind, column)
    return pd.Index(values, dtype=values.dtype, name=name)


def _series(parts: Any) -> pd.Series:
    kind, column, index, name = parts
    values = _column(kind, column)
    return pd.Series(values, index=index, dtype=values.dtype, name=name)


def _frame(parts: Any) -> pd.DataFrame:
    names, index, columns = parts
    frame = pd.DataFrame({position: column.array for position, column in enumerate(columns)}, index=index)
    frame.columns = names
    return frame


def _multi_index(parts: Any) -> pd.MultiIndex:
    levels, codes, names = parts
    return pd.MultiIndex(levels=levels, codes=codes, names=names)


def _generator(state: Any) -> np.random.Generator:
    bits = _GENERATORS[state["bit_generator"]]()
    bits.state = state
    return np.random.Generator(bits)


def _tensor_parts(value: object) -> tuple[str, Any] | None:
    torch = sys.modules.get("torch")
    if torch is None or type(value) not in (torch.Tensor, torch.nn.Parameter):
        return None
    tensor: Tensor = value  # pyright: ignore[reportAssignmentType]
    kind = "parameter" if type(value) is torch.nn.Parameter else "tensor"
    if tensor.layout != torch.strided:
        return None
    held = tensor.detach().cpu()
    name = str(tensor.dtype).removeprefix("torch.")
    if name == "bfloat16":  # NumPy has no such numbers: their bits are kept
        return kind, (held.view(torch.int16).numpy(), name, tensor.requires_grad)
    return (kind, (held.numpy(), name, tensor.requires_grad)) if name in _TENSORS else None


def _tensor(kind: str, parts: Any) -> "Tensor":
    import torch

    array, name, learns = parts
    held = torch.from_numpy(array)
    if name == "bfloat16":
        held = held.view(torch.bfloat16)
    return torch.nn.Parameter(held, learns) if kind == "parameter" else held.requires_grad_(learns)


_MAKERS: dict[str, Callable[[Any], object]] = {
    "scalar": lambda array: array[()],
    "dtype": np.dtype,
    "texts": lambda parts: _objects((parts[0], decode_texts(*parts[1:]))),
    "objects": _objects,
    "generator": _generator,
    "range": lambda parts: pd.RangeIndex(*parts[:3], name=parts[3]),
    "multi_index": _multi_index,
    "index": _index,
    "series": _series,
    "frame": _frame,
    "missing": _MISSING.__getitem__,
    "tensor": lambda parts: _tensor("tensor", parts),
    "parameter": lambda parts: _tensor("parameter", parts),
}

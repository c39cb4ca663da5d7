"""How does a trained model lie in a file? As numbers, texts and options: reading one runs no code that it brings."""

import os
import pickle
from pathlib import Path
from typing import Any

import torch
from scipy.sparse import csr_array

from kartograph.tables.errors import BadInput


def write_saved(path: Path | str, kind: str, options: object, state: dict[str, Any]) -> None:
    """Write the options and the state of a model of one kind; a file that was there is replaced when it is whole."""
    write_whole(Path(path), {"kind": kind, "options": options, **state})


def write_whole(path: Path, state: dict[str, Any]) -> None:
    """Write beside the file and move it over it: a kill at any moment leaves the former file or the new one."""
    beside = path.with_name(f".{path.name}.part")
    torch.save(state, beside)
    os.replace(beside, path)


def read_saved(path: Path | str, kind: str, allowed: list[Any]) -> dict[str, Any]:
    """Read what `write_saved` wrote; of Python's classes only those `allowed` may occur in it, and none is run.

    Raises:
        BadInput: no such file, another kind of model, or no model file at all.
    """
    try:
        with torch.serialization.safe_globals(allowed):
            state = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, EOFError, pickle.UnpicklingError) as error:
        raise BadInput(f"{path} cannot be read as a trained {kind}: {error}. Train one anew and write it.") from error
    found = state.get("kind") if isinstance(state, dict) else None
    if found != kind:
        raise BadInput(f"{path} holds {found or 'something else'}, not a trained {kind}: name another file.")
    return state


def packed(matrix: csr_array) -> dict[str, Any]:
    """A sparse matrix as tensors."""
    parts = {name: torch.from_numpy(getattr(matrix, name)) for name in ("data", "indices", "indptr")}
    return {**parts, "shape": list(matrix.shape)}


def unpacked(parts: dict[str, Any]) -> csr_array:
    """What `packed` packed."""
    return csr_array(tuple(parts[name].numpy() for name in ("data", "indices", "indptr")), shape=tuple(parts["shape"]))

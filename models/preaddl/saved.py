"""How does a trained model lie in a file? As numbers, texts and options: reading one runs no code that it brings."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from scipy.sparse import csr_array

from kartograph.tables.errors import BadInput, KartographError
from kartograph.tables.whole import whole_file


def write_saved(path: Path | str, kind: str, options: object, state: dict[str, Any]) -> None:
    """Write the options and the state of a model of one kind; a file that was there is replaced when it is whole."""
    write_whole(Path(path), {"kind": kind, "options": options, **state})


def write_whole(path: Path, state: dict[str, Any]) -> None:
    """Write a state; a kill at any moment leaves the former file or the new one."""
    with whole_file(path) as file:
        torch.save(state, file)


def read_saved(path: Path | str, kind: str, allowed: list[Any]) -> dict[str, Any]:
    """Read what `write_saved` wrote; of Python's classes only those `allowed` may occur in it, and none is run.

    The options are of the first of the classes. Raises:
        BadInput: no such file, another kind of model, or no model file at all.
    """
    try:
        with torch.serialization.safe_globals(allowed):
            state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # bytes that are no such file may lead the reader into any of them
        raise BadInput(f"{path} cannot be read as a trained {kind}: {error}. Train one anew and write it.") from error
    found = state.get("kind") if isinstance(state, dict) else None
    if found != kind:
        raise BadInput(f"{path} holds {found or 'something else'}, not a trained {kind}: name another file.")
    with sound(path, kind):
        if type(state["options"]) is not allowed[0]:
            raise TypeError(f"its options are {type(state['options']).__name__}, not {allowed[0].__name__}")
    return state


@contextmanager
def sound(path: Path | str, kind: str) -> Iterator[None]:
    """Turn what goes wrong in a with block that makes a model of a file's content into `BadInput`."""
    try:
        yield
    except KartographError:
        raise
    except Exception as error:  # what a part of another shape leads to depends on the part
        cause = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        raise BadInput(
            f"{path} says that it is a trained {kind}, but its content is none ({cause}). Train one anew and write it."
        ) from error


def packed(matrix: csr_array) -> dict[str, Any]:
    """A sparse matrix as tensors."""
    parts = {name: torch.from_numpy(getattr(matrix, name)) for name in ("data", "indices", "indptr")}
    return {**parts, "shape": list(matrix.shape)}


def unpacked(parts: dict[str, Any]) -> csr_array:
    """What `packed` packed."""
    return csr_array(tuple(parts[name].numpy() for name in ("data", "indices", "indptr")), shape=tuple(parts["shape"]))

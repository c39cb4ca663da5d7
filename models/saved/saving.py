"""A trained model of any kind in a folder of JSON and NumPy arrays: reading it runs no code that the folder brings.

    FOLDER/model.json       what it is: format, release, class, options, facts, the table of `packing`, sizes and sums
    FOLDER/arrays/N.npy     the N-th array, mapped into memory when the model is loaded

A kill while a folder is written leaves the former one or the new one, see `replaced_folder`. Arrays are mapped
copy-on-write: processes that serve one model share its pages, and no write reaches the file.
"""

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from hashlib import file_digest, sha256
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
from numpy import ndarray

from kartograph.models.saved.packing import Packer
from kartograph.models.saved.replaced_folder import present, replaced
from kartograph.models.saved.unpacking import unpack
from kartograph.tables.errors import ModelFileError
from kartograph.tables.extras import version

KIND = "kartograph model"
"""What a `model.json` says that it is."""
FORMAT = 2
"""The format that this release writes; it reads this one and earlier ones."""
MANIFEST = "model.json"
ARRAYS = "arrays"
PACKAGES = ("kartograph.models", "kartograph.tables", "kartograph.ontology", "kartograph.graph")
"""Packages whose classes may occur in every saved model."""
MAPPED = 1 << 16
"""Bytes from which an array is mapped: a smaller one is read, for every mapping takes an open file."""
_BLOCK = 1 << 20


def save(model: object, folder: Path | str, facts: Mapping[str, Any] | None = None) -> None:
    """Write a model and JSON `facts` about it; a saved model that was in the folder is replaced when this one is whole.

    Classes of the package that the model's class comes from may occur beside Kartograph's own. Raises `ModelFileError`
    for a model that holds what cannot be kept, a folder that holds something else, and a folder that cannot be written.
    """
    folder = Path(folder).absolute()
    if folder.exists() and not (folder / MANIFEST).is_file() and not _is_empty_folder(folder):
        raise ModelFileError(f"{folder} is there and holds no saved model: name a folder that is new or empty.")
    packer = Packer(_packages((type(model).__module__.partition(".")[0],)))
    root = packer.pack(model, type(model).__name__)
    try:
        with replaced(folder) as beside:
            (beside / ARRAYS).mkdir()
            manifest = {
                "kind": KIND,
                "format": FORMAT,
                "release": _release(),
                "class": f"{type(model).__module__}:{type(model).__qualname__}",
                "options": _readable(getattr(model, "options", None)),
                "facts": _readable(dict(facts or {})),
                "root": root,
                "nodes": packer.nodes,
                "arrays": [_write_array(beside, number, array) for number, array in enumerate(packer.arrays)],
            }
            text = json.dumps({"crc32": _sum_of(manifest), **manifest}, indent=1, allow_nan=False)
            (beside / MANIFEST).write_text(text, encoding="ascii")
    except OSError as error:
        raise ModelFileError(
            f"{folder} cannot be written: {error.strerror or error}. Make room, or name another folder."
        ) from error


def load(
    folder: Path | str, packages: tuple[str, ...] = (), checked: bool = False, known: bool = False
) -> tuple[Any, dict[str, Any]]:
    """The model in a folder and the facts that were saved with it.

    The sums of the arrays are compared unless they were `checked` before, their sizes always; matrices are looked
    through unless these files are `known`, which is that they were loaded before. `packages` names further
    packages whose classes may occur; they are imported. Raises `ModelFileError` for a folder that is damaged, holds
    something else, or was written by a later release.
    """
    folder = present(Path(folder).absolute())
    manifest = read_manifest(folder)
    try:
        arrays = [_read_array(folder, number, stored, checked) for number, stored in enumerate(manifest["arrays"])]
        model = unpack(manifest["nodes"], arrays, manifest["root"], _packages(packages), known)
    except ModelFileError as error:
        raise ModelFileError(f"{folder} cannot be read: {error}") from error
    except Exception as error:  # a damaged table may lead to any of them
        raise _damaged(folder, str(error) or type(error).__name__) from error
    return model, manifest["facts"]


def read_manifest(folder: Path | str) -> dict[str, Any]:
    """What `model.json` says, its sum verified; the arrays are not read. Raises `ModelFileError` as `load` does."""
    folder = present(Path(folder).absolute())
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        raise ModelFileError(f"{folder} holds no saved model: there is no {MANIFEST} in it.") from None
    except (OSError, ValueError, RecursionError) as error:
        raise _damaged(folder, f"{MANIFEST} cannot be read ({error})") from error
    if not isinstance(manifest, dict) or manifest.get("kind") != KIND:
        raise ModelFileError(f"{folder} holds no model that Kartograph saved: its {MANIFEST} is of something else.")
    written = manifest.get("format")
    if type(written) is not int or written < 1:
        raise _damaged(folder, f"the format is {written!r}")
    if written > FORMAT:
        raise ModelFileError(
            f"{folder} has the format {written}, and this release of Kartograph knows formats up to {FORMAT}: a later "
            "release wrote it; install that one (`pip install --upgrade kartograph`)"
        )
    if manifest.pop("crc32", None) != _sum_of(manifest):
        raise _damaged(folder, f"the sum of {MANIFEST} is another one")
    parts = {name: type(manifest.get(name)) for name in ("facts", "nodes", "arrays")}
    if parts != {"facts": dict, "nodes": list, "arrays": list} or not all(map(_is_array, manifest["arrays"])):
        raise _damaged(folder, f"a part of {MANIFEST} is missing")
    return manifest


def fingerprint(folder: Path | str) -> str:
    """SHA-256 over the names and contents of a saved model's files, whose own sums are verified.

    Raises `ModelFileError` as `load` does; the objects in the files are not made.
    """
    folder = present(Path(folder).absolute())
    total = sha256()
    for number, stored in enumerate(read_manifest(folder)["arrays"]):
        path = folder / _array_name(number)
        if not _is_whole(path, stored):
            raise _damaged(folder, f"{_array_name(number)} is missing or another file")
        total.update(f"{_digest(path)}  {_array_name(number)}\n".encode())
    total.update(f"{_digest(folder / MANIFEST)}  {MANIFEST}\n".encode())
    return total.hexdigest()


def _packages(more: tuple[str, ...]) -> tuple[str, ...]:
    """The allowed packages; of Kartograph itself those named above, for importing others would do something."""
    return PACKAGES + tuple(name for name in more if name not in ("kartograph", "builtins"))


def _array_name(number: int) -> str:
    return f"{ARRAYS}/{number}.npy"


def _write_array(folder: Path, number: int, array: ndarray) -> dict[str, int]:
    path = folder / _array_name(number)
    np.save(path, array, allow_pickle=False)
    return {"bytes": path.stat().st_size, "crc32": _sum_of_file(path)}


def _read_array(folder: Path, number: int, stored: dict[str, int], checked: bool) -> ndarray:
    path = folder / _array_name(number)
    if not (_has_size(path, stored) if checked else _is_whole(path, stored)):
        raise ValueError(f"{_array_name(number)} is missing or another file")
    array = np.load(path, mmap_mode="c" if stored["bytes"] >= MAPPED else None, allow_pickle=False)
    return np.asarray(array)  # without the type of the mapping, which compiled code does not expect


def _is_array(stored: Any) -> bool:
    return isinstance(stored, dict) and type(stored.get("bytes")) is int and type(stored.get("crc32")) is int


def _is_whole(path: Path, stored: dict[str, int]) -> bool:
    return _has_size(path, stored) and _sum_of_file(path) == stored["crc32"]


def _has_size(path: Path, stored: dict[str, int]) -> bool:
    return path.is_file() and path.stat().st_size == stored["bytes"]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _sum_of_file(path: Path) -> int:
    total = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            total = zlib.crc32(block, total)
    return total


def _sum_of(manifest: dict[str, Any]) -> int:
    """The sum of what JSON says, whatever its spaces and the order of its keys."""
    return zlib.crc32(json.dumps(manifest, sort_keys=True, separators=(",", ":")).encode("ascii"))


def _damaged(folder: Path, what: str) -> ModelFileError:
    return ModelFileError(f"{folder} is damaged: {what}. Train the model anew, or go back to another version of it.")


def _is_empty_folder(folder: Path) -> bool:
    return folder.is_dir() and not any(folder.iterdir())


def _release() -> str:
    return version("kartograph") or "unknown"


def _readable(value: Any) -> Any:
    """A value as JSON for people and scripts: dataclasses as objects, what JSON has no form for as text."""
    if is_dataclass(value) and not isinstance(value, type):
        return _readable(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): _readable(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_readable(one) for one in value]
    if isinstance(value, np.generic):
        return _readable(value.item())
    if value is None or isinstance(value, bool | int | str) or (isinstance(value, float) and isfinite(value)):
        return value
    return str(value)

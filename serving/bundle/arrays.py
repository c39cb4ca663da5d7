"""Named arrays in a folder, each a file of its own."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy import ndarray


def write_arrays(folder: Path, arrays: Mapping[str, ndarray]) -> None:
    """Write arrays into a folder that exists."""
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)


def open_arrays(folder: Path) -> dict[str, ndarray]:
    """Map the arrays of a folder: pages are shared between processes until one writes to its own copy of them."""
    return {
        path.stem: np.asarray(np.load(path, mmap_mode="c", allow_pickle=False))
        if path.stat().st_size > 4096
        else np.load(path, allow_pickle=False)
        for path in sorted(folder.glob("*.npy"))
    }

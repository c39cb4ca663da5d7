"""The record of an evaluation: figures and timings, and all that is needed to get the same figures again."""

import hashlib
import json
import os
import platform
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd
import psutil

from kartograph.graph.managed.home import default_root, unwritable
from kartograph.tables.extras import version
from kartograph.tables.whole import whole_file, write_whole

PACKAGES = ("kartograph", "implicit", "numba", "numpy", "pandas", "scipy", "torch")
"""Packages whose version can change a figure."""
CIRCUMSTANCES = ("timings", "machine")
"""Keys that differ between two runs of one seed; all others are the same."""


def sha256(path: Path) -> str:
    """The SHA-256 sum of a file, or of the names and sums of all files below a folder; in hexadecimal."""
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.is_file())
        listed = "".join(f"{file.relative_to(path).as_posix()} {sha256(file)}\n" for file in files)
        return hashlib.sha256(listed.encode()).hexdigest()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_of_table(table: pd.DataFrame) -> str:
    """A SHA-256 sum of the rows of a table in their order, in hexadecimal."""
    return hashlib.sha256(pd.util.hash_pandas_object(table, index=False).to_numpy().tobytes()).hexdigest()


def record(
    protocol: str, results: Mapping[str, Any], data: Mapping[str, str], seed: int, options: Mapping[str, Any]
) -> dict[str, Any]:
    """The record as JSON takes it.

    `results` are its figures and what goes with them, `data` names sums of the files, and `options` are those of the
    command and of each model.
    """
    return {
        "protocol": protocol,
        **results,
        "data": dict(data),
        "versions": {"python": platform.python_version()} | _versions(),
        "seed": seed,
        "options": dict(options),
        "machine": machine(),
    }


def _versions() -> dict[str, str]:
    """The versions of `PACKAGES`, without those that are not installed."""
    versions = {package: version(package) for package in PACKAGES}
    return {package: there for package, there in versions.items() if there is not None}


def machine() -> dict[str, Any]:
    """What the timings were taken on."""
    return {
        "system": platform.system(),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
    }


def options_of(model: object) -> dict[str, Any]:
    """The options of a model as JSON takes them; nothing for a model that has none."""
    return asdict(model.options) if hasattr(model, "options") else {}  # pyright: ignore[reportAttributeAccessIssue]


def write_record(path: Path, content: Mapping[str, Any]) -> None:
    """Write a record as JSON, indented, with a newline at the end; the file appears whole or not at all."""
    write_whole(path, json.dumps(content, indent=2) + "\n")


def keep_record(content: Mapping[str, Any], cases: pd.DataFrame | None = None) -> Path:
    """Write a record below the home folder, `records/<protocol>-<hash>.json`, where the report finds it.

    The hash is over everything but figures and circumstances, so that the same run again replaces its record. The
    measures of every case lie beside it, `<protocol>-<hash>.cases.parquet`.
    """
    asked = {key: content[key] for key in ("protocol", "data", "versions", "seed", "options")}
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:12]
    folder = default_root() / "records"
    path = folder / f"{content['protocol']}-{digest}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if cases is not None:
            with whole_file(path.with_suffix(".cases.parquet")) as file:
                cases.to_parquet(file, index=False)
        write_record(path, content)
    except OSError as error:
        raise unwritable(path, error) from error
    return path

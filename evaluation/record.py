"""The record of an evaluation: figures and timings, and all that is needed to get the same figures again."""

import hashlib
import json
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from typing import Any

from kartograph.evaluation.run import Outcome
from kartograph.models.base import Recommender

PACKAGES = ("kartograph", "implicit", "numba", "numpy", "pandas", "scipy", "torch")
"""Packages whose version can change a figure."""


def sha256(path: Path) -> str:
    """The SHA-256 sum of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def record(outcomes: dict[str, Outcome], train: Path, test: Path, seed: int, options: dict[str, Any]) -> dict[str, Any]:
    """The record as JSON takes it; `options` are those of the command and of each model."""
    return {
        "figures": {name: outcome.figures for name, outcome in outcomes.items()},
        "timings": {name: asdict(outcome.timings) for name, outcome in outcomes.items()},
        "data": {"train_sha256": sha256(train), "test_sha256": sha256(test)},
        "versions": {"python": python_version()} | {package: version(package) for package in PACKAGES},
        "seed": seed,
        "options": options,
    }


def options_of(model: Recommender) -> dict[str, Any]:
    """The options of a model as JSON takes them; nothing for a model that has none."""
    return asdict(model.options) if hasattr(model, "options") else {}  # pyright: ignore[reportAttributeAccessIssue]


def write_record(path: Path, content: dict[str, Any]) -> None:
    """Write a record as JSON, indented, with a newline at the end."""
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")

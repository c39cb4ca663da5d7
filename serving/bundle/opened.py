"""A bundle as a worker holds it: arrays, texts and models, opened without the graph."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from jaxtyping import Int
from numpy import ndarray

from kartograph.models.array_model import ArrayModel
from kartograph.models.saved.saving import load
from kartograph.serving.bundle.arrays import open_arrays
from kartograph.serving.bundle.making import DESCRIPTION, MODELS, BundleDescription
from kartograph.serving.bundle.texts import Texts
from kartograph.serving.paths import ServingPaths
from kartograph.tables.errors import KartographError, ServerError


@dataclass(frozen=True)
class ServedModel:
    """A current version, and which of its items are which of the bundle's."""

    name: str
    version: str
    model: ArrayModel
    rows: Int[ndarray, " model_items"]
    """The row in the bundle of each of the model's items, -1 for one that left the shop."""
    back: Int[ndarray, " capacity"]
    """The model's row of each item of the bundle, -1 for one that it does not know."""


@dataclass(frozen=True)
class Bundle:
    """Everything that was known when it was made."""

    made: BundleDescription
    folder: Path
    arrays: Mapping[str, ndarray]
    item_ids: Texts
    user_ids: Texts
    titles: Texts
    category_ids: Texts
    models: Mapping[str, ServedModel]
    """By the model's name, or by the version's id where it is not the current one."""

    @cached_property
    def by_name(self) -> Mapping[str, ArrayModel]:
        """A model of each name; all versions of a name explain alike."""
        return {served.name: served.model for served in self.models.values()}

    @cached_property
    def items(self) -> int:
        """How many items it knows."""
        return len(self.item_ids)

    @classmethod
    def open(cls, paths: ServingPaths, before: "Bundle | None" = None) -> "Bundle":
        """Open the bundle in use; raises `ServerError` where there is none. Versions that `before` holds are not read
        again.

        One that was replaced and removed while it was opened is let go for the one in its place.
        """
        while True:
            name = current_name(paths)
            if name is None:
                raise ServerError(
                    f"{paths.folder} holds no bundle to serve from: start `kartograph serve` while Neo4j runs"
                )
            try:
                return cls.of(paths.bundles / name, before)
            except (OSError, ValueError, KeyError, TypeError, KartographError) as error:
                if current_name(paths) == name:
                    raise ServerError(f"the bundle {paths.bundles / name} cannot be read: {error}") from error

    @classmethod
    def of(cls, folder: Path, before: "Bundle | None" = None) -> "Bundle":
        """Open the bundle in a folder; raises whatever is wrong with its files."""
        description = BundleDescription(**json.loads((folder / DESCRIPTION).read_text("utf-8")))
        arrays = open_arrays(folder)
        items, users, titles, categories = (
            Texts(arrays.pop(f"{kind}.bytes"), arrays.pop(f"{kind}.offsets"))
            for kind in ("item_ids", "user_ids", "titles", "category_ids")
        )
        known = {served.version: served for served in before.models.values()} if before is not None else {}
        models = {name: _model(folder, name, version, known) for name, version in description.versions.items()}
        return cls(description, folder, arrays, items, users, titles, categories, models)


def current_name(paths: ServingPaths) -> str | None:
    """The id of the bundle in use."""
    try:
        return paths.current.read_text("utf-8") or None
    except OSError:
        return None


def _model(folder: Path, name: str, version: str, known: Mapping[str, ServedModel]) -> ServedModel:
    model_folder = folder / MODELS / name
    mapped = open_arrays(model_folder)
    if version in known:
        return replace(known[version], rows=mapped["rows"], back=mapped["back"])
    model, facts = load(model_folder / "files")
    # Compiled code and the order of ties are made ready before the first request needs them.
    from kartograph.models.data import Histories

    _ = model.items.tie_order
    model.rank(Histories.of(np.zeros(1, np.int64), np.zeros(1, np.int64), 1), 1) if len(model.items) else None
    return ServedModel(str(facts.get("model", name)), version, model, mapped["rows"], mapped["back"])

"""Trained versions, ready to be asked from Python."""

from pathlib import Path

from kartograph.graph.connection import Graph
from kartograph.models.base import Recommender
from kartograph.models.saved.version_files import folder_of
from kartograph.models.saved.versions import open_version


def current(graph: Graph, name: str, version: str | None = None, folder: Path | None = None) -> Recommender:
    """The version of a model that the shop is served with, or the named one, bound to the graph.

        kg.models.current(graph, "walk").recommend(["42"], k=5)

    `folder` holds the versions: by default that of the graph's shop, or of the shop "shop" for a server that is not
    managed. Items that have left the shop since are left out. Raises `NothingThere` where there is no such version,
    and `ModelFileError` where its files are missing, damaged or of an earlier release.
    """
    where = folder or (graph.home.folder / "models" if graph.home is not None else folder_of(managed=False))
    opened = open_version(graph, where, name, version)
    model: Recommender = opened.model
    model.bind(graph, opened.gone)
    return model

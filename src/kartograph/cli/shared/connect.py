"""Which graph a command speaks to: the shop's managed server, or the one that NEO4J_URI names."""

import os
from typing import TYPE_CHECKING

from kartograph.tables.errors import BadInput
from kartograph.tables.progress import Progress, silent

if TYPE_CHECKING:
    from pathlib import Path

    from kartograph.graph.connection import Graph


def open_graph(shop: str, progress: Progress = silent, may_create: bool = False) -> "Graph":
    """Connect to the server that NEO4J_URI names, else to the shop's managed server, which is started where needed.

    NEO4J_PASSWORD belongs to NEO4J_URI; NEO4J_USERNAME and NEO4J_DATABASE are "neo4j" unless they are set. Raises
    `BadInput` where the password is missing, and `NothingThere` for a shop without a database, unless the command
    `may_create` one.
    """
    from kartograph.graph.connection import Graph

    uri = os.environ.get("NEO4J_URI")
    if not uri:
        if not may_create:
            refuse_no_shop(shop)
        return Graph.local(shop, progress)
    password = os.environ.get("NEO4J_PASSWORD")
    if not password:
        raise BadInput(
            f"NEO4J_URI is {uri}, but NEO4J_PASSWORD is not set: set it, and NEO4J_USERNAME unless it is neo4j"
        )
    user, database = (os.environ.get(name, "neo4j") for name in ("NEO4J_USERNAME", "NEO4J_DATABASE"))
    return Graph.connect(uri, (user, password), database)


def refuse_no_shop(shop: str) -> None:
    """Raise `NothingThere` for a shop without a database, unless the commands speak to the server of NEO4J_URI."""
    from kartograph.graph.managed.home import ShopDirectory, refuse_no_database

    if not os.environ.get("NEO4J_URI"):
        refuse_no_database(ShopDirectory.of(shop))


def can_open(shop: str) -> bool:
    """Whether `open_graph` would find a server without starting one."""
    from kartograph.graph.managed.home import ShopDirectory
    from kartograph.graph.managed.lifecycle import running

    return bool(os.environ.get("NEO4J_URI")) or running(ShopDirectory.of(shop)) is not None


def versions_folder(shop: str) -> "Path":
    """The folder of the trained models of the shop that `open_graph` speaks to."""
    from kartograph.models.saved.version_files import folder_of

    return folder_of(shop, managed=not os.environ.get("NEO4J_URI"))

"""The graph of a shop as serving reaches it: a server that runs is used, one that does not is never started.

Whoever stopped Neo4j meant it; answers go on from memory.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from kartograph.graph.connection import Graph
from kartograph.graph.erasure.suppression import suppression_file, suppression_file_of
from kartograph.graph.managed.home import ShopDirectory
from kartograph.graph.managed.lifecycle import running
from kartograph.graph.managed.password import USER, password_in
from kartograph.models.saved.version_files import folder_of
from kartograph.serving.paths import ServingPaths
from kartograph.tables.errors import ServerError


@dataclass(frozen=True)
class Shop:
    """A shop by its name, and the server that NEO4J_URI names, where it does."""

    name: str

    @property
    def managed(self) -> bool:
        """Whether the shop's own server is meant."""
        return not os.environ.get("NEO4J_URI")

    @property
    def paths(self) -> ServingPaths:
        """Where serving keeps its files."""
        return ServingPaths.of(self.name, self.managed)

    @property
    def models(self) -> Path:
        """The folder of trained versions."""
        return folder_of(self.name, self.managed)

    @property
    def suppression(self) -> Path:
        """The list of erased users."""
        if self.managed:
            return suppression_file(ShopDirectory.of(self.name))
        return suppression_file_of(os.environ["NEO4J_URI"], os.environ.get("NEO4J_DATABASE", "neo4j"))

    def connect(self) -> Graph:
        """Connect; raises `ServerError` where the server does not run or does not answer."""
        if not self.managed:
            environment = os.environ
            auth = (environment.get("NEO4J_USERNAME", "neo4j"), environment.get("NEO4J_PASSWORD", ""))
            return Graph.connect(environment["NEO4J_URI"], auth, environment.get("NEO4J_DATABASE", "neo4j"))
        home = ShopDirectory.of(self.name)
        state = running(home)
        if state is None:
            raise ServerError(f"Neo4j of the shop {self.name} does not run: `kartograph --shop {self.name} start`")
        graph = Graph.connect(state.uri, (USER, password_in(home.paths.password_file)))
        graph.home = home
        return graph

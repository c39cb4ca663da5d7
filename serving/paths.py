"""Where a shop keeps what serving needs.

<shop>/serving/bundles/<id>/    what workers answer from; `current` names the one in use
<shop>/serving/items.sqlite     changes of items, events.sqlite events on their way into the graph
<shop>/serving/health.json      what the keeper knows of Neo4j
"""

from dataclasses import dataclass
from pathlib import Path

from kartograph.graph.managed.home import ShopDirectory
from kartograph.tables.whole import make_private


@dataclass(frozen=True)
class ServingPaths:
    """The files of one shop."""

    folder: Path

    @classmethod
    def of(cls, shop: str = "shop", managed: bool = True) -> "ServingPaths":
        """In the shop's home, or below KARTOGRAPH_HOME where its server is not a managed one."""
        home = ShopDirectory.of(shop)
        return cls(home.folder / "serving" if managed else home.root / "serving" / shop)

    def create(self) -> None:
        """Make the folder, readable by its owner alone: it holds who did what."""
        make_private(self.folder)

    @property
    def bundles(self) -> Path:
        """The folder of bundles."""
        return self.folder / "bundles"

    @property
    def current(self) -> Path:
        """The file that names the bundle in use."""
        return self.folder / "current"

    @property
    def items(self) -> Path:
        """The log of changed items."""
        return self.folder / "items.sqlite"

    @property
    def events(self) -> Path:
        """The log of events."""
        return self.folder / "events.sqlite"

    @property
    def health(self) -> Path:
        """What the keeper has last seen of Neo4j."""
        return self.folder / "health.json"

    @property
    def keys(self) -> Path:
        """The keys of clients."""
        return self.folder / "keys.json"

    @property
    def promotions(self) -> Path:
        """The promotions that the keeper last read."""
        return self.folder / "promotions.json"

    @property
    def metrics(self) -> Path:
        """The folder in which workers count."""
        return self.folder / "metrics"

"""The graph that models ask during an evaluation: in a home of its own, made of the training data alone.

    with scratch_graph(data) as graph:
        CoOccurrence().fit(graph)

Aggregated edges, PageRank, embeddings and clusters have no date and cannot be cut afterwards, so the graph is built
anew from what a model may learn: events, and the categories that items had by then. Nothing else of a shop reaches it;
while it is open no other home can be opened, and afterwards it is gone.
"""

import hashlib
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import filelock
import ibis
import numpy as np
import pandas as pd

from kartograph.graph.bulk import BulkOptions
from kartograph.graph.connection import Graph
from kartograph.graph.enrichment.enrich import enrich
from kartograph.graph.managed.home import ShopDirectory, only_home
from kartograph.graph.managed.lifecycle import bound_servers, start, stop
from kartograph.graph.managed.memory import Memory
from kartograph.loaders.shared.into_graph import into_graph
from kartograph.models.data import NONE, TrainingData
from kartograph.models.groups import groups_of
from kartograph.tables.engine import Engine
from kartograph.tables.events import EVENTS
from kartograph.tables.progress import Progress, silent
from kartograph.tables.schema import CATEGORIES, CATEGORY_TREE, INTERACTIONS, ITEM_CATEGORIES, ITEMS, Source

PREFIX = "eval-"
"""How the names of scratch homes begin."""
MEMORY = Memory(heap_mib=1024, page_cache_mib=512)


@contextmanager
def scratch_graph(
    data: TrainingData, steps: tuple[str, ...] = (), memory: Memory = MEMORY, progress: Progress = silent
) -> Iterator[Graph]:
    """A running graph of the training data, enriched by `steps` (`graph.enrich.STEPS`), for the time of a with block.

    Its home is called `eval-<hash>`, and goes with the next evaluation where this one is killed. The first use on a
    machine installs the server; building takes about 45 s.
    """
    home = ShopDirectory.of(f"{PREFIX}{_digest(data)}-{secrets.token_hex(2)}")
    remove_leftovers(home.root)
    with _held(home), only_home(home), bound_servers():
        try:
            into_graph(source_of(data), home, progress=progress, bulk=BulkOptions(server_memory=memory))
            server = start(home, memory, progress)
            with Graph.connect(server.uri, server.auth) as graph:
                graph.home = home  # what is exported of it goes with it
                if steps:
                    enrich(graph, steps, progress=progress)
                yield graph
        finally:
            stop(home, progress)
            shutil.rmtree(home.folder, ignore_errors=True)


def remove_leftovers(root: Path) -> list[Path]:
    """Remove the homes that killed evaluations left below a root, and return them; those at work hold theirs."""
    removed = []
    for folder in (root / "shops").glob(f"{PREFIX}*/"):
        home = ShopDirectory(root, folder.name)
        with suppress(filelock.Timeout, OSError), _held(home):
            stop(home)
            shutil.rmtree(folder, ignore_errors=True)
            removed.append(folder)
    return removed


@contextmanager
def _held(home: ShopDirectory) -> Iterator[None]:
    """Hold a scratch home from before it is there until it is gone; raises `filelock.Timeout` where another does."""
    file = home.root / "scratch" / f"{home.shop}.lock"
    file.parent.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(file, timeout=0):
        yield
        file.unlink(missing_ok=True)


def source_of(data: TrainingData) -> Source:
    """The training data as a source: owners are users, and items have no properties but their category.

    Of several categories of an item the first by id counts, as a shop has one at a time.
    """
    histories = data.histories
    events = pd.DataFrame(
        {
            "user_id": data.owners.external[histories.owners],
            "item_id": data.items.external[histories.items],
            "event": np.asarray(EVENTS, dtype=object)[histories.events],
            "timestamp": None if data.times is None else pd.array(data.times, dtype="Int64"),
            "position": np.arange(len(histories.items)),
        }
    )
    known = data.categories
    placed, tree = pd.DataFrame({"item_id": [], "category_id": []}), pd.DataFrame({"category_id": [], "parent_id": []})
    if known is not None:
        rows = groups_of(known.matrix.indptr)
        names = known.ids.external
        placed = pd.DataFrame({"item_id": data.items.external[rows], "category_id": names[known.matrix.indices]})
        placed = placed.sort_values(["item_id", "category_id"]).drop_duplicates("item_id")
        parents = np.asarray(names, dtype=object)[known.parents]
        parents[known.parents == NONE] = None
        tree = pd.DataFrame({"category_id": names, "parent_id": parents})
    items = ibis.schema({column: kind for column, kind in ITEMS.items() if column != "popularity"})
    engine = Engine()

    def table(name: str, frame: pd.DataFrame, schema: ibis.Schema):
        full = frame.reindex(columns=list(schema)).astype(object)
        return engine.store(name, ibis.memtable(full.where(full.notna(), None), schema=schema))

    return Source(
        name="evaluation",
        interactions=table("interactions", events, INTERACTIONS),
        items=table("items", pd.DataFrame({"item_id": data.items.external}), items),
        item_categories=table("item_categories", placed, ITEM_CATEGORIES),
        category_tree=table("category_tree", tree, CATEGORY_TREE),
        categories=table("categories", pd.DataFrame({"category_id": []}), CATEGORIES),
    )


def _digest(data: TrainingData) -> str:
    """A hash of the events, so that a leftover home tells what it was made of."""
    histories = data.histories
    content = [histories.offsets.tobytes(), histories.items.tobytes(), histories.events.tobytes()]
    return hashlib.sha256(b"".join(content) + "\0".join(map(str, data.items.external)).encode()).hexdigest()[:12]

"""A snapshot of the graph: what models learn from, in parts that are exported when they are stale.

    snapshot = take_snapshot(graph, parts=("events", "embeddings"))
    snapshot.embeddings[snapshot.events.item]

Each part is kept below the shop's folder under a key of what it is made of (`state.py`), so a part is exported again
when that has changed, or when its file is damaged, and the others are opened as they are.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from jaxtyping import Float, Int
from numpy import ndarray

from kartograph.graph.managed.home import default_root
from kartograph.graph.snapshot.catalogue import Categories, Items, export_categories, export_items
from kartograph.graph.snapshot.computed import (
    CoOccurrence,
    CoOccurs,
    Prefers,
    Ranks,
    Similar,
    export_co_occurs,
    export_communities,
    export_embeddings,
    export_prefers,
    export_ranks,
    export_similar,
)
from kartograph.graph.snapshot.events import Events, export_events
from kartograph.graph.snapshot.reading import Reading
from kartograph.graph.snapshot.state import State
from kartograph.graph.snapshot.store import Store, StoredPart
from kartograph.graph.snapshot.texts import Ids, packed, unpacked
from kartograph.tables.errors import BadInput, NothingThere, StillChanging
from kartograph.tables.events import RELATIONSHIP_OF_EVENT
from kartograph.tables.progress import Progress, silent

if TYPE_CHECKING:
    from kartograph.graph.connection import Graph

ATTEMPTS = 3
"""How often a part is read anew because the graph changed meanwhile."""


@dataclass(frozen=True)
class _Part:
    export: Callable[[Reading], dict[str, ndarray] | None]
    counts: tuple[str, ...] = ()
    """Labels and types in it, whose number in the graph is part of its key."""
    labels: tuple[str, ...] = ()
    """Whose rows it holds."""
    loads: bool = False
    """Whether loads write it."""
    steps: tuple[str, ...] = ()
    """The steps of the enrichment that write it; the first one is named where it is missing."""


_NUMBERINGS = {"User": "user_ids", "Item": "item_ids", "Category": "category_ids"}
_TREE = ("IN_CATEGORY", "WAS_IN_CATEGORY", "CHILD_OF")
_ACTS = ("HAD", "INCLUDES", "Session", *RELATIONSHIP_OF_EVENT.values())
_PARTS = {
    "events": _Part(export_events, _ACTS, ("User", "Item"), loads=True),
    "items": _Part(export_items, ("Item",), ("Item",), loads=True, steps=("popularity",)),
    "categories": _Part(export_categories, _TREE, ("Item", "Category"), loads=True, steps=("categories",)),
    "ranks": _Part(export_ranks, (), ("Item", "Category"), steps=("pagerank",)),
    "communities": _Part(export_communities, (), ("Item",), steps=("communities",)),
    "embeddings": _Part(export_embeddings, (), ("Item",), steps=("embedding",)),
    "co_occurs": _Part(export_co_occurs, ("CO_OCCURS",), ("Item", "Category"), steps=("co-occurrence", "categories")),
    "similar": _Part(export_similar, ("SIMILAR",), ("Item",), steps=("similarity", "neighbours")),
    "prefers": _Part(
        export_prefers, ("PREFERS",), ("User", "Category"), steps=("preferences", "user-pagerank", "pagerank-of-users")
    ),
}
PARTS = tuple(_PARTS)
"""The names of all parts."""


def parts_of_steps(steps: Sequence[str]) -> tuple[str, ...]:
    """Return the parts that hold what these steps of the enrichment write, but those that loads write as well."""
    return tuple(name for name, part in _PARTS.items() if not part.loads and set(part.steps) & set(steps))


@dataclass(frozen=True)
class Snapshot:
    """Parts of a graph in one state, mapped into memory; the rows in all of them are those of the same ids.

    A part that was not asked for raises `BadInput` when it is used, one that no step of the enrichment has computed
    `NothingThere`, which names the step.
    """

    key: str
    """Changes with the contents of any part in it."""
    exported: tuple[str, ...]
    """The parts that this call has read from the graph; the others were there."""
    _ids: Mapping[str, Ids]
    _parts: Mapping[str, StoredPart]
    _absent: Mapping[str, str]
    """Why a part that was asked for is not there."""

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of the parts it holds."""
        return tuple(self._parts)

    @property
    def users(self) -> Ids:
        """The ids of all users; with `parts` that hold users."""
        return self._numbering("User")

    @property
    def item_ids(self) -> Ids:
        """The ids of all items."""
        return self._numbering("Item")

    @property
    def category_ids(self) -> Ids:
        """The ids of all categories; with `parts` that hold categories."""
        return self._numbering("Category")

    @cached_property
    def events(self) -> Events:
        """Every event in order."""
        return Events.opened(self._arrays("events"), self._ids)

    @cached_property
    def items(self) -> Items:
        """The properties of all items; where the snapshot holds events too, they tell when an item was first seen."""
        return Items(self._ids["Item"], self._arrays("items"), self.events if "events" in self._parts else None)

    @cached_property
    def categories(self) -> Categories:
        """The categories, their tree and which items are and were in them; empty where the shop has none."""
        return Categories(ids=self._ids["Category"], **self._arrays("categories"))

    @cached_property
    def ranks(self) -> Ranks:
        """PageRank of items and categories."""
        return Ranks(**self._arrays("ranks"))

    @property
    def communities(self) -> Int[ndarray, " items"]:
        """int32, the community of each item, -1 for none."""
        return self._arrays("communities")["communities"]

    @property
    def embeddings(self) -> Float[ndarray, "items d"]:
        """float32, the FastRP embedding of each item, a row of NaN for one that has none."""
        return self._arrays("embeddings")["embeddings"]

    @cached_property
    def co_occurs(self) -> CoOccurs:
        """Which items, and which categories, occur in the same sessions."""
        arrays = self._arrays("co_occurs")
        items, categories = (
            CoOccurrence(**{column: arrays[f"{name}_{column}"] for column in ("a", "b", "weight", "sessions")})
            for name in ("item", "category")
        )
        return CoOccurs(items, categories)

    @cached_property
    def similar(self) -> Similar:
        """Which items are similar to which."""
        arrays = self._arrays("similar")
        measures = tuple(unpacked("measures", arrays).to_pylist())
        columns = {name: arrays[name] for name in ("item", "other", "measure", "score")}
        return Similar(**columns, measures=measures)

    @cached_property
    def prefers(self) -> Prefers:
        """Which categories users prefer."""
        return Prefers(**self._arrays("prefers"))

    def _numbering(self, label: str) -> Ids:
        if label not in self._ids:
            holding = ", ".join(name for name, part in _PARTS.items() if label in part.labels)
            raise BadInput(f"this snapshot holds no ids of {label}: ask for one of the parts {holding}")
        return self._ids[label]

    def _arrays(self, part: str) -> Mapping[str, ndarray]:
        if part in self._absent:
            raise NothingThere(self._absent[part])
        if part not in self._parts:
            raise BadInput(
                f"the part {part} was not asked for; this snapshot holds {', '.join(self.parts)}: "
                f'graph.snapshot(parts=("{part}",))'
            )
        return self._parts[part].arrays


def take_snapshot(
    graph: "Graph",
    parts: str | Sequence[str] | None = None,
    again: bool = False,
    progress: Progress = silent,
    optional: Sequence[str] = (),
) -> Snapshot:
    """Open the parts that are fresh, export the others, and return them; without `parts` all that there are.

    Parts that are `optional` are left out where the graph does not hold them.

    What loads and the enrichment write is noticed, and whatever changes how many nodes and relationships there are; a
    property that was set by a statement of one's own is not: `again` exports all the parts anew.

    Raises:
        BadInput: a part does not exist, the graph holds something that cannot be exported (an id that is no text, say),
            or, as `StillChanging`, it changed `ATTEMPTS` times while it was read.
        NothingThere: a part that was named was never computed; the message names the step of the enrichment.
        ServerError: the files cannot be written.
    """
    parts = (parts,) if isinstance(parts, str) else parts
    if unknown := [name for name in (*(parts or ()), *optional) if name not in _PARTS]:
        raise BadInput(f'a snapshot has no part "{unknown[0]}"; the parts are {", ".join(PARTS)}')
    store = Store(snapshot_folder(graph))
    with store.locked(progress):
        for _ in range(ATTEMPTS):
            taking = _Taking(store, Reading(graph, State.of(graph), progress), parts, again, optional)
            snapshot = taking.snapshot()
            if snapshot is not None:
                return snapshot
    raise StillChanging(
        f"the graph changed {ATTEMPTS} times while it was read: something is being loaded or computed. Wait until it "
        "is done (`kartograph status`), then try again"
    )


def snapshot_folder(graph: "Graph") -> Path:
    """Return where the snapshot of a graph is kept: in the shop's folder, else in one for its address and database."""
    if graph.home is not None:
        return graph.home.folder / "snapshot"
    address = hashlib.sha256(f"{graph.uri}/{graph.database}".encode()).hexdigest()[:16]
    return default_root() / "snapshots" / address


class _Changed(Exception):
    """The graph is no longer in the state in which reading began."""


class _Taking:
    """One attempt to take a snapshot of a graph in one state."""

    def __init__(
        self, store: Store, reading: Reading, parts: Sequence[str] | None, again: bool, optional: Sequence[str]
    ) -> None:
        self.store, self.reading, self.again = store, reading, again
        self.wanted = [name for name in PARTS if parts is None or name in parts or name in optional]
        self.named = () if parts is None else tuple(parts)
        self.digests: dict[str, str] = {}
        self.exported: list[str] = []

    def snapshot(self) -> Snapshot | None:
        """Return the snapshot, None where the graph changed meanwhile."""
        try:
            for label in _NUMBERINGS:
                if any(label in _PARTS[name].labels for name in self.wanted):
                    self._number(label)
            stored, absent = {}, {}
            for name in self.wanted:
                part = None if self._unfinished(name) else self._part(name)
                if part is not None and part.arrays:
                    stored[name] = part
                elif name in self.named:
                    raise NothingThere(self._why_absent(name))
                else:
                    absent[name] = self._why_absent(name)
        except _Changed:
            return None
        for name in PARTS:
            self.store.keep_only(name, self._state_key(name))
        keys = [self.reading.state.database, *(f"{name}-{self._key(name)}" for name in stored)]
        key = hashlib.sha256("/".join(keys).encode()).hexdigest()[:16]
        return Snapshot(key, tuple(self.exported), self.reading.ids, stored, absent)

    def _number(self, label: str) -> None:
        name = _NUMBERINGS[label]
        key = self.reading.state.key(True, ("categories",) if label == "Category" else (), (label,))
        stored = None if self.again else self.store.read(name, key)
        if stored is None:
            ids = self.reading.number(name, label)
            self._check()
            stored = self.store.write(name, key, packed("ids", ids.texts))
        self.reading.ids[label] = Ids(unpacked("ids", stored.arrays))
        self.digests[label] = stored.digest

    def _state_key(self, name: str) -> str:
        part = _PARTS[name]
        return self.reading.state.key(part.loads, part.steps, part.counts)

    def _key(self, name: str) -> str:
        """Return the key of a wanted part: that of the state and the digests of the ids whose rows it holds."""
        return "-".join([self._state_key(name), *(self.digests[label] for label in _PARTS[name].labels)])

    def _part(self, name: str) -> StoredPart:
        key = self._key(name)
        stored = None if self.again else self.store.read(name, key)
        if stored is None:
            arrays = _PARTS[name].export(self.reading)
            self._check()
            self.exported.append(name)
            # That there is nothing is kept as well: looking for it takes as long as reading it.
            stored = self.store.write(name, key, arrays or {})
        return stored

    def _check(self) -> None:
        if State.of(self.reading.graph) != self.reading.state:
            raise _Changed

    def _unfinished(self, name: str) -> bool:
        """Whether a step is at work on the part, or broke off: half of it may be there."""
        part = _PARTS[name]
        return not part.loads and any(self.reading.state.broke_off(step) for step in part.steps)

    def _why_absent(self, name: str) -> str:
        step, state = _PARTS[name].steps[0], self.reading.state
        if self._unfinished(name):
            [broken, *_] = [step for step in _PARTS[name].steps if state.broke_off(step)]
            return (
                f'the {name} of the graph are not complete: the step "{broken}" of the enrichment is at work or broke '
                f"off; `kartograph enrich --steps {broken}` finishes it, or says why it cannot"
            )
        if state.ran(step):
            return f'the graph holds no {name}: the step "{step}" of the enrichment ran and had nothing to compute'
        return (
            f'the graph holds no {name}: the step "{step}" of the enrichment, which computes them, has not run; run '
            f"`kartograph enrich --steps {step}`"
        )
